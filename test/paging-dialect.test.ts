/** The example of a dialect of one's own: everything that a built-in one can do. */
import { decodeReply, decodeRequest, encodeReply, encodeRequest, opcodeName } from 'famfs-wire/fuse'
import { decode, encode } from 'famfs-wire/inspect'
import { decodeJson, encodeJson } from 'famfs-wire/json'
import {
  fmapPages,
  fmapReply,
  lookUp,
  mapOf,
  negotiate,
  plan,
  prepare,
  ranges,
  resolve,
  type SimpleMap,
  suggestDialect,
} from 'famfs-wire/kernel'
import { array, defineDialect, mapFormat, steps, struct, u32, u64, type Value } from 'famfs-wire/schema'
import { EINVAL, ERANGE, fuse_famfs_iext, fuse_famfs_simple_ext, fuseV10 } from 'famfs-wire/uapi'
import { assertValid, exchange, findings, predictOpen, verdict, verdictErrno, verdictPages } from 'famfs-wire/validate'
import fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  demonstration,
  fuse_famfs_fmap_page,
  type fuse_get_fmap_page_in,
  LAST_PAGE,
  pagingDialect,
  scattered,
} from '../examples/paging-dialect.ts'
import { runs } from './part.ts'

const PMD = 0x20_0000n
const extent = (offset: bigint, len = PMD) => ({ se_devindex: 0, se_offset: offset, se_len: len })
const HEAD = { file_type: 0, fmap_version: 2, ext_type: 0, file_size: 2n * PMD } as const
const one = { ...HEAD, next_offset: PMD, extents: [extent(0n)] }
const two = { ...HEAD, next_offset: LAST_PAGE, extents: [extent(4n * PMD)] }
const bytesOf = (page: object): Uint8Array => encode(fuse_famfs_fmap_page, page as typeof one)

describe('bytes', () => {
  it('a page lies as it says', () => {
    const bytes = bytesOf(one)
    expect(bytes.length).toBe(32 + 24)
    expect(new DataView(bytes.buffer).getBigUint64(24, true)).toBe(PMD)
    expect(decode(fuse_famfs_fmap_page, bytes)).toEqual({
      ...one,
      reserved: 0,
      reserved0: 0,
      nextents: 1,
      extents: [{ ...extent(0n), reserved: 0 }],
    })
  })

  it('requests and replies are whole messages of the dialect, and the compiler knows their bodies', () => {
    const bytes = encodeRequest(
      { opcode: 'GET_FMAP', header: { unique: 4n, nodeid: 3n, uid: 0, gid: 0, pid: 0 }, body: { offset: PMD, size: 4096 } },
      { dialect: pagingDialect },
    )
    expect(bytes.length).toBe(40 + 16)
    const asked = decodeRequest(bytes, { dialect: pagingDialect })
    expect(asked.opcode).toBe('GET_FMAP')
    if (asked.opcode !== 'GET_FMAP') return
    expectTypeOf(asked.body).toEqualTypeOf<Value<typeof fuse_get_fmap_page_in>>()
    expect(asked.body).toEqual({ offset: PMD, size: 4096, padding: 0 })
    const reply = encodeReply({ opcode: 'GET_FMAP', header: { unique: 4n }, body: one }, { dialect: pagingDialect })
    const answered = decodeReply(reply, { dialect: pagingDialect, opcode: 'GET_FMAP', request: bytes })
    if (answered.opcode === 'GET_FMAP') expectTypeOf(answered.body).toEqualTypeOf<Value<typeof fuse_famfs_fmap_page> | undefined>()
    expect(answered.body).toMatchObject({ next_offset: PMD })
    expect(opcodeName(54, pagingDialect)).toBe('GET_FMAP')
    expect(decodeJson(fuse_famfs_fmap_page, encodeJson(fuse_famfs_fmap_page, decode(fuse_famfs_fmap_page, bytesOf(two))))).toMatchObject(
      two,
    )
  })

  it('a dialect that the compiler does not know has the bodies of the built-in ones', () => {
    const reply = encodeReply({ opcode: 'GET_FMAP', header: { unique: 4n }, body: one }, { dialect: pagingDialect })
    const wide: typeof fuseV10 = pagingDialect
    const answered = decodeReply(reply, { dialect: wide, opcode: 'GET_FMAP' })
    expect(answered.body).toMatchObject({ next_offset: PMD })
  })
})

