/** What the tests of calls mean, exactly: true when the step fails. Those of maps are in ../tests.ts. */
import type { CallTest, Situation } from '../../schema/ioctl-steps.ts'
import { exact, type Registers, unitOf } from '../tests.ts'
import type { Call } from './call.ts'
import type { IoctlState, SlotTrouble } from './types.ts'

type Op = CallTest['op']
type Of<K> = Extract<CallTest, { op: K }>
type Own = Exclude<Op, keyof typeof exact>

const MODULUS = 1n << 64n
const SUPERBLOCK = 1n

/** What is remembered of a slot besides that it is taken. */
const troubleOf = ({ devices }: IoctlState, index: bigint): SlotTrouble | undefined => devices?.[index.toString()]

const situations: { readonly [K in Situation]: (call: Call) => boolean } = {
  noInode: ({ state }) => state.inode === false,
  deviceFailed: ({ state }) => state.device === 'failed' || Object.values(state.devices ?? {}).includes('error'),
  deviceFailsLate: ({ state }) => state.device === 'fails',
  mapped: ({ state }) => state.map !== undefined,
  mappedLate: ({ state }) => state.race === true,
  unmapped: ({ state }) => state.map === undefined,
  notSimple: ({ state }) => state.map?.ext_type === 'interleaved',
  notOneGroup: ({ state }) => state.map?.ext_type === 'interleaved' && state.map.extents.length !== 1,
  manyExtents: ({ state }) => (state.map?.extents.length ?? 0) > 1,
  noMemory: ({ state }) => state.outOfMemory === true,
  notCapable: ({ state }) => state.rawio === false,
  slotValid: ({ state, values }) =>
    (state.slots ?? [0]).some(slot => BigInt(slot) === values.daxdev_index) || troubleOf(state, values.daxdev_index) === 'error',
  slotFailed: ({ state, values }) => troubleOf(state, values.daxdev_index) === 'failed',
  notCharacterDevice: ({ state }) => state.node === 'other',
  devicesForbidden: ({ state }) => state.mountForbidsDevices === true,
  notDax: ({ state }) => state.node === 'character',
  noNameMemory: ({ state }) => state.nameAllocates === false,
}

const own: { readonly [K in Own]: (test: Of<K>, call: Call) => boolean } = {
  situation: (t, call) => situations[t.is](call),
  optionClear: (t, { state, dialect }) => (((state.options ?? dialect.options?.initial ?? -1n) >> BigInt(t.bit)) & 1n) === 0n,
  zeroOffset: (_, { values }) => values.se_offset === 0n && values.file_type !== SUPERBLOCK,
  unalignedBeforeLast: (t, { values, index, machine }) =>
    BigInt(index) < values.nextents - 1n && values.se_len % unitOf(t.unit, machine) !== 0n,
  indexFrom: (t, { index }) => index >= t.min,
  tooLarge: (t, { values, machine }) => {
    const bytes = values[t.x] * BigInt(t.bytes)
    return bytes >= MODULUS || bytes > machine.kmallocMax
  },
  pathTooLong: (_, { path }) => !path.bytes.includes(0),
  pathEmpty: (_, { path }) => path.bytes[0] === 0,
  given: (t, { state }) => (state[t.what] ?? 0) !== 0,
}

/** True when the step's test fails. */
export function fails(test: CallTest, call: Call): boolean {
  if (Object.hasOwn(own, test.op)) return (own[test.op as Own] as (test: CallTest, call: Call) => boolean)(test, call)
  return (exact[test.op as keyof typeof exact] as (test: CallTest, r: Registers) => boolean)(test, call)
}
