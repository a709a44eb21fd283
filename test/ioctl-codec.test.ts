/** Arguments of the ioctl ABI in memory: there and back, moved, cut, and hostile. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WireError } from '../src/codec/errors.ts'
import {
  decodeIoctl,
  encodeIoctl,
  explainIoctl,
  type IoctlExtent,
  type IoctlPayload,
  type IoctlValue,
  rebase,
  UserMemory,
} from '../src/codec/ioctl/index.ts'
import { inside } from '../src/codec/ioctl/inside.ts'
import { decodeIoctlJson } from '../src/codec/json/index.ts'
import type { IoctlDialect } from '../src/schema/ioctl.ts'
import { ioctlDialects } from '../src/uapi/index.ts'
import { refusal, refused } from './codec/errors.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** A process whose memory holds this argument and nothing else. */
const memoryOf = ({ base, bytes }: IoctlPayload): UserMemory => new UserMemory().map(base, bytes.slice())

const extent = (offset: bigint, len: bigint, devindex = 0n): IoctlExtent => ({ devindex, offset, len })

const simple: IoctlValue = {
  fioc_file_size: 0x300000n,
  fioc_file_type: 0,
  fioc_ext_type: 0,
  kse: [extent(0x40000000n, 0x200000n), extent(0x80000000n, 0x200000n)],
}

const groups = (ie_nbytes?: bigint): IoctlValue => ({
  fioc_file_size: 0x700000n,
  fioc_file_type: 0,
  fioc_ext_type: 1,
  kie: [
    {
      ie_chunk_size: 0x200000n,
      ...(ie_nbytes === undefined ? {} : { ie_nbytes }),
      ie_strips: [extent(0x40000000n, 0x400000n), extent(0x80000000n, 0x400000n)],
    },
  ],
})

const words = (payload: IoctlPayload): string[] => {
  const view = new DataView(payload.bytes.buffer)
  return Array.from({ length: payload.bytes.length / 8 }, (_, i) => view.getBigUint64(8 * i, true).toString(16))
}

