/**
 * The steps of a call, walked in the order of the driver. With a `listener` nothing ends the walk but what makes the rest unreadable: it
 * hears of every step that fails.
 */
import type { Errno } from '../../schema/errno.ts'
import type { CallBlock, CallCheck, CallCopy, CallRemark, CallStep } from '../../schema/ioctl-steps.ts'
import { type Call, enterExtent, extentSize, type Failure, groupSize, load, locate, NOTHING, type Window } from './call.ts'
import { copyPart, refusedCopy } from './copy.ts'
import { fails } from './tests.ts'
import type { IoctlPlace } from './types.ts'

/** How a walk ended before its last step. */
export type Ending =
  | (Failure & { readonly kind: 'errno'; readonly errno: Errno | 0 })
  | (Failure & { readonly kind: 'residue'; readonly residue: bigint; readonly copySizeChecked?: true; readonly written?: Uint8Array })
  | { readonly kind: 'oops'; readonly check: string }
  /** a listener has heard enough of this part */
  | { readonly kind: 'blind' }

/** Hears of steps that fail and of remarks. */
export type Listener = (step: CallCheck | CallCopy | CallRemark, at: IoctlPlace) => void

export interface Walk {
  readonly call: Call
  readonly listener: Listener | undefined
}

const U64 = 64

const errnoOf = ({ state }: Call, { errno, test }: CallCheck): Errno | 0 => (test.op === 'given' ? state[test.what] : errno) as Errno | 0

/** A comparison of sums. */
const isOfSums = ({ test }: CallCheck): boolean => test.op === 'lessThan' || test.op === 'positiveDifference'

/** What stands behind a part that is not there cannot be read, whoever listens. */
const isGate = ({ test, name }: CallCheck): boolean => test.op === 'pastEnd' || name === 'extTypeOneOf'

function runCheck({ call, listener }: Walk, check: CallCheck): Ending | undefined {
  const { firstCounted } = call
  if (check.test.op === 'counted') {
    if (listener !== undefined || firstCounted === undefined) return undefined
    return { kind: 'errno', errno: errnoOf(call, check), ...firstCounted }
  }
  if (call.partial && isOfSums(check)) return undefined
  if (!fails(check.test, call)) return undefined
  const at = locate(call, check.field)
  if (listener !== undefined) {
    // the call is done: nothing behind it is looked at
    if (check.errno === 0) return { kind: 'blind' }
    listener(check, at)
    return isGate(check) ? { kind: 'blind' } : undefined
  }
  if (check.errno !== undefined) return { kind: 'errno', errno: errnoOf(call, check), check: check.name, ...at }
  call.firstCounted ??= { check: check.name, ...at }
  return undefined
}

/** Hears of a copy that cannot be made, and reads all the same what there is of one that is refused for its size alone. */
function hearCopy(call: Call, listener: Listener, step: CallCopy): Ending | undefined {
  const cut = copyPart(call, step.part)
  if (cut === undefined) return undefined
  listener(step, { path: cut.path, length: cut.length, ...(cut.address === undefined ? {} : { address: cut.address }) })
  call.partial = true
  return { kind: 'blind' }
}

/** What is left comes back as an int, and where that is 0 the driver goes on as if all had been copied. facts: wire 9.6 */
function runCopy({ call, listener }: Walk, step: CallCopy): Ending | undefined {
  if (listener !== undefined) return hearCopy(call, listener, step)
  const cut = refusedCopy(call, step) ?? copyPart(call, step.part)
  if (cut === undefined) return undefined
  const { left, ...at } = cut
  if (step.errno !== undefined) return { kind: 'errno', errno: step.errno, check: step.name, ...at }
  const residue = BigInt.asIntN(32, left)
  return residue === 0n ? undefined : { kind: 'residue', residue, check: step.name, ...at }
}

function runRemark({ call, listener }: Walk, step: CallRemark): Ending | undefined {
  if (!fails(step.test, call)) return undefined
  const at = locate(call, step.field)
  listener?.(step, at)
  call.hazards.push({ rule: step.rule, ...at })
  return step.oops === true ? { kind: 'oops', check: step.name } : undefined
}

/** How many of `count` elements of a size lie in a window from `first` on. */
const present = (count: bigint, { bytes }: Window, first: number, size: number): number => {
  const room = Math.max(0, Math.floor((bytes.length - first) / size))
  return count < BigInt(room) ? Number(count) : room
}

