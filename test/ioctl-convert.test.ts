/** Maps into every form of the ioctl ABI and back, and what is lost or refused on the way. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode } from '../src/codec/decode.ts'
import { attempt } from '../src/codec/errors.ts'
import { decodeFmap, encodeFmap, encodeFmapPush } from '../src/codec/generated/fmap.ts'
import { decodeIoctl, UserMemory } from '../src/codec/ioctl/index.ts'
import {
  type FileMap,
  fmapReply,
  fromFmap,
  fromIoctl,
  ioctlOfFmap,
  mapOf,
  resolve,
  toFmap,
  toIoctl,
  verdictOfPayload,
} from '../src/kernel/index.ts'
import type { Dialect } from '../src/schema/dialect.ts'
import { knownDialects } from '../src/uapi/dialects/known.ts'
import { fuse_famfs_fmap, fuse_famfs_fmap_push, type IoctlDialectId, ioctlDialects } from '../src/uapi/index.ts'
import { verdict } from '../src/validate/index.ts'
import { refused } from './codec/errors.ts'
import { mapA, mapB } from './kernel-examples.ts'
import { runs } from './part.ts'

const ids = Object.keys(ioctlDialects) as IoctlDialectId[]
const with44 = ids.filter(id => id.startsWith('ioctl-44'))

/** What a caller would read back out of memory. */
function back(id: IoctlDialectId, { command, payload }: ReturnType<typeof toIoctl>, layout: 'early' | 'final' = 'final') {
  const memory = new UserMemory().map(payload.base, payload.bytes)
  return fromIoctl(id, command, decodeIoctl(id, payload.number, memory, payload.base, { layout }).value)
}

describe('simple extents', () => {
  it.each(ids.filter(id => !id.startsWith('ioctl-43')))('go to %s and come back', id => {
    const form = toIoctl(mapA, id, { fileType: 1 })
    expect(form.command).toBe('MAP_CREATE')
    expect(form.lost).toEqual([])
    expect(back(id, form)).toEqual({ map: mapA, fileType: 1, lost: [] })
  })

  it('go to KABI 43 in both forms; the old one is refused for two, since the driver suffers from it', () => {
    expect(back('ioctl-43', toIoctl(mapA, 'ioctl-43'))).toEqual({ map: mapA, fileType: 0, lost: [] })
    expect(refused(() => toIoctl(mapA, 'ioctl-43', { command: 'MAP_CREATE' }))).toMatch(/suffers from it: ioctl\/heap-overrun$/)
    const form = toIoctl(mapA, 'ioctl-43', { command: 'MAP_CREATE', legal: false })
    expect(back('ioctl-43', form).map).toEqual(mapA)
  })

  it('have an extent type for each header', () => {
    const types = (['ioctl-rfc', 'ioctl-42'] as const).map(id => (toIoctl(mapA, id).value as { extent_type: number }).extent_type)
    expect(types).toEqual([13, 0])
    const value = { extent_type: 0, file_type: 0, file_size: 1n, ext_list: [{ offset: 1n, len: 1n }] }
    expect(fromIoctl('ioctl-rfc', 'MAP_CREATE', value).lost).toEqual([{ path: 'extent_type', why: 'it is 0, and no driver reads it' }])
  })

  it('on another device have no form up to KABI 42, are refused by 43 and taken by 44', () => {
    const other: FileMap = { ext_type: 'simple', file_size: 1n, extents: [{ dev_index: 3, offset: 0x200000n, len: 0x200000n }] }
    for (const id of ['ioctl-rfc', 'ioctl-42'] as const)
      expect(refused(() => toIoctl(other, id))).toBe(
        'unsupported at extents[0].dev_index (byte 0): famfs_ioc_map has no device index, and device 3 is meant',
      )
    expect(refused(() => toIoctl(other, 'ioctl-43'))).toBe(
      'unsupported at the top (byte 0): the driver of ioctl-43 refuses MAP_CREATE_V2 with errno 22: devIndexAtMost at kse[0].devindex',
    )
    for (const id of with44) expect(back(id, toIoctl(other, id)).map).toEqual(other)
  })

  it('are two at most up to KABI 43', () => {
    const three: FileMap = { ...mapA, extents: [...mapA.extents, { dev_index: 0, offset: 0xc0000000n, len: 0x200000n }] } as FileMap
    for (const id of ['ioctl-rfc', 'ioctl-42'] as const)
      expect(refused(() => toIoctl(three, id))).toMatch(/^count at ext_list .*room for 2/)
    expect(refused(() => toIoctl(three, 'ioctl-43'))).toMatch(/errno 7: extentsAtMost at fioc_nextents$/)
    for (const id of with44) expect(back(id, toIoctl(three, id)).map).toEqual(three)
  })
})

