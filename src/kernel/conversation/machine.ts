/**
 * A famfs kernel as the server at the other end of the fuse device sees it: a pure machine. An event goes in, a new state and what the kernel
 * does come out. facts: wire 2, 4.4 to 4.6, 6
 */

import { dialectOf } from '../../codec/dialects.ts'
import { encodeOpenIn, encodeReleaseIn } from '../../codec/generated/file.ts'
import { ENOENT } from '../../uapi/errno.ts'
import { fuse_opcode } from '../../uapi/fuse/codes.ts'
import { numberAt, smallAt } from '../../validate/bytes.ts'
import { IN_HEADER_SIZE } from '../../validate/generated/messages.ts'
import { X86_64 } from '../../validate/options.ts'
import { type Ending, judgeReply, openErrnoOf } from '../../validate/reply.ts'
import { buildInitRequest, minorOf } from '../negotiate/request.ts'
import { ECONNREFUSED, settleInit } from '../negotiate/settle.ts'
import { access, resized } from './access.ts'
import { attributesEnded, entryOf, statxEnded } from './attributes.ts'
import { emptyDevices, poison, pushDevice } from './devices.ts'
import { drop, emptyTable } from './files.ts'
import { habitsOf } from './habits.ts'
import { traitsIn } from './kernels.ts'
import { askForMap, deviceAnswered, type MapDone, mapAnswered } from './maps.ts'
import { notified } from './notify.ts'
import { forgottenIn, headOf, NOBODY, nameBody, nameIn } from './requests.ts'
import { nameSet, namesChanged, namingOpcodes, nodeForgotten, nodeSeen } from './tree.ts'
import { emit, fileOf, interrupted, keepFile, send, settle, type Turn, wait } from './turn.ts'
import type { After, Caller, Conversation, ConversationOptions, Event, Opening, Purpose, RequestHead, Stepped, Waiting } from './types.ts'

const { FUSE_INIT, FUSE_LOOKUP, FUSE_FORGET, FUSE_BATCH_FORGET, FUSE_GETATTR, FUSE_SETATTR, FUSE_STATX } = fuse_opcode.values
const { FUSE_OPEN, FUSE_RELEASE, FUSE_INTERRUPT } = fuse_opcode.values
/** The only errno after which the VFS looks the file up again and opens it once more. facts: captures, `fmap-error/ESTALE` */
const ESTALE = 116
/** Flags of open(2) on x86-64 that the kernel keeps for itself: O_CREAT, O_EXCL, O_NOCTTY. */
const NOT_SENT = 0o700
const O_TRUNC = 0o1000
/** Every open(2) of a 64-bit program has it. */
const O_LARGEFILE = 0o100000
const ATOMIC_O_TRUNC = 3n
const FIRST_UNIQUE = 2n
/** of fuse_init_in: where the minor stands in the request */
const MINOR_AT = IN_HEADER_SIZE + 4

/**
 * A connection before its first event.
 *
 * @param options `settled` starts behind INIT, with famfs on unless it says otherwise; without it begin with the event `mount`
 */
export function conversation({
  dialect,
  settled,
  names = {},
  sizes = {},
  machine = X86_64,
  mount = {},
  newestNotify,
}: ConversationOptions): Conversation {
  const d = dialectOf(dialect)
  const habits = habitsOf(d)
  const announced = minorOf(d)
  return {
    dialect: d,
    habits,
    machine,
    mount,
    phase: settled === undefined ? 'new' : 'up',
    settled: {
      minor: settled?.minor ?? announced,
      flags: settled?.flags ?? (1n << 64n) - 1n,
      famfs: d.initBit !== undefined && (settled?.famfs ?? settled !== undefined),
    },
    announced,
    traits: traitsIn(d, announced),
    newestNotify,
    unique: FIRST_UNIQUE,
    waiting: new Map(),
    slots: {},
    devices: emptyDevices(habits.slots),
    files: emptyTable,
    nodes: emptyTable,
    dentries: emptyTable,
    names,
    sizes,
    opens: 0,
  }
}

