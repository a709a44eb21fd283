/**
 * A famfs kernel as the server at the other end of the fuse device sees it: a pure machine. An event goes in, a new state and what the kernel
 * does come out. facts: wire 2, 4.4 to 4.6, 6
 */

import { dialectOf } from '../../codec/dialects.ts'
import { checkBytes } from '../../codec/input.ts'
import { named, unknownName } from '../../codec/names.ts'
import { fuse_opcode } from '../../uapi/fuse/codes.ts'
import { numberAt, smallAt } from '../../validate/bytes.ts'
import { IN_HEADER_SIZE } from '../../validate/generated/messages.ts'
import { X86_64 } from '../../validate/options.ts'
import { type Ending, judgeReply } from '../../validate/reply.ts'
import { settleCuse } from '../negotiate/cuse.ts'
import { buildInitRequest, minorOf } from '../negotiate/request.ts'
import { ECONNREFUSED, settleInit } from '../negotiate/settle.ts'
import { access, resized } from './access.ts'
import { attributesEnded, statxEnded } from './attributes.ts'
import { openingOf, sendLookup, sendOpen } from './calls.ts'
import { emptyDevices, namedOf, poison, pushDevice } from './devices.ts'
import { drop, emptyTable } from './files.ts'
import { habitsOf } from './habits.ts'
import { nodeForgotten } from './inodes.ts'
import { ioctlEnded } from './ioctls.ts'
import { traitsIn } from './kernels.ts'
import { lookupEnded } from './lookups.ts'
import { deviceAnswered, mapAnswered } from './maps.ts'
import { notified } from './notify.ts'
import { mapEnded, openEnded } from './opens.ts'
import { forgottenIn, headOf, NOBODY, nameIn } from './requests.ts'
import { namesChanged, namingOpcodes } from './tree.ts'
import { emit, fileOf, interrupted, keepFile, send, settle, type Turn, wait } from './turn.ts'
import type { Conversation, ConversationOptions, Event, Purpose, RequestHead, Stepped, Waiting } from './types.ts'

const { FUSE_INIT, CUSE_INIT, FUSE_LOOKUP, FUSE_FORGET, FUSE_BATCH_FORGET, FUSE_GETATTR, FUSE_SETATTR } = fuse_opcode.values
const { FUSE_STATX, FUSE_OPEN, FUSE_IOCTL, FUSE_INTERRUPT } = fuse_opcode.values
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
    owed: emptyTable,
    dentries: emptyTable,
    names,
    sizes,
    opens: 0,
    serials: 1,
  }
}

/** What each request of a process means to this model, by opcode; all others are only answered. */
const purposes: Readonly<Record<number, (turn: Turn, head: RequestHead, request: Uint8Array) => Purpose>> = {
  [FUSE_INIT]: (turn, _, request) => {
    announces(turn, smallAt(request, MINOR_AT, 4))
    return { kind: 'init' }
  },
  [FUSE_LOOKUP]: (_, { node }, request) => ({ kind: 'lookup', parent: node, name: nameIn(request), reopen: undefined }),
  [FUSE_GETATTR]: () => ({ kind: 'attributes' }),
  [FUSE_SETATTR]: () => ({ kind: 'attributes' }),
  [FUSE_STATX]: () => ({ kind: 'statx' }),
  [FUSE_IOCTL]: () => ({ kind: 'ioctl' }),
  [CUSE_INIT]: (turn, _, request) => {
    announces(turn, smallAt(request, MINOR_AT, 4))
    return { kind: 'cuse' }
  },
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

/** A request that some process caused. FORGET has no answer, and drops inodes; INTERRUPT is about a request that waits. */
function ask(turn: Turn, request: Uint8Array): void {
  const head = headOf(request)
  if (head.opcode === FUSE_INTERRUPT) return interrupted(turn, numberAt(request, IN_HEADER_SIZE, 8))
  wait(turn, head, request, purposes[head.opcode]?.(turn, head, request) ?? { kind: 'nothing' })
  if (head.opcode === FUSE_FORGET) forget(turn, head.node, numberAt(request, IN_HEADER_SIZE, 8))
  if (head.opcode === FUSE_BATCH_FORGET) for (const [node, count] of forgottenIn(request)) forget(turn, node, count)
}

function forget(turn: Turn, node: bigint, count: bigint): void {
  if (nodeForgotten(turn, node, count)) turn.state.files = drop(turn.state.files, node)
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
      return attributesEnded(turn, head, ending)
    case 'statx':
      return statxEnded(turn, head, ending)
    case 'open':
      return openEnded(turn, purpose.opening, ending)
    case 'map':
      return mapEnded(turn, mapAnswered(turn, purpose, bytes, ending, by, node), purpose.node)
    case 'device':
      return mapEnded(turn, deviceAnswered(turn, purpose, ending, by), purpose.node)
    case 'names':
      return namesChanged(turn, head, bytes, ending)
    case 'ioctl':
      return ioctlEnded(turn, head, bytes, ending)
    case 'cuse':
      return cuseEnded(turn, ending)
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

/** CUSE_INIT makes a character device, or the connection ends. */
function cuseEnded(turn: Turn, ending: Ended): void {
  const { state } = turn
  const end = settleCuse(state.announced, ending)
  state.phase = end.up ? 'up' : 'refused'
  if (end.up) state.settled = { minor: end.minor, flags: 0n, famfs: false }
  emit(turn, end.up ? { effect: 'connected', settled: state.settled } : { effect: 'refused', errno: end.errno })
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
  push: (turn, { index, name, named: given }) => {
    const errno = pushDevice(turn, index, name, given ?? namedOf(turn.state, name))
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
    state.owed = emptyTable
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
  if ('request' in event && event.request !== undefined) checkBytes(event.request, 'event.request')
  if ('bytes' in event) checkBytes(event.bytes, 'event.bytes')
  const handle = named(handlers, event.event) as ((turn: Turn, event: Event) => void) | undefined
  if (handle === undefined) throw unknownName('event.event', 'there is no event', event.event, Object.keys(handlers))
  const turn: Turn = { state: { ...state }, effects: [] }
  if (state.phase !== 'up' && !WORKS_WITHOUT.includes(event.event)) {
    if (event.event === 'open') emit(turn, { effect: 'opened', id: state.opens, node: event.node, errno: ECONNREFUSED })
    else emit(turn, { effect: 'refused', errno: ECONNREFUSED })
    return turn
  }
  handle(turn, event)
  return turn
}
