/** Look-ups by the drivers of the ioctl ABI, worked by hand from facts wire 9.4, 9.5 and the end of 9.7. */
import { describe, expect, it } from 'vitest'
import { type FileMap, fileBad, healthy, prepare, resolve, resolveIn, type State } from '../src/kernel/index.ts'
import { ioctlDialects } from '../src/uapi/index.ts'
import { mapA, mapB } from './kernel-examples.ts'

const ids = Object.keys(ioctlDialects) as (keyof typeof ioctlDialects)[]
const with44 = ids.filter(id => id.startsWith('ioctl-44'))

describe('a map of simple extents', () => {
  it.each(ids)('%s finds what every kernel finds', id => {
    expect(resolve(mapA, 0x1fffffn, 0x100000n, id)).toEqual({ rc: 0, dev: 0, addr: 0x401fffffn, length: 1n })
    expect(resolve(mapA, 0x200000n, 0x200000n, id)).toEqual({ rc: 0, dev: 0, addr: 0x80000000n, length: 0x200000n })
  })

  it('ends with the offset in the RFC, with 0 in KABI 42 and 43, with EIO in its later driver and in 44; from 43 on device 0 is named', () => {
    const end = Object.fromEntries(ids.map(id => [id, resolve(mapA, 0x400123n, 1n, id)]))
    const nothing = { dev: null, addr: 0n, length: 0n }
    expect(end).toEqual({
      'ioctl-rfc': { ...nothing, rc: 0, addr: 0x400123n },
      'ioctl-42': { ...nothing, rc: 0 },
      'ioctl-43': { ...nothing, dev: 0, rc: 0 },
      'ioctl-43-late': { ...nothing, dev: 0, rc: -5 },
      ...Object.fromEntries(with44.map(id => [id, { ...nothing, dev: 0, rc: -5 }])),
    })
  })
})

describe('a map of groups', () => {
  const short: FileMap = {
    ext_type: 'interleaved',
    file_size: 0x600000n,
    extents: [
      {
        nstrips: 2,
        chunk_size: 0x200000,
        nbytes: 0x600000n,
        strips: [
          { dev_index: 0, offset: 0x40000000n, len: 0x300000n },
          { dev_index: 0, offset: 0x80000000n, len: 0x400000n },
        ],
      },
    ],
  }

  it('is unknown up to KABI 42', () => {
    for (const id of ['ioctl-rfc', 'ioctl-42'] as const)
      expect(() => resolve(mapB, 0n, 1n, id)).toThrow(`no kernel of dialect ${id} resolves interleaved maps`)
  })

  it('ends at its strips in 44, and runs on in 43', () => {
    expect(resolve(short, 0x400000n, 0x200000n, 'ioctl-43')).toEqual({ rc: 0, dev: 0, addr: 0x40200000n, length: 0x200000n })
    expect(resolve(short, 0x500000n, 1n, 'ioctl-43')).toEqual({ rc: 0, dev: 0, addr: 0x40300000n, length: 1n })
    for (const id of with44) {
      expect(resolve(short, 0x400000n, 0x200000n, id)).toEqual({ rc: 0, dev: 0, addr: 0x40200000n, length: 0x100000n })
      expect(resolve(short, 0x500000n, 1n, id)).toEqual({ rc: -5, dev: 0, addr: 0n, length: 0n })
    }
  })

  it('compares lengths of 2^63 and more as the driver does: as positive numbers, and their rest as a negative one', () => {
    const [group] = short.extents
    if (group === undefined || !('strips' in group)) throw new Error('no group')
    const huge: FileMap = { ...short, extents: [{ ...group, strips: group.strips.map(s => ({ ...s, len: 1n << 63n })) }] } as FileMap
    expect(resolve(huge, 0n, 1n, 'ioctl-44d')).toEqual({ rc: 0, dev: 0, addr: 0x40000000n, length: 1n << 63n })
  })

  it('with chunks of no size crashes 43', () => {
    const [group] = short.extents
    const none = { ...short, extents: [{ ...group, chunk_size: 0 }] } as FileMap
    expect(resolve(none, 0n, 1n, 'ioctl-43')).toEqual({ oops: 'divide_error' })
  })
})

