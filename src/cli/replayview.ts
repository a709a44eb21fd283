/** A conversation as a person reads it: who asked what, what it means, what the kernel concluded, and where the model says otherwise. */
import { opcodeName } from '../codec/message.ts'
import type { Entry, Replayed } from '../conformance/conversation/index.ts'
import type { Effect, Event, LogClass } from '../kernel/conversation/index.ts'
import type { FileMap } from '../kernel/map.ts'
import { open_flags } from '../uapi/fuse/flags.ts'
import { deviceIn } from '../validate/asking.ts'
import { numberAt, smallAt } from '../validate/bytes.ts'
import type { Paint } from './color.ts'
import { bytesText, flagNames, errnoName as nameOfErrno, safe } from './values.ts'
import { notifyName } from './words.ts'

const LOG: Readonly<Record<LogClass, string>> = {
  'map-request': 'the request for the map failed',
  'map-short': 'the reply is shorter than the header of a map',
  'map-too-large': 'the map asks for more room than a kernel gives',
  'map-grew': 'the map has grown between two requests',
  'map-refused': 'the map is refused',
  'device-request': 'the request for the device failed',
  'device-name': 'the name leads to no usable device',
  'device-acquire': 'the device cannot be acquired',
  'device-dropped': 'the device is left out; the open goes on',
  'device-missing': 'a device of the map was not handed over: the file will only give EIO',
  'device-index': 'the table has no such slot',
  'push-failed': 'the device was not taken',
  'file-device-missing': 'the device is not in the table: from now on the file gives EIO',
  'file-device-failed': 'the device could not be acquired: from now on the file gives EIO',
  'file-device-error': 'the device has a memory failure: from now on the file gives EIO',
  'file-size': 'the size of the inode is not that of the map: from now on the file gives EIO',
}

/** Beside those that famfs itself gives. */
const OTHERS: Readonly<Record<number, string>> = { 36: 'ENAMETOOLONG', 111: 'ECONNREFUSED', 116: 'ESTALE' }
const errnoName = (errno: number): string => OTHERS[errno] ?? nameOfErrno(errno)

const size = (bytes: bigint): string => bytesText(bytes) ?? `${bytes} bytes`

function mapWords(map: FileMap): string {
  const n = map.extents.length
  const what = map.ext_type === 'simple' ? `extent${n === 1 ? '' : 's'}` : `interleaved group${n === 1 ? '' : 's'}`
  return `a map of ${n} ${what} for ${size(map.file_size)}`
}

const outcome = (errno: number): string => (errno === 0 ? 'succeeds' : `fails with ${errnoName(errno)}`)

function accessedWords({ op, errno, bytes, pieces, fuse, signal, oops }: Effect & { readonly effect: 'accessed' }): string {
  if (oops !== undefined) return `${op}: the kernel divides by zero`
  if (fuse) return `${op}: the file has no map, the server is asked as for any file`
  if (signal !== undefined) return `${op}: SIGBUS`
  if (errno !== 0) return `${op} fails with ${errnoName(errno)}`
  const where = pieces.slice(0, 3).map(p => `${safe(p.device)} + 0x${p.offset.toString(16)}`)
  return `${op}: ${bytes} bytes${where.length === 0 ? '' : ` at ${where.join(', ')}${pieces.length > 3 ? ' …' : ''}`}`
}

function logWords({ what, errno, refused }: Effect & { readonly effect: 'log' }): string {
  const why = refused === undefined ? '' : `: ${refused.reason}${refused.path === '' ? '' : ` at ${refused.path}`}`
  return `${LOG[what]}${why}${errno === undefined || errno === 0 ? '' : ` (${errnoName(errno)})`}`
}

/** The dialect names opcodes 53 to 55; `asked`: opcodes of the requests so far, by unique. */
interface Named extends Pick<Replayed, 'dialect'> {
  readonly asked: Map<bigint, number>
}

const nameOf = (opcode: number, { dialect }: Named): string => opcodeName(opcode, dialect) ?? `opcode ${opcode}`

function effectWords(effect: Effect, of: Named): string | undefined {
  switch (effect.effect) {
    case 'request':
      return `→ ${nameOf(effect.opcode, of)} #${effect.unique} ${nodeWords(effect, of)}`
    case 'written':
      return effect.errno === 0 ? undefined : `the device refuses the write with ${errnoName(effect.errno)}`
    case 'connected':
      return `connected: 7.${effect.settled.minor}, famfs ${effect.settled.famfs ? 'on' : 'off'}`
    case 'refused':
      return `no connection: every call gives ${errnoName(effect.errno)}`
    case 'looked-up':
      return effect.errno === 0 ? `found: n${effect.node}` : `look-up ${outcome(effect.errno)}`
    case 'disbelieved':
      return `the answer to ${nameOf(effect.opcode, of)} of n${effect.node} comes to ${errnoName(effect.errno)}`
    case 'owes':
      return `n${effect.node}: ${effect.count} look-up${effect.count === 1n ? '' : 's'} will come back by FORGET`
    case 'listed':
      return effect.errno === 0 ? undefined : `the records of n${effect.node} are refused: ${errnoName(effect.errno)}`
    case 'opened':
      return `open(2) of n${effect.node} ${outcome(effect.errno)}`
    case 'mapped':
      return `n${effect.node} has ${mapWords(effect.map)}${effect.discarded ? ' already; the new one is dropped' : ''}`
    case 'pushed':
      return `slot ${effect.index}: ${effect.errno === 0 ? 'taken' : errnoName(effect.errno)}`
    case 'accessed':
      return accessedWords(effect)
    case 'log':
      return logWords(effect)
  }
}