describe('MAP_CREATE_V2', () => {
  it('is a head, and behind it what it points to', () => {
    const payload = encodeIoctl('ioctl-43', 'MAP_CREATE_V2', simple)
    expect(payload.number).toBe(0x40207554)
    expect(payload.relocations).toEqual([24])
    expect(words(payload)).toEqual(['300000', '0', '2', '10020', '0', '40000000', '200000', '0', '80000000', '200000'])
  })

  it('has pointers in groups, and one number for two layouts of them', () => {
    const final = encodeIoctl('ioctl-43', 'MAP_CREATE_V2', groups(0x700000n), { base: 0x7f00_0000_0000n })
    expect(final.relocations).toEqual([24, 56])
    expect(words(final).slice(3, 8)).toEqual(['7f0000000020', '2', '200000', '700000', '7f0000000040'])
    const early = encodeIoctl('ioctl-43', 'MAP_CREATE_V2', groups(), { layout: 'early' })
    expect(early.number).toBe(final.number)
    expect(early.relocations).toEqual([24, 48])
    expect(words(early).slice(3, 7)).toEqual(['10020', '2', '200000', '10038'])
  })

  it('moves with its pointers', () => {
    const payload = encodeIoctl('ioctl-43', 'MAP_CREATE_V2', groups(0x700000n))
    const moved = rebase(payload, 0x1000n)
    expect(moved).toEqual(encodeIoctl('ioctl-43', 'MAP_CREATE_V2', groups(0x700000n), { base: 0x1000n }))
    expect(rebase(moved, payload.base)).toEqual(payload)
  })

  it('is read in both layouts, and tells the memory that it lies in', () => {
    const final = encodeIoctl('ioctl-43', 'MAP_CREATE_V2', groups(0x700000n))
    const { value, regions } = decodeIoctl('ioctl-43', final.number, memoryOf(final), final.base)
    expect(value).toMatchObject(groups(0x700000n) as object)
    expect(value).not.toHaveProperty('kse')
    expect(regions.map(r => [r.path, r.address, r.bytes.length])).toEqual([
      ['', 0x10000n, 32],
      ['kie', 0x10020n, 32],
      ['kie[0].ie_strips', 0x10040n, 48],
    ])
    const early = encodeIoctl('ioctl-43', 'MAP_CREATE_V2', groups(), { layout: 'early' })
    expect(decodeIoctl('ioctl-43', early.number, memoryOf(early), early.base, { layout: 'early' }).value).toMatchObject(groups() as object)
  })

  it('takes raw pointers and broken counts for those who ask', () => {
    const raw = encodeIoctl('ioctl-43', 'MAP_CREATE_V2', {
      fioc_file_size: 1n,
      fioc_file_type: 0,
      fioc_ext_type: 7,
      fioc_nextents: 1,
      kse: 5n,
    })
    expect(raw.relocations).toEqual([])
    expect(words(raw)[3]).toBe('5')
    const value = { ...(simple as object), fioc_nextents: 3 } as IoctlValue
    expect(refused(() => encodeIoctl('ioctl-43', 'MAP_CREATE_V2', value))).toBe('count at fioc_nextents (byte 0): is 3, there are 2')
    expect(words(encodeIoctl('ioctl-43', 'MAP_CREATE_V2', value, { broken: ['fioc_nextents'] }))[2]).toBe('3')
  })

  it('says what is missing or wrong, with its path', () => {
    const bad = (value: object) =>
      refused(() => encodeIoctl('ioctl-43', 'MAP_CREATE_V2', { ...(simple as object), ...value } as IoctlValue))
    expect(bad({ kse: undefined })).toBe('missing at kse (byte 0): must be a list, or a raw user pointer as a bigint')
    expect(bad({ kse: 'x' })).toMatch(/^tag at kse /)
    expect(bad({ kse: [{ devindex: 0n, offset: -1n, len: 0n }] })).toMatch(/^range at kse\[0\]\.offset \(byte 8\)/)
    expect(bad({ fioc_file_size: undefined })).toMatch(/^missing at fioc_file_size /)
    const strip = { ...(groups(1n) as object), kie: [{ ie_chunk_size: 1n, ie_nbytes: 1n, ie_strips: [{ devindex: 0n, offset: 0n }] }] }
    expect(refused(() => encodeIoctl('ioctl-43', 'MAP_CREATE_V2', strip as unknown as IoctlValue))).toMatch(
      /^missing at kie\[0\]\.ie_strips\[0\]\.len /,
    )
  })
})

describe('a pointer that leads nowhere', () => {
  const payload = encodeIoctl('ioctl-43', 'MAP_CREATE_V2', groups(0x700000n))
  const decoded = (memory: UserMemory, address = payload.base) => refusal(() => decodeIoctl('ioctl-43', payload.number, memory, address))

  it('is a fault that names the list and the address', () => {
    expect(decoded(new UserMemory()).message).toBe('fault at the top (byte 0): 32 bytes at 0x10000 are needed, 0 are mapped')
    const head = new UserMemory().map(payload.base, payload.bytes.slice(0, 64))
    expect(decoded(head)).toMatchObject({ code: 'fault', path: 'kie[0].ie_strips' })
    expect(decoded(new UserMemory().map(payload.base, payload.bytes.slice(0, 40)))).toMatchObject({ code: 'fault', path: 'kie' })
  })

  it('is found at every cut', () => {
    for (let end = 0; end < payload.bytes.length; end++)
      expect(decoded(new UserMemory().map(payload.base, payload.bytes.slice(0, end))).code).toBe('fault')
  })
})