describe('the verdict', () => {
  it('on a page says where the kernel asks next', () => {
    expect(verdict(bytesOf(one), pagingDialect)).toMatchObject({ errno: 0, next: PMD, meta: { extents: [{ offset: 0n }] } })
    expect(verdictErrno(bytesOf(one), pagingDialect)).toBe(0)
  })

  it('on all pages takes the sums on', () => {
    const v = verdictPages([bytesOf(one), bytesOf(two)], pagingDialect)
    expect(v).toEqual({
      ok: true,
      errno: 0,
      meta: {
        file_type: 0,
        file_size: 2n * PMD,
        ext_type: 'simple',
        extents: [
          { dev_index: 0, offset: 0n, len: PMD },
          { dev_index: 0, offset: 4n * PMD, len: PMD },
        ],
        dev_bitmap: 1n,
      },
    })
    // what comes behind the last page is not looked at
    expect(verdictPages([bytesOf(one), bytesOf(two), new Uint8Array(3)], pagingDialect)).toEqual(v)
  })

  it('names the page to blame', () => {
    const bad = { ...two, extents: [extent(1n)] }
    expect(verdictPages([bytesOf(one), bytesOf(bad)], pagingDialect)).toMatchObject({
      errno: EINVAL,
      check: 'offsetAligned',
      path: 'extents[0].se_offset',
      page: 1,
    })
    expect(verdictPages([bytesOf(one), new Uint8Array(31)], pagingDialect)).toMatchObject({ errno: EINVAL, check: 'headerFits', page: 1 })
    expect(verdictPages([], pagingDialect)).toMatchObject({ errno: EINVAL, check: 'headerFits' })
  })

  it('asks every page to go on where the one before ended', () => {
    const skips = { ...one, next_offset: 2n * PMD }
    expect(verdict(bytesOf(skips), pagingDialect)).toMatchObject({ errno: EINVAL, check: 'nextContinues', path: 'next_offset', offset: 24 })
  })

  it('asks the last page alone whether the file is covered', () => {
    expect(verdict(bytesOf({ ...one, file_size: 9n * PMD }), pagingDialect)).toMatchObject({ errno: 0 })
    expect(verdictPages([bytesOf(one), bytesOf({ ...two, file_size: 9n * PMD })], pagingDialect)).toMatchObject({ errno: EINVAL, page: 1 })
  })

  it('counts failures over pages', () => {
    const bad = { ...one, extents: [extent(1n)] }
    expect(verdictPages([bytesOf(bad), bytesOf(two)], pagingDialect)).toMatchObject({ errno: EINVAL, path: 'extents[0].se_offset' })
  })
})

describe('findings', () => {
  it('a good map has none but the version that nobody published', () => {
    expect(findings([bytesOf(one), bytesOf(two)], pagingDialect).map(f => [f.rule, f.page])).toEqual([
      ['fmap/version', undefined],
      ['fmap/version', 1],
    ])
  })

  it('see extents that overlap over pages, and name the page', () => {
    const same = { ...two, extents: [extent(0n)] }
    const found = findings([bytesOf(one), bytesOf(same)], pagingDialect).filter(f => f.rule === 'fmap/overlap')
    expect(found).toMatchObject([{ page: 1, path: 'extents[0].se_offset', message: 'overlaps extents[0] of page 0' }])
  })

  it('name the dialect itself as the one to ask', () => {
    const bad = { ...two, extents: [extent(1n)] }
    const [found] = findings([bytesOf(one), bytesOf(bad)], pagingDialect).filter(f => f.severity === 'error')
    expect(found).toMatchObject({ rule: 'fmap/offset-page', page: 1, acceptedBy: [] })
    expect(() => assertValid([bytesOf(one), bytesOf(bad)], pagingDialect)).toThrow(
      'se_offset 1 is not a multiple of the page size 4096 (fmap/offset-page)',
    )
    expect(() => assertValid({ ...bad, file_size: PMD }, pagingDialect)).toThrow('fmap/offset-page')
  })

  it('cannot compare with dialects whose maps have another form', () => {
    expect(() => findings(bytesOf(one), pagingDialect, { against: ['fuse-v10'] })).toThrow('different forms of the map')
  })

  it('say that a page that is too long never reaches the parser', () => {
    const long = bytesOf({ ...two, extents: Array.from({ length: 200 }, (_, i) => extent(BigInt(i) * PMD)) })
    expect(findings(long, pagingDialect).map(f => f.rule)).toContain('fmap/reply-size')
  })
})

