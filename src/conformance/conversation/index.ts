/** Recorded conversations through the model of the kernel, whatever form the recording has. */
import { dialectIn } from '../../codec/dialects.ts'
import type { Dialect } from '../../schema/dialect.ts'
import { capturedMessage, dialectOfKernel, trace } from '../capture.ts'
import { type Dialects, dialectsWith } from '../named.ts'
import { eachLine, inLine, object, optional, text } from '../record.ts'
import { playCase, rawCases } from './cases.ts'
import { type Inputs, noInputs } from './inputs.ts'
import type { Memory } from './memory.ts'
import { allAgree, countsOf, type Kind, type Story } from './story.ts'
import { playTrace } from './traces.ts'

export type { CaseInputs, Inputs } from './inputs.ts'
export { noInputs, readInputs } from './inputs.ts'
export type { Entry, Kind, Story } from './story.ts'

/** One conversation and how the model took it. */
export interface Replayed {
  readonly id: string
  readonly name: string
  readonly kernel: string
  readonly dialect: Dialect
  readonly agree: boolean
  /** disagreements by kind; kinds without any are left out */
  readonly counts: Partial<Record<Kind, number>>
  /** results that the model cannot know, since what decides was said before the recording began */
  readonly unknown: number
  readonly story: Story
}

/** How a recording is played through the model. */
export interface ReplayOptions {
  readonly inputs?: Inputs
  /** for lines that name none */
  readonly dialect?: Dialect
  /** dialects besides those of this library that lines may name */
  readonly dialects?: readonly Dialect[]
  /** only conversations whose name contains this */
  readonly only?: string
}

type About = Omit<Replayed, 'agree' | 'counts' | 'unknown' | 'story'>

const played = (about: About, story: Story): Replayed => ({
  ...about,
  agree: allAgree(story),
  counts: countsOf(story),
  unknown: story.entries.filter(e => e.unknown !== undefined).length,
  story,
})

const wanted = ({ only }: ReplayOptions, name: string): boolean => only === undefined || name.includes(only)

function* replayCases(lines: readonly unknown[], options: ReplayOptions): Generator<Replayed> {
  const memory: Memory = new Map()
  for (const raw of rawCases(lines, dialectsWith(options.dialects))) {
    const story = inLine(raw.index, () => playCase(raw, options.inputs ?? noInputs, memory))
    const { id, name, kernel, dialect } = raw
    if (wanted(options, name)) yield played({ id, name, kernel, dialect }, story)
  }
}

function* replayTraces(lines: readonly unknown[], options: ReplayOptions): Generator<Replayed> {
  const { inputs = noInputs } = options
  for (const { id, name, kernel, dialect, messages } of eachLine(lines, line => trace(line, dialectsWith(options.dialects))))
    if (wanted(options, name))
      yield played({ id, name, kernel, dialect }, playTrace(messages, { dialect, inputs, unmounted: inputs.unmounted.includes(id) }))
}

function* replayMessages(lines: readonly unknown[], options: ReplayOptions): Generator<Replayed> {
  const known = dialectsWith(options.dialects)
  const messages = eachLine(lines, line => capturedMessage(line, known)).filter(m => m !== undefined)
  const [first] = messages
  if (first === undefined) return
  const dialect = options.dialect ?? (first.dialect.id === 'fuse' ? dialectOfKernel(first.kernel) : first.dialect)
  const { id, kernel } = first
  yield played(
    { id, name: 'session', kernel, dialect },
    playTrace(messages, { dialect, ...(options.inputs === undefined ? {} : { inputs: options.inputs }) }),
  )
}

/** The dialect in a line is a known one, where it names one. */
const hasDialect =
  (known: Dialects) =>
  (line: unknown): boolean => {
    const name = optional(object(line), 'dialect', text)
    return name === undefined || dialectIn(known, name) !== undefined
  }

/**
 * Plays the lines of a recording: cases of open(2) (`seq`, `request_hex`, `reply_hex`), traces (`trace`) or single messages (`direction`,
 * `hex`), as in fixtures/wire.
 * @throws WireError when a line is none of these; its path is the index of the line and the member, such as `[2].push[0].arg_hex`
 */
export function* replayRecording(lines: readonly unknown[], options: ReplayOptions = {}): Generator<Replayed> {
  const known = dialectsWith(options.dialects)
  const wanted = hasDialect(known)
  const own = lines.map((line, i) => (line === undefined ? undefined : inLine(i, () => (wanted(line) ? object(line) : undefined))))
  const has = (member: string): boolean => own.some(line => line?.[member] !== undefined)
  if (has('trace')) yield* replayTraces(own, options)
  else if (has('seq')) yield* replayCases(own, options)
  else yield* replayMessages(own, options)
}
