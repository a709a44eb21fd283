/** `famfs-wire inspect`: what is this? */
import { attempt } from '../../codec/errors.ts'
import { splitMessages } from '../../codec/message.ts'
import type { Dialect } from '../../schema/dialect.ts'
import { integer } from '../args.ts'
import { showCapture } from '../captureview.ts'
import { claimNotes } from '../claimview.ts'
import { type Paint, pageWidth, painter, wrap } from '../color.ts'
import { command, Failure, GOOD, type Io, REFUSED } from '../command.ts'
import { type Dialects, dialectsOf, idsOf } from '../dialects.ts'
import { alsoIn, guesses } from '../guess.ts'
import type { Guess } from '../guess-look.ts'
import { type Input, inputOptions, readInput } from '../input.ts'
import { printJson } from '../json-text.ts'
import { errorOf } from '../judged.ts'
import { look, opName, type Shown, shownJson, title, viewOf } from '../message.ts'
import { connectionOptions, demandNamed, type Known, known, subjectOf } from '../subject.ts'

interface Options {
  readonly paint: Paint
  readonly columns: number
  readonly all: boolean
  readonly verbose: boolean
  readonly json: boolean
  readonly line: number | undefined
}

export const inspect = command({
  usage: [
    '[FILE | HEX | -] [--dialect D] [--json]',
    '[FILE | HEX | -] --as NAME [--dialect D] [--opcode NAME] [--json]',
    'CAPTURE [--verbose | --line N] [--json]',
  ],
  about: [
    'Reads a message, a struct or a capture and shows every field with its bytes. Without --as it says what the bytes could be, and why, and shows the likeliest reading.',
    'Input: raw bytes, hex in any common form (plain, C array, xxd, hexdump -C, od), or JSON Lines as in the golden captures: then each message is one line, with version and flags taken from its INIT.',
  ],
  options: {
    as: { type: 'string', value: 'NAME', help: 'request, reply, notify, or the C name of a struct' },
    ...connectionOptions,
    ...inputOptions,
    all: { type: 'boolean', short: 'a', help: 'show every element and every byte' },
    verbose: { type: 'boolean', short: 'v', help: 'captures: whole trees instead of lines' },
    line: { type: 'string', short: 'l', value: 'N', help: 'captures: only line N, in full' },
    json: { type: 'boolean', help: 'value and fields as JSON; captures: one object per line' },
  },
  operands: 1,
  examples: [
    ['famfs-wire inspect reply.bin', 'what is it, and what does it say?'],
    ['famfs-wire inspect reply.bin --as reply --opcode GET_FMAP --dialect fuse-v10', 'no guessing'],
    ['xxd request.bin | famfs-wire inspect', 'a dump on standard input'],
    ['famfs-wire inspect fixtures/wire/famfs-7.46-trace.jsonl | less', 'a conversation, line by line'],
    ['famfs-wire inspect fixtures/wire/fuse-6.18.jsonl --line 614', 'one message of a capture in full'],
  ],
  async run({ values, positionals }, io) {
    const among = await dialectsOf(values)
    const about = known(values, among)
    if (values.as !== undefined && !isStream(values.as)) demandNamed(values.as, among)
    const input = await readInput(positionals[0], values, io, 'taken')
    const options: Options = {
      paint: painter(values.color, io),
      columns: pageWidth(io),
      all: values.all === true,
      verbose: values.verbose === true || values.line !== undefined,
      line: values.line === undefined ? undefined : Number(integer('line', values.line, 1n, 0xffffffffn)),
      json: values.json === true,
    }
    if (input.format === 'jsonl') return await showCapture(input, about, options, among, io)
    if (input.bytes.length === 0) throw new Failure(`${input.name}: there are no bytes`, { exit: REFUSED })
    if (values.as !== undefined && isStream(values.as)) return await showStream(values.as, input, about, options, among, io)
    if (values.as !== undefined) {
      demandOpcode(values.as, about, input)
      return await showOne(look(subjectOf(values.as, about), input.bytes), input, [], options, io)
    }
    return await showGuess(input, about, options, among, io)
  },
})

