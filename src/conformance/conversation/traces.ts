/** Whole conversations as they were recorded, message after message, through the model. */
import { type Conversation, conversation, dependsOnMinor, get, type Named } from '../../kernel/conversation/index.ts'
import type { Dialect } from '../../schema/dialect.ts'
import type { DialectName } from '../../uapi/dialects/aliases.ts'
import { fuse_opcode } from '../../uapi/fuse/codes.ts'
import { numberAt, smallAt } from '../../validate/bytes.ts'
import type { CapturedMessage } from '../capture.ts'
import type { Inputs } from './inputs.ts'
import {
  begin,
  compare,
  compareRequest,
  compareRest,
  compareUnknown,
  dropAsked,
  NOTIFICATION_WRITTEN,
  play,
  REPLY_WRITTEN,
  type Story,
} from './story.ts'

const { FUSE_INIT, CUSE_INIT, FUSE_READ, FUSE_WRITE } = fuse_opcode.values
const INITS: readonly number[] = [FUSE_INIT, CUSE_INIT]

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
  // what it belongs to may have happened before the recording began
  if (story.partial) return false
  if (story.state.settled.famfs && famfsOpcodes(dialect).includes(opcode)) return true
  // a file with a map is never read by way of the server
  return (opcode === FUSE_READ || opcode === FUSE_WRITE) && get(files, nodeOf(bytes))?.map !== undefined
}

const MAP_UNKNOWN = 'whether the file had its map already was settled before the recording began'

/** A recording that begins in the middle does not show the maps that the kernel has already. */
function dropKnownMaps(story: Story, bytes: Uint8Array): void {
  const { GET_FMAP } = story.state.dialect.opcodes
  if (!story.partial || GET_FMAP === undefined || opcodeOf(bytes) === GET_FMAP) return
  while (story.asked[0]?.opcode === GET_FMAP) dropAsked(story, MAP_UNKNOWN)
}

function request(story: Story, bytes: Uint8Array): void {
  dropKnownMaps(story, bytes)
  if (bytes.length < MESSAGE_HEADER || isOwn(story, bytes)) compareRequest(story, bytes)
  else play(story, opcodeOf(bytes) === FUSE_INIT ? { event: 'mount', request: bytes } : { event: 'ask', request: bytes })
}

/** Why the model cannot know what a write comes to, in a recording that begins in the middle. */
function unknownOf({ partial, state }: Story, { bytes, direction }: CapturedMessage): string | undefined {
  if (!partial) return undefined
  if (direction === 'notify') return 'what the kernel has in memory was settled before the recording began'
  const asked = state.waiting.get(numberAt(bytes, UNIQUE_AT, 8))
  if (asked === undefined) return 'the request was sent before the recording began'
  return dependsOnMinor(asked.head.opcode) ? 'the negotiated minor was settled before the recording began' : undefined
}

function reply(story: Story, message: CapturedMessage): void {
  const { bytes, direction, writeErrno = 0 } = message
  const unknown = unknownOf(story, message)
  const written = play(story, { event: 'write', bytes }, 'server').find(e => e.effect === 'written')
  // of a notification the model may only know that it is one of a few
  const found = written?.or?.includes(writeErrno) === true ? writeErrno : written?.errno
  const text = direction === 'notify' ? NOTIFICATION_WRITTEN : REPLY_WRITTEN
  const said = [`errno ${writeErrno}`, `errno ${found}`] as const
  if (unknown === undefined || found === writeErrno) compare(story, text, ...said)
  else compareUnknown(story, text, ...said, unknown)
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

const isInit = ({ direction, bytes }: CapturedMessage): boolean =>
  direction === 'request' && bytes.length >= MESSAGE_HEADER && INITS.includes(opcodeOf(bytes))

/** The state in which a recording begins: before INIT, or, where it has none at its beginning, after an INIT that settled everything. */
function startOf(options: TraceOptions, hasInit: boolean): Conversation {
  const { dialect, inputs, newestNotify } = options
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
  const [first] = messages
  const hasInit = first === undefined || isInit(first)
  const story = begin(startOf(options, hasInit), !hasInit)
  for (const [i, message] of messages.entries()) {
    const whole = wholeOf(story, message)
    if (whole === undefined) continue
    const { direction, bytes } = whole
    if (isInit(whole)) restart(story, options)
    if (options.unmounted === true && i === messages.length - 1) play(story, { event: 'unmount' })
    if (direction === 'request') request(story, bytes)
    else reply(story, whole)
  }
  if (story.partial) while (story.asked.length > 0) dropAsked(story, MAP_UNKNOWN)
  compareRest(story)
  return story
}

function restart(story: Story, options: TraceOptions): void {
  if (story.partial) while (story.asked.length > 0) dropAsked(story, MAP_UNKNOWN)
  compareRest(story)
  story.state = startOf(options, true)
  story.partial = false
}
