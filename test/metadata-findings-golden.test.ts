/** Findings about every image of the C reference: no false alarm on good ones, and on the others the planted fault, at its byte. */
import { describe, expect, it } from 'vitest'
import { type ImageFinding, imageFindings, imageFindingsNow } from '../src/metadata/findings/index.ts'
import { type Image, openImage, openImageNow } from '../src/metadata/image.ts'
import { shapeOf } from '../src/metadata/shape.ts'
import { type Area, filled } from '../src/metadata/source.ts'
import { type Case, goldenCases } from './metadata-golden.ts'

const cases = [...goldenCases('v48'), ...goldenCases('older')]

/**
 * All that is found: severity, rule, and the byte - in the superblock (`sb`), in the log's header (`log`), or in the entry of that number.
 */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'v48/bad-killed': ['e superblock/magic@sb+0', 'e superblock/crc@sb+96'],
  'v48/ext-1000': ['e log/too-many-extents@2+128'],
  'v48/ext-17': ['e log/too-many-extents@2+128'],
  'v48/ext-17-more-entries': ['e log/too-many-extents@2+128'],
  'v48/ext-beyond-by-1600m': ['e log/extent-beyond@2+144'],
  'v48/ext-beyond-device': ['e log/extent-beyond@2+144'],
  'v48/ext-devindex-1': ['e log/device-unknown@2+136'],
  'v48/ext-far-beyond': ['e log/extent-beyond@2+144'],
  'v48/ext-in-log': ['e log/extent-metadata@2+144'],
  'v48/ext-len-0': ['e log/size-beyond-map@2+16', 'e log/extent-empty@2+152'],
  'v48/ext-len-2p63': ['e log/extent-beyond@2+144'],
  'v48/ext-len-max': ['e log/extent-wraps@2+144', 'e log/extent-length@2+152'],
  'v48/ext-max': ['e log/too-many-extents@2+128'],
  'v48/ext-none': ['e log/no-extents@2+128', 'n log/stale@2+146'],
  'v48/ext-odd-len': ['e log/size-beyond-map@2+16', 'e log/extent-length@2+152'],
  'v48/ext-overlap-files': ['e log/extent-overlap@2+144'],
  'v48/ext-overlap-self': ['e log/extent-overlap@3+168'],
  'v48/ext-same': ['e log/extent-overlap@2+144'],
  'v48/ext-second-at-0': ['e log/extent-metadata@3+168'],
  'v48/ext-shorter-than-size': ['e log/size-beyond-map@2+16'],
  'v48/ext-straddles-end': ['e log/extent-beyond@2+144'],
  'v48/ext-type-2': ['e log/extent-type@2+120'],
  'v48/ext-unaligned-len': ['e log/extent-length@2+152'],
  'v48/ext-unaligned-offset': ['e log/extent-unaligned@2+144'],
  'v48/ext-wraps': ['e log/extent-wraps@2+144'],
  'v48/good-add-daxdev': ['n log/daxdev-uuid@5+24', 'n log/daxdev-index@6+40', 'n log/daxdev-index@7+40'],
  'v48/good-alloc-full-new-session': [],
  'v48/good-alloc-holes': [],
  'v48/good-alloc-unit-4k': [],
  'v48/good-basic': [],
  'v48/good-big-10000': [],
  'v48/good-devname-63': ['n superblock/device-name@sb+136'],
  'v48/good-fresh-10000000': ['n superblock/log-length-unusual@sb+24'],
  'v48/good-fresh-16m': [],
  'v48/good-fresh-256m': [],
  'v48/good-fresh-2m': ['n superblock/log-length-unusual@sb+24'],
  'v48/good-fresh-4k': ['n superblock/log-length-unusual@sb+24'],
  'v48/good-fresh-64k': ['n superblock/log-length-unusual@sb+24'],
  'v48/good-fresh-8m': [],
  'v48/good-fresh-over-garbage': [
    'n superblock/stale@sb+104',
    'n superblock/stale@sb+108',
    'n superblock/stale@sb+120',
    'n superblock/stale@sb+200',
  ],
  'v48/good-full-64k': ['n superblock/log-length-unusual@sb+24'],
  'v48/good-full-8m': [],
  'v48/good-interleaved': ['n log/chunk-unit@6+144'],
  'v48/good-long-names-by-writer': [
    'n log/path-full@2+40',
    'n log/path-full@3+28',
    'n log/path-full@4+40',
    'n log/path-full@5+28',
    'n log/path-full@6+40',
    'n log/path-full@7+28',
  ],
  'v48/good-multi-extent': [],
  'v48/good-paths': ['n log/path-full@1+40', 'n log/path-control@12+40', 'n log/path-control@13+40'],
  'v48/il-chunk-1': ['e log/chunk-page@3+144'],
  'v48/il-chunk-3m': ['e log/chunk-power@3+144', 'n log/chunk-unit@3+144', 'e log/strip-short@3+168'],
  'v48/il-chunk-4g': ['e log/chunk-wide@3+144', 'e log/strip-short@3+168'],
  'v48/il-devindexes': ['e log/device-unknown@3+176', 'e log/device-unknown@3+200', 'e log/device-unknown@3+224'],
  'v48/il-good': [],
  'v48/il-niext-0': ['e log/interleaved-count@3+128'],
  'v48/il-niext-2': ['e log/interleaved-count@3+128'],
  'v48/il-nstrips-0': ['e log/strip-count@3+136', 'n log/stale@3+162'],
  'v48/il-nstrips-17': ['e log/strip-count@3+136'],
  'v48/il-nstrips-200': ['e log/strip-count@3+136'],
  'v48/il-nstrips-2p32-4': ['e log/strip-count@3+136'],
  'v48/il-strip-in-log': ['e log/extent-metadata@3+208'],
  'v48/il-strip-len-differs': ['w log/strips-unequal@3+192'],
  'v48/il-strip-offset-0': ['e log/extent-metadata@3+208'],
  'v48/le-bad-crc': ['e log/entry-crc@1+536', 'n log/flipped-bit@1+536'],
  'v48/le-bit-flip': ['n log/flipped-bit@1+16', 'e log/entry-crc@1+536'],
  'v48/le-crc-high-bit': ['e log/entry-crc@1+536', 'n log/flipped-bit@1+540'],
  'v48/le-first-bad': ['e log/entry-crc@0+536', 'n log/flipped-bit@0+536'],
  'v48/le-padding-flip': ['n log/flipped-bit@0+12', 'e log/entry-crc@0+536'],
  'v48/le-seqnum-high-bit': ['e log/seqnum@2+0'],
  'v48/le-type-99': ['e log/type@1+8'],
  'v48/le-type-delete': ['w log/type-unhandled@1+8'],
  'v48/le-type-invalid': ['w log/type-unhandled@1+8'],
  'v48/le-type-max': ['e log/type@1+8'],
  'v48/lh-bad-magic-resealed': ['e log/magic@log+0'],
  'v48/lh-full-plus-1': ['n superblock/log-length-unusual@sb+24', 'e log/next-seqnum@log+32', 'e log/next-index-beyond@log+40'],
  'v48/lh-last-index-1-resealed': ['e log/last-index@log+16', 'e log/next-index-beyond@log+40'],
  'v48/lh-len-changed': ['e log/length@log+8', 'e log/last-index@log+16', 'e log/header-crc@log+24'],
  'v48/lh-next-index-beyond': ['e log/next-seqnum@log+32', 'e log/next-index-beyond@log+40', 'e log/next-index-unwritten@log+40'],
  'v48/lh-next-index-minus-1': ['e log/next-seqnum@log+32', 'w log/next-index-short@log+40'],
  'v48/lh-next-index-plus-1': ['e log/next-seqnum@log+32', 'e log/next-index-unwritten@log+40'],
  'v48/odd-alloc-4k-overlap': ['e log/extent-overlap@1+144', 'e log/extent-overlap@2+144'],
  'v48/odd-alloc-past-end-one-session': ['e log/extent-beyond@2+144'],
  'v48/odd-devname-70': ['n superblock/device-name@sb+136'],
  'v48/odd-fresh-48': ['n superblock/log-length-unusual@sb+24', 'e log/no-room@log+8'],
  'v48/odd-fresh-591': ['n superblock/log-length-unusual@sb+24', 'e log/no-room@log+8'],
  'v48/odd-fresh-592': ['n superblock/log-length-unusual@sb+24'],
  'v48/odd-replay-order': [
    'e log/parent-missing@0+40',
    'e log/parent-missing@1+28',
    'n log/directory-again@3+28',
    'e log/path-duplicate@5+40',
    'e log/kind-clash@6+40',
    'e log/kind-clash@7+28',
    'e log/parent-not-directory@8+40',
    'n log/path-spelling@9+40',
    'e log/parent-missing@9+40',
    'n log/path-spelling@10+40',
    'n log/path-spelling@11+40',
    'n log/path-spelling@12+40',
    'e log/kind-clash@12+40',
    'e log/parent-missing@13+40',
  ],
  'v48/path-absolute-file': ['e log/path-absolute@2+40'],
  'v48/path-absolute-mkdir': ['e log/path-absolute@0+28', 'e log/parent-missing@1+40'],
  'v48/path-control-chars': ['n log/path-control@2+40'],
  'v48/path-dot-file': ['e log/path-root@2+40', 'n log/stale@2+42'],
  'v48/path-dotdot-inside-file': ['e log/path-escape@2+40'],
  'v48/path-empty-file': ['e log/path-empty@2+40'],
  'v48/path-empty-mkdir': ['e log/path-empty@0+28', 'e log/parent-missing@1+40'],
  'v48/path-junk-after-nul': ['n log/stale@2+45'],
  'v48/path-meta-log': ['w log/path-meta@2+40'],
  'v48/path-not-utf8': ['e log/path-not-utf8@2+40'],
  'v48/path-unterminated-interleaved': ['e log/path-unterminated@3+40'],
  'v48/path-unterminated-mkdir-tail': ['e log/path-unterminated@0+28', 'n log/stale@0+108', 'e log/parent-missing@1+40'],
  'v48/path-unterminated-simple': ['e log/path-unterminated@2+40'],
  'v48/sb-bad-crc': ['e superblock/crc@sb+96', 'n superblock/flipped-bit@sb+96'],
  'v48/sb-crc-high-bit': ['e superblock/crc@sb+96', 'n superblock/flipped-bit@sb+100'],
  'v48/sb-devname-unterminated': ['n superblock/device-name@sb+136'],
  'v48/sb-devsize-0': ['e superblock/device-size@sb+112'],
  'v48/sb-devsize-16m': ['w superblock/device-small@sb+112'],
  'v48/sb-devsize-8m': ['e superblock/device-size@sb+112'],
  'v48/sb-log-len-bigger': ['e superblock/log-length@sb+24'],
  'v48/sb-log-len-smaller': ['n superblock/log-length-unusual@sb+24', 'e superblock/log-length@sb+24'],
  'v48/sb-log-offset-4m': ['e superblock/log-offset@sb+16'],
  'v48/sb-magic-fe-resealed': ['e superblock/magic@sb+0'],
  'v48/sb-magic-high-bit': ['e superblock/magic@sb+0'],
  'v48/sb-magic-old-resealed': ['e superblock/magic@sb+0'],
  'v48/sb-omf-major-3': ['w superblock/omf@sb+40'],
  'v48/sb-padding-dirty': ['n superblock/stale@sb+108', 'n superblock/stale@sb+200'],
  'v48/sb-uuid-flipped': ['n superblock/flipped-bit@sb+51', 'e superblock/crc@sb+96'],
  'v48/sb-version-47': ['w superblock/version-old@sb+8', 'w superblock/layout@sb+8'],
  'v48/sb-version-47-bad-crc': ['w superblock/version-old@sb+8', 'w superblock/layout@sb+8', 'e superblock/crc@sb+96'],
  'v48/sb-version-49': ['e superblock/version-unknown@sb+8'],
  'older/v42-L06-sb120-le320': ['w superblock/version-old@sb+8', 'w log/last-index-early@log+32'],
  'older/v45-L08-sb136-le328': ['w superblock/version-old@sb+8', 'w log/last-index-early@log+16'],
  'older/v45-L09-sb168-le328': ['w superblock/version-old@sb+8', 'w log/last-index-early@log+16'],
  'older/v46-L10-sb168-le328': ['w superblock/version-old@sb+8'],
  'older/v46-L10RFC-sb168-le328': ['w superblock/version-old@sb+8', 'w log/last-index-early@log+16'],
  'older/v46-L11-sb168-le288': ['w superblock/version-old@sb+8'],
  'older/v46-L12-sb168-le288': ['w superblock/version-old@sb+8'],
  'older/v47-L13-sb184-le352': ['w superblock/version-old@sb+8'],
  'older/v47-L15-sb184-le368': ['w superblock/version-old@sb+8'],
  'older/v47-L16-sb200-le368': ['w superblock/version-old@sb+8'],
  'older/v47-L17-sb192-le368': ['w superblock/version-old@sb+8'],
  'older/v47-L18-sb200-le368': ['w superblock/version-old@sb+8'],
  'older/v47-L20-sb200-le352': ['w superblock/version-old@sb+8'],
  'older/v47-L21-sb200-le544': ['w superblock/version-old@sb+8'],
  'older/v47-L22-sb200-le928': ['w superblock/version-old@sb+8'],
  'older/v47-L23-sb200-le544': ['w superblock/version-old@sb+8'],
}

