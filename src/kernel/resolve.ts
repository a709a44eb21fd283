/**
 * Which byte of which device a kernel reads for a byte of a file: exactly as each kernel computes it, with the arithmetic of C, on bigints.
 * facts: wire 5
 */
import { EINVAL } from '../uapi/errno.ts'
import { extentShift, type MetaExtent, type MetaGroup } from '../validate/meta.ts'
import { type Machine, machineOf, type VerdictOptions, X86_64 } from '../validate/options.ts'
import { unsupported } from './errors.ts'
import type { FileMap, InterleavedMap, SimpleMap } from './map.ts'
import { deviceErrno, fileBad, healthy, type ResolvingDialect, type Rules, rulesOf, type State } from './state.ts'
import { least, s64, u64 } from './wide.ts'

/**
 * The kernel filled in its result: a range of a device, or nothing: length 0, `dev` null or, in the ioctl ABI from KABI 43 on, device 0, and
 * address 0 in all but the RFC.
 */
export interface Filled {
  /** 0, or a negative errno */
  readonly rc: number
  /** slot of the device table */
  readonly dev: number | null
  /** first byte on the device; modulo 2^64, as the kernel computes it */
  readonly addr: bigint
  /** bytes from there on, at most as many as were asked for; of maps whose lengths wrap it can be more (facts: wire 5.4) */
  readonly length: bigint
}

/** The kernel returned this code (a negative errno) before it filled in anything. */
export interface Bare {
  readonly rc: number
}

/** The kernel divides by zero and oopses. facts: wire 5.3 */
export interface Oops {
  readonly oops: 'divide_error'
}

/** What a look-up comes to. Names and shapes are those of fixtures/kernel/FORMAT.md. */
export type Resolution = Filled | Bare | Oops

/** A look-up and what it leaves behind. */
export interface Resolved {
  readonly result: Resolution
  readonly state: State
}

/** One look-up under way. */
interface LookUp {
  readonly rules: Rules
  readonly machine: Machine
  /** signed, as loff_t */
  readonly offset: bigint
  readonly length: bigint
  readonly state: State
  /** the map has groups, and the kernel has begun to look at them */
  readonly amongGroups?: true
}

const OOPS: Oops = { oops: 'divide_error' }

/** The device that is named though nothing is on it: the primary one, where the mount has it. facts: wire 9.6 */
function endDevice({ endDevice: slot }: Rules, { devices }: State): number | null {
  if (slot === undefined) return null
  return (devices[slot] ?? 'ready') === 'ready' ? slot : null
}

/** Nothing holds the offset. facts: wire 5.1, 9.4 */
const endCase = ({ rules, state, offset, amongGroups }: LookUp): Resolved => {
  const rc = -((amongGroups === true ? rules.groupsEnd : undefined) ?? rules.end) || 0
  if (rules.bare === true) return { result: { rc }, state }
  return { result: { rc, dev: endDevice(rules, state), addr: rules.endAddress === undefined ? 0n : u64(offset), length: 0n }, state }
}

/** A device's failure: its errno, and where the kernel remembers it no further look-up in this file. facts: wire 6.2 */
const deviceFailed = ({ rules, state }: LookUp, errno: number): Resolved => ({
  result: { rc: -errno },
  state: rules.badDevice === 'flag' ? { ...state, file: { ...state.file, error: true } } : state,
})

/** The device that a piece lies on, and where in it; `rest` bytes are there, signed. */
function onDevice(look: LookUp, piece: MetaExtent, local: bigint, rest: bigint, isStrip: boolean): Resolved {
  const { rules, state } = look
  const device = state.devices[piece.dev_index] ?? 'ready'
  if (piece.dev_index >= rules.slots) return endCase(look)
  if (device !== 'ready' && rules.badDevice !== 'ignored') {
    const quiet = rules.badDevice === 'end' || (device === 'missing' && isStrip && rules.missingStrip === undefined)
    return quiet ? endCase(look) : deviceFailed(look, deviceErrno[device])
  }
  const read = rules.lengths === 'unsigned' ? u64 : s64
  const length = u64(least(read(look.length), read(rest)))
  return { result: { rc: 0, dev: piece.dev_index, addr: u64(piece.offset + local), length }, state }
}

type Spot = readonly [extent: MetaExtent, local: bigint] | undefined

/** From extent to extent, subtracting their lengths: `read` says how the kernel reads 64 bits. facts: wire 5.2 */
function walkExtents(extents: readonly MetaExtent[], offset: bigint, read: (value: bigint) => bigint): Spot {
  let local = read(offset)
  for (const extent of extents) {
    const len = read(extent.len)
    if (local < len) return [extent, local]
    local = read(local - len)
  }
  return undefined
}

/** facts: wire 5.4 */
function shiftExtents(extents: readonly MetaExtent[], offset: bigint): Spot {
  const shift = extentShift(extents)
  if (shift === 0) return walkExtents(extents, offset, u64)
  const extent = extents[Number(u64(offset) >> BigInt(shift))]
  const local = BigInt.asUintN(shift, offset)
  return extent !== undefined && local < extent.len ? [extent, local] : undefined
}

const spots: { readonly [K in Rules['simple']]: (extents: readonly MetaExtent[], offset: bigint) => Spot } = {
  signed: (extents, offset) => walkExtents(extents, offset, s64),
  unsigned: (extents, offset) => walkExtents(extents, offset, u64),
  shift: shiftExtents,
}