describe('devices', () => {
  const on = (device: 'missing' | 'busy' | 'error'): State => ({ ...healthy(mapA), devices: { 0: device } })

  it('nobody looks at them in the RFC', () => {
    for (const device of ['missing', 'busy', 'error'] as const)
      expect(resolveIn(mapA, 0n, 1n, 'ioctl-rfc', on(device)).result).toMatchObject({ rc: 0, addr: 0x40000000n })
  })

  it('an error of the one device ends every look-up in KABI 42 and 43, quietly', () => {
    for (const id of ['ioctl-42', 'ioctl-43'] as const) {
      const { result, state } = resolveIn(mapA, 0n, 1n, id, on('error'))
      expect(result).toEqual({ rc: 0, dev: null, addr: 0n, length: 0n })
      expect(state.file.error).toBe(false)
    }
  })

  it('a device that is not registered is EIO in 44 and sets the flag; a memory error ends the mount', () => {
    for (const id of with44) {
      expect(resolveIn(mapA, 0n, 1n, id, on('missing'))).toMatchObject({ result: { rc: -5 }, state: { file: { error: true } } })
      expect(resolveIn(mapB, 0n, 1n, id, { ...healthy(mapB), devices: { 0: 'missing' } }).state.file.error).toBe(true)
      const failed = resolveIn(mapA, 0n, 1n, id, { ...healthy(mapA), devices: { 7: 'error' } })
      expect(failed).toMatchObject({ result: { rc: -5, dev: 0 }, state: { file: { error: false } } })
    }
  })
})

describe('the state of the file', () => {
  const good = healthy(mapA).file
  const { resolver: rfc } = ioctlDialects['ioctl-rfc']
  const { resolver: later } = ioctlDialects['ioctl-42']

  it('a changed size keeps giving ENXIO in the RFC, and EIO later on from the second look on', () => {
    const changed = { ...good, i_size: 1n }
    const first = fileBad(mapA, changed, rfc)
    expect(first).toEqual({ errno: 6, file: { ...changed, error: true } })
    expect(fileBad(mapA, first.file, rfc).errno).toBe(6)
    expect(fileBad(mapA, changed, later).errno).toBe(6)
    expect(fileBad(mapA, fileBad(mapA, changed, later).file, later).errno).toBe(5)
  })

  it('an inode without DAX sets the flag in the RFC only', () => {
    const plain = { ...good, dax: false }
    expect(fileBad(mapA, plain, rfc)).toEqual({ errno: 6, file: { ...plain, error: true } })
    expect(fileBad(mapA, plain, later)).toEqual({ errno: 6, file: plain })
  })

  it('no map and a set flag are EIO in all', () => {
    for (const order of [rfc, later]) {
      expect(fileBad(undefined, good, order).errno).toBe(5)
      expect(fileBad(mapA, { ...good, error: true }, order).errno).toBe(5)
      expect(fileBad(mapA, good, order).errno).toBe(0)
    }
  })

  it('is not asked for by look-ups of the RFC', () => {
    const state: State = { devices: {}, file: { error: true, i_size: 1n, dax: false } }
    expect(resolveIn(mapA, 0n, 1n, 'ioctl-rfc', state)).toEqual({ result: { rc: 0, dev: 0, addr: 0x40000000n, length: 1n }, state })
    expect(resolve(mapA, 0n, 1n, 'ioctl-42', state)).toMatchObject({ rc: 0, dev: null })
  })
})

it('only the plain form answers for the RFC, whose end has an address', () => {
  expect(prepare(mapA, 'ioctl-rfc')).toBeUndefined()
  expect(prepare(mapA, 'ioctl-42')).toBeDefined()
})