describe('groups', () => {
  it.each(['ioctl-43', ...with44] as const)('go to %s and come back', id => {
    const form = toIoctl(mapB, id)
    expect(form.lost).toEqual([])
    expect(back(id, form)).toEqual({ map: mapB, fileType: 0, lost: [] })
  })

  it('have no form up to KABI 42, but can be said as extents where two are enough', () => {
    for (const id of ['ioctl-rfc', 'ioctl-42'] as const) {
      expect(refused(() => toIoctl(mapB, id))).toMatch(/^unsupported at ext_type .*unroll/)
      expect(refused(() => toIoctl(mapB, id, { unroll: true }))).toMatch(/^count at ext_list /)
    }
    const small: FileMap = { ...mapB, file_size: 0x300000n } as FileMap
    const form = toIoctl(small, 'ioctl-42', { unroll: true })
    expect(form.lost).toEqual([{ path: 'extents', why: '2 strips are said as simple extents, chunk by chunk' }])
    const { map } = back('ioctl-42', form)
    for (const offset of [0n, 0x1fffffn, 0x200000n, 0x2fffffn])
      expect(resolve(map, offset, 1n, 'ioctl-42')).toEqual(resolve(small, offset, 1n, 'ioctl-43'))
  })

  it('lose their bytes in the early layout, which one group gets back from the size of the file', () => {
    const form = toIoctl(mapB, 'ioctl-43', { layout: 'early' })
    expect(form.lost).toEqual([{ path: 'extents[0].nbytes', why: 'the early layout has no field for it: 7340032 is not said' }])
    const { map, lost } = back('ioctl-43', form, 'early')
    expect(map).toEqual(mapB)
    expect(lost).toEqual([{ path: 'kie[0].ie_nbytes', why: 'the early layout does not say it: taken to be the size of the file, 7340032' }])
    const two = { ...mapB, extents: [...mapB.extents, ...mapB.extents] } as FileMap
    expect(refused(() => back('ioctl-43', toIoctl(two, 'ioctl-43', { layout: 'early' }), 'early'))).toMatch(
      /kie\[0\]\.ie_nbytes .*2 groups share the file/,
    )
  })
})

describe('messages of FUSE', () => {
  const fmap = { ...decodeFmap(fmapReply(mapB, 'fuse-v10')), file_type: 2 }

  it('keep their file type', () => {
    const form = ioctlOfFmap(fmap, 'ioctl-44d')
    expect(form.lost).toEqual([])
    expect(Buffer.from(form.payload.bytes).toString('hex')).toBe(
      Buffer.from(fmapReply(mapB, 'fuse-push-il')).toString('hex').replace(/^00/, '02'),
    )
    expect(back('ioctl-44d', form).fileType).toBe(2)
  })

  it('lose versions, reserved words and what lies behind the map', () => {
    const odd = { ...fmap, fmap_version: 7, reserved: 1, reserved1: 2n, trailing: new Uint8Array(3) }
    expect(ioctlOfFmap(odd as typeof fmap, 'ioctl-43').lost.map(l => l.path)).toEqual(['fmap_version', 'reserved', 'reserved1', 'trailing'])
  })

  it('come out of every form for every kernel of FUSE that takes them', () => {
    for (const id of ['ioctl-43', ...with44] as const) {
      const { map, fileType } = back(id, ioctlOfFmap(fmap, id))
      expect(fileType).toBe(2)
      expect(fmapReply(map, 'fuse-v10')).toEqual(encodeFmap({ ...fmap, file_type: 0 }))
    }
  })

  it('of the push dialects are arguments of KABI 44 as they are', () => {
    const value = {
      file_type: 0,
      fmap_version: 1,
      ext_type: 0,
      file_size: 1n,
      extents: [{ se_devindex: 63, se_offset: 0n, se_len: 0x200000n }],
    } as const
    const { map } = fromIoctl('ioctl-44a', 'MAP_CREATE', value)
    expect(map).toEqual(mapOf(value))
    expect(toIoctl(map, 'ioctl-44a').payload.bytes).toEqual(encodeFmapPush(value))
  })
})

