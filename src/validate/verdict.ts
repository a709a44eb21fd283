/** What a kernel does with a GET_FMAP reply: its checks, walked step by step over the bytes with exact arithmetic. */
import type { Block, Check, Guilty, SmallField, Step, Test, WideField } from '../schema/check.ts'
import type { Dialect } from '../schema/dialect.ts'
import type { DialectId } from '../uapi/dialects/index.ts'
import { EXTENT_SIZE, extentFields, GROUP_SIZE, groupFields, HEADER_SIZE, headerFields } from './generated/fields.ts'
import { extentShift, type Meta, type MetaExtent, type MetaGroup } from './meta.ts'
import { dialectOf, machineOf, type VerdictOptions, X86_64 } from './options.ts'
import { exact, type Registers } from './tests.ts'

/** The kernel takes the map and keeps `meta` in memory. */
export interface Accepted {
  readonly errno: 0
  readonly meta: Meta
}

/** The kernel refuses the map. */
export interface Refused {
  /** positive Linux errno */
  readonly errno: number
  /** which check failed, in the words of fixtures/kernel/FORMAT.md */
  readonly reason: string
  /** name of the step in the dialect's list; of counted errors the first that was counted */
  readonly check: string
  /** the field to blame, such as `extents[1].ie_strips[3].se_offset`; empty: the header as a whole */
  readonly path: string
  /** its first byte, counted from the first byte given */
  readonly offset: number
  /** its bytes, even where they are missing */
  readonly length: number
}

export type Verdict = Accepted | Refused

interface Parse extends Registers {
  readonly bytes: Uint8Array
  /** index of the group; -1: the map has none */
  groupIndex: number
  /** index and first byte of the extent or strip */
  index: number
  extent: number
  firstCounted: Refused | undefined
  readonly extents: MetaExtent[]
  readonly groups: MetaGroup[]
  devices: bigint
}

type Name = SmallField | WideField

const littleEndian = (bytes: Uint8Array, offset: number, size: number): bigint => {
  let value = 0n
  for (let i = size - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[offset + i] ?? 0)
  return value
}

/** Missing bytes count as 0: the step that they are there comes first. */
const load = <T extends Readonly<Record<string, readonly [number, number]>>>(
  p: Parse,
  table: T,
  base: number,
  names: readonly (Name & keyof T)[],
): void => {
  for (const name of names) {
    const [offset, size] = table[name] as readonly [number, number]
    p.values[name] = littleEndian(p.bytes, base + offset, size)
  }
}

/** Where a field of the header, of the group or of the extent that the parse is at lies. */
function locate(p: Parse, field: Guilty): { path: string; offset: number; length: number } {
  const group = p.groupIndex < 0 ? '' : `extents[${p.groupIndex}].`
  switch (field) {
    case '':
      return { path: '', offset: 0, length: HEADER_SIZE }
    case 'se_devindex':
    case 'se_offset':
    case 'se_len': {
      const [offset, length] = extentFields[field]
      return { path: `${group}${p.groupIndex < 0 ? 'extents' : 'ie_strips'}[${p.index}].${field}`, offset: p.extent + offset, length }
    }
    case 'ie_nstrips':
    case 'ie_chunk_size':
    case 'ie_nbytes': {
      const [offset, length] = groupFields[field]
      return { path: group + field, offset: p.group + offset, length }
    }
    default: {
      const [offset, length] = headerFields[field]
      return { path: field, offset, length }
    }
  }
}

function refuse(p: Parse, check: Check, errno: number): Refused {
  if (check.test.op === 'stripTooShort') enterExtent(p, p.shortStrip, p.group + GROUP_SIZE)
  const { name, reason, field } = check
  const counted = check.test.op === 'counted' ? p.firstCounted : undefined
  return counted === undefined ? { errno, reason, check: name, ...locate(p, field) } : { ...counted, errno, reason }
}

const fails = (test: Test, p: Parse): boolean => (exact[test.op] as (test: Test, r: Registers) => boolean)(test, p)

function runCheck(p: Parse, check: Check): Refused | undefined {
  if (!fails(check.test, p)) return undefined
  if (check.errno !== undefined) return refuse(p, check, check.errno)
  p.firstCounted ??= refuse(p, check, 0)
  return undefined
}

function run(p: Parse, steps: readonly Step[]): Refused | undefined {
  for (const step of steps) {
    const refused = step.kind === 'check' ? runCheck(p, step) : blocks[step.kind](p, step.steps)
    if (refused !== undefined) return refused
  }
  return undefined
}