const areas = ({ manifest, superblock, log }: Case) => ({
  superblock: filled(superblock, manifest.superblock_file.original_bytes, Number(manifest.superblock_file.remaining_bytes_all)),
  log: filled(log, manifest.log_file.original_bytes, Number(manifest.log_file.remaining_bytes_all)),
})

/** One that makes one wait, and may be written by others. */
const slow = ({ size, read }: Area): Area => ({ size, read: async (offset, length) => read(offset, length) })

function short({ layout }: Image, { severity, rule, area, entry, offset }: ImageFinding): string {
  const { header, entry: slot } = shapeOf(layout)
  const start = entry === undefined ? 0 : header.size + entry * slot.size
  const where = area === 'superblock' ? 'sb' : (entry ?? 'log')
  return `${severity[0]} ${rule}@${where}+${offset - start}`
}

it('the table has every case', () => {
  expect(Object.keys(EXPECTED).sort()).toEqual(cases.map(c => c.name).sort())
})

it.each(cases)('$name', c => {
  const image = openImageNow(areas(c))
  expect(imageFindingsNow(image).map(f => short(image, f))).toEqual(EXPECTED[c.name])
})

it.each(cases.filter(c => c.name.includes('/good-')))('$name has neither errors nor warnings', c => {
  expect(imageFindingsNow(openImageNow(areas(c))).filter(f => f.severity !== 'note')).toEqual([])
})

