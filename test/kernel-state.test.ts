/** Devices that fail, files that went bad, and rules that no golden look-up reaches. */
import { describe, expect, it, test } from 'vitest'
import {
  type DeviceState,
  type FileMap,
  fileBad,
  healthy,
  installed,
  mapOf,
  type Resolution,
  resolve,
  resolveIn,
  type State,
} from '../src/kernel/index.ts'
import type { Resolver } from '../src/schema/dialect.ts'
import { type Dialect, type DialectId, dialects } from '../src/uapi/dialects/index.ts'
import { mapA, mapB } from './kernel-examples.ts'

const END: Resolution = { rc: -5, dev: null, addr: 0n, length: 0n }
const END_0: Resolution = { rc: 0, dev: null, addr: 0n, length: 0n }

/** The same look-up over and over. */
function look(map: FileMap, dialect: Dialect | DialectId, state: State, times = 2): Resolution[] {
  let now = state
  return Array.from({ length: times }, () => {
    const { result, state: next } = resolveIn(map, 0n, 4096n, dialect, now)
    now = next
    return result
  })
}

const withDevice = (map: FileMap, device: DeviceState): State => ({ ...healthy(map), devices: { 0: device } })
const changed = (id: DialectId, resolver: Partial<Resolver>): Dialect => {
  const dialect: Dialect = dialects[id]
  return { ...dialect, resolver: { ...(dialect.resolver as Resolver), ...resolver } }
}

describe('a device that fails', () => {
  test.each([
    ['fuse-v10', mapA, 'missing', [{ rc: -5 }, END]],
    ['fuse-v10', mapA, 'busy', [{ rc: -5 }, END]],
    ['fuse-v10', mapA, 'error', [{ rc: -133 }, END]],
    ['fuse-v10', mapB, 'missing', [END, END]],
    ['fuse-v10', mapB, 'busy', [{ rc: -5 }, END]],
    ['fuse-v10', mapB, 'error', [{ rc: -133 }, END]],
    ['fuse-v4', mapA, 'error', [{ rc: -133 }, END]],
    ['fuse-push', mapA, 'error', [{ rc: -133 }, END]],
    ['fuse-v1', mapA, 'missing', [END_0, END_0]],
    ['fuse-v3', mapA, 'busy', [END_0, END_0]],
    ['fuse-v3', mapB, 'error', [END_0, END_0]],
  ] as const)('%s: %#', (dialect, map, device, results) => {
    expect(look(map, dialect, withDevice(map, device))).toEqual(results)
  })

  it('takes the file with it, and only that', () => {
    const { state } = resolveIn(mapA, 0n, 1n, 'fuse-v10', withDevice(mapA, 'error'))
    expect(state).toEqual({ devices: { 0: 'error' }, file: { error: true, i_size: mapA.file_size, dax: true } })
    // the device works again: the file does not
    expect(look(mapA, 'fuse-v10', { ...state, devices: {} })).toEqual([END, END])
    expect(look(mapA, 'fuse-v10', healthy(mapA), 1)).toEqual([{ rc: 0, dev: 0, addr: 0x40000000n, length: 4096n }])
  })

  it('is not looked at where the map ends', () => {
    const { result, state } = resolveIn(mapA, 0x400000n, 1n, 'fuse-v10', withDevice(mapA, 'error'))
    expect([result, state.file.error]).toEqual([END, false])
  })

  it('leaves the state as it was', () => {
    const state = Object.freeze({ devices: Object.freeze({ 0: 'busy' as const }), file: Object.freeze(healthy(mapA).file) })
    expect(look(mapA, 'fuse-v10', state)).toEqual([{ rc: -5 }, END])
    expect(state.file.error).toBe(false)
  })
})

describe('a map that is installed while a device is missing', () => {
  it('is bad from the start in the push dialects', () => {
    expect(installed(mapA, 'fuse-push', { 0: 'missing' }).file.error).toBe(true)
    expect(installed(mapB, 'fuse-push-il', { 0: 'missing' }).file.error).toBe(true)
    expect(look(mapA, 'fuse-push', installed(mapA, 'fuse-push', { 0: 'missing' }))).toEqual([END, END])
  })

  it('is good until it is used in the others, and for every other state and device', () => {
    for (const dialect of ['fuse-v1', 'fuse-v10'] as const) expect(installed(mapA, dialect, { 0: 'missing' }).file.error).toBe(false)
    expect(installed(mapA, 'fuse-push', { 0: 'busy', 1: 'missing' }).file.error).toBe(false)
    expect(installed(mapA, 'fuse-push')).toEqual(healthy(mapA))
  })
})

