/** What a definition of a dialect, or of a form of the map, is told when it makes no sense. */
import { describe, expect, it } from 'vitest'
import {
  array,
  byLength,
  bytes,
  chars,
  type Dialect,
  defineDialect,
  type LayoutPart,
  mapFormat,
  nested,
  prefix,
  REST,
  type Schema,
  steps,
  struct,
  tagged,
  u8,
  u32,
  u64,
} from '../src/schema/index.ts'
import { dialects, fuse, fusePush, fuseV1, fuseV10 } from '../src/uapi/dialects/index.ts'
import { fuse_famfs_fmap, fuse_famfs_fmap_push, fuse_famfs_simple_ext } from '../src/uapi/famfs/fmap.ts'
import { empty } from '../src/uapi/fuse/opcodes.ts'
import { verdictErrno } from '../src/validate/errno.ts'
import { findings } from '../src/validate/findings/index.ts'
import { famfsLayout } from '../src/validate/parse.ts'
import { verdict as fullVerdict } from '../src/validate/verdict.ts'
import { walkedVerdict as verdict } from '../src/validate/walk.ts'

const own =
  (changes: object): (() => unknown) =>
  () =>
    defineDialect({ ...fuseV10, id: 'own', ...changes } as Dialect)

describe('the dialects of this library', () => {
  it.each(Object.values(dialects))('$id passes the checks of a definition', d => {
    expect(defineDialect(d)).toBe(d)
  })
})