describe('what was planted', () => {
  /** Mutations of bytes that readers may ignore, where a note is all there is to say. */
  const HARMLESS = ['path-control-chars', 'path-junk-after-nul', 'sb-devname-unterminated', 'sb-padding-dirty']
  /** Not mutated, or the base of mutations. */
  const WHOLE = ['il-good']
  const mutated = cases.filter(c => /^v48\/(?!good-|odd-)/.test(c.name) && !WHOLE.some(name => c.name.endsWith(name)))

  it.each(mutated)('$name is an error or a warning, or a note where it does no harm', c => {
    const severities = imageFindingsNow(openImageNow(areas(c))).map(f => f.severity)
    const harmless = HARMLESS.some(name => c.name.endsWith(name))
    expect(severities.some(s => harmless || s !== 'note')).toBe(true)
    expect(severities.length).toBeGreaterThan(0)
  })
})

it.each(cases)('$name says the same when it is read with waiting', async c => {
  const { superblock, log } = areas(c)
  const image = await openImage({ superblock: slow(superblock), log: slow(log) })
  expect(await imageFindings(image)).toEqual(imageFindingsNow(openImageNow(areas(c))))
})

it('a device has its log behind the superblock, and offsets count from its first byte', () => {
  const found = cases.find(c => c.name === 'v48/ext-none') as Case
  const device = new Uint8Array(0x200000 + found.log.length)
  device.set(found.superblock)
  device.set(found.log, 0x200000)
  const area = filled(device, 2 ** 32)
  const [first] = imageFindingsNow(openImageNow(area))
  expect(first).toEqual({
    rule: 'log/no-extents',
    severity: 'error',
    area: 'log',
    offset: 0x200000 + 1264,
    length: 4,
    entry: 2,
    path: 'entries[2].famfs_fm.fm_fmap.fmap_nextents',
    file: 'file1',
    message: 'there are no extents',
  })
})