describe('MAP_CREATE', () => {
  const map: IoctlValue = {
    extent_type: 0,
    file_type: 1,
    file_size: 0x200000n,
    ext_list: [{ offset: 0n, len: 0x200000n }],
  } as IoctlValue

  it.each(['ioctl-rfc', 'ioctl-42', 'ioctl-43'] as const)('of %s is 56 bytes with room for two extents', dialect => {
    const payload = encodeIoctl(dialect, 'MAP_CREATE', map)
    expect(payload.bytes).toHaveLength(56)
    expect(words(payload)).toEqual(['100000000', '200000', '1', '0', '200000', '0', '0'])
    expect(decodeIoctl(dialect, 'MAP_CREATE', memoryOf(payload), payload.base).value).toMatchObject(map as object)
  })

  it.each(['ioctl-44a', 'ioctl-44b', 'ioctl-44c', 'ioctl-44d'] as const)('of %s is the message of the push dialects', dialect => {
    const value: IoctlValue = {
      file_type: 0,
      fmap_version: 1,
      ext_type: 0,
      file_size: 0x200000n,
      extents: [{ se_devindex: 3, se_offset: 0x40000000n, se_len: 0x200000n }],
    }
    const payload = encodeIoctl(dialect, 'MAP_CREATE', value)
    expect(hex(payload.bytes)).toBe(
      '0000010000000000010000003800000000002000000000000000000000000000030000000000000000000040000000000000200000000000',
    )
    expect(payload.relocations).toEqual([])
    expect(decodeIoctl(dialect, 'MAP_CREATE', memoryOf(payload), payload.base).value).toMatchObject(value as object)
  })

  it('of 44 is as long as its header says, whatever lies behind it', () => {
    const value: IoctlValue = { file_type: 0, fmap_version: 1, ext_type: 0, file_size: 0n, extents: [] }
    const payload = encodeIoctl('ioctl-44d', 'MAP_CREATE', value)
    const memory = new UserMemory().map(payload.base, Uint8Array.of(...payload.bytes, 9, 9, 9))
    expect(decodeIoctl('ioctl-44d', 'MAP_CREATE', memory, payload.base).value).not.toHaveProperty('trailing')
    const longer = encodeIoctl('ioctl-44d', 'MAP_CREATE', { ...value, fmap_size: 64 }, { broken: ['fmap_size'] })
    expect(refusal(() => decodeIoctl('ioctl-44d', 'MAP_CREATE', memoryOf(longer), longer.base)).code).toBe('fault')
  })
})

describe('DAXDEV_OPEN', () => {
  it('by path is a struct, the path and its NUL', () => {
    const payload = encodeIoctl('ioctl-44d', 'DAXDEV_OPEN', { daxdev_index: 1n, daxdev_path: '/dev/dax1.0', flags: 0 })
    expect(payload.relocations).toEqual([8])
    expect(hex(payload.bytes.subarray(24))).toBe(`${hex(Buffer.from('/dev/dax1.0'))}00`)
    expect(words({ ...payload, bytes: payload.bytes.slice(0, 24) })).toEqual(['1', '10018', 'b'])
    const { value, regions } = decodeIoctl('ioctl-44d', payload.number, memoryOf(payload), payload.base)
    expect(value).toEqual({ daxdev_index: 1n, daxdev_path: '/dev/dax1.0', daxdev_path_len: 11, flags: 0 })
    expect(regions[1]).toMatchObject({ path: 'daxdev_path', address: 0x10018n })
  })

  it('refuses a path with a NUL, and one without an end', () => {
    const open = (daxdev_path: string) => encodeIoctl('ioctl-44b', 'DAXDEV_OPEN', { daxdev_index: 0n, daxdev_path, flags: 0 })
    expect(refusal(() => open('a\0b')).code).toBe('text')
    const payload = open('abc')
    payload.bytes[27] = 100
    expect(refusal(() => decodeIoctl('ioctl-44b', 'DAXDEV_OPEN', memoryOf(payload), payload.base))).toMatchObject({
      code: 'text',
      path: 'daxdev_path',
    })
  })

  it('by file descriptor has no pointer', () => {
    const payload = encodeIoctl('ioctl-44a', 'DAXDEV_OPEN', { fd: -1, flags: 0, daxdev_index: 2n })
    expect(words(payload)).toEqual(['ffffffff', '2'])
    expect(payload.relocations).toEqual([])
  })
})

