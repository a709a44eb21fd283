/** What requests about drivers may be, and how wrong ones are refused. */
import { describe, expect, it } from 'vitest'
import { answer } from '../../src/conformance/testee.ts'

type Said = Readonly<Record<string, unknown>> & { readonly error?: { readonly code: string; readonly path: string } }

const ask = (request: object): Said => answer({ id: 1, ...request }) as Said
const refusal = (request: object): string => {
  const { error, ...rest } = ask(request)
  return error === undefined ? JSON.stringify(rest) : `${error.code} ${error.path}`
}

const HEAD = '0000700000000000000000000100000001000000000000002000010000000000'
const GROUP = (nstrips: string, chunk: string): string => `${nstrips}${chunk}00007000000000004000010000000000`
const STRIPS = '000000000000000000000040000000000000400000000000'.concat('000000000000000000000080000000000000400000000000')
const create = { op: 'call', dialect: 'ioctl-43', command: '0x40207554', address: '0x10000' }
const good = { ...create, memory: { '0x10000': HEAD + GROUP('0200000000000000', '0000200000000000') + STRIPS } }

describe('numbers', () => {
  it('of 64 bits are exact', () => {
    const memory = { '0x10000': HEAD + GROUP('0200000000000000', '0000000000000040') + STRIPS }
    const map = ask({ ...create, memory }).map as { extents: { chunk_size: unknown }[] }
    expect(map.extents[0]?.chunk_size).toBe('0x4000000000000000')
    expect(ask({ ...good, command: 'MAP_CREATE_V2', address: '65536' })).toMatchObject({ errno: 0 })
    expect(ask({ ...good, command: 0x40207554, address: 0x10000 })).toMatchObject({ errno: 0 })
  })

  it.each([
    ['0x11', 408],
    ['0xfffffffffffffffe', -48],
    ['0xffffffff', -24],
    ['0xaaaaaab', 8],
  ])('%s strips are a copy that is refused, and its size comes back as an int', (nstrips, size) => {
    const bytes = Buffer.alloc(8)
    bytes.writeBigUInt64LE(BigInt(nstrips))
    const memory = { '0x10000': HEAD + GROUP(bytes.toString('hex'), '0000200000000000') + STRIPS }
    const copy = { id: 1, check: 'copyStrips', copySizeChecked: true }
    expect(ask({ ...create, memory })).toEqual(size < 0 ? { ...copy, returns: size } : { ...copy, residue: String(size) })
  })

  it('of strips whose size is cut to 0 go on, and cannot be allocated', () => {
    const memory = { '0x10000': HEAD + GROUP('0000008000000000', '0000200000000000') + STRIPS }
    expect(ask({ ...create, memory })).toEqual({ id: 1, errno: 12, check: 'stripsAllocate' })
  })
})

describe('memory', () => {
  it('is taken in any order and in either form', () => {
    const regions = Object.entries({ '0x10040': STRIPS, '0x10020': GROUP('0200000000000000', '0000200000000000'), '0x10000': HEAD })
    const record = Object.fromEntries(regions)
    const list = regions.map(([address, hex]) => ({ address, hex }))
    for (const memory of [record, list]) expect(ask({ ...create, memory })).toEqual(ask(good))
    expect(refusal({ ...create, memory: { '0x10000': '0000', '0x10001': '00' } })).toBe('range memory')
  })

  it('of many small regions costs as many steps', () => {
    // with a step for every pair this would not end within the time of a test
    for (const order of [1, -1]) {
      const memory = Array.from({ length: 200_000 }, (_, i) => ({
        address: String(70000 + 2 * (order === 1 ? i : 200_000 - i)),
        hex: '00',
      }))
      expect(ask({ op: 'verdict', dialect: 'ioctl-43', message: 'MAP_CREATE', hex: '', memory })).toEqual({
        id: 1,
        errno: 14,
        reason: 'copyArgument',
      })
    }
  })
})

describe('resolve', () => {
  /** One extent of 2 MiB at 1 GiB of device 16. */
  const hex = '0000010000000000010000003800000000002000000000000000000000000000100000000000000000000040000000000000200000000000'
  const queries = [{ offset: '0', len: '1' }]
  const resolve = (more: object) => ask({ op: 'resolve', dialect: 'ioctl-44d', hex, queries, ...more }).results

  it('knows the slots that are taken, and device 0 at the end of a map', () => {
    expect(resolve({})).toEqual([{ rc: -5 }])
    expect(resolve({ state: { slots: [0, 16] } })).toEqual([{ rc: 0, dev: 16, addr: '1073741824', length: '1' }])
    expect(resolve({ state: { slots: [0, 16] }, queries: [{ offset: '2097152', len: '1' }] })).toEqual([
      { rc: -5, dev: 0, addr: '0', length: '0' },
    ])
    expect(resolve({ devices: { 16: 'busy' } })).toEqual([{ rc: -5 }])
  })
})

