/** `image info`: superblock, log header and capacity. */

import { flatStruct } from '../../metadata/plain.ts'
import { allocationOf, capacityOf, type Replay, replay } from '../../metadata/replay/index.ts'
import { DIRECTORY } from '../../metadata/replay/tree.ts'
import { fixedSize, type Schema } from '../../schema/index.ts'
import type { MediaLayout } from '../../uapi/famfs/layouts/index.ts'
import { GOOD, type Io } from '../command.ts'
import { jsonText } from '../json-text.ts'
import { pulseOf } from '../progress.ts'
import { table } from '../table.ts'
import { hexLines } from './hex.ts'
import { sized } from './modes.ts'
import { mountOf } from './mount.ts'
import { shown, warnOfShort } from './nodes.ts'
import { type Opened, openNamed } from './open.ts'
import type { Call, Sub, Work } from './sub.ts'

type Fields = Readonly<Record<string, string>>

interface Known {
  readonly layout: string
  readonly candidates: readonly string[]
  readonly ambiguity: string | undefined
  readonly superblock: Fields
  readonly log_header: Fields | null
}

/** Bytes of a struct, with zeros where the file ends before it. */
function whole(bytes: Uint8Array, size: number): Uint8Array {
  const all = new Uint8Array(size)
  all.set(bytes.subarray(0, size))
  return all
}

/** The bytes of superblock and log header, as many as there are; undefined where there is no log. */
interface Structs {
  readonly superblock: Uint8Array
  readonly header: Uint8Array | undefined
}

async function structsOf({ layout, log, superblockBytes }: Opened): Promise<Structs> {
  const header = await log?.area.read(0, fixedSize(layout.header.type) ?? 0)
  return { superblock: superblockBytes.subarray(0, fixedSize(layout.superblock.type)), header: header?.slice() }
}

function knownOf({ layout, detection }: Opened, { superblock, header }: Structs): Known {
  const flat = ({ type }: MediaLayout['superblock' | 'header'], bytes: Uint8Array): Fields =>
    flatStruct(type, whole(bytes, fixedSize(type) ?? 0), shown)
  return {
    layout: layout.id,
    candidates: detection.candidates.map(l => l.id),
    ambiguity: detection.ambiguity,
    superblock: flat(layout.superblock, superblock),
    log_header: header === undefined ? null : flat(layout.header, header),
  }
}

/** Fields that count bytes get their size in words, those that are marks are shown as hex. */
export function valueText(name: string, value: string): string {
  if (!/^\d+$/.test(value)) return /^[0-9a-f-]{36}$/.test(value) ? value : `"${value}"`
  if (/magic|crc/.test(name)) return `0x${BigInt(value).toString(16)}`
  const words = /len|size|unit|offset/.test(name) ? sized(BigInt(value)) : undefined
  return words === undefined || words.endsWith(' B') ? value : `${value} (${words})`
}

const fieldRows = (fields: Fields): string[][] => Object.entries(fields).map(([name, value]) => [`  ${name}`, valueText(name, value)])

function countsOf({ tree, devices, fates }: Replay): Fields {
  let directories = -1
  for (let id = 0; id < tree.count; id++) if (tree.columns.kind[id] === DIRECTORY) directories++
  return {
    entries: String(fates.length),
    files: String(tree.count - 1 - directories),
    directories: String(directories),
    devices: String(devices.length + 1),
  }
}

/** What the reference prints as inf or -nan, where there are no bytes to divide by, is no ratio. */
const isRatio = (text: string): boolean => /^\d/.test(text)

/** Capacity as JSON, ratios of nothing as null. */
function capacityJson(tree: Replay) {
  const capacity = capacityOf(tree)
  const ratio = (text: string): string | null => (isRatio(text) ? text : null)
  return { ...capacity, amplification: ratio(capacity.amplification), percentUsed: ratio(capacity.percentUsed) }
}