function eachOf(w: Walk, steps: readonly CallStep[], count: bigint, window: Window, first: number): Ending | undefined {
  const { call } = w
  const size = extentSize(call)
  if (call.groupIndex >= 0) call.stripsAt[call.groupIndex] = window.address + BigInt(first)
  const there = present(count, window, first, size)
  for (let i = 0; i < there; i++) {
    enterExtent(call, i, window, first + i * size)
    const ending = run(w, steps)
    if (ending !== undefined) return ending
    const { values } = call
    values.total = BigInt.asUintN(U64, values.total + values.se_len)
    const kept = { dev_index: Number(values.se_devindex), offset: values.se_offset, len: values.se_len }
    ;(call.groupIndex < 0 ? call.extents : call.groupStrips).push(kept)
  }
  return undefined
}

/** Strips lie behind their group, unless they have been copied from elsewhere. */
function eachStrip(w: Walk, steps: readonly CallStep[]): Ending | undefined {
  const { call } = w
  const inline = call.strips === NOTHING
  if (!inline) return eachOf(w, steps, call.values.ie_nstrips, call.strips, 0)
  call.strips = call.groups
  const ending = eachOf(w, steps, call.values.ie_nstrips, call.groups, call.group + groupSize(call))
  call.strips = NOTHING
  return ending
}

/** A number where it can be exact: KABI 43 has 64 bits for the size of a chunk. */
const exactly = (value: bigint): number | bigint => (value > BigInt(Number.MAX_SAFE_INTEGER) ? value : Number(value))

/** One group, with its sums. */
function oneGroup(w: Walk, steps: readonly CallStep[], index: number): Ending | undefined {
  const { call } = w
  const { group, pointers } = call.argument
  const inline = pointers.length === 0
  call.groupIndex = index
  call.groupStrips = []
  load(call, group, call.groups, call.group)
  call.groupsAt.push(call.groups.address + BigInt(call.group))
  const ending = run(w, steps)
  if (ending !== undefined && (ending.kind !== 'blind' || inline)) return ending
  call.partial ||= ending !== undefined
  const { values } = call
  const nstrips = Number(values.ie_nstrips)
  call.kept.push({ nstrips, chunk_size: exactly(values.ie_chunk_size), nbytes: values.ie_nbytes, strips: call.groupStrips })
  values.logical = BigInt.asUintN(U64, values.logical + values.ie_nbytes)
  call.group += groupSize(call) + (inline ? nstrips * extentSize(call) : 0)
  call.strips = NOTHING
  return undefined
}

function eachGroup(w: Walk, steps: readonly CallStep[]): Ending | undefined {
  const { call } = w
  call.group = call.argument.group.first
  // they are all there: a driver that copies groups with the rest asks for each whether it fits, and one that follows a pointer has copied them
  for (let i = 0; i < call.values.nextents; i++) {
    const ending = oneGroup(w, steps, i)
    if (ending !== undefined) return ending
  }
  call.groupIndex = -1
  return undefined
}

const blocks: { readonly [K in CallBlock['kind']]: (w: Walk, steps: readonly CallStep[]) => Ending | undefined } = {
  simple: (w, steps) => (w.call.values.ext_type === 0n ? run(w, steps) : undefined),
  interleaved: (w, steps) => (w.call.values.ext_type === 1n ? run(w, steps) : undefined),
  eachExtent: (w, steps) => eachOf(w, steps, w.call.values.nextents, w.call.list, w.call.argument.extent.first),
  eachGroup,
  eachStrip,
  unlessNop: (w, steps) => (w.call.command?.name === 'NOP' ? undefined : run(w, steps)),
}

/** Walks the steps; undefined when they have all been taken. */
export function run(w: Walk, steps: readonly CallStep[]): Ending | undefined {
  for (const step of steps) {
    const ending = runStep(w, step)
    if (ending !== undefined) return ending
  }
  return undefined
}

function runStep(w: Walk, step: CallStep): Ending | undefined {
  switch (step.kind) {
    case 'check':
      return runCheck(w, step)
    case 'copy':
      return runCopy(w, step)
    case 'remark':
      return runRemark(w, step)
    default:
      return blocks[step.kind](w, step.steps)
  }
}