describe('what is not known', () => {
  const read = 'nobody has read what this driver does'

  it('is skipped', () => {
    expect(ask({ op: 'call', dialect: 'ioctl-44a', command: 'DAXDEV_OPEN', address: '0x10000', memory: {} })).toEqual({
      id: 1,
      skipped: read,
    })
    expect(ask({ op: 'operation', dialect: 'ioctl-43', operation: 'create' })).toEqual({ id: 1, skipped: read })
    expect(ask({ op: 'install', dialect: 'ioctl-43', index: '0', path: '/dev/dax0.0' })).toEqual({ id: 1, skipped: read })
    expect(ask({ op: 'install', dialect: 'fuse-v10', index: '0', path: '' }).skipped).toMatch(
      /^unknown dialect fuse-v10; known are ioctl-rfc/,
    )
  })

  it.each([
    [{ ...good, address: '0x10000000000000000' }, 'tag address'],
    [{ ...good, address: -1 }, 'tag address'],
    [{ ...good, command: undefined }, 'missing command'],
    [{ ...good, memory: { x: '00' } }, 'tag memory'],
    [{ ...good, memory: { '0x10000': 5 } }, 'tag memory.0x10000'],
    [{ ...good, state: { device: 'broken' } }, 'tag device'],
    [{ ...good, state: { map: { ext_type: 'other', file_size: '1', extents: [] } } }, 'tag map.ext_type'],
    [{ ...good, op: 'lookups', queries: [{ event: { size: 1 } }] }, 'tag queries.event'],
    [{ ...good, op: 'lookups', queries: [{ offset: '0' }] }, 'missing len'],
    [{ ...good, op: 'lookups', command: 'NOP', queries: [] }, 'tag command'],
    [{ op: 'operation', dialect: 'ioctl-44d', operation: 'readlink' }, 'tag operation'],
    [{ op: 'operation', dialect: 'ioctl-44d', operation: 'rename', target: 'hole' }, 'tag target'],
    [{ op: 'install', dialect: 'ioctl-44d', index: '0', path: 'a\u0000' }, 'text path'],
    [{ op: 'install', dialect: 'ioctl-44d', index: '0', path: '/dev/dax0.0', slot: 'gone' }, 'tag slot'],
  ])('%j is refused', (request, refused) => {
    expect(refusal(request)).toBe(refused)
  })
})

describe('operation', () => {
  const operation = (dialect: string, more: object) => ask({ op: 'operation', dialect, ...more }).errno

  it('setattr asks for the bit of what is set, in the order size, mode, owner, times', () => {
    const set = (options: string, attributes: string[], size?: string) =>
      operation('ioctl-44d', { operation: 'setattr', options, attributes, ...(size === undefined ? {} : { size }) })
    expect(set('0x0', [])).toBe(0)
    expect(set('0x0', ['size'], '0x200000')).toBe(0)
    expect(set('0x0', ['size'], '0x1000')).toBe(1)
    expect(set('0x400', ['size'], '0x1000')).toBe(0)
    for (const [bit, names] of [
      [8, ['mode']],
      [9, ['uid']],
      [9, ['gid']],
      [11, ['atime']],
      [11, ['mtime']],
    ] as const) {
      expect(set('0x0', [...names])).toBe(1)
      expect(set(`0x${(1 << bit).toString(16)}`, [...names])).toBe(0)
    }
  })

  it('rename asks for what it removes in 44e, and for RENAME alone in 44d', () => {
    const rename = (dialect: string, target: string | null, options: string, flags: string[] = []) =>
      operation(dialect, { operation: 'rename', target, options, flags })
    expect(rename('ioctl-44d', 'directory', '0x80')).toBe(0)
    expect(rename('ioctl-44e', 'directory', '0x80')).toBe(1)
    expect(rename('ioctl-44e', 'directory', '0xc0')).toBe(0)
    expect(rename('ioctl-44e', 'mapped', '0x80')).toBe(1)
    expect(rename('ioctl-44e', 'mapped', '0xa0')).toBe(0)
    expect(rename('ioctl-44e', 'unmapped', '0x80')).toBe(0)
    expect(rename('ioctl-44e', 'mapped', '0x80', ['EXCHANGE'])).toBe(0)
    expect(rename('ioctl-44e', null, '0x0')).toBe(1)
  })

  it('mmap: a shared mapping keeps the bit that it was made with in 44e', () => {
    const map = (dialect: string, options: string, shared: boolean) =>
      ask({ op: 'operation', dialect, operation: 'mmap', shared, write: false, options }).may_write
    expect([
      map('ioctl-44d', '0x0', true),
      map('ioctl-44e', '0x0', true),
      map('ioctl-44e', '0x1000', true),
      map('ioctl-44e', '0x0', false),
    ]).toEqual([true, false, true, true])
  })
})