function capacityRows(tree: Replay): string[][] {
  const c = capacityOf(tree, allocationOf(tree))
  return [
    ['  device', sized(c.deviceSize)],
    ['  files', sized(c.fileSizes)],
    ['  allocated', `${sized(c.allocated)}, superblock and log included`],
    ['  free', sized(c.free)],
    ...(isRatio(c.amplification) ? [['  amplification', c.amplification]] : []),
    ...(isRatio(c.percentUsed) ? [['  used', `${c.percentUsed}%`]] : []),
  ]
}

function layoutText({ layout, candidates, ambiguity }: Known): string {
  if (candidates.length === 1 && candidates[0] === layout) return layout
  const others = candidates.length === 0 ? 'no published layout fits' : `${candidates.join(' and ')} fit`
  return `read as ${layout}: ${others}${ambiguity === undefined ? '' : ` (${ambiguity})`}`
}

/** Says on standard error that fields are shown that are not there. */
function warnOfCutSuperblock({ name, layout }: Opened, { superblock }: Structs, io: Io): void {
  const size = fixedSize(layout.superblock.type) ?? 0
  if (superblock.length < size)
    io.warn(`note: ${name}: the superblock ends after ${superblock.length} of its ${size} bytes: the rest is taken as zeros\n`)
}

async function run(work: Work): Promise<number> {
  const { image, values, io, paint } = work
  const structs = await structsOf(image)
  const known = knownOf(image, structs)
  const mount = await mountOf(image.name)
  const tree = image.log === undefined ? undefined : await replay(image)
  if (values.json === true) {
    const rest = tree === undefined ? {} : { log: { slots: image.log?.slots, ...countsOf(tree) }, capacity: capacityJson(tree) }
    const bytes = values.hex === true ? { hex: { superblock: structs.superblock, log_header: structs.header ?? null } } : {}
    await io.print(
      `${jsonText({ ...known, ...(mount === undefined ? {} : { mount }), ...bytes, evidence: image.detection.evidence, ...rest })}\n`,
    )
    return GOOD
  }
  const section = (title: string, rows: string[][]): string[] =>
    rows.length === 0 ? [] : [paint('label', title), ...table([{ title: '' }, { title: '' }], rows, paint).slice(1)]
  const used = tree === undefined ? [] : Object.entries(countsOf(tree)).map(([name, n]) => [`  ${name}`, n])
  const struct = (title: string, schema: Schema<unknown>, bytes: Uint8Array, fields: Fields): string[] =>
    values.hex === true ? [paint('label', title), ...hexLines(schema, bytes, work)] : section(title, fieldRows(fields))
  const { layout, log } = image
  const lines = [
    `${paint('label', 'layout')} ${layoutText(known)}`,
    ...(mount === undefined ? [] : [`${paint('label', 'mount')} f_type ${mount.f_type} ${mount.name}: user space speaks ${mount.abi}`]),
    ...struct('superblock', layout.superblock, structs.superblock, known.superblock),
    ...(known.log_header === null || structs.header === undefined
      ? [`there is no log at byte ${image.logOffset}`]
      : struct(`log, ${log?.used} of ${log?.slots} slots in use`, layout.header, structs.header, known.log_header)),
    ...section('contents', used),
    ...(tree === undefined ? [] : section('capacity', capacityRows(tree))),
  ]
  await io.print(`${lines.join('\n')}\n`)
  await io.flush()
  warnOfCutSuperblock(image, structs, io)
  warnOfShort(image, values, io)
  return GOOD
}

/** Shows the image that has just been made at `path`. */
export async function showMade(call: Call, path: string): Promise<number> {
  const image = await openNamed({ device: path }, {}, pulseOf(call.io))
  try {
    return await run({ ...call, image, operands: [] })
  } finally {
    image.close()
  }
}

export const info: Sub = {
  tellsGuess: true,
  options: ['hex', 'all', 'json'],
  operands: [0, 0],
  run,
}