describe('a file that went bad', () => {
  const { file } = healthy(mapA)

  it('in the order of the kernel, with the flag that only a changed size sets', () => {
    expect(fileBad(mapA, file)).toEqual({ errno: 0, file })
    expect(fileBad(undefined, file)).toEqual({ errno: 5, file })
    expect(fileBad(mapA, { ...file, dax: false })).toEqual({ errno: 6, file: { ...file, dax: false } })
    expect(fileBad(mapA, { ...file, dax: false, i_size: 1n })).toEqual({ errno: 6, file: { error: true, dax: false, i_size: 1n } })
  })

  it('ENXIO, then EIO', () => {
    const first = fileBad(mapA, { ...file, i_size: 0n })
    const second = fileBad(mapA, first.file)
    expect([first.errno, second.errno, fileBad(mapA, { ...second.file, i_size: mapA.file_size }).errno]).toEqual([6, 5, 5])
  })

  it('holds nothing for the resolver', () => {
    const { result, state } = resolveIn(mapA, 0n, 1n, 'fuse-v10', { devices: {}, file: { ...file, i_size: 1n } })
    expect([result, state.file.error]).toEqual([END, true])
    expect(resolve(mapA, 0n, 1n, 'fuse-v2', { devices: {}, file: { ...file, dax: false } })).toEqual(END_0)
  })
})

describe('rules that no published look-up reaches', () => {
  const group = (chunk_size: number, nbytes = 0x400000n, strips = 1): FileMap => ({
    ext_type: 'interleaved',
    file_size: 0x400000n,
    extents: [
      { nstrips: strips, chunk_size, nbytes, strips: Array.from({ length: strips }, () => ({ dev_index: 0, offset: 0n, len: 0x300000n })) },
    ],
  })

  it('V4 to V6 find nothing in interleaved maps', () => expect(resolve(mapB, 0n, 1n, 'fuse-v4')).toEqual(END))
  it('V7 and later refuse chunks that are not aligned', () => {
    expect(resolve(group(4096), 0n, 1n, 'fuse-v7')).toEqual({ rc: -22 })
    expect(resolve(group(4096), 0n, 1n, 'fuse-v7', undefined, { pmdSize: 4096 })).toMatchObject({ rc: 0 })
    expect(resolve(group(3000), 0n, 1n, changed('fuse-v7', { chunkUnit: 'page' }))).toEqual({ rc: -22 })
    expect(resolve(group(3000), 0n, 1n, 'fuse-v2')).toMatchObject({ rc: 0, dev: 0 })
  })
  it('a group without strips is divided by them', () =>
    expect(resolve(group(0x200000, 1n, 0), 0n, 1n, 'fuse-v10')).toEqual({ oops: 'divide_error' }))
  it('a group without bytes ends the walk', () => expect(resolve(group(0x200000, 0n), 0n, 1n, 'fuse-v10')).toEqual(END))
  it('a device beyond the table', () => {
    const far = mapOf({ ext_type: 0, file_size: 1n, extents: [{ se_devindex: 24, se_offset: 0n, se_len: 4096n }] })
    expect(resolve(far, 0n, 1n, 'fuse-v10')).toEqual(END)
    expect(resolve(far, 0n, 1n, 'fuse-push')).toMatchObject({ rc: 0, dev: 24 })
  })
  it('a strip that ends inside a chunk, where kernels look', () => {
    const bound = changed('fuse-v10', { stripBound: true })
    expect(resolve(group(0x200000), 0x200000n, 0x200000n, 'fuse-v10')).toMatchObject({ rc: 0, addr: 0x200000n, length: 0x200000n })
    expect(resolve(group(0x200000), 0x200000n, 0x200000n, bound)).toMatchObject({ rc: 0, addr: 0x200000n, length: 0x100000n })
    expect(resolve(group(0x200000), 0x300000n, 1n, bound)).toEqual(END)
  })
  it('a strip on a device that is not there, where that is a failure', () => {
    expect(look(mapB, changed('fuse-v10', { missingStrip: 'flag' }), withDevice(mapB, 'missing'))).toEqual([{ rc: -5 }, END])
  })
  it('lengths as unsigned numbers', () => {
    const huge = mapOf({ ext_type: 0, file_size: 1n, extents: [{ se_devindex: 0, se_offset: 0n, se_len: 1n << 63n }] })
    expect(resolve(huge, 5n, 8n, 'fuse-v10')).toEqual(END)
    expect(resolve(huge, 5n, 8n, changed('fuse-v10', { simple: 'unsigned' }))).toMatchObject({ rc: 0, addr: 5n, length: 8n })
    expect(resolve(huge, 0n, 8n, 'fuse-push')).toMatchObject({ rc: 0, addr: 0n, length: 1n << 63n })
  })
  it('dialects that resolve nothing', () => {
    const bad = expect.objectContaining({ name: 'WireError', code: 'unsupported' })
    const { resolver: _, ...without } = dialects['fuse-v10'] as Dialect
    expect(() => resolve(mapA, 0n, 1n, 'fuse')).toThrow(bad)
    expect(() => resolve(mapA, 0n, 1n, without)).toThrow(bad)
    expect(() => resolve(mapB, 0n, 1n, 'fuse-push')).toThrow(bad)
  })
})