describe('the kernel', () => {
  const map = scattered(400)

  it('negotiates, and is suggested by the length of its request', () => {
    expect(negotiate({ kernel: { dialect: pagingDialect } })).toMatchObject({ dialect: 'fuse-paging', famfs: { on: true } })
    const [first] = suggestDialect({ requests: [{ opcode: 54, length: 56 }] }, [fuseV10, pagingDialect])
    expect(first).toMatchObject({ dialect: 'fuse-paging', excluded: false })
  })

  it('is given a map in as many pages as it takes', () => {
    const pages = fmapPages(map, pagingDialect)
    expect(pages.map(page => page.length)).toEqual([32 + 169 * 24, 32 + 169 * 24, 32 + 62 * 24])
    expect(verdictPages(pages, pagingDialect)).toMatchObject({ errno: 0, meta: { extents: map.extents } })
    expect(() => fmapReply(map, pagingDialect)).toThrow('a kernel of dialect fuse-paging takes 4096')
    expect(fmapPages({ ...map, file_size: 0n, extents: [] }, pagingDialect)).toHaveLength(1)
  })

  it('resolves offsets, fast and slow', () => {
    const prepared = prepare(map, pagingDialect)
    expect(prepared).toBeDefined()
    if (prepared === undefined) return
    for (const offset of [0n, PMD - 1n, PMD, 399n * PMD, 400n * PMD]) {
      const slow = resolve(map, offset, 4096n, pagingDialect)
      const rc = lookUp(prepared, Number(offset), 4096)
      expect(slow).toEqual({ rc, dev: rc === 0 ? prepared.dev : null, addr: BigInt(prepared.addr), length: BigInt(prepared.length) })
    }
    expect([...ranges(map, 399n * PMD, PMD)]).toMatchObject([{ addr: 798n * PMD, length: PMD }])
  })

  it('reads the value of a page as a map', () => {
    expect(mapOf(decode(fuse_famfs_fmap_page, bytesOf(two)), pagingDialect)).toEqual({
      ext_type: 'simple',
      file_size: 2n * PMD,
      extents: [{ dev_index: 0, offset: 4n * PMD, len: PMD }],
    })
  })

  it('plans maps of more extents than any published kernel takes in one reply', () => {
    const devices = Array.from({ length: 200 }, (_, i) => ({ dev_index: 0, start: BigInt(2 * i) * PMD, size: PMD }))
    const planned = plan({ size: 190n * PMD, devices }, pagingDialect)
    expect(planned.extents).toHaveLength(190)
    expect(() => plan({ size: 190n * PMD, devices }, fuseV10)).toThrow('more than 32 extents')
  })

  it('asks page by page until the map is whole', () => {
    expect([...demonstration(400)]).toEqual([
      'OPEN of 48 bytes, answered with 32',
      'GET_FMAP of 56 bytes, answered with 4104',
      'GET_FMAP of 56 bytes, answered with 4104',
      'GET_FMAP of 56 bytes, answered with 1536',
      'GET_DAXDEV of 40 bytes, answered with 296',
      'a map of 400 extents, 838860800 bytes',
      'open(2): errno 0',
      'read: 4 bytes at 0x63dffffc',
    ])
  })

  it('gives every map back that it was given, of any number of extents', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), count => {
        const any: SimpleMap = scattered(count)
        const { errno, ...rest } = verdictPages(fmapPages(any, pagingDialect), pagingDialect)
        expect({ errno, ...rest }).toMatchObject({ errno: 0, meta: any })
      }),
      runs(20),
    )
  })
})

describe('what open(2) says', () => {
  const request = (unique: bigint, offset: bigint): Uint8Array =>
    encodeRequest(
      { opcode: 'GET_FMAP', header: { unique, nodeid: 3n, uid: 0, gid: 0, pid: 0 }, body: { offset, size: 4096 } },
      { dialect: pagingDialect },
    )
  const reply = (unique: bigint, body: object): Uint8Array =>
    encodeReply({ opcode: 'GET_FMAP', header: { unique }, body: body as typeof two }, { dialect: pagingDialect })
  const first = { request: request(4n, 0n), replies: [reply(4n, one)] }

  it('after all pages', () => {
    const second = { request: request(6n, PMD), replies: [reply(6n, two)] }
    expect(predictOpen(pagingDialect, [first, second])).toMatchObject({ openErrno: 0, mapErrno: 0, requests: 2 })
  })

  it('nothing while a page is missing', () => {
    expect(predictOpen(pagingDialect, [first])).toMatchObject({ openErrno: undefined, requests: 1 })
  })

  it('an errno for a page that is refused, or is larger than what was offered', () => {
    const bad = { request: request(6n, PMD), replies: [reply(6n, { ...two, file_size: 99n * PMD })] }
    expect(predictOpen(pagingDialect, [first, bad])).toMatchObject({ openErrno: EINVAL, requests: 2 })
    const small = encodeRequest(
      { opcode: 'GET_FMAP', header: { unique: 4n, nodeid: 3n, uid: 0, gid: 0, pid: 0 }, body: { offset: 0n, size: 40 } },
      { dialect: pagingDialect },
    )
    expect(exchange(pagingDialect, { request: small, replies: [reply(4n, two)] }).writes).toEqual([EINVAL])
  })
})

