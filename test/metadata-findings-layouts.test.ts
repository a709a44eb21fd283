/** Findings in every layout, and in images of which little is left. */
import { expect, it } from 'vitest'
import { crc32 } from '../src/codec/crc32.ts'
import { crcFault } from '../src/metadata/findings/crc.ts'
import { imageFindings, imageFindingsNow } from '../src/metadata/findings/index.ts'
import { openImage, openImageNow } from '../src/metadata/image.ts'
import { filled } from '../src/metadata/source.ts'
import { mediaLayouts } from '../src/uapi/famfs/layouts/index.ts'
import { type Case, goldenCases } from './metadata-golden.ts'
import { entryAt, sealEntry } from './metadata-made.ts'

const cases = [...goldenCases('v48'), ...goldenCases('older')]
const caseNamed = (name: string): Case => cases.find(c => c.name === name) as Case
const basic = caseNamed('v48/good-basic')
const area = (bytes: Uint8Array, size: number) => filled(bytes, size)

/** The log of a case with other bytes in it, and its entries of today's layout sealed anew. */
function edited(name: string, edit: (view: DataView, bytes: Uint8Array) => void, sealed: readonly number[] = []) {
  const { superblock, log } = caseNamed(name)
  const bytes = log.slice()
  const view = new DataView(bytes.buffer)
  edit(view, bytes)
  for (const index of sealed) sealEntry({ bytes, view }, index)
  return imageFindingsNow(openImageNow({ superblock: area(superblock, 0x200000), log: area(bytes, 8 << 20) }))
}

it.each(mediaLayouts)('an image of today read as $id is not sound, but is read', ({ id }) => {
  const source = { superblock: area(basic.superblock, 0x200000), log: area(basic.log, 8 << 20) }
  const found = imageFindingsNow(openImageNow(source, { layout: id }))
  expect(found.length === 0).toBe(/^L24$/.test(id))
  for (const { path, area: part, entry } of found) if (part === 'log' && entry !== undefined) expect(path).toMatch(/^entries\[\d+\]/)
})

it('an image of 2023 with slots that are out of order', () => {
  const { superblock, log } = caseNamed('older/v42-L06-sb120-le320')
  const bytes = log.slice()
  const { size } = { size: 40 }
  bytes[size] = 7
  const found = imageFindingsNow(openImageNow({ superblock: area(superblock, 0x200000), log: area(bytes, 8 << 20) }))
  expect(found.map(f => f.rule)).toContain('log/seqnum')
})

it('the layouts of the first day have neither sizes nor extents to object to', () => {
  const [l00, l01] = ['L00', 'L01'].map(layout => {
    const bytes = new Uint8Array(40 + 2 * (layout === 'L00' ? 104 : 296))
    const view = new DataView(bytes.buffer)
    view.setBigUint64(24, 100n, true)
    view.setBigUint64(32, 1n, true)
    view.setBigUint64(40, 99n, true)
    const log = { superblock: area(basic.superblock, 0x200000), log: area(bytes, bytes.length) }
    return imageFindingsNow(openImageNow(log, { layout })).map(f => f.rule)
  })
  expect([l00, l01].map(rules => rules?.includes('log/no-extents'))).toEqual([false, true])
  expect(l01).not.toContain('log/size-zero')
})

it.each([121, 122, 124, 127])('padding that has more than one part: byte %i of an entry of 2024', at => {
  const { superblock, log } = caseNamed('older/v47-L15-sb184-le368')
  const bytes = log.slice()
  const entry = 48 + 368
  bytes[entry + at] = 7
  new DataView(bytes.buffer).setUint32(entry + 360, crc32(bytes, entry, entry + 360), true)
  const found = imageFindingsNow(openImageNow({ superblock: area(superblock, 0x200000), log: area(bytes, 8 << 20) }))
  expect(found.filter(f => f.entry === 1).map(f => [f.rule, f.offset - entry, f.length])).toEqual([['log/stale', at, 128 - at]])
})

it('a log without its header', async () => {
  const source = { superblock: area(basic.superblock, 0x200000), log: new Uint8Array(40) }
  const found = imageFindingsNow(openImageNow(source))
  expect(found.map(f => [f.rule, f.offset])).toEqual([['log/cut', 0]])
  expect(found[0]?.message).toMatch('48 bytes')
  expect(await imageFindings(await openImage(source))).toEqual(found)
})

it('one flipped bit in the header of the log', () => {
  const found = edited('v48/good-basic', view => view.setUint8(17, view.getUint8(17) ^ 4))
  expect(found.filter(f => f.rule === 'log/flipped-bit').map(f => [f.offset, f.path])).toEqual([[17, 'famfs_log_last_index']])
})

it('a sum that is wrong in its high half and its low half has no bit to blame', () => {
  expect(crcFault(0x1_0000_0003n, 0n, 24).bit).toBeUndefined()
  expect(crcFault(3n, 0n, 24).bit).toBeUndefined()
})

it('more damaged entries than are kept', () => {
  const found = edited('v48/good-big-10000', (_, bytes) => {
    for (let i = 0; i < 30; i++) bytes[entryAt(i) + 300] = 0x5a
  })
  expect(found.find(f => f.rule === 'log/entry-crc' && f.more !== undefined)?.more).toBe(10)
})

it('damaged entries without a path, and of no kind', () => {
  const found = edited('v48/good-basic', view => {
    view.setUint8(entryAt(0) + 28, 0)
    view.setUint32(entryAt(1) + 8, 3, true)
  })
  expect(found.map(f => f.rule)).toContain('log/entry-crc')
})

it('an extent behind the end of a device that an entry adds', () => {
  const found = edited('v48/good-add-daxdev', view => view.setBigUint64(entryAt(3) + 136 + 24 + 8, 8n << 30n, true), [3])
  expect(found.filter(f => f.severity === 'error').map(f => [f.rule, f.path])).toEqual([
    ['log/extent-beyond', 'entries[3].famfs_fm.fm_fmap.se[1].se_offset'],
  ])
  expect(found.find(f => f.rule === 'log/extent-beyond')?.message).toMatch('device 1')
})

it('a device is known by the entry that added it first', () => {
  const found = edited('v48/good-add-daxdev', view => view.setUint32(entryAt(5) + 40, 1, true), [5])
  expect(found.filter(f => f.severity === 'error')).toEqual([])
})

it('a strip on a device that nobody added is named by its place in the list', () => {
  const found = edited('v48/good-add-daxdev', view => view.setBigUint64(entryAt(4) + 152 + 24, 1n << 40n, true), [4])
  expect(found.filter(f => f.severity === 'error').map(f => [f.rule, f.path, f.offset - entryAt(4)])).toEqual([
    ['log/device-unknown', 'entries[4].famfs_fm.fm_fmap.ie[0].ie_strips[1].se_devindex', 176],
  ])
})