describe('commands', () => {
  it('are known by name, by C name and by number, older ones too', () => {
    const answer = encodeIoctl('ioctl-43', 'FAMFSIOC_NOP', undefined)
    expect(answer).toEqual({ number: 0x7553, bytes: new Uint8Array(), relocations: [], base: 0x10000n })
    expect(decodeIoctl('ioctl-43', 'NOP', new UserMemory(), 0n)).toEqual({ name: 'NOP', number: 0x7553, value: undefined, regions: [] })
    const old = new UserMemory().map(0x10000n, new Uint8Array(104))
    expect(decodeIoctl('ioctl-43', 0x80687555, old, 0x10000n).regions[0]?.bytes).toHaveLength(104)
  })

  it('of another dialect are refused with what there is', () => {
    expect(refused(() => encodeIoctl('ioctl-rfc', 'MAP_CREATE_V2', undefined))).toBe(
      'unsupported at command (byte 0): ioctl-rfc has no command MAP_CREATE_V2, it has MAP_CREATE 0x40387501, MAP_GET 0x80387502, MAP_GETEXT 0x80107503, NOP 0x00007504; it is a command of ioctl-43, ioctl-43-late',
    )
    expect(refused(() => encodeIoctl('ioctl-45' as 'ioctl-43', 1, undefined))).toMatch(/there is no dialect ioctl-45/)
  })

  it('numbers tell who means what by them', () => {
    expect(explainIoctl(0x40387550)).toMatchObject({ direction: 'write', type: 0x75, nr: 0x50, size: 56 })
    const uses = (n: number) => explainIoctl(n).uses.map(u => `${u.dialect} ${u.header} ${u.name}`)
    expect(uses(0x40387550)).toHaveLength(7)
    expect(uses(0x40207550)).toEqual(['ioctl-44a 44a', 'ioctl-44b 44b', 'ioctl-44c 44c'].map(d => `${d} FAMFSIOC_MAP_CREATE`))
    expect(explainIoctl(0x7553).relatives.map(u => u.name)).toEqual(['FAMFSIOC_GET_OPTS', 'FAMFSIOC_GET_OPTS'])
    expect(explainIoctl(0x4010e504).uses).toEqual([
      { dialect: 'fuse', header: 'fuse.h', name: 'FUSE_DEV_IOC_DAXDEV_OPEN', number: 0x4010e504 },
    ])
    expect(explainIoctl(0xffffffff)).toMatchObject({ direction: 'read and write', uses: [], relatives: [] })
    for (const bad of [-1, 2 ** 32, 1.5]) expect(refusal(() => explainIoctl(bad)).code).toBe('range')
  })
})

describe('memory', () => {
  it('reads and writes on where regions touch, and stops where they do not', () => {
    const memory = new UserMemory()
      .map(0x10004n, Uint8Array.of(5, 6))
      .map(0x10000n, Uint8Array.of(1, 2, 3, 4))
      .map(0x10007n, Uint8Array.of(8))
    expect([...memory.read(0x10002n, 10n)]).toEqual([3, 4, 5, 6])
    expect([...memory.read(0x10006n, 1n)]).toEqual([])
    expect(memory.write(0x10003n, Uint8Array.of(9, 9, 9, 9))).toBe(3)
    expect([...memory.read(0x10000n, 1n << 64n)]).toEqual([1, 2, 3, 9, 9, 9])
    expect([...memory.read(0x10000n, 0n)]).toEqual([])
  })

  it('allocates apart from what is there', () => {
    const memory = new UserMemory()
    const first = memory.allocate(10)
    const second = memory.allocate(10)
    expect(first).toBe(0x10000n)
    expect(second - first).toBeGreaterThan(0x1000n)
    expect(memory.write(second, Uint8Array.of(1))).toBe(1)
    expect(memory.read(first, 100n)).toHaveLength(10)
  })

  it('refuses the kernel half and overlaps', () => {
    const memory = new UserMemory().map(0x10000n, new Uint8Array(16))
    for (const address of [-1n, 1n << 63n, (1n << 63n) - 1n])
      expect(refusal(() => memory.map(address, new Uint8Array(2))).code).toBe('range')
    for (const address of [0xffffn, 0x10000n, 0x1000fn]) expect(refusal(() => memory.map(address, new Uint8Array(2))).code).toBe('range')
    memory.map(0x10010n, new Uint8Array(2)).map(0xfffen, new Uint8Array(2))
  })
})

