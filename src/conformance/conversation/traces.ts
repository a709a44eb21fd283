/** Whole conversations as they were recorded, message after message, through the model. */
import { type Conversation, conversation, get, type Named } from '../../kernel/conversation/index.ts'
import type { Dialect } from '../../schema/dialect.ts'
import type { DialectName } from '../../uapi/dialects/aliases.ts'
import { fuse_opcode } from '../../uapi/fuse/codes.ts'
import { numberAt, smallAt } from '../../validate/bytes.ts'
import type { CapturedMessage } from '../capture.ts'
import type { Inputs } from './inputs.ts'
import { begin, compare, compareRequest, compareRest, play, type Story } from './story.ts'

const { FUSE_INIT, FUSE_READ, FUSE_WRITE } = fuse_opcode.values

const opcodeOf = (bytes: Uint8Array): number => smallAt(bytes, 4, 4)
const nodeOf = (bytes: Uint8Array): bigint => numberAt(bytes, 16, 8)

/** Opcodes that only a kernel sends by itself, so that the model must have asked too. */
const famfsOpcodes = ({ opcodes }: Dialect): readonly number[] => Object.values(opcodes)

const MESSAGE_HEADER = 40
const UNIQUE_AT = 8

/** Whether the model must have asked this: no system call causes it alone. */
function isOwn(story: Story, bytes: Uint8Array): boolean {
  const { dialect, files } = story.state
  const opcode = opcodeOf(bytes)
  if (story.asked.length > 0 && story.asked[0]?.opcode === opcode) return true
  if (story.state.settled.famfs && famfsOpcodes(dialect).includes(opcode)) return true
  // a file with a map is never read by way of the server
  return (opcode === FUSE_READ || opcode === FUSE_WRITE) && get(files, nodeOf(bytes))?.map !== undefined
}

function request(story: Story, bytes: Uint8Array): void {
  if (bytes.length < MESSAGE_HEADER || isOwn(story, bytes)) compareRequest(story, bytes)
  else play(story, opcodeOf(bytes) === FUSE_INIT ? { event: 'mount', request: bytes } : { event: 'ask', request: bytes })
}

function reply(story: Story, { bytes, writeErrno = 0 }: CapturedMessage): void {
  const written = play(story, { event: 'write', bytes }, 'server').find(e => e.effect === 'written')
  // of a notification the model may only know that it is one of a few
  const found = written?.or?.includes(writeErrno) === true ? writeErrno : written?.errno
  compare(story, 'write(2) of the server', `errno ${writeErrno}`, `errno ${found}`)
}

export interface TraceOptions {
  readonly dialect: DialectName | Dialect
  readonly names?: Readonly<Record<string, Named>>
  readonly inputs?: Inputs
  /** the file system was unmounted before the last message */
  readonly unmounted?: boolean
  /** highest code of a notification that the kernel knows, where its minor does not tell */
  readonly newestNotify?: number | undefined
}

/** The state in which a recording begins: before INIT, or, where it has none, behind an INIT that settled everything. */
function startOf(messages: readonly CapturedMessage[], options: TraceOptions): Conversation {
  const { dialect, inputs, newestNotify } = options
  const hasInit = messages.some(m => m.direction === 'request' && m.bytes.length >= MESSAGE_HEADER && opcodeOf(m.bytes) === FUSE_INIT)
  return conversation({
    dialect,
    names: { ...inputs?.names, ...options.names },
    sizes: inputs?.sizes ?? {},
    ...(hasInit ? {} : { settled: {} }),
    ...(newestNotify === undefined ? {} : { newestNotify }),
  })
}

/** A message; of one that was cut, with zeros for the rest, where it answers what only has to end. Undefined: what it said is not known. */
function wholeOf({ state }: Story, message: CapturedMessage): CapturedMessage | undefined {
  const { bytes, direction, fullLength } = message
  if (fullLength === undefined) return message
  if (direction !== 'reply' || state.waiting.get(numberAt(bytes, UNIQUE_AT, 8))?.purpose.kind !== 'nothing') return undefined
  const padded = new Uint8Array(fullLength)
  padded.set(bytes)
  return { ...message, bytes: padded }
}

/** Messages of one connection after the other through the model: every INIT starts anew. Of those that were cut most are left out. */
export function playTrace(messages: readonly CapturedMessage[], options: TraceOptions): Story {
  const story = begin(startOf(messages, options))
  for (const [i, message] of messages.entries()) {
    const whole = wholeOf(story, message)
    if (whole === undefined) continue
    const { direction, bytes } = whole
    if (direction === 'request' && opcodeOf(bytes) === FUSE_INIT) restart(story, messages, options)
    if (options.unmounted === true && i === messages.length - 1) play(story, { event: 'unmount' })
    if (direction === 'request') request(story, bytes)
    else reply(story, whole)
  }
  compareRest(story)
  return story
}

function restart(story: Story, messages: readonly CapturedMessage[], options: TraceOptions): void {
  compareRest(story)
  story.state = startOf(messages, options)
}
