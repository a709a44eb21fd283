/** `image log`: the entries of the log. */
import { uuidAt } from '../../metadata/bytes.ts'
import { deviceOf, directoryOf, type Entry, entries, fileOf, follow, logOf, type Owned } from '../../metadata/index.ts'
import { flatEntry, plainEntry } from '../../metadata/plain.ts'
import { currentLayout } from '../../uapi/famfs/layouts/index.ts'
import { integer } from '../args.ts'
import { type Paint, padStart } from '../color.ts'
import { REFUSED } from '../command.ts'
import { jsonText } from '../json-text.ts'
import { hexLines } from './hex.ts'
import { mapText, sized } from './modes.ts'
import { shown, warnOfCut } from './nodes.ts'
import type { Sub, Values, Work } from './sub.ts'

function ownerText({ mode, uid, gid }: Owned): string {
  const rights = mode === undefined ? '' : `, mode 0${mode.toString(8)}`
  return uid === undefined || gid === undefined ? rights : `${rights}, owner ${uid}:${gid}`
}

/** Path, size, owner and map of an entry. */
export function whatText(entry: Entry): string {
  const file = fileOf(entry)
  if (file !== undefined) return `"${shown(file.path)}"  ${sized(file.size ?? 0n)}${ownerText(file)}, ${mapText(file)}`
  const directory = directoryOf(entry)
  if (directory !== undefined) return `"${shown(directory.path)}"${ownerText(directory)}`
  const device = deviceOf(entry)
  return device === undefined ? `type ${entry.type}` : `device ${device.index}, ${sized(device.size)}, uuid ${uuidAt(device.uuid, 0)}`
}

const INDEX_COLUMNS = 7
const KIND_COLUMNS = 10

/** One entry; columns of constant width, so that a log of any length can go by. */
function lineOf(entry: Entry, paint: Paint): string {
  const faults = entry.faults.map(fault => paint('error', `${fault === 'changing' ? 'still changing' : `bad ${fault}`}  `)).join('')
  return `${padStart(String(entry.index), INDEX_COLUMNS)}  ${paint('label', entry.kind.padEnd(KIND_COLUMNS))} ${faults}${whatText(entry)}\n`
}

function jsonOf(entry: Entry, withBytes: boolean): string {
  const plain = entry.layout.entry === currentLayout.entry ? plainEntry(entry, shown) : flatEntry(entry, false, shown)
  const bytes = withBytes ? { hex: entry.bytes } : {}
  return `${jsonText({ ...plain, kind: entry.kind, offset: entry.offset, faults: entry.faults, ...bytes }, 0)}\n`
}

/** One line about an entry, or one of JSON. */
export const entryText = (entry: Entry, { json, hex }: Values, paint: Paint): string =>
  json === true ? jsonOf(entry, hex === true) : lineOf(entry, paint)

/** The bytes of an entry, below its line. */
function hexText(entry: Entry, work: Work): string {
  const { layout, bytes, offset } = entry
  const head = work.paint('dim', `${bytes.length} bytes at byte ${offset}`)
  return `${[head, ...hexLines(layout.entry, bytes, work)].join('\n')}\n\n`
}

const SLOTS = 1n << 40n

function rangeOf({ from, to }: Values): { readonly from?: number; readonly to?: number } {
  return {
    ...(from === undefined ? {} : { from: Number(integer('from', from, 0n, SLOTS)) }),
    ...(to === undefined ? {} : { to: Number(integer('to', to, 0n, SLOTS)) + 1 }),
  }
}

async function run(work: Work): Promise<number> {
  const { image, values, io, paint } = work
  const range = rangeOf(values)
  const show = async (entry: Entry): Promise<void> => {
    if (values.bad === true && entry.faults.length === 0) return
    await io.print(entryText(entry, values, paint))
    if (values.hex === true && values.json !== true) await io.print(hexText(entry, work))
  }
  const { used } = logOf(image)
  for await (const entry of entries(image, range)) await show(entry)
  await io.flush()
  if (values.follow !== true) return warnOfCut(image, io)
  for await (const entry of follow(image, { from: Math.max(used, range.from ?? 0) })) {
    await show(entry)
    await io.flush()
  }
  io.warn(`note: ${image.name}: the log has fewer entries than before: it was made anew, or cut\n`)
  return REFUSED
}

export const log: Sub = {
  options: ['from', 'to', 'bad', 'follow', 'hex', 'all', 'json'],
  operands: [0, 0],
  run,
}