describe('any value', () => {
  const wide = fc.bigInt(0n, (1n << 64n) - 1n)
  const narrow = fc.integer({ min: 0, max: 0xffffffff })
  const extents = fc.array(fc.record({ devindex: wide, offset: wide, len: wide }), { maxLength: 20 })
  const head = { fioc_file_size: wide, fioc_file_type: narrow, padding: narrow }
  const group = fc.record({ ie_chunk_size: wide, ie_nbytes: wide, ie_strips: extents })
  const value = fc.oneof(
    fc.record({ ...head, fioc_ext_type: fc.constant(0), kse: extents }),
    fc.record({ ...head, fioc_ext_type: fc.constant(1), kie: fc.array(group, { maxLength: 5 }) }),
  )

  it('of MAP_CREATE_V2 comes back, from any address', () => {
    fc.assert(
      fc.property(value, fc.bigInt(0n, 1n << 62n), (given, base) => {
        const payload = encodeIoctl('ioctl-43', 'MAP_CREATE_V2', given as IoctlValue, { base })
        const decoded = decodeIoctl('ioctl-43', payload.number, memoryOf(payload), base)
        expect(decoded.value).toMatchObject(given)
        expect(encodeIoctl('ioctl-43', 'MAP_CREATE_V2', decoded.value, { base })).toEqual(payload)
      }),
      { numRuns: 300 },
    )
  })
})

describe('any bytes', () => {
  const dialects = Object.values<IoctlDialect>(ioctlDialects)
  const call = fc.constantFrom(...dialects).chain(d => fc.tuple(fc.constant(d.id), fc.constantFrom(...d.headers.flatMap(h => h.commands))))
  /** Words that are often small or point into the buffer itself. */
  const word = fc.oneof(fc.bigInt(0n, 40n), fc.bigInt(0x10000n, 0x10100n), fc.bigInt(0n, (1n << 64n) - 1n))
  const bytes = fc.array(word, { maxLength: 40 }).map(words => new Uint8Array(BigUint64Array.from(words).buffer))

  it('give a value or a WireError, and what they give encodes', () => {
    let taken = 0
    fc.assert(
      fc.property(call, bytes, fc.constantFrom('early' as const, 'final' as const), ([id, { number }], input, layout) => {
        const memory = new UserMemory().map(0x10000n, input)
        try {
          const { value } = decodeIoctl(id as 'ioctl-43', number, memory, 0x10000n, { layout })
          encodeIoctl(id as 'ioctl-43', number, value, { layout })
          taken++
        } catch (error) {
          if (!(error instanceof WireError)) throw error
        }
      }),
      { numRuns: 3000 },
    )
    expect(taken).toBeGreaterThan(300)
  })

  it('that stand for far more of them are refused, not followed', () => {
    const size = 1 << 16
    const bytes = new Uint8Array(size)
    const view = new DataView(bytes.buffer)
    const groups = Math.floor((size - 32) / 32)
    view.setUint32(12, 1, true)
    view.setUint32(16, groups, true)
    view.setBigUint64(24, 0x10020n, true)
    for (let i = 0; i < groups; i++) {
      view.setBigUint64(32 + 32 * i, BigInt(Math.floor(size / 24)), true)
      view.setBigUint64(56 + 32 * i, 0x10000n, true)
    }
    const error = refusal(() =>
      decodeIoctl('ioctl-43', 'MAP_CREATE_V2', new UserMemory().map(0x10000n, bytes), 0x10000n, { most: 1 << 20 }),
    )
    expect(error).toMatchObject({ code: 'count', path: 'kie[15].ie_strips' })
  })
})