describe('replies of FUSE', () => {
  const everyFuse = Object.values(knownDialects).filter(d => d.reply.GET_FMAP !== undefined)
  const decoded = (d: Dialect, bytes: Uint8Array): object =>
    decode(d.map?.body ?? (d.push ? fuse_famfs_fmap_push : fuse_famfs_fmap), bytes) as object

  it('come of every argument, for every kernel that takes such maps, and go back', () => {
    const made = new Set<string>()
    for (const map of [mapA, mapB])
      for (const d of everyFuse)
        for (const id of ids) {
          const form = attempt(() => toIoctl(map, id, { fileType: 1 }))
          if (!form.ok) continue
          const typed = back(id, form.value)
          const reply = attempt(() => toFmap(typed.map, d, typed))
          if (!reply.ok) continue
          made.add(`${map.ext_type} ${d.id}`)
          expect(verdict(reply.value.bytes, d).errno).toBe(0)
          const again = fromFmap(decoded(d, reply.value.bytes), d)
          expect(resolve(again.map, 5n, 7n, d)).toEqual(resolve(map, 5n, 7n, d))
          expect(again.map.file_size).toBe(map.file_size)
          expect(again.lost).toEqual([])
          expect(again.fileType).toBe(d.map === undefined ? 1 : 0)
          expect(reply.value.lost.map(l => l.path)).toEqual(d.map === undefined ? [] : ['file_type'])
        }
    const without = everyFuse.map(d => d.id).filter(id => !made.has(`interleaved ${id}`))
    expect(everyFuse.map(d => d.id).filter(id => !made.has(`simple ${id}`))).toEqual(['fuse-bpf-interleave'])
    expect(without).toEqual(['fuse-v4', 'fuse-push', 'fuse-bpf-simple'])
  })

  it('say groups as extents where that is wanted, and all the same what kernels refuse', () => {
    expect(refused(() => toFmap(mapB, 'fuse-push'))).toMatch(/^unsupported at ext_type .*errno 22/)
    const { bytes, lost } = toFmap(mapB, 'fuse-push', { unroll: true })
    expect(verdict(bytes, 'fuse-push').errno).toBe(0)
    expect(lost).toEqual([{ path: 'extents', why: '2 strips are said as simple extents, chunk by chunk' }])
    expect(verdict(toFmap(mapB, 'fuse-push', { legal: false }).bytes, 'fuse-push').errno).toBe(22)
    expect(refused(() => toFmap(mapA, 'fuse-v10', { fileType: 256 }))).toMatch(/^range at file_type /)
    const far: FileMap = { ext_type: 'simple', file_size: 1n, extents: [{ dev_index: 64, offset: 0n, len: 0x200000n }] }
    expect(refused(() => toFmap(far, 'fuse-v10', { unroll: true }))).toMatch(/errno 22/)
    expect(verdict(toFmap(far, 'fuse-v10', { legal: false }).bytes, 'fuse-v10').errno).toBe(22)
    expect(toFmap(mapB, 'fuse-push', { legal: false, unroll: true }).lost).toEqual([])
  })

  it('lose the words that are reserved, wherever they stand; zeros behind a map of one length are none', () => {
    const value = decodeFmap(fmapReply(mapA, 'fuse-v10'))
    const odd = { ...value, reserved0: 3, extents: value.extents.map(e => ({ ...e, reserved: 9 })) }
    expect(fromFmap(odd).lost.map(l => l.path)).toEqual(['reserved0', 'extents[0].reserved', 'extents[1].reserved'])
    const padded = decoded(knownDialects['fuse-v1'] as Dialect, fmapReply(mapA, 'fuse-v1'))
    expect(fromFmap(padded, knownDialects['fuse-v1']).lost).toEqual([])
    expect(fromFmap(padded).lost.map(l => l.path)).toEqual(['trailing'])
    const kse = [{ devindex: 0n, offset: 0n, len: 1n }]
    const padding = { fioc_file_size: 1n, fioc_file_type: 0, fioc_ext_type: 0 as const, padding: 4, kse }
    expect(fromIoctl('ioctl-43', 'MAP_CREATE_V2', padding).lost.map(l => l.path)).toEqual(['padding'])
  })
})