function resolveSimple(look: LookUp, map: SimpleMap): Resolved {
  const spot = spots[look.rules.simple](map.extents, look.offset)
  return spot === undefined ? endCase(look) : onDevice(look, spot[0], spot[1], spot[0].len - spot[1], false)
}

/** Chunk by chunk over the strips. facts: wire 5.3 steps 5 to 10 */
function inGroup(look: LookUp, group: MetaGroup, local: bigint): Resolved {
  const chunk = BigInt(group.chunk_size)
  const strips = BigInt(group.strips.length)
  if (chunk === 0n || strips === 0n) return { result: OOPS, state: look.state }
  const number = local / chunk
  const within = local % chunk
  const strip = group.strips[Number(number % strips)] as MetaExtent
  const stripOffset = (number / strips) * chunk + within
  if (look.rules.stripBound !== true) return onDevice(look, strip, stripOffset, chunk - within, true)
  return stripOffset >= strip.len
    ? endCase(look)
    : onDevice(look, strip, stripOffset, least(chunk - within, s64(strip.len - stripOffset)), true)
}

function resolveGroups(look: LookUp, map: InterleavedMap): Resolved {
  const { rules, machine } = look
  if (rules.groups === 'broken') return endCase(look)
  const unit = rules.chunkUnit === undefined ? 1 : rules.chunkUnit === 'page' ? machine.pageSize : machine.pmdSize
  let local = u64(look.offset)
  for (const group of map.extents) {
    const size = least(group.nbytes, map.file_size)
    if (BigInt(group.chunk_size) % BigInt(unit) !== 0n) return { result: { rc: -EINVAL }, state: look.state }
    if (rules.guarded === true ? BigInt(group.chunk_size) === 0n || group.strips.length === 0 : size === 0n) return endCase(look)
    if (local < size) return inGroup(look, group, local)
    local -= size
  }
  return endCase(look)
}

/** A memory error of one device fails the mount. facts: ioctl-44e 4 */
const hasFailed = ({ mountFailed, devices }: State): boolean => mountFailed === true || Object.values(devices).includes('error')

/**
 * One look-up by a kernel of this dialect, and the state that it leaves behind: some failures set the file's error flag, after which
 * every look-up ends with nothing.
 *
 * Needs no map that the kernel would accept: sums and lengths wrap and compare as the kernel's do, and a division by zero is the result
 * `{ oops: 'divide_error' }`. It does not end at file_size where the kernel does not.
 *
 * @param map the map as the kernel keeps it: `meta` of an accepted `verdict`, or {@link mapOf}
 * @param offset first byte of the file, as loff_t: 64 bits, signed
 * @param length bytes asked for, as loff_t
 * @param dialect a dialect of FUSE or a version of the ioctl ABI, or its id
 * @param state devices and file as they are
 * @param options page and PMD size of that machine
 * @throws WireError code unsupported for a dialect without maps, or an interleaved map where the kernels know none
 */
export function resolveIn(
  map: FileMap,
  offset: bigint,
  length: bigint,
  dialect: ResolvingDialect,
  state: State,
  options: VerdictOptions = X86_64,
): Resolved {
  const rules = rulesOf(dialect)
  if (typeof offset !== 'bigint' || typeof length !== 'bigint') throw unsupported('offset', 'offset and length are bigints')
  if (map.ext_type === 'interleaved' && rules.groups === undefined)
    throw unsupported('ext_type', `no kernel of dialect ${rules.id} resolves interleaved maps`)
  const { errno, file } = rules.anyFile === true ? { errno: 0, file: state.file } : fileBad(map, state.file)
  const look: LookUp = { rules, machine: machineOf(options), offset: s64(offset), length: s64(length), state: { ...state, file } }
  if (errno !== 0 || (rules.failedMount === true && hasFailed(state))) return endCase(look)
  return map.ext_type === 'simple' ? resolveSimple(look, map) : resolveGroups({ ...look, amongGroups: true }, map)
}

/**
 * One look-up by a kernel of this dialect, {@link resolveIn} without the state that it leaves behind.
 *
 * ```ts
 * import { encodeFmap } from 'famfs-wire'
 * import { resolve } from 'famfs-wire/kernel'
 * import { verdict } from 'famfs-wire/validate'
 *
 * const extents = [{ se_devindex: 0, se_offset: 0x40000000n, se_len: 0x400000n }]
 * const bytes = encodeFmap({ file_type: 0, fmap_version: 1, ext_type: 0, file_size: 0x400000n, extents })
 * const v = verdict(bytes, 'fuse-v10')
 * if (v.ok) resolve(v.meta, 0x200000n, 0x1000n, 'fuse-v10')    // { rc: 0, dev: 0, addr: 0x40200000n, length: 0x200000n }
 * ```
 *
 * @param state devices and file as they are; default: everything works
 * @throws WireError as {@link resolveIn}
 */
export const resolve = (
  map: FileMap,
  offset: bigint,
  length: bigint,
  dialect: ResolvingDialect,
  state: State = healthy(map),
  options: VerdictOptions = X86_64,
): Resolution => resolveIn(map, offset, length, dialect, state, options).result
