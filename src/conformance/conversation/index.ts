/** Recorded conversations through the model of the kernel, whatever form the recording has. */
import { dialectIn } from '../../codec/dialects.ts'
import type { Dialect } from '../../schema/dialect.ts'
import { capturedMessage, dialectOfKernel, trace } from '../capture.ts'
import { type Dialects, dialectsWith } from '../named.ts'
import { object, optional, text } from '../record.ts'
import { playCase, rawCases } from './cases.ts'
import { type Inputs, noInputs } from './inputs.ts'
import type { Memory } from './memory.ts'
import { allAgree, type Story } from './story.ts'
import { playTrace } from './traces.ts'

export type { CaseInputs, Inputs } from './inputs.ts'
export { noInputs, readInputs } from './inputs.ts'
export type { Entry, Story } from './story.ts'

/** One conversation and how the model took it. */
export interface Replayed {
  readonly id: string
  readonly name: string
  readonly kernel: string
  readonly dialect: Dialect
  readonly agree: boolean
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

type About = Omit<Replayed, 'agree' | 'story'>

const played = (about: About, story: Story): Replayed => ({ ...about, agree: allAgree(story), story })

const wanted = ({ only }: ReplayOptions, name: string): boolean => only === undefined || name.includes(only)

function* replayCases(lines: readonly unknown[], options: ReplayOptions): Generator<Replayed> {
  const memory: Memory = new Map()
  for (const raw of rawCases(lines, dialectsWith(options.dialects))) {
    const story = playCase(raw, options.inputs ?? noInputs, memory)
    const { id, name, kernel, dialect } = raw
    if (wanted(options, name)) yield played({ id, name, kernel, dialect }, story)
  }
}

function* replayTraces(lines: readonly unknown[], options: ReplayOptions): Generator<Replayed> {
  const { inputs = noInputs } = options
  for (const { id, name, kernel, dialect, messages } of lines.map(line => trace(line, dialectsWith(options.dialects))))
    if (wanted(options, name))
      yield played({ id, name, kernel, dialect }, playTrace(messages, { dialect, inputs, unmounted: inputs.unmounted.includes(id) }))
}

function* replayMessages(lines: readonly unknown[], options: ReplayOptions): Generator<Replayed> {
  const known = dialectsWith(options.dialects)
  const messages = lines.map(line => capturedMessage(line, known)).filter(m => m !== undefined)
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
 * @throws WireError naming the member when a line is none of these
 */
export function* replayRecording(lines: readonly unknown[], options: ReplayOptions = {}): Generator<Replayed> {
  const own = lines.map(object).filter(hasDialect(dialectsWith(options.dialects)))
  if (own.some(line => line.trace !== undefined)) yield* replayTraces(own, options)
  else if (own.some(line => line.seq !== undefined)) yield* replayCases(own, options)
  else yield* replayMessages(own, options)
}