async function showGuess(input: Input, about: Known, options: Options, among: Dialects, io: Io): Promise<number> {
  const [best, ...others] = guesses(input.bytes, about, among)
  if (best === undefined)
    throw new Failure(`${input.name}: taken as ${input.taken}, ${input.bytes.length} bytes: like no message and no struct`, {
      exit: REFUSED,
      hint: 'say what it is: --as request, --as reply --opcode NAME, or --as STRUCT',
    })
  if (isStream(best.as)) {
    const taken = `${input.taken}, a guess: ${best.as}, since ${best.reasons.join('; ')}`
    return await showStream(best.as, { ...input, taken }, about, options, among, io)
  }
  const shown = look(subjectOf(best.as, { ...about, dialect: best.dialect, opcode: best.opcode ?? about.opcode }), input.bytes)
  return await showOne(shown, input, explain(best, others, alsoIn(best, input.bytes, about, among)), options, io)
}

/** Why the bytes are shown as they are, and what else they could be. */
function explain(best: Guess, others: readonly Guess[], alike: readonly Dialect[]): string[] {
  const also = (best.also ?? []).length === 0 ? [] : [`Replies of the same form: ${best.also?.join(', ')}; --opcode chooses.`]
  const rest = others.filter(o => o.score * 2 >= best.score).slice(0, 3)
  const more =
    rest.length === 0 ? [] : [`Could also be: ${rest.map(o => `${nameOf(o)} (${o.reasons.join(', ')})`).join('; ')}; --as chooses.`]
  const same = alike.length === 0 ? [] : [`The same in ${idsOf(alike)}; --dialect chooses.`]
  return [`A guess: ${nameOf(best)}, since ${best.reasons.join('; ')}.`, ...same, ...also, ...more]
}

const nameOf = (g: Guess): string => `${[opName(g.opcode, g.dialect), g.as].filter(s => s !== '').join(' ')} of ${g.dialect.id}`

async function showOne(shown: Shown, input: Input, why: readonly string[], options: Options, io: Io): Promise<number> {
  const { paint, columns } = options
  if (options.json)
    await printJson({ ...shownJson(shown), taken: input.taken, ...missingJson(input), ...(why.length === 0 ? {} : { guess: why }) }, io)
  else {
    const size = `${shown.bytes.length} byte${shown.bytes.length === 1 ? '' : 's'}`
    const head = `${paint('strong', title(shown))}, ${size}, ${shown.dialect.id}, from ${input.taken}`
    const reasons = why.flatMap(line => wrap(line, columns)).map(line => paint('dim', line))
    await io.print(`${[head, ...cutLines(input).map(line => paint('warning', line)), ...reasons, ''].join('\n')}\n`)
    for (const line of viewOf(shown, options)) await io.print(`${line}\n`)
    const notes = claimNotes(shown).flatMap(line => wrap(line, columns))
    if (notes.length > 0) await io.print(`\n${notes.join('\n')}\n`)
  }
  return shown.inspection.error === undefined ? GOOD : REFUSED
}

/** What the text leaves out of the message. */
const cutLines = ({ missing, taken }: Input): string[] =>
  missing === undefined ? [] : [`${taken.split(',')[0]} cut it: ${missing === 'unknown' ? 'bytes' : `${missing} bytes`} are missing`]

const missingJson = ({ missing }: Input): object => (missing === undefined ? {} : { missing })

const BODY_AT = 16

/**
 * The body of a reply without an error has the form that the opcode of its request gives it.
 * @throws Failure when nothing says the opcode
 */
function demandOpcode(as: string, { opcode, request }: Known, { name, bytes }: Input): void {
  if (as !== 'reply' || opcode !== undefined || request !== undefined || bytes.length <= BODY_AT || errorOf(bytes) !== 0) return
  throw new Failure(`${name}: a reply of ${bytes.length} bytes: to which request? --opcode NAME is needed`, {
    hint: 'famfs-wire dialects ID lists the opcodes; without --as the likeliest one is shown',
  })
}

type Stream = 'requests' | 'replies'

const isStream = (as: string): as is Stream => as === 'requests' || as === 'replies'

/** Several messages one after the other, as read(2) and write(2) of the device pass them. */
async function showStream(as: Stream, input: Input, about: Known, options: Options, among: Dialects, io: Io): Promise<number> {
  const direction = as === 'requests' ? 'request' : 'reply'
  const split = attempt(() => [...splitMessages(input.bytes, direction)])
  if (!split.ok) throw new Failure(`${input.name}: taken as ${input.taken}: ${split.error.message}`, { exit: REFUSED })
  const lines = split.value.map(bytes => JSON.stringify({ direction, hex: Buffer.from(bytes).toString('hex') }))
  return await showCapture({ ...input, format: 'jsonl', bytes: Buffer.from(lines.join('\n')) }, about, options, among, io)
}