describe('a definition', () => {
  it('has an id and all members', () => {
    expect(() => defineDialect(null as unknown as Dialect)).toThrow('a dialect is an object')
    for (const id of ['', 'Own', 'own dialect', '7own', undefined, 7])
      expect(own({ id })).toThrow('an id of lower case letters, digits, dots and dashes')
    for (const key of ['title', 'facts', 'opcodes', 'request', 'reply', 'sizeProbe', 'push', 'fatal', 'limits', 'checks'])
      expect(own({ [key]: undefined })).toThrow(`dialect own: ${key} is missing`)
  })

  it('has numbers that fit', () => {
    expect(own({ initBit: 64 })).toThrow('initBit is a bit from 0 to 63, not 64')
    expect(own({ initBit: undefined })).toThrow('asks for maps, but has no initBit')
    expect(own({ opcodes: { GET_FMAP: 0 } })).toThrow('opcode GET_FMAP is 0')
    expect(own({ opcodes: { GET_FMAP: 2 ** 32 } })).toThrow('opcode GET_FMAP is 4294967296')
    expect(own({ opcodes: { GET_FMAP: 54, GET_DAXDEV: 54 } })).toThrow('both opcodes are the same')
    expect(own({ opcodes: { GET_DAXDEV: 55 } })).toThrow('asks for maps, but has no opcode for it')
    expect(own({ opcodes: { GET_FMAP: 54 } })).toThrow('asks for devices, but has no opcode for it')
    expect(own({ limits: { ...fuseV10.limits, devSlots: -1 } })).toThrow('limits.devSlots is -1')
    expect(own({ limits: { ...fuseV10.limits, extents: 1.5 } })).toThrow('limits.extents is 1.5')
  })

  it('has buffers that can be', () => {
    const fmap = (changes: object) => own({ reply: { GET_FMAP: { buffer: 4096, least: 4096, most: 4096, ...changes } } })
    expect(fmap({ most: 100 })).toThrow('no such buffers')
    expect(fmap({ least: 5000, most: 4999 })).toThrow('no such buffers')
    expect(fmap({ exact: true, most: 8192 })).toThrow('an exact reply has one size')
    expect(fmap({ offers: 'size' })).toThrow('the size offered stands in size, but the request has no body')
    expect(own({ sizeProbe: 'hint' })).toThrow('has a size probe, but no field in which the request offers a size')
  })

  it('has the steps in a safe order', () => {
    const { headerFits, listFits, lengthsCoverFile, devBitBelow, nextContinues, lastPage, otherPages, metaAtMost } = steps
    const { simple, eachExtent, extentFits, interleaved, eachGroup, groupFits, stripsFit, eachStrip, stripsLongEnough, chunkNotZero } =
      steps
    const checks = (...list: readonly unknown[]) => own({ checks: list })
    expect(checks()).toThrow('asks for maps, but has no checks')
    expect(checks(listFits(22))).toThrow('the first step must be that the header fits')
    expect(checks(headerFits(22), simple(eachExtent()))).toThrow('eachExtent stands without list before it, and does not begin with extent')
    expect(checks(headerFits(22), simple(eachExtent(extentFits(22))))).not.toThrow()
    const group = (...list: readonly unknown[]) => checks(headerFits(22), interleaved(eachGroup(...(list as []))))
    expect(group(stripsFit(22))).toThrow('the first step must be that the group fits')
    expect(group(groupFits(22), eachStrip())).toThrow('eachStrip stands without strips before it, and does not begin with extent')
    expect(group(groupFits(22), eachStrip(extentFits(22)))).not.toThrow()
    expect(group(groupFits(22), stripsFit(22), stripsLongEnough(22))).toThrow('stripTooShort stands without chunk size before it')
    expect(group(groupFits(22), stripsFit(22), chunkNotZero(22), stripsLongEnough(22))).not.toThrow()
    expect(checks(headerFits(22), devBitBelow(24, 22), lastPage(lengthsCoverFile(22)))).not.toThrow()
    expect(checks(headerFits(22), otherPages(nextContinues(22)))).not.toThrow()
    expect(checks(headerFits(22), nextContinues(22))).toThrow('checks[1] is no step')
    expect(checks(headerFits(22), ...nextContinues(22))).toThrow('nextContinues asks about the next page: it belongs into otherPages')
    expect(own({ map: mapFormat(fuse_famfs_fmap), checks: [headerFits(22), metaAtMost(9, 22)] })).toThrow(
      'metaAtMost asks for meta_size, which the header of its maps does not have',
    )
  })

  it('has no steps for groups where its maps have none', () => {
    const { headerFits, interleaved, eachGroup, groupFits } = steps
    const body = struct('own', {
      file_size: u64,
      nextents: u32.derived('extents'),
      padding: u32,
      extents: array(fuse_famfs_simple_ext, 'nextents'),
    })
    const map = mapFormat(body)
    expect(own({ map, resolver: fusePush.resolver, checks: [headerFits(22)] })).not.toThrow()
    expect(own({ map, checks: [headerFits(22), interleaved(eachGroup(groupFits(22)))] })).toThrow(
      'dialect own: has steps for groups, and its maps have none',
    )
  })

  it('has requests with the fields that it names', () => {
    const request = struct('own_in', { size: u32, padding: u32, offset: u64 })
    const asks = (body: Schema<unknown, unknown>, fmap: object) =>
      own({ request: { GET_FMAP: body, GET_DAXDEV: 'none' }, reply: { GET_FMAP: { buffer: 4096, least: 4096, most: 4096, ...fmap } } })
    expect(asks(request, { offers: 'size' })).not.toThrow()
    expect(asks(request, { offers: 'length' })).toThrow('own_in has no field length for the size offered')
    expect(asks(request, { offers: 'offset' })).toThrow('own_in.offset must be a number of 4 bytes')
    expect(asks(u32, { offers: 'size' })).toThrow('the request that holds the size offered is no struct')
    const open = struct('open_in', { size: u32, name: bytes(REST) })
    expect(asks(open, { offers: 'size' })).toThrow('open_in has no fixed size')
    expect(asks(request, { offers: 'size', more: { request: 'offset', last: 0n } })).toThrow('a map in pages needs both')
  })

  it('has replies about devices that fit', () => {
    const device = (changes: object, request: unknown = 'none') =>
      own({ request: { GET_FMAP: 'none', GET_DAXDEV: request }, reply: { ...fuseV10.reply, GET_DAXDEV: { exact: 64, ...changes } } })
    const body = struct('own_out', { id: u64, path: chars(56) })
    expect(device({ body, name: 'path' })).not.toThrow()
    expect(device({ body, name: 'path', exact: 65 })).toThrow('the reply about a device has 64 bytes, not 65')
    expect(device({ body })).toThrow('the reply about a device has no text name')
    expect(device({ body, name: 'id' })).toThrow('the reply about a device has no text id')
    expect(device({ index: 'id' }, struct('own_in', { id: u64 }))).toThrow('own_in.id must be a number of 4 bytes')
    expect(device({ index: 'id' })).toThrow('the index of the device stands in id, but the request has no body')
  })

  it('has an INIT reply with the name that it wants', () => {
    const reply = prefix('own_init', { major: u32, minor: u32, name: chars(8) })
    expect(own({ init: { reply, named: { field: 'name', value: 'x' } } })).not.toThrow()
    expect(own({ init: { reply, named: { field: 'minor', value: 'x' } } })).toThrow('the INIT reply has no text minor')
    expect(own({ init: { named: { field: 'name', value: 'x' } } })).toThrow('the INIT reply has no text name')
  })

  it('may have no famfs at all', () => {
    expect(() => defineDialect({ ...fuse, id: 'plain' })).not.toThrow()
    expect(() => verdict(new Uint8Array(), defineDialect({ ...fuse, id: 'plain' }))).toThrow('no kernel of dialect plain asks for GET_FMAP')
  })
})