describe('what a pointer leads to', () => {
  const encoded = (value: object) => encodeIoctl('ioctl-43', 'MAP_CREATE_V2', value as IoctlValue)
  const head = { fioc_file_size: 1n, fioc_file_type: 0, fioc_nextents: 2 }
  const strips = { ie_chunk_size: 1n, ie_nbytes: 1n }

  it('may be an address as it is, in any part', () => {
    const list = encoded({ ...head, fioc_ext_type: 0, kse: 5n })
    expect([list.relocations, words(list)]).toEqual([[], ['1', '0', '2', '5']])
    const groups = encoded({ ...head, fioc_ext_type: 1, kie: 6n })
    expect([groups.relocations, words(groups)]).toEqual([[], ['1', '100000000', '2', '6']])
    const inner = encoded({ ...head, fioc_nextents: 1, fioc_ext_type: 1, kie: [{ ...strips, ie_nstrips: 3n, ie_strips: 7n }] })
    expect([inner.relocations, words(inner).slice(4)]).toEqual([[24], ['3', '1', '1', '7']])
  })

  it('is a list or a path, and nothing else', () => {
    const open = (daxdev_path: unknown) =>
      refused(() => encodeIoctl('ioctl-44d', 'DAXDEV_OPEN', { daxdev_index: 0n, daxdev_path, flags: 0 } as IoctlValue))
    expect(open(undefined)).toBe('missing at daxdev_path (byte 0): must be a path, or a raw user pointer as a bigint')
    expect(open(['x'])).toBe('tag at daxdev_path (byte 0): must be a path, or a raw user pointer as a bigint')
    expect(refused(() => encodeIoctl('ioctl-43', 'MAP_CREATE_V2', 5 as unknown as IoctlValue))).toMatch(/^missing at fioc_file_size /)
  })

  it('is counted in every part', () => {
    const two = [extent(0n, 1n), extent(1n, 1n)]
    const wrong = { ...head, fioc_nextents: 1, fioc_ext_type: 1, kie: [{ ...strips, ie_nstrips: 3n, ie_strips: two }] }
    expect(refused(() => encoded(wrong))).toBe('count at kie[0].ie_nstrips (byte 0): is 3, there are 2')
  })
})

describe('a number that nobody has', () => {
  it('is refused with what there is, and nobody else is named', () => {
    expect(refused(() => encodeIoctl('ioctl-44b', 0x7599, undefined))).toBe(
      'unsupported at command (byte 0): ioctl-44b has no command 0x00007599, it has NOP 0x00007553, MAP_CREATE 0x40207550, DAXDEV_OPEN 0x40187556',
    )
  })
})

