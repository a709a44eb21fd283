/** Whole conversations as they were recorded, message after message, through the model. */
import { type Conversation, conversation, get, type Named } from '../../kernel/conversation/index.ts'
import type { Dialect } from '../../schema/dialect.ts'
import type { DialectId } from '../../uapi/dialects/index.ts'
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

function reply(story: Story, { bytes, direction, writeErrno = 0 }: CapturedMessage): void {
  const effects = play(story, { event: 'write', bytes }, 'server')
  // what becomes of a notification depends on what the kernel has in its caches
  if (direction === 'notify') return
  const found = effects.find(e => e.effect === 'written')?.errno
  compare(story, 'write(2) of the server', `errno ${writeErrno}`, `errno ${found}`)
}

export interface TraceOptions {
  readonly dialect: DialectId | Dialect
  readonly names?: Readonly<Record<string, Named>>
  readonly inputs?: Inputs
  /** the file system was unmounted before the last message */
  readonly unmounted?: boolean
}

/** The state in which a recording begins: before INIT, or, where it has none, behind an INIT that settled everything. */
function startOf(messages: readonly CapturedMessage[], options: TraceOptions): Conversation {
  const { dialect, inputs } = options
  const hasInit = messages.some(m => m.direction === 'request' && m.bytes.length >= MESSAGE_HEADER && opcodeOf(m.bytes) === FUSE_INIT)
  return conversation({
    dialect,
    names: { ...inputs?.names, ...options.names },
    sizes: inputs?.sizes ?? {},
    ...(hasInit ? {} : { settled: {} }),
  })
}

/** Messages of one connection after the other through the model: every INIT starts anew. Truncated messages are left out. */
export function playTrace(messages: readonly CapturedMessage[], options: TraceOptions): Story {
  const story = begin(startOf(messages, options))
  for (const [i, message] of messages.entries()) {
    if (message.fullLength !== undefined) continue
    const { direction, bytes } = message
    if (direction === 'request' && opcodeOf(bytes) === FUSE_INIT) restart(story, messages, options)
    if (options.unmounted === true && i === messages.length - 1) play(story, { event: 'unmount' })
    if (direction === 'request') request(story, bytes)
    else reply(story, message)
  }
  compareRest(story)
  return story
}

function restart(story: Story, messages: readonly CapturedMessage[], options: TraceOptions): void {
  compareRest(story)
  story.state = startOf(messages, options)
}