/** What each request of a process means to this model, by opcode; all others are only answered. */
const purposes: Readonly<Record<number, (turn: Turn, head: RequestHead, request: Uint8Array) => Purpose>> = {
  [FUSE_INIT]: (turn, _, request) => {
    announces(turn, smallAt(request, MINOR_AT, 4))
    return { kind: 'init' }
  },
  [FUSE_LOOKUP]: (_, { node }, request) => ({ kind: 'lookup', parent: node, name: nameIn(request), reopen: undefined }),
  [FUSE_GETATTR]: (_, { node }) => ({ kind: 'attributes', node }),
  [FUSE_SETATTR]: (_, { node }) => ({ kind: 'attributes', node }),
  [FUSE_STATX]: (_, { node }) => ({ kind: 'statx', node }),
  [FUSE_OPEN]: (turn, { node, by }, request) => ({
    kind: 'open',
    opening: openingOf(turn, node, smallAt(request, IN_HEADER_SIZE, 4), by),
  }),
  ...Object.fromEntries(namingOpcodes.map(opcode => [opcode, () => ({ kind: 'names' })])),
}

/** INIT says which kernel it is. */
function announces({ state }: Turn, minor: number): void {
  state.announced = minor
  state.traits = traitsIn(state.dialect, minor)
}

function openingOf(turn: Turn, node: bigint, flags: number, by: Caller): Opening {
  const id = turn.state.opens++
  return { id, node, flags, by, again: false }
}

/** A request that some process caused. FORGET has no answer, and drops inodes; INTERRUPT is about a request that waits. */
function ask(turn: Turn, request: Uint8Array): void {
  const head = headOf(request)
  if (head.opcode === FUSE_INTERRUPT) return interrupted(turn, numberAt(request, IN_HEADER_SIZE, 8))
  wait(turn, head, request, purposes[head.opcode]?.(turn, head, request) ?? { kind: 'nothing' })
  if (head.opcode === FUSE_FORGET) forget(turn, head.node, numberAt(request, IN_HEADER_SIZE, 8))
  if (head.opcode === FUSE_BATCH_FORGET) for (const [node, count] of forgottenIn(request)) forget(turn, node, count)
}

function forget(turn: Turn, node: bigint, count: bigint): void {
  turn.state.files = drop(turn.state.files, node)
  nodeForgotten(turn, node, count)
}

const truncates = ({ settled }: Conversation, flags: number): boolean =>
  (flags & O_TRUNC) !== 0 && ((settled.flags >> ATOMIC_O_TRUNC) & 1n) === 1n

/** O_TRUNC goes along only where the server said that it truncates by itself. */
function sendOpen(turn: Turn, given: Opening): void {
  const sent = (given.flags | O_LARGEFILE) & ~NOT_SENT
  const opening = { ...given, flags: truncates(turn.state, sent) ? sent : sent & ~O_TRUNC }
  const body = encodeOpenIn({ flags: opening.flags, open_flags: 0 })
  send(turn, { opcode: FUSE_OPEN, node: opening.node, by: opening.by, body }, { kind: 'open', opening })
}

function sendLookup(turn: Turn, parent: bigint, name: string, by: Caller, reopen: Opening | undefined): void {
  send(turn, { opcode: FUSE_LOOKUP, node: parent, by, body: nameBody(name) }, { kind: 'lookup', parent, name, reopen })
}

type Ended = Exclude<Ending, { kind: 'pending' }>

/** The server writes to the fuse device. facts: wire 2.5 */
function write(turn: Turn, bytes: Uint8Array): void {
  const { waiting } = turn.state
  const judged = judgeReply(bytes, unique => waiting.get(unique)?.room)
  if (judged.notification === true) return notify(turn, bytes)
  emit(turn, { effect: 'written', errno: judged.write })
  const { unique, ending } = judged
  const request = unique === undefined ? undefined : waiting.get(unique)
  if (unique === undefined || request === undefined || ending === undefined || ending.kind === 'pending') return
  settle(turn, unique)
  ended(turn, request, ending)
}

/** What the kernel asks because of it comes behind what the write returns. */
function notify(turn: Turn, bytes: Uint8Array): void {
  const noticed = notified(turn, bytes)
  turn.effects.unshift({ effect: 'written', ...noticed })
}