describe('the JSON form of an argument', () => {
  const head = { fioc_file_size: '1', fioc_file_type: 0, fioc_ext_type: 0 }
  const one = { devindex: '2', offset: '3', len: '4' }
  const told = (json: unknown, command = 'MAP_CREATE_V2') => refused(() => decodeIoctlJson('ioctl-43', command, json))

  it('has lists where C has pointers, and counts only where they are given', () => {
    const value = { fioc_file_size: 1n, fioc_file_type: 0, fioc_ext_type: 0, kse: [extent(3n, 4n, 2n)] }
    expect(decodeIoctlJson('ioctl-43', 'MAP_CREATE_V2', { ...head, kse: [one] })).toEqual(value)
    expect(decodeIoctlJson('ioctl-43', 'MAP_CREATE_V2', { ...head, kse: [one], fioc_nextents: 9 })).toEqual({ ...value, fioc_nextents: 9 })
  })

  it('has groups of both layouts', () => {
    const group = { ie_chunk_size: '5', ie_strips: [one] }
    const read = (kie: object, layout?: 'early' | 'final') =>
      decodeIoctlJson('ioctl-43', 'MAP_CREATE_V2', { ...head, fioc_ext_type: 1, kie: [kie] }, layout)
    const strips = { ie_chunk_size: 5n, ie_strips: [extent(3n, 4n, 2n)] }
    expect(read(group, 'early')).toMatchObject({ kie: [strips] })
    expect(read({ ...group, ie_nbytes: '6' })).toMatchObject({ kie: [{ ...strips, ie_nbytes: 6n }] })
    expect(refused(() => read(group))).toMatch(/^missing at kie\[0\]\.ie_nbytes /)
  })

  it('has text for a path, and no pointer where the argument has none', () => {
    const open = (daxdev_path: unknown) => decodeIoctlJson('ioctl-44d', 'DAXDEV_OPEN', { daxdev_index: '1', flags: 0, daxdev_path })
    expect(open('/dev/dax1.0')).toEqual({ daxdev_index: 1n, flags: 0, daxdev_path: '/dev/dax1.0' })
    expect(refused(() => open(undefined))).toBe('missing at daxdev_path (byte 0): must be a path')
    expect(refused(() => open(5))).toBe('tag at daxdev_path (byte 0): must be a path')
    const map = { extent_type: 0, file_type: 0, file_size: '1', ext_list: [{ offset: '3', len: '4' }] }
    expect(decodeIoctlJson('ioctl-43', 'MAP_CREATE', map)).toMatchObject({ file_size: 1n, ext_list: [{ offset: 3n, len: 4n }] })
    const message = { file_type: 0, fmap_version: 1, ext_type: 0, file_size: '1', extents: [] }
    expect(decodeIoctlJson('ioctl-44d', 'MAP_CREATE', message)).toMatchObject({ file_size: 1n, extents: [] })
  })

  it('keeps a raw pointer, whether the argument follows it or not', () => {
    for (const fioc_ext_type of [0, 7]) {
      const raw = decodeIoctlJson('ioctl-43', 'MAP_CREATE_V2', { ...head, fioc_ext_type, fioc_nextents: 3, kse: '4660' })
      expect(raw).toEqual({ ...head, fioc_file_size: BigInt(head.fioc_file_size), fioc_ext_type, fioc_nextents: 3, kse: 0x1234n })
      const { bytes, relocations } = encodeIoctl('ioctl-43', 'MAP_CREATE_V2', raw)
      expect([bytes.length, relocations, new DataView(bytes.buffer).getBigUint64(24, true)]).toEqual([32, [], 0x1234n])
    }
    const group = { ie_chunk_size: '1', ie_nbytes: '1', ie_nstrips: '2', ie_strips: '4660' }
    expect(decodeIoctlJson('ioctl-43', 'MAP_CREATE_V2', { ...head, fioc_ext_type: 1, kie: [group] })).toMatchObject({
      kie: [{ ie_nstrips: 2n, ie_strips: 0x1234n }],
    })
  })

  it('is refused with the path of what is wrong', () => {
    expect(told({ ...head, kse: [{ ...one, more: 1 }] })).toMatch(/^unsupported at kse\[0\]\.more /)
    expect(told({ ...head, kse: [one, { devindex: '0', offset: '0' }] })).toMatch(/^missing at kse\[1\]\.len /)
    expect(told({ ...head, kse: [one, 5] })).toBe('tag at kse[1] (byte 0): must be an object')
    for (const bad of [5, null, [head]]) expect(told(bad)).toBe('tag at the top (byte 0): must be an object')
    expect(told({ ...head, kse: {} })).toBe('tag at kse (byte 0): must be a list, or an address as a decimal string')
    expect(told(head)).toBe('missing at kse (byte 0): must be a list, or an address as a decimal string')
    expect(told({ ...head, fioc_file_type: 'x', kse: [] })).toMatch(/ at fioc_file_type /)
    expect(told({}, 'NOP')).toBe('unsupported at command (byte 0): NOP has no argument: its number alone is the call')
  })

  it('lets a fault of somebody else pass as it is', () => {
    const bug = new TypeError('a bug')
    const fail = () => {
      throw bug
    }
    expect(() => inside('kse[0]', fail)).toThrow(bug)
  })
})