describe('answers', () => {
  it('of MAP_GET_V2 are maps', () => {
    const memory = new UserMemory()
    const address = memory.allocate(448)
    for (const map of [mapA, mapB]) {
      const verdict = verdictOfPayload('ioctl-43', { number: 0x81c07555, bytes: new Uint8Array(448) }, { map })
      if (!('written' in verdict) || verdict.written === undefined) throw new Error('no answer')
      memory.write(address, verdict.written.bytes)
      const { value, name } = decodeIoctl('ioctl-43', 'MAP_GET_V2', memory, address)
      expect(fromIoctl('ioctl-43', name, value)).toEqual({ map, fileType: 0, lost: [] })
    }
  })
})

it('what is no map is refused', () => {
  expect(refused(() => fromIoctl('ioctl-43', 'MAP_GET', undefined))).toMatch(/MAP_GET carries no map$/)
  expect(refused(() => toIoctl(mapA, 'ioctl-44d', { command: 'DAXDEV_OPEN' }))).toMatch(/DAXDEV_OPEN gives no map to a file$/)
  const raw = { fioc_file_size: 0n, fioc_file_type: 0, fioc_ext_type: 0, fioc_nextents: 1, kse: 5n }
  expect(refused(() => fromIoctl('ioctl-43', 'MAP_CREATE_V2', raw))).toMatch(/^unsupported at kse .*raw pointer/)
  expect(refused(() => fromIoctl('ioctl-43', 'MAP_CREATE_V2', { ...raw, fioc_ext_type: 9 }))).toMatch(/no map has the type 9/)
  const huge = { fioc_file_size: 0n, fioc_file_type: 0, fioc_ext_type: 0 as const, kse: [{ devindex: 1n << 60n, offset: 0n, len: 0n }] }
  expect(refused(() => fromIoctl('ioctl-43', 'MAP_CREATE_V2', huge))).toMatch(/^range at kse\[0\]\.devindex /)
})

describe('any map', () => {
  const mib2 = 0x200000n
  const units = fc.bigInt(1n, 1000n).map(n => n * mib2)
  const piece = fc.record({ dev_index: fc.nat(63), offset: units, len: units })
  const simple = fc.array(piece, { minLength: 1, maxLength: 8 }).chain(extents => {
    const total = extents.reduce((sum, e) => sum + e.len, 0n)
    return fc.bigInt(0n, total).map((file_size): FileMap => ({ ext_type: 'simple', file_size, extents }))
  })
  const group = fc.record({
    strips: fc.array(piece, { minLength: 1, maxLength: 6 }),
    chunk: fc.constantFrom(1, 1, 1, 2, 3, 8),
    nbytes: units,
  })
  const grouped = fc.array(group, { minLength: 1, maxLength: 3 }).chain(list => {
    const total = list.flatMap(g => g.strips).reduce((sum, e) => sum + e.len, 0n)
    const extents = list.map(g => ({ nstrips: g.strips.length, chunk_size: g.chunk * 0x200000, nbytes: g.nbytes, strips: g.strips }))
    return fc.bigInt(0n, total).map((file_size): FileMap => ({ ext_type: 'interleaved', file_size, extents }))
  })

  it('goes through KABI 44 unchanged, and its driver keeps just that', () => {
    fc.assert(
      fc.property(fc.oneof(simple, grouped), fc.constantFrom(...with44), fc.nat(255), (map, id, fileType) => {
        // chunks of one size only
        fc.pre(id !== 'ioctl-44e' || map.ext_type === 'simple' || map.extents.every(g => g.chunk_size === 0x200000))
        const form = toIoctl(map, id, { fileType })
        expect(back(id, form)).toEqual({ map, fileType, lost: [] })
        expect(verdictOfPayload(id, form.payload)).toMatchObject({ errno: 0, map })
      }),
      runs(200),
    )
  })

  it('is taken by every driver to which it can be said, or refused with a reason', () => {
    const random = runs(500)
    let said = 0
    fc.assert(
      fc.property(fc.oneof(simple, grouped), fc.constantFrom(...ids), (map, id) => {
        try {
          const form = toIoctl(map, id)
          said++
          expect(verdictOfPayload(id, form.payload)).toMatchObject({ errno: 0, hazards: [] })
          expect(back(id, form).map).toEqual(map)
        } catch (error) {
          expect((error as Error).name).toBe('WireError')
        }
      }),
      random,
    )
    expect(said).toBeGreaterThan(random.numRuns / 5)
  })
})
