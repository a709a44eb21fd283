/** A capture message after message, each in one line. */
import type { WireError } from '../codec/errors.ts'
import { type CapturedMessage, type PlacedMessage, walk } from '../conformance/capture.ts'
import { type Item, readCapture } from './capture.ts'
import { clip, type Paint, padEnd, padStart, width } from './color.ts'
import { Failure, GOOD, type Io, REFUSED } from './command.ts'
import type { Dialects } from './dialects.ts'
import { guesses } from './guess.ts'
import type { Guess } from './guess-look.ts'
import type { Input } from './input.ts'
import { jsonText } from './json-text.ts'
import { headerField, look, opName, replyStatus, type Shown, shownJson, viewOf } from './message.ts'
import { type Known, type Subject, subjectOf } from './subject.ts'
import { bodySummary } from './summary.ts'
import { errnoName, safe } from './values.ts'
import { notifyName } from './words.ts'

export interface CaptureOptions {
  readonly paint: Paint
  readonly columns: number
  readonly all: boolean
  /** whole trees instead of lines */
  readonly verbose: boolean
  readonly json: boolean
  /** only the messages of this line */
  readonly line: number | undefined
}

interface Counts {
  request: number
  reply: number
  notify: number
  map: number
  cut: number
  /** not understood, and the device refused it too */
  both: number
  /** not understood, though the device took it */
  odd: number
}

/** Shows every message; the exit code is 1 when one that the device took could not be decoded. */
export async function showCapture(input: Input, about: Known, options: CaptureOptions, among: Dialects, io: Io): Promise<number> {
  const items = [...readCapture(input, among, about.dialect)]
  const places = walk(items.filter((i): i is Item & CapturedMessage => i.direction !== 'map'))
  const counts: Counts = { request: 0, reply: 0, notify: 0, map: 0, cut: 0, both: 0, odd: 0 }
  const lineWidth = String(items.at(-1)?.line ?? 0).length
  let part = ''
  let guessing = false
  if (!options.json && input.taken !== 'JSON Lines') await io.print(`${options.paint('dim', `from ${input.taken}`)}\n`)
  for (const [i, item] of items.entries()) {
    const place = item.direction === 'map' ? undefined : places.next().value
    if (options.line !== undefined && item.line !== options.line) continue
    const heading = headingOf(item)
    if (!options.json && heading !== part && heading !== '')
      await io.print(`${part === '' ? '' : '\n'}${options.paint('label', safe(heading))}\n`)
    part = heading
    const shown = lookAt(item, place ?? undefined, about, among)
    guessing ||= shown.guess !== undefined
    const error = count(counts, item, shown)
    if (i % 500 === 499) io.progress(`${i + 1} of ${items.length} messages`)
    if (options.json) await io.print(`${jsonText({ line: item.line, id: item.id, ...shownJson(shown) }, 0)}\n`)
    else await io.print(`${linesOf(item, shown, error, lineWidth, options).join('\n')}\n`)
  }
  io.progress('')
  if (total(counts) === 0) {
    const where =
      options.line === undefined ? 'no line holds a message (hex, request_hex, reply_hex, trace)' : `line ${options.line} holds no message`
    throw new Failure(`${input.name}: taken as JSON Lines: ${where}`, { exit: REFUSED })
  }
  if (!options.json && options.line === undefined) {
    await io.print(`${tally(counts, options.paint)}\n`)
    if (guessing) await io.print(`${GUESSING}\n`)
  }
  return counts.odd > 0 ? REFUSED : GOOD
}

/** What settles the opcodes that are marked. */
const GUESSING =
  'Names with ? are guesses, since no request came before: --opcode and --dialect say what it is, or "op" and "dialect" in a line of JSON.'

/** What the capture calls the part of the conversation that a message belongs to. */
const headingOf = (item: Item): string =>
  item.direction === 'map' || item.note === '' ? '' : [item.note, item.dialect.id, item.kernel].filter(s => s !== '').join(', ')

function lookAt(item: Item, placed: PlacedMessage | undefined, about: Known, among: Dialects): Shown {
  const as = item.direction === 'map' ? 'fuse_famfs_fmap' : item.direction
  const connection = placed?.connection
  const answered = connection !== undefined && 'opcode' in connection ? connection : undefined
  const said = typeof answered?.opcode === 'number' ? answered.opcode : (item.opcode ?? about.opcode)
  const guess = said === undefined ? guessed(item, among) : undefined
  const known: Known = {
    dialect: guess?.dialect ?? item.dialect,
    minor: about.minor ?? connection?.minor,
    flags: about.flags ?? connection?.flags,
    opcode: as === 'reply' ? (said ?? guess?.opcode) : undefined,
    request: answered?.request,
  }
  const shown = look(subjectWithout(as, known), item.bytes)
  return guess === undefined ? shown : { ...shown, guess: readingsOf(guess) }
}

