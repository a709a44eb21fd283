/**
 * A dialect in one file: maps of any length, sent in pages.
 *
 * In 2025 it was proposed on the mailing list that GET_FMAP carries an offset, and its reply the offset at which to ask again, or -1
 * (docs/facts/wire.md 8.4, D004). No kernel ever did so, and the proposal says no more than that. Everything else here is what such a kernel
 * could look like: it goes on from series V8 to V10, drops their limit of 32 extents, and takes simple extents only.
 *
 *     npx tsx examples/paging-dialect.ts
 */
import { fileURLToPath } from 'node:url'
import { decodeRequest, encodeReply, opcodeName } from 'famfs-wire/fuse'
import { decode } from 'famfs-wire/inspect'
import { conversation, type Effect, fmapPages, type SimpleMap, step } from 'famfs-wire/kernel'
import { array, bytes, defineDialect, mapFormat, REST, steps, struct, u32, u64 } from 'famfs-wire/schema'
import { EINVAL, EIO, ERANGE, fuse_famfs_fmap_header, fuse_famfs_simple_ext, fuseV10 } from 'famfs-wire/uapi'

/** GET_FMAP request: where to go on, and how much there is room for. */
export const fuse_get_fmap_page_in = struct('fuse_get_fmap_page_in', {
  offset: u64.doc('first byte of the file that is asked for'),
  size: u32.doc('bytes that the kernel has room for'),
  padding: u32.reserved(),
})

/** In the place of the next offset: the map ends with this page. */
export const LAST_PAGE = 0xffff_ffff_ffff_ffffn

const { reserved1, ...head } = fuse_famfs_fmap_header.fields

/** GET_FMAP reply: the header that is known, with the next offset in its last word, and the extents of this page. */
export const fuse_famfs_fmap_page = struct('fuse_famfs_fmap_page', {
  ...head,
  next_offset: u64.doc('byte of the file with which the next page starts; -1: there is none'),
  extents: array(fuse_famfs_simple_ext, 'nextents'),
  trailing: bytes(REST).elided(),
})

const { headerFits, extentsAtLeast, extTypeOneOf, simple, listFits, eachExtent, counted, countedErrors } = steps
const { devIndexAtMost, offsetAligned, lengthAligned, totalFits, otherPages, nextContinues, lastPage, lengthsCoverFile } = steps

/** The dialect. What it does not say is as in series V8 to V10. */
export const pagingDialect = defineDialect({
  ...fuseV10,
  id: 'fuse-paging',
  title: 'the proposal of 2025: maps in pages',
  facts: 'wire 8.4 (D004)',
  request: { GET_FMAP: fuse_get_fmap_page_in, GET_DAXDEV: 'none' },
  reply: {
    GET_FMAP: { buffer: 4096, least: 4096, most: 4096, offers: 'size', more: { request: 'offset', last: LAST_PAGE } },
    GET_DAXDEV: { exact: 280 },
  },
  map: mapFormat(fuse_famfs_fmap_page, { names: { next: 'next_offset' }, fixed: { file_type: 0, fmap_version: 2 } }),
  limits: { devIndex: 0, devSlots: 24, devShift: 64 },
  resolver: { end: EIO, simple: 'unsigned', lengths: 'unsigned', badDevice: 'flag' },
  checks: [
    headerFits(EINVAL),
    extentsAtLeast(1, ERANGE),
    extTypeOneOf([0], EINVAL),
    simple(listFits(EINVAL), eachExtent(counted(devIndexAtMost(0), offsetAligned('pmd'), lengthAligned('pmd')), totalFits(EINVAL))),
    otherPages(nextContinues(EINVAL)),
    countedErrors(EINVAL),
    lastPage(lengthsCoverFile(EINVAL)),
  ],
})

const PMD = 0x20_0000n
const names = { '/dev/dax0.0': { kind: 'character', device: 'dax0.0' } } as const

/** A file of so many extents of 2 MiB each, with gaps between them on the device. */
export const scattered = (count: number): SimpleMap => ({
  ext_type: 'simple',
  file_size: BigInt(count) * PMD,
  extents: Array.from({ length: count }, (_, i) => ({ dev_index: 0, offset: BigInt(2 * i) * PMD, len: PMD })),
})

/** What a server of such a kernel answers to its requests. */
function serve(bytes: Uint8Array, map: SimpleMap): Uint8Array {
  const asked = decodeRequest(bytes, { dialect: pagingDialect })
  const header = { unique: asked.header.unique }
  if (asked.opcode === 'GET_DAXDEV')
    return encodeReply({ opcode: 'GET_DAXDEV', header, body: { index: 0, name: '/dev/dax0.0' } }, { dialect: pagingDialect })
  if (asked.opcode !== 'GET_FMAP') return encodeReply({ opcode: 'OPEN', header, body: { fh: 1n, open_flags: 0, backing_id: 0 } })
  const { offset } = asked.body
  const page = fmapPages(map, pagingDialect)
    .map(body => decode(fuse_famfs_fmap_page, body))
    .find((_, i, all) => (i === 0 ? 0n : all[i - 1]?.next_offset) === offset)
  if (page === undefined) return encodeReply({ opcode: 'GET_FMAP', header: { ...header, error: -EINVAL } }, { dialect: pagingDialect })
  return encodeReply({ opcode: 'GET_FMAP', header, body: page }, { dialect: pagingDialect })
}

/** open(2) of such a file, and a read near its end: what goes over the wire, and what the kernel makes of it. */
export function* demonstration(extents: number): Generator<string> {
  const map = scattered(extents)
  let now = step(conversation({ dialect: pagingDialect, settled: {}, names }), { event: 'open', node: 3n })
  for (let request = requestIn(now.effects); request !== undefined; request = requestIn(now.effects)) {
    const reply = serve(request.bytes, map)
    yield `${opcodeName(request.opcode, pagingDialect)} of ${request.bytes.length} bytes, answered with ${reply.length}`
    now = step(now.state, { event: 'write', bytes: reply })
  }
  for (const effect of now.effects)
    if (effect.effect === 'mapped') yield `a map of ${effect.map.extents.length} extents, ${effect.map.file_size} bytes`
    else if (effect.effect === 'opened') yield `open(2): errno ${effect.errno}`
  const { effects } = step(now.state, { event: 'access', op: 'read', node: 3n, offset: map.file_size - 4n, length: 100n })
  for (const effect of effects)
    if (effect.effect === 'accessed') yield `read: ${effect.bytes} bytes at 0x${effect.pieces[0]?.offset.toString(16)}`
}

const requestIn = (effects: readonly Effect[]) => effects.find(effect => effect.effect === 'request')

if (process.argv[1] === fileURLToPath(import.meta.url)) for (const line of demonstration(400)) console.log(line)