/** A request has ended: what the kernel does next. */
function ended(turn: Turn, { purpose, head, bytes }: Waiting, ending: Ended): void {
  const { by, node } = head
  switch (purpose.kind) {
    case 'init':
      return initEnded(turn, bytes, ending)
    case 'lookup':
      return lookupEnded(turn, purpose, by, ending)
    case 'attributes':
      return attributesEnded(turn, purpose.node, ending)
    case 'statx':
      return statxEnded(turn, purpose.node, ending)
    case 'open':
      return openEnded(turn, purpose.opening, ending)
    case 'map':
      return mapEnded(turn, mapAnswered(turn, purpose, bytes, ending, by, node), purpose.node)
    case 'device':
      return mapEnded(turn, deviceAnswered(turn, purpose, ending, by), purpose.node)
    case 'names':
      return namesChanged(turn, head, bytes, ending)
    case 'nothing':
      return
  }
}

function initEnded(turn: Turn, request: Uint8Array, ending: Ended): void {
  const { state } = turn
  const end = settleInit(state.dialect, request, ending, state.mount)
  state.phase = end.up ? 'up' : 'refused'
  if (end.up) state.settled = end.settled
  emit(turn, end.up ? { effect: 'connected', settled: end.settled } : { effect: 'refused', errno: end.errno })
}

function lookupEnded(turn: Turn, purpose: Purpose & { readonly kind: 'lookup' }, by: Caller, ending: Ended): void {
  const { parent, name, reopen } = purpose
  const { errno, node, ino, size, kind } = entryOf(turn, ending)
  const after: After = { kind: 'lookup', reopen }
  if (errno === 0) nodeSeen(turn, node, kind)
  if (errno === 0 || errno === ENOENT) nameSet(turn, parent, name, node)
  if (errno !== 0 || kind !== 'regular') return lookedUp(turn, node, errno, after)
  const known = fileOf(turn, node) ?? { node, state: { error: false, i_size: size, dax: true } }
  keepFile(turn, resized({ ...known, parent, name }, size))
  const { dialect, settled, habits } = turn.state
  const asks = settled.famfs && dialect.trigger === 'LOOKUP' && (habits.asksAgain || known.map === undefined)
  if (asks) return askForMap(turn, node, ino, by, after)
  lookedUp(turn, node, 0, after)
}

/** The look-up is done; where it was the first half of a second open, that goes on. */
function lookedUp(turn: Turn, node: bigint, errno: number, after: After): void {
  const reopen = after.kind === 'lookup' ? after.reopen : undefined
  if (reopen === undefined) return emit(turn, { effect: 'looked-up', node, errno })
  if (errno !== 0) return emit(turn, { effect: 'opened', id: reopen.id, node: reopen.node, errno })
  sendOpen(turn, { ...reopen, node })
}

const FH_SIZE = 8

function openEnded(turn: Turn, opening: Opening, ending: Ended): void {
  if (ending.kind === 'errno') return openFailed(turn, opening, ending.errno)
  const { dialect, settled, habits } = turn.state
  const after: After = { kind: 'open', opening, fh: numberAt(ending.body, 0, FH_SIZE) }
  const known = fileOf(turn, opening.node)
  const asks = settled.famfs && dialect.trigger === 'OPEN' && (habits.asksAgain || known?.map === undefined)
  if (asks) return askForMap(turn, opening.node, opening.node, opening.by, after)
  mapEnded(turn, { errno: 0, after }, opening.node)
}

/** The map is settled, one way or the other. */
function mapEnded(turn: Turn, done: MapDone | undefined, node: bigint): void {
  if (done === undefined) return
  const { after } = done
  if (after.kind === 'lookup') return lookedUp(turn, node, 0, after)
  const { opening, fh } = after
  const file = fileOf(turn, node)
  const errno = openErrnoOf(turn.state.dialect, done.errno, file?.map !== undefined, opening.flags)
  if (errno === 0) return opened(turn, opening)
  const body = encodeReleaseIn({ fh, flags: opening.flags, release_flags: 0, lock_owner: 0n })
  send(turn, { opcode: FUSE_RELEASE, node, by: NOBODY, body }, { kind: 'nothing' })
  openFailed(turn, opening, errno)
}