/** The likeliest reading of a reply whose request is not there; undefined where its header says all. */
function guessed(item: Item, among: Dialects): Guess | undefined {
  if (item.direction !== 'reply') return undefined
  const best = guesses(item.bytes, item.assumed === true ? {} : { dialect: item.dialect }, among).find(g => g.as === 'reply')
  return best?.opcode === undefined ? undefined : best
}

/** `GET_FMAP of fuse-v10, since ...`, and the names of other opcodes whose replies have this form. */
const readingsOf = ({ opcode, dialect, reasons, also = [] }: Guess): string[] => [
  `${opName(opcode, dialect)} of ${dialect.id}, since ${reasons.at(-1) ?? ''}`,
  ...also.slice(0, ALSO),
  ...(also.length > ALSO ? [`${also.length - ALSO} more`] : []),
]

/** Other names that are shown; replies without a body are of many opcodes. */
const ALSO = 5

/** A request that cannot be decoded itself says nothing about its reply. */
function subjectWithout(as: string, about: Known): Subject {
  try {
    return subjectOf(as, about)
  } catch (error) {
    if (error instanceof Failure && about.request !== undefined) return subjectOf(as, { ...about, request: undefined })
    throw error
  }
}

/** Counts the message; the result is the fault to show. */
function count(counts: Counts, item: Item, shown: Shown): WireError | undefined {
  counts[item.direction]++
  const { error } = shown.inspection
  if (error === undefined) return undefined
  if (item.fullLength !== undefined) counts.cut++
  else if ((item.writeErrno ?? 0) !== 0) counts.both++
  else counts.odd++
  return item.fullLength === undefined ? error : undefined
}

const ARROWS = { request: '→', reply: '←', notify: '←', map: '·' } as const
const NAME_COLUMNS = 15

function linesOf(item: Item, shown: Shown, error: WireError | undefined, lineWidth: number, options: CaptureOptions): string[] {
  const { paint, columns } = options
  const head = [
    paint('dim', padStart(String(item.line), lineWidth)),
    paint(item.direction === 'request' ? 'name' : 'good', ARROWS[item.direction]),
    paint('dim', padStart(uniqueIn(shown), 4)),
    paint('strong', padEnd(`${safe(nameOf(item, shown))}${shown.guess === undefined ? '' : '?'}`, NAME_COLUMNS)),
  ].join(' ')
  const room = Math.max(20, columns - width(head) - 1)
  const refused = (item.writeErrno ?? 0) === 0 ? '' : `refused by the device: ${errnoName(item.writeErrno ?? 0)}`
  const cut = item.fullLength === undefined ? '' : `${item.bytes.length} of ${item.fullLength} bytes kept`
  const text = [status(shown), cut, error === undefined ? bodySummary(shown.inspection) : ''].filter(s => s !== '').join('  ')
  const [best, ...also] = shown.guess ?? []
  const notes = [
    ...(best === undefined ? [] : [paint('dim', `a guess: ${best}${also.length === 0 ? '' : `; could also be ${also.join(', ')}`}`)]),
    ...(error === undefined ? [] : [paint(refused === '' ? 'error' : 'warning', `✗ ${safe(error.message)}`)]),
    ...(refused === '' ? [] : [paint('warning', refused)]),
  ].map(note => `${' '.repeat(lineWidth + 8)}${note}`)
  const line = `${head} ${clip(text, room)}`.trimEnd()
  return options.verbose ? [line, ...notes, ...viewOf(shown, options), ''] : [line, ...notes]
}

function uniqueIn(shown: Shown): string {
  return String(headerField(shown, 'unique') ?? '')
}

function nameOf(item: Item, shown: Shown): string {
  if (item.direction === 'map') return 'map'
  if (item.direction !== 'notify') return opName(shown.opcode, shown.dialect) || item.name
  return notifyName(Number(headerField(shown, 'error'))) ?? item.name
}

function status(shown: Shown): string {
  if (shown.as === 'reply') return replyStatus(shown)
  const node = headerField(shown, 'nodeid')
  return node === undefined || node === 0n ? '' : `n${node}`
}

const total = (counts: Counts): number => counts.request + counts.reply + counts.notify + counts.map

function tally(counts: Counts, paint: Paint): string {
  const kinds = [
    [counts.request, 'request', 'requests'],
    [counts.reply, 'reply', 'replies'],
    [counts.notify, 'notification', 'notifications'],
    [counts.map, 'map', 'maps'],
    [counts.cut, 'cut by the capture', 'cut by the capture'],
  ] as const
  const known = kinds.filter(([n]) => n > 0).map(([n, one, more]) => `${n} ${n === 1 ? one : more}`)
  const both = counts.both > 0 ? [paint('warning', `${counts.both} not understood, refused by the device too`)] : []
  const odd =
    counts.odd > 0
      ? [paint('error', `${counts.odd} not understood`)]
      : [paint('good', counts.both + counts.cut > 0 ? 'all others decoded' : 'all decoded')]
  return `${total(counts)} message${total(counts) === 1 ? '' : 's'}: ${[...known, ...both, ...odd].join(', ')}`
}
