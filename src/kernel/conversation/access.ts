/** read, write, mmap and page faults of a file with a map. facts: wire 5.1, 6 */
import { EBADF, EFAULT, EINVAL, EIO } from '../../uapi/errno.ts'
import { machineOf } from '../../validate/options.ts'
import type { FileMap } from '../map.ts'
import { resolveIn } from '../resolve.ts'
import { type FileState, fileBad } from '../state.ts'
import { least } from '../wide.ts'
import { inodeOf } from './inodes.ts'
import { emit, fileOf, keepFile, type Turn } from './turn.ts'
import type { Event, KnownFile, LogClass, Piece } from './types.ts'

type AccessEvent = Event & { readonly event: 'access' }

/** Linux moves at most this many bytes in one call. */
const MOST = 0x7ffff000n
/** A map of tiny chunks must not hold this model up: a longer access is told as far as this many pieces. */
const MOST_PIECES = 65536
const SIGBUS = 7
const O_ACCMODE = 3
const O_WRONLY = 1

interface Mapped extends KnownFile {
  readonly map: FileMap
}

/** How a run through the map ended. */
interface Outcome {
  readonly errno: number
  readonly bytes: bigint
  readonly pieces: readonly Piece[]
  readonly oops?: 'divide_error'
}

const NOTHING: Outcome = { errno: 0, bytes: 0n, pieces: [] }
const failure = (errno: number): Outcome => ({ ...NOTHING, errno })

const hasMap = (file: KnownFile | undefined): file is Mapped => file?.map !== undefined

/** The inode is bad, or the handle is that of one which another has replaced. Rule a of fixtures/wire/rules-7.3.jsonl */
function isGone(turn: Turn, { node, handle }: AccessEvent): boolean {
  const known = inodeOf(turn, node)
  return known?.bad === true || (known !== undefined && handle !== undefined && handle < known.since)
}

/** What a system call on the file comes to. */
export function access(turn: Turn, event: AccessEvent): void {
  const { op, node } = event
  const about = { effect: 'accessed', op, node, fuse: false } as const
  const mode = (event.flags ?? 2) & O_ACCMODE
  if ((op === 'read' && mode === O_WRONLY) || (op === 'write' && mode === 0)) return emit(turn, { ...about, ...failure(EBADF) })
  if (isGone(turn, event)) return emit(turn, { ...about, ...failure(EIO), ...(op === 'fault' ? { signal: SIGBUS } : {}) })
  const file = fileOf(turn, node)
  if (op === 'call' || !hasMap(file)) return emit(turn, { ...about, ...NOTHING, fuse: true })
  if (op === 'fault') return emit(turn, { ...about, ...fault(turn, file, event.offset) })
  const bad = checkFile(turn, file)
  if (bad !== 0) return emit(turn, { ...about, ...failure(bad) })
  emit(turn, { ...about, ...(op === 'mmap' ? NOTHING : transfer(turn, file, event.offset, event.length)) })
}

/** facts: wire 6.1 */
function checkFile(turn: Turn, file: Mapped): number {
  const { errno, file: state } = fileBad(file.map, file.state, turn.state.dialect.resolver)
  if (state !== file.state) {
    keepFile(turn, { ...file, state })
    emit(turn, { effect: 'log', what: 'file-size' })
  }
  return errno
}

/** read and write are cut at the size of the inode before the map is asked. facts: wire 5.1 */
function transfer(turn: Turn, file: Mapped, offset: bigint, length: bigint): Outcome {
  if (offset < 0n) return failure(EINVAL)
  const end = least(offset + least(length, MOST), file.state.i_size)
  return offset >= end ? NOTHING : walk(turn, file, offset, end)
}

function walk(turn: Turn, file: Mapped, start: bigint, end: bigint): Outcome {
  const pieces: Piece[] = []
  let at = start
  while (at < end && pieces.length < MOST_PIECES) {
    const one = lookAt(turn, file.node, at, end - at)
    if (!('device' in one)) return one.oops === undefined && at > start ? { errno: 0, bytes: at - start, pieces } : { ...one, pieces }
    pieces.push(one)
    at += one.length
  }
  return { errno: 0, bytes: at - start, pieces }
}

const FLAGGED: Readonly<Record<string, LogClass>> = {
  missing: 'file-device-missing',
  busy: 'file-device-failed',
  error: 'file-device-error',
}

/** A look-up that sets the error flag of the file says so in the log. */
function keepState(turn: Turn, file: Mapped, state: FileState): void {
  if (state === file.state) return
  keepFile(turn, { ...file, state })
  const bad = Object.values(turn.state.devices).find(d => d !== 'ready')
  emit(turn, { effect: 'log', what: FLAGGED[bad ?? 'missing'] ?? 'file-device-missing' })
}

/** The range at one offset, cut at the end of the device, or why there is none. */
function lookAt(turn: Turn, node: bigint, at: bigint, length: bigint): Piece | Outcome {
  const { dialect, devices, machine } = turn.state
  const file = fileOf(turn, node)
  if (!hasMap(file)) return failure(EIO)
  const { result, state } = resolveIn(file.map, at, length, dialect, { devices, file: file.state }, machine)
  keepState(turn, file, state.file)
  if ('oops' in result) return { ...failure(EIO), oops: result.oops }
  if (result.rc !== 0) return failure(-result.rc)
  // an answer of no length is refused by the code that asked for it (I)
  if (!('dev' in result) || result.dev === null || result.length === 0n) return failure(EIO)
  return onDevice(turn, result.dev, at, result, length)
}

function onDevice(turn: Turn, index: number, at: bigint, { addr, length }: ResolvedRange, asked: bigint): Piece | Outcome {
  const device = turn.state.slots[index]?.device ?? ''
  const size = turn.state.sizes[device]
  if (size !== undefined && addr >= size) return failure(EFAULT)
  const there = least(length, asked)
  return { at, device, offset: addr, length: size === undefined ? there : least(there, size - addr) }
}

type ResolvedRange = { readonly addr: bigint; readonly length: bigint }

/** First touch of a page of a mapping: every failure is SIGBUS. facts: wire 5.1, 6.3 */
function fault(turn: Turn, file: Mapped, offset: bigint): Outcome & { readonly signal?: number } {
  const page = BigInt(machineOf(turn.state.machine).pageSize)
  const at = offset - (offset % page)
  if (at >= file.state.i_size) return { ...NOTHING, signal: SIGBUS }
  const one = lookAt(turn, file.node, at, page)
  return 'device' in one ? { errno: 0, bytes: one.length, pieces: [one] } : { ...one, signal: SIGBUS }
}

/** The state of a file after the size of its inode has changed. */
export const resized = (file: KnownFile, size: bigint): KnownFile => ({
  ...file,
  state: { ...file.state, i_size: BigInt.asIntN(64, size) },
})
