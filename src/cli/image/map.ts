/** `image map`: who owns which bytes of a device, and where a file lies. */
import { type Extent, fileOf } from '../../metadata/entry.ts'
import { allocationOf, deviceIndex, type OwnedRange, type Replay } from '../../metadata/replay/index.ts'
import { integer } from '../args.ts'
import { type Paint, padStart } from '../color.ts'
import { Failure, GOOD } from '../command.ts'
import { jsonText } from '../json-text.ts'
import { sized } from './modes.ts'
import { fileNamed, replayOf, shown, warnOfRefusals, warnOfShort } from './nodes.ts'
import { checkPictureOptions, printFilePicture, printImagePicture } from './picture.ts'
import type { Sub, Work } from './sub.ts'

const OFFSET_COLUMNS = 14
const SIZE_COLUMNS = 12

const hexOf = (n: number | bigint): string => padStart(`0x${n.toString(16)}`, OFFSET_COLUMNS)
const lineOf = (start: number | bigint, end: number | bigint, what: string): string =>
  `${hexOf(start)} ${hexOf(end)} ${padStart(sized(BigInt(end) - BigInt(start)), SIZE_COLUMNS)}  ${what}\n`

/** A file, or the name of what else is there. */
type Owner = OwnedRange['owner'] | string

const ownerOf = (owner: Owner): string => (typeof owner === 'string' ? owner : shown(owner.path))
const ownerQuoted = (owner: Owner): string => (typeof owner === 'string' ? owner : `"${shown(owner.path)}"`)

interface Row {
  readonly start: number
  readonly end: number
  readonly owner: Owner
  readonly kind: 'superblock' | 'log' | 'file' | 'free' | 'beyond'
  /** it starts before the end of this one */
  readonly overlaps?: Owner
}

function rowOf(range: OwnedRange, before: OwnedRange | undefined): Row {
  const { start, end, owner } = range
  const overlaps = before !== undefined && start < before.end ? { overlaps: before.owner } : {}
  return { start, end, owner, kind: typeof owner === 'string' ? owner : 'file', ...overlaps }
}

/** Everything on the device by its first byte, with what is free between. */
function* rows(tree: Replay, device: number): Generator<Row> {
  const { unit, units } = allocationOf(tree, { device })
  const size = unit * units
  let farthest: OwnedRange | undefined
  let at = 0
  for (const range of deviceIndex(tree).ranges(device)) {
    const end = Math.min(range.start, size)
    if (end > at) yield { start: at, end, owner: 'free', kind: 'free' }
    yield rowOf(range, farthest)
    if (farthest === undefined || range.end > farthest.end) farthest = range
    at = Math.max(at, range.end)
  }
  if (at < size) yield { start: at, end: size, owner: 'free', kind: 'free' }
  else if (at > size) yield { start: size, end: at, owner: 'beyond the end of the device', kind: 'beyond' }
}

const rowJson = ({ owner, overlaps, ...row }: Row) => ({
  ...row,
  owner: ownerOf(owner),
  ...(overlaps === undefined ? {} : { overlaps: ownerOf(overlaps) }),
})

function rowText({ start, end, owner, kind, overlaps }: Row, paint: Paint): string {
  const style = kind === 'free' ? 'dim' : kind === 'beyond' ? 'error' : kind === 'file' ? 'plain' : 'label'
  return lineOf(
    start,
    end,
    `${paint(style, ownerQuoted(owner))}${overlaps === undefined ? '' : paint('error', `  overlaps ${ownerQuoted(overlaps)}`)}`,
  )
}

async function printRows({ values, io, paint }: Work, tree: Replay, device: number): Promise<void> {
  for (const row of rows(tree, device)) await io.print(values.json === true ? `${jsonText(rowJson(row), 0)}\n` : rowText(row, paint))
}

async function deviceMap(work: Work): Promise<number> {
  const { image, values, io } = work
  const asked = values.device === undefined ? undefined : Number(integer('device', values.device, 0n, 0xffff_fffen))
  const tree = await replayOf(image, values)
  const device = asked ?? 0
  if (device !== 0 && !tree.devices.some(d => d.index === device))
    throw new Failure(`--device: no entry adds a device with index ${device}`, { hint: 'device 0 is the one of the superblock' })
  if (values.svg === true) await printImagePicture(tree, asked, work)
  else await printRows(work, tree, device)
  const { wildCount } = tree.extents
  await io.flush()
  if (wildCount > 0) io.warn(`note: ${wildCount} extents end beyond 2^53 bytes and are not shown: image fsck names them\n`)
  warnOfShort(image, values, io)
  return warnOfRefusals(work, tree)
}

const extentLine = ({ devindex, offset, length }: Extent, what: string): string =>
  lineOf(offset, offset + length, `device ${devindex}${what}`)

async function fileMap(work: Work): Promise<number> {
  const { io, values } = work
  if (values.device !== undefined) throw new Failure('a file has its own devices: --device belongs to the map of a device')
  const entry = await fileNamed(work)
  if (values.svg === true) return printFilePicture(entry, work)
  const file = fileOf(entry)
  if (file === undefined) return GOOD
  if (values.json === true) {
    await io.print(`${jsonText({ size: file.size, extents: file.extents, interleaved: file.interleaved }, 0)}\n`)
    return GOOD
  }
  await io.print(`"${shown(file.path)}", ${sized(file.size ?? 0n)}\n`)
  let at = 0n
  for (const extent of file.extents) {
    await io.print(extentLine(extent, `, from byte ${at} of the file`))
    at += extent.length
  }
  for (const { chunkSize, strips } of file.interleaved)
    for (const [i, strip] of strips.entries())
      await io.print(extentLine(strip, `, strip ${i} of ${strips.length}, chunks of ${sized(chunkSize)}`))
  return GOOD
}

export const map: Sub = {
  options: ['device', 'json', 'svg', 'out', 'force', 'policy'],
  meanings: { force: { help: 'replaces FILE where it is there already' } },
  operands: [0, 1],
  run(work) {
    checkPictureOptions(work.values)
    return work.operands.length === 0 ? deviceMap(work) : fileMap(work)
  },
}