describe('the end of a map in pages', () => {
  const { headerFits, simple, listFits, eachExtent, counted, countedErrors, offsetAligned, lengthsCoverFile } = steps
  const { otherPages, nextContinues, lastPage, extentsAtMost, interleaved, eachGroup, groupFits, stripsFit, eachStrip } = steps
  const checks = [
    headerFits(EINVAL),
    simple(listFits(EINVAL), eachExtent(counted(offsetAligned('pmd'))), lastPage(lengthsCoverFile(EINVAL))),
    otherPages(nextContinues(EINVAL)),
    lastPage(extentsAtMost(1, ERANGE), countedErrors(EINVAL)),
  ]
  const late = defineDialect({ ...pagingDialect, id: 'fuse-late', checks })
  const middle = { ...HEAD, file_size: 3n * PMD, next_offset: 2n * PMD, extents: [extent(4n * PMD)] }
  const pages = (...list: readonly object[]) => list.map(page => bytesOf({ ...page, file_size: 3n * PMD }))
  const last = { ...two, extents: [extent(8n * PMD)] }
  const unaligned = (page: typeof one) => ({ ...page, extents: page.extents.map(e => ({ ...e, se_offset: e.se_offset + 4096n })) })

  it('names the page of the first failure that was counted', () => {
    const blamed = (...list: readonly object[]) => {
      const verdict = verdictPages(pages(...list), late)
      return 'meta' in verdict ? 'good' : [verdict.errno, verdict.page, verdict.path, verdict.check]
    }
    const place = ['extents[0].se_offset', 'offsetAligned']
    expect(blamed(one, middle, last)).toBe('good')
    expect(blamed(unaligned(one), unaligned(middle), last)).toEqual([EINVAL, undefined, ...place])
    expect(blamed(one, unaligned(middle), unaligned(last))).toEqual([EINVAL, 1, ...place])
    expect(blamed(one, middle, unaligned(last))).toEqual([EINVAL, 2, ...place])
  })

  it('is where sums are compared, and what stands there alone is asked', () => {
    const rules = (...list: readonly object[]) =>
      findings(pages(...list), late)
        .filter(f => f.severity === 'error')
        .map(f => [f.rule, f.page])
    expect(rules(one, middle, last)).toEqual([])
    expect(rules(one, middle, { ...last, extents: [] })).toEqual([['fmap/file-size-uncovered', 2]])
    const pair = (page: typeof one) => ({ ...page, extents: [extent(12n * PMD, 0n), ...page.extents] })
    expect(rules(pair(one), middle, last)).toEqual([])
    expect(rules(one, middle, pair(last))).toEqual([['fmap/too-many-extents', 2]])
  })

  it('is where groups are compared with the file', () => {
    const strips = array(fuse_famfs_simple_ext, 'ie_nstrips')
    const group = struct('own_iext', { ...fuse_famfs_iext.fields, ie_strips: strips })
    const head = { file_size: u64, next: u64, nextents: u32.derived('groups that follow'), padding: u32.reserved() }
    const body = struct('own_page', { ...head, extents: array(group, 'nextents') })
    const own = defineDialect({
      ...pagingDialect,
      id: 'fuse-groups',
      map: mapFormat(body),
      checks: [headerFits(EINVAL), interleaved(eachGroup(groupFits(EINVAL), stripsFit(EINVAL), eachStrip()))],
    })
    const page = (next: bigint, offset: bigint) =>
      encode(body, {
        file_size: PMD,
        next,
        extents: [{ ie_chunk_size: Number(PMD), ie_nbytes: 2n * PMD, ie_strips: [extent(offset, 2n * PMD)] }],
      })
    const both = [page(2n * PMD, 0n), page(LAST_PAGE, 4n * PMD)]
    expect(findings(both, own).map(f => [f.rule, f.page, f.path])).toEqual([['fmap/nbytes-beyond-file', 1, 'file_size']])
  })

  it('of no pages says nothing', () => {
    expect(findings([], pagingDialect)).toEqual([])
    expect(findings([], 'fuse-v10')).toEqual([])
  })
})