/** O_TRUNC, where the server truncates by itself, leaves an inode of size 0 behind. */
function opened(turn: Turn, { id, node, flags }: Opening): void {
  const file = fileOf(turn, node)
  if (truncates(turn.state, flags) && file !== undefined) keepFile(turn, resized(file, 0n))
  emit(turn, { effect: 'opened', id, node, errno: 0 })
}

function openFailed(turn: Turn, opening: Opening, errno: number): void {
  const { id, node, by } = opening
  if (errno !== ESTALE || opening.again) return emit(turn, { effect: 'opened', id, node, errno })
  const again = { ...opening, again: true }
  const { parent, name } = fileOf(turn, node) ?? {}
  if (parent === undefined || name === undefined) sendOpen(turn, again)
  else sendLookup(turn, parent, name, by, again)
}

type Handlers = { readonly [K in Event['event']]: (turn: Turn, event: Event & { readonly event: K }) => void }

const handlers: Handlers = {
  mount: (turn, { request, capable, userNamespace }) => {
    if (request !== undefined) return ask(turn, request)
    const sides = { ...(capable === undefined ? {} : { capable }), ...(userNamespace === undefined ? {} : { userNamespace }) }
    const bytes = buildInitRequest({ dialect: turn.state.dialect, unique: turn.state.unique, ...sides })
    const { unique, node } = headOf(bytes)
    ask(turn, bytes)
    emit(turn, { effect: 'request', opcode: FUSE_INIT, unique, node, bytes })
  },
  lookup: (turn, { parent, name, by = NOBODY }) => sendLookup(turn, parent, name, by, undefined),
  open: (turn, { node, flags = 0, by = NOBODY }) => sendOpen(turn, openingOf(turn, node, flags, by)),
  ask: (turn, { request }) => ask(turn, request),
  write: (turn, { bytes }) => write(turn, bytes),
  push: (turn, { index, name, named }) => {
    const errno = pushDevice(turn, index, name, named ?? turn.state.names[name] ?? { kind: 'errno', errno: ENOENT })
    emit(turn, { effect: 'pushed', index, errno })
  },
  access,
  resize: (turn, { node, size }) => {
    const file = fileOf(turn, node)
    if (file !== undefined) keepFile(turn, resized(file, size))
  },
  forget: (turn, { node, count = 1n }) => {
    const body = new Uint8Array(8)
    new DataView(body.buffer).setBigUint64(0, count, true)
    send(turn, { opcode: FUSE_FORGET, node, by: NOBODY, body }, { kind: 'nothing' })
    forget(turn, node, count)
  },
  poison: (turn, { device }) => poison(turn, device),
  names: ({ state }, { names }) => {
    state.names = { ...state.names, ...names }
  },
  skip: ({ state }, { unique }) => {
    state.unique = unique
  },
  unmount: ({ state }) => {
    state.phase = 'gone'
    state.waiting = new Map()
    state.files = emptyTable
    state.nodes = emptyTable
    state.dentries = emptyTable
  },
}

/** In a phase without a connection system calls fail at once, and the device is gone for the server. */
const WORKS_WITHOUT: readonly Event['event'][] = ['mount', 'ask', 'write', 'names', 'skip', 'poison', 'unmount']

/**
 * One event: the state after it and what the kernel does, in order. Pure; the state given stays as it is.
 *
 * @throws WireError code range for numbers that do not fit their field; never for bytes that the server wrote
 */
export function step(state: Conversation, event: Event): Stepped {
  const turn: Turn = { state: { ...state }, effects: [] }
  if (state.phase !== 'up' && !WORKS_WITHOUT.includes(event.event)) {
    if (event.event === 'open') emit(turn, { effect: 'opened', id: state.opens, node: event.node, errno: ECONNREFUSED })
    else emit(turn, { effect: 'refused', errno: ECONNREFUSED })
    return turn
  }
  const handle = handlers[event.event] as (turn: Turn, event: Event) => void
  handle(turn, event)
  return turn
}