const nodeWords = ({ opcode, node, bytes }: Effect & { readonly effect: 'request' }, { dialect }: Named): string =>
  opcodeName(opcode, dialect) === 'GET_DAXDEV' ? `device ${deviceIn(dialect, bytes)}` : `n${node}`

function replyWords(bytes: Uint8Array, of: Named): string {
  const error = Number(BigInt.asIntN(32, numberAt(bytes, 4, 4)))
  const unique = numberAt(bytes, 8, 8)
  const body = Math.max(0, bytes.length - 16)
  if (bytes.length < 16) return `← ${bytes.length} bytes, no whole header`
  if (unique === 0n) return `← notification ${notifyName(error) ?? error}`
  const opcode = of.asked.get(unique)
  const name = opcode === undefined ? 'an answer to nothing' : nameOf(opcode, of)
  return `← ${name} #${unique}: ${error === 0 ? `${body} bytes` : error < 0 ? `${errnoName(-error)}${body > 0 ? ` with ${body} bytes` : ''}` : `error ${error}`}`
}

function eventWords(event: Event, of: Named): string | undefined {
  switch (event.event) {
    case 'mount':
      return 'mount(2): → INIT'
    case 'lookup':
      return `looks up ${JSON.stringify(safe(event.name))} in n${event.parent}`
    case 'open':
      return `open(2) of n${event.node}, ${[(event.flags ?? 0) & 3 ? '' : 'O_RDONLY', ...flagNames(event.flags ?? 0, open_flags, 4)].filter(s => s !== '').join('|')}`
    case 'ask': {
      const opcode = smallAt(event.request, 4, 4)
      return `→ ${nameOf(opcode, of)} #${numberAt(event.request, 8, 8)} n${numberAt(event.request, 16, 8)}`
    }
    case 'write':
      return replyWords(event.bytes, of)
    case 'push':
      return `hands over ${safe(event.name)} as device ${event.index}`
    case 'resize':
      return `the size of n${event.node} becomes ${event.size}`
    case 'forget':
      return `n${event.node} is dropped from memory`
    case 'unmount':
      return 'umount(2)'
    default:
      return undefined
  }
}

const WHO: Readonly<Record<Entry['who'], string>> = { process: 'process', kernel: 'kernel', server: 'server', result: '' }

/** What of an agreement is no news. */
const QUIET = new Set(['write(2) of the server', 'write(2) of a notification', 'exchanges that the model did not ask for'])

/** Requests are remembered, so that the reply can be named. */
function remember({ event, effect }: Entry, { asked }: Named): void {
  const bytes = event?.event === 'ask' || event?.event === 'mount' ? event.request : effect?.effect === 'request' ? effect.bytes : undefined
  if (bytes !== undefined) asked.set(numberAt(bytes, 8, 8), smallAt(bytes, 4, 4))
}

const withName = (words: string): string => words.replace(/^errno (\d+)$/, (_, n: string) => errnoName(Number(n)))

/** One entry in at most one line; undefined where there is nothing to say. */
function entryWords(entry: Entry, of: Named): string | undefined {
  if (entry.event !== undefined) return eventWords(entry.event, of)
  if (entry.effect !== undefined) return effectWords(entry.effect, of)
  return entry.text
}

const COLUMN = 8

function lineOf(entry: Entry, of: Named, paint: Paint): string[] {
  remember(entry, of)
  const words = entryWords(entry, of)
  if (words === undefined || (entry.agree && entry.expected?.endsWith('0') === true && QUIET.has(words))) return []
  const who = paint('dim', WHO[entry.who].padEnd(COLUMN))
  if (entry.unknown !== undefined)
    return [`  ${who} ${paint('warning', '?')} ${safe(words)}: ${safe(withName(entry.expected ?? ''))}; ${entry.unknown}`]
  if (entry.expected === undefined) return [`  ${who} ${safe(words)}`]
  if (entry.agree) return [`  ${who} ${paint('good', '✓')} ${safe(words)}: ${safe(withName(entry.expected))}`]
  return [
    `  ${who} ${paint('error', '✗')} ${safe(words)}`,
    `  ${''.padEnd(COLUMN)}     kernel  ${safe(withName(entry.expected))}`,
    `  ${''.padEnd(COLUMN)}     model   ${paint('error', safe(withName(entry.found ?? '')))}`,
  ]
}

const comparedIn = ({ story }: Replayed): number => story.entries.filter(e => e.expected !== undefined && e.unknown === undefined).length

/** The line that stands for a conversation. */
export function headLine(of: Replayed, paint: Paint): string {
  const mark = of.agree ? paint('good', '✓') : paint('error', '✗')
  return `${mark} ${paint('strong', safe(of.name))}  ${paint('dim', `${comparedIn(of)} compared, ${of.dialect.id}, ${safe(of.kernel)}`)}`
}

/** A conversation from beginning to end. `brief`: only what disagrees. */
export function storyLines(of: Replayed, paint: Paint, brief: boolean): string[] {
  const entries = brief ? of.story.entries.filter(e => !e.agree) : of.story.entries
  const named = { dialect: of.dialect, asked: new Map<bigint, number>() }
  return [headLine(of, paint), ...entries.flatMap(entry => lineOf(entry, named, paint))]
}

/** The same as data. */
export const storyJson = (of: Replayed): unknown => ({
  id: of.id,
  name: of.name,
  kernel: of.kernel,
  dialect: of.dialect.id,
  agree: of.agree,
  compared: comparedIn(of),
  counts: of.counts,
  unknown: of.unknown,
  begins_inside: of.story.beganInside,
  disagreements: of.story.entries
    .filter(e => !e.agree)
    .map(({ text, expected, found }) => ({ what: text, kernel: expected, model: found })),
})