function enterExtent(p: Parse, index: number, first: number): void {
  p.index = index
  p.extent = first + index * EXTENT_SIZE
  load(p, extentFields, p.extent, ['se_devindex', 'se_offset', 'se_len'])
}

function eachOf(p: Parse, steps: readonly Step[], count: bigint, first: number, into: MetaExtent[]): Refused | undefined {
  for (let i = 0; i < count; i++) {
    enterExtent(p, i, first)
    const refused = run(p, steps)
    if (refused !== undefined) return refused
    const { se_devindex, se_offset, se_len } = p.values
    p.values.total = BigInt.asUintN(64, p.values.total + se_len)
    p.devices |= 1n << (se_devindex & 63n)
    into.push({ dev_index: Number(se_devindex), offset: se_offset, len: se_len })
  }
  return undefined
}

function eachGroup(p: Parse, steps: readonly Step[]): Refused | undefined {
  p.group = HEADER_SIZE
  for (p.groupIndex = 0; p.groupIndex < p.values.nextents; p.groupIndex++) {
    load(p, groupFields, p.group, ['ie_nstrips', 'ie_chunk_size', 'ie_nbytes'])
    p.strips = []
    const refused = run(p, steps)
    if (refused !== undefined) return refused
    const { ie_nstrips, ie_chunk_size, ie_nbytes } = p.values
    p.values.logical = BigInt.asUintN(64, p.values.logical + ie_nbytes)
    p.groups.push({ nstrips: Number(ie_nstrips), chunk_size: Number(ie_chunk_size), nbytes: ie_nbytes, strips: p.strips })
    p.group += GROUP_SIZE + Number(ie_nstrips) * EXTENT_SIZE
  }
  return undefined
}

const blocks: { readonly [K in Block['kind']]: (p: Parse, steps: readonly Step[]) => Refused | undefined } = {
  simple: (p, steps) => (p.values.ext_type === 0n ? run(p, steps) : undefined),
  interleaved: (p, steps) => (p.values.ext_type === 1n ? run(p, steps) : undefined),
  eachExtent: (p, steps) => eachOf(p, steps, p.values.nextents, HEADER_SIZE, p.extents),
  eachStrip: (p, steps) => eachOf(p, steps, p.values.ie_nstrips, p.group + GROUP_SIZE, p.strips),
  eachGroup,
}

function metaOf(p: Parse, push: boolean): Meta {
  const { file_size, ext_type } = p.values
  const head = { file_type: p.bytes[headerFields.file_type[0]] ?? 0, file_size }
  const dev_bitmap = p.devices
  if (ext_type === 1n) return { ...head, ext_type: 'interleaved', extents: p.groups, dev_bitmap }
  const shift = push ? { ext_shift: extentShift(p.extents) } : {}
  return { ...head, ext_type: 'simple', ...shift, extents: p.extents, dev_bitmap }
}

const NOTHING: Readonly<Record<Name, bigint>> = {
  nextents: 0n,
  ext_type: 0n,
  file_size: 0n,
  ie_nstrips: 0n,
  ie_chunk_size: 0n,
  ie_nbytes: 0n,
  se_devindex: 0n,
  se_offset: 0n,
  se_len: 0n,
  total: 0n,
  logical: 0n,
}

/**
 * What a kernel of this dialect does with the body of a GET_FMAP reply (the bytes after fuse_out_header): the first decisive check of its
 * parser, or what it keeps. Sums are exact and wrap where the kernel's do. The transport is not asked: see `predictOpen` for reply lengths.
 *
 * @param bytes the body as the parser is given it; may have any length, trailing bytes are ignored as kernels do
 * @param dialect a dialect or its id
 * @param options page and PMD size and the largest allocation of that machine
 * @returns `{ errno: 0, meta }`, or errno, reason, check and the field to blame
 * @throws WireError code unsupported for a dialect without GET_FMAP, code range for options out of range; never for the bytes
 */
export function verdict(bytes: Uint8Array, dialect: Dialect | DialectId, options: VerdictOptions = X86_64): Verdict {
  const { checks, push } = dialectOf(dialect, 'GET_FMAP')
  const p: Parse = {
    machine: machineOf(options),
    bytes,
    size: bytes.length,
    values: { ...NOTHING },
    group: 0,
    groupIndex: -1,
    index: 0,
    extent: 0,
    firstCounted: undefined,
    shortStrip: -1,
    strips: [],
    extents: [],
    groups: [],
    devices: 0n,
  }
  load(p, headerFields, 0, ['ext_type', 'nextents', 'file_size'])
  return run(p, checks) ?? { errno: 0, meta: metaOf(p, push) }
}