describe('a form of the map', () => {
  it('is what the generated tables say, for the famfs form', () => {
    const { layout } = mapFormat(fuse_famfs_fmap)
    const known = (part: LayoutPart | undefined) => Object.entries(part?.fields ?? {}).filter(([role]) => !/^reserved/.test(role))
    for (const part of ['header', 'group', 'extent'] as const) {
      expect(layout[part]?.size).toBe(famfsLayout[part]?.size)
      expect(known(layout[part])).toEqual(known(famfsLayout[part]))
    }
    expect([layout.kind, layout.list, layout.strips, layout.envelope]).toEqual([undefined, 'extents', 'ie_strips', undefined])
    expect(layout.header.reserved).toEqual(['reserved:reserved', 'reserved:reserved0', 'reserved:reserved1'])
    expect(mapFormat(fuse_famfs_fmap_push).layout.header.fields.fmap_size).toEqual([12, 4])
  })

  const extent = struct('own_ext', { where: u64, length: u64, slot: u32, flags: u32.reserved() })
  const names = { se_devindex: 'slot', se_offset: 'where', se_len: 'length', nextents: 'count', file_size: 'bytes' } as const

  it('may have other names, sizes and orders, and is judged by them', () => {
    const body = struct('own_map', { bytes: u64, count: u32, tag: u32.reserved(), pieces: array(extent, 'count') })
    const map = mapFormat(body, { names })
    expect(map.layout).toMatchObject({ kind: 'simple', list: 'pieces', header: { size: 16 }, extent: { size: 24 } })
    const { headerFits, simple, listFits, eachExtent, counted, countedErrors, offsetAligned, lengthsCoverFile } = steps
    const d = defineDialect({
      ...fuseV10,
      id: 'own',
      map,
      limits: { devIndex: 3, devShift: 64 },
      resolver: { end: 5, simple: 'unsigned', badDevice: 'flag' },
      checks: [headerFits(22), simple(listFits(22), eachExtent(counted(offsetAligned('page')))), countedErrors(22), lengthsCoverFile(22)],
    })
    const message = new Uint8Array(16 + 24)
    const view = new DataView(message.buffer)
    view.setBigUint64(0, 5n, true)
    view.setUint32(8, 1, true)
    view.setBigUint64(16, 8192n, true)
    view.setBigUint64(24, 4096n, true)
    view.setUint32(32, 2, true)
    expect(verdict(message, d)).toEqual({
      ok: true,
      errno: 0,
      meta: { file_size: 5n, ext_type: 'simple', extents: [{ dev_index: 2, offset: 8192n, len: 4096n }], dev_bitmap: 4n },
    })
    view.setBigUint64(16, 1n, true)
    view.setUint32(36, 7, true)
    expect(verdict(message, d)).toMatchObject({ errno: 22, path: 'pieces[0].where', offset: 16, length: 8 })
    expect(findings(message, d).map(f => [f.rule, f.path, f.message])).toEqual([
      ['fmap/offset-page', 'pieces[0].where', 'where 1 is not a multiple of the page size 4096'],
      ['fmap/reserved', 'pieces[0].flags', 'reserved, should be 0, is 7'],
    ])
    expect(verdict(message.subarray(0, 39), d)).toMatchObject({ path: 'count', offset: 8 })
    expect(findings(message.subarray(0, 39), d)[0]).toMatchObject({ message: 'the extents end at byte 40, the message at 39' })
  })

  it('takes no field for one of another name', () => {
    const { headerFits, simple, listFits, eachExtent, lengthsCoverFile } = steps
    const body = struct('own_map', { bytes: u64, count: u32, total: u32, pieces: u64, list: array(extent, 'count') })
    const checks = [headerFits(22), simple(listFits(22), eachExtent()), lengthsCoverFile(22)]
    const d = defineDialect({ ...fusePush, id: 'own', sizeProbe: 'none', map: mapFormat(body, { names }), checks })
    const message = new Uint8Array(24 + 24).fill(0xff)
    message.fill(0, 0, 12)
    message[8] = 1
    message[0] = 9
    message.fill(0, 24)
    expect(verdict(message, d)).toMatchObject({ errno: 22, check: 'lengthsCoverFile', path: 'bytes' })
  })

  it('is not judged by the fast form of another form, though the checks are the same', () => {
    const body = struct('own_map', { pad: u64, ...fuse_famfs_fmap.fields })
    const map = mapFormat(body)
    const d = defineDialect({ ...fuseV10, id: 'own', map })
    const message = new Uint8Array(40 + 24)
    message[12] = 0
    message[16] = 1
    expect([verdict(message, d).errno, fullVerdict(message, d).errno, verdictErrno(message, d)]).toEqual([0, 0, 0])
    expect(verdictErrno(message, fuseV10)).not.toBe(0)
  })

  it('needs its fields, and lists that they count', () => {
    const make =
      (fields: Parameters<typeof struct>[1], with_: object = names) =>
      () =>
        mapFormat(struct('own_map', fields), { names: with_ })
    expect(make({ bytes: u64, count: u32, pad: u32 })).toThrow('own_map: a map has a list of extents or groups')
    expect(make({ count: u32, pad: u32, pieces: array(extent, 'count') })).toThrow('needs the field bytes (file_size) before its list')
    expect(make({ bytes: u64, count: u32, other: u32, pieces: array(extent, 'other') })).toThrow('counts the elements of pieces by count')
    expect(make({ bytes: u64, count: u32, pad: u32, pieces: array(u64, 'count') })).toThrow('has a list of extents that are structs')
    expect(make({ bytes: u64, count: u32, pad: u32, pieces: array(extent, 'count') }, { ...names, se_len: 'span' })).toThrow(
      'own_ext: a map needs the field span (se_len) before its list',
    )
    expect(() => mapFormat(u8)).toThrow('a map is a struct, not a int')
    expect(() => mapFormat(nested(byLength({ 0: empty }, extent)))).toThrow('a map is a struct, not a union')
    const kinds = tagged('ext_type', { 1: array(extent, 'count') })
    expect(make({ bytes: u64, count: u32, ext_type: u32, pieces: kinds })).toThrow('has a list of extents where ext_type is 0')
  })

  it('has groups that end in their strips', () => {
    const group = struct('own_group', { chunk: u64, bytes: u64, strips: u32, pad: u32, list: array(extent, 'strips') })
    const body = struct('own_map', { bytes: u64, count: u32, pad: u32, groups: array(group, 'count') })
    const all = { ...names, ie_chunk_size: 'chunk', ie_nbytes: 'bytes', ie_nstrips: 'strips' } as const
    expect(mapFormat(body, { names: all }).layout).toMatchObject({
      kind: 'interleaved',
      list: 'groups',
      strips: 'list',
      group: { size: 24 },
    })
    expect(() => mapFormat(body, { names: { ...all, ie_chunk_size: 'chunks' } })).toThrow('own_group: a map needs the field chunks')
    expect(() => mapFormat(body, { names: { ...all, ie_nstrips: 'pad' } })).toThrow('own_group: a map counts its strips by pad')
    const short = struct('own_map', {
      bytes: u64,
      count: u32,
      ext_type: u32,
      list: tagged('ext_type', { 0: array(struct('wide_ext', { ...extent.fields, more: u64 }), 'count'), 1: array(group, 'count') }),
    })
    expect(() => mapFormat(short, { names: all })).toThrow('own_map: a map has strips and extents of one size')
    expect(() => defineDialect({ ...fuseV10, id: 'own', map: mapFormat(body, { names: all }), checks: fuseV10.checks })).toThrow(
      'extTypeOneOf asks for ext_type, which the header of its maps does not have',
    )
  })

  it('cannot be asked for groups that it has not', () => {
    const body = struct('own_map', { file_size: u64, nextents: u32, ext_type: u32, extents: array(fuse_famfs_simple_ext, 'nextents') })
    const map = mapFormat(body)
    expect(own({ map })).toThrow('asks for a group, and its maps have none')
    expect(own({ map, checks: fusePush.checks })).toThrow('resolves groups, and its maps have none')
    expect(own({ map, checks: fusePush.checks, resolver: fusePush.resolver })).not.toThrow()
    expect(
      own({
        map,
        checks: fusePush.checks,
        resolver: fusePush.resolver,
        sizeProbe: 'header',
        request: fusePush.request,
        reply: fusePush.reply,
      }),
    ).toThrow('has a size probe in the header of its maps, which has no field for it (fmap_size)')
    expect(fuseV1.map).toBeUndefined()
  })
})
