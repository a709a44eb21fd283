/** Images in other layouts: every golden image into every layout that is built, and what is not carried. */
import { describe, expect, test } from 'vitest'
import {
  type Converted,
  convertImage,
  createImage,
  entriesNow,
  entryAtNow,
  type Image,
  imageFindingsNow,
  layoutById,
  mediaLayouts,
  type NewEntry,
  openImageNow,
  replayNow,
  requestOfEntry,
  shapeOf,
  walk,
} from '../src/metadata/index.ts'
import { type Case, goldenCases } from './metadata-golden.ts'

const MIB = 2 ** 20
const SYSTEM = '01234567-89ab-cdef-0123-456789abcdef'

/** Layouts that are built; a device of 4 GiB has no place in those of 32-bit hosts. */
const built = mediaLayouts.filter(l => l.wordSize === 64 && l.version >= (layoutById('L10')?.version ?? 0n)).map(l => l.id)

const opened = ({ superblock, log }: Case): Image => openImageNow({ superblock, log })

/** Superblock and log as they would be on the device. */
function open({ image }: Converted, layout: string): Image {
  const log = new Uint8Array(Math.min(image.logLength, 16 * MIB))
  log.set(image.log)
  return openImageNow({ superblock: image.superblock, log }, { layout })
}

/** Everything that the files and directories of an image are, whatever its layout. */
function treeOf(image: Image): unknown[] {
  return [...walk(replayNow(image))].map(({ path, kind, entry, ...node }) => {
    const request = requestOfEntry(entryAtNow(image, entry)) as Extract<NewEntry, { kind: 'file' }>
    const map = request.map?.ext_type === 'interleaved' ? request.map.extents.map(({ nbytes: _, ...group }) => group) : request.map
    return [Buffer.from(path).toString('hex'), kind, node.size, node.mode, node.uid, node.gid, request.flags, map]
  })
}

const good = [...goldenCases('v48'), ...goldenCases('older')].filter(
  c => !/v48\//.test(c.name) || (/\/good-/.test(c.name) && c.manifest.log_file.file === 'log.bin'),
)

describe('every good golden image', () => {
  test.each(good.map(c => [c.name, c] as const))(
    '%s: into every layout, with the same files, or with what is missing named',
    async (_, c) => {
      const image = opened(c)
      const before = treeOf(image)
      for (const layout of built) {
        const converted = await convertImage(image, { layout })
        const after = treeOf(open(converted, layout))
        const missing = new Set(converted.notCarried.flatMap(({ path }) => (path === undefined ? [] : [Buffer.from(path).toString('hex')])))
        expect(after).toEqual(before.filter(node => !missing.has((node as [string])[0])))
        for (const { why } of converted.notCarried) expect(why).toMatch(/layout L|an entry of type|room for \d+, not|no size/)
      }
    },
  )

  test.each(good.filter(c => c.name.startsWith('v48/')).map(c => [c.name, c] as const))(
    '%s: into its own layout gives its own bytes',
    async (_, c) => {
      const image = opened(c)
      const { image: same, notCarried } = await convertImage(image, { layout: image.layout.id })
      expect(notCarried).toEqual([])
      expect(Buffer.compare(same.log, c.log.subarray(0, same.log.length))).toBe(0)
      const { crc } = shapeOf(image.layout).superblock
      expect(Buffer.compare(same.superblock.subarray(0, crc + 8), c.superblock.subarray(0, crc + 8))).toBe(0)
    },
  )

  test.each(good.filter(c => c.name.startsWith('v48/')).map(c => [c.name, c] as const))(
    '%s: there and back is the same log, where nothing was missing',
    async (_, c) => {
      const image = opened(c)
      for (const layout of built) {
        const there = await convertImage(image, { layout })
        if (there.notCarried.length > 0) continue
        const back = await convertImage(open(there, layout), { layout: image.layout.id })
        expect(back.notCarried).toEqual([])
        expect(Buffer.compare(back.image.log, c.log.subarray(0, back.image.log.length))).toBe(0)
      }
    },
  )
})

describe('what a layout has no place for', () => {
  const extent = (i: number, dev_index = 0) => ({ dev_index, offset: BigInt((10 + 2 * i) * MIB), len: BigInt(2 * MIB) })
  const simple = (n: number) => ({ ext_type: 'simple', extents: Array.from({ length: n }, (_, i) => extent(i)) }) as const
  const strips = [extent(40), extent(41)]
  const striped = { ext_type: 'interleaved', extents: [{ nstrips: 2, chunk_size: 4096, nbytes: BigInt(4 * MIB), strips }] } as const

  function imageOf(entries: readonly NewEntry[], layout = 'L24'): Image {
    const made = createImage({ deviceSize: 2 ** 32, systemUuid: SYSTEM, layout, entries, unchecked: true })
    const log = new Uint8Array(8 * MIB)
    log.set(made.log)
    return openImageNow({ superblock: made.superblock, log })
  }

  const file = (path: string, map: NewEntry extends infer E ? (E extends { map?: infer M } ? M : never) : never): NewEntry =>
    ({ kind: 'file', path, size: 1, map }) as NewEntry

  test.each([
    ['L10', 'interleaved', 'files of layout L10 have simple extents only', file('f', striped)],
    ['L20', 'nine', 'an entry of layout L20 has room for 8, not 9', file('f', simple(9))],
    ['L12', 'device', 'extents of layout L12 are all on device 0', file('f', { ext_type: 'simple', extents: [extent(1, 1)] })],
    ['L23', 'daxdev', 'layout L23 has no entry of type add_daxdev', { kind: 'add_daxdev', size: 1, uuid: SYSTEM } as NewEntry],
  ] as const)('%s: %s is named, and the rest goes on', async (layout, _, why, request) => {
    const image = imageOf([{ kind: 'mkdir', path: 'before' }, request, { kind: 'mkdir', path: 'after' }])
    const converted = await convertImage(image, { layout })
    const path = request.kind === 'file' ? { path: Uint8Array.from(Buffer.from('f')) } : {}
    expect(converted.notCarried).toEqual([{ index: 1, ...path, why }])
    const after = open(converted, layout)
    expect([...walk(replayNow(after))].map(n => Buffer.from(n.path).toString())).toEqual(['after', 'before'])
    expect(imageFindingsNow(after).filter(f => f.severity === 'error')).toEqual([])
    expect([...entriesNow(after)].map(e => e.faults)).toEqual([[], []])
  })

  test('a log with more entries than the other layout has slots for', async () => {
    const image = imageOf(
      Array.from({ length: 15_420 }, (_, i) => ({ kind: 'mkdir', path: `d${i}` }) as const),
      'L24',
    )
    const { notCarried, image: made } = await convertImage(image, { layout: 'L22' })
    expect(made.entries).toBe(9039)
    expect(notCarried).toHaveLength(15_420 - 9039)
    expect(notCarried[0]).toMatchObject({ index: 9039, why: 'the log is full: all of its 9039 slots are in use' })
  })

  test('damaged entries, and types that nobody writes', async () => {
    const cases = goldenCases('v48').filter(c =>
      ['v48/le-bad-crc', 'v48/le-type-delete', 'v48/le-type-99', 'v48/ext-17', 'v48/ext-type-2'].includes(c.name),
    )
    const whys = await Promise.all(
      cases.map(async c => [c.name.slice(4), (await convertImage(opened(c), { layout: 'L24' })).notCarried.map(n => n.why)]),
    )
    expect(Object.fromEntries(whys)).toEqual({
      'ext-17': ['17 extents, of which 16 are in the entry'],
      'ext-type-2': ['a map of type 2'],
      'le-bad-crc': ['its crc is wrong'],
      'le-type-99': ['an entry of type 99 (unknown)'],
      'le-type-delete': ['an entry of type 2 (delete)'],
    })
  })

  test('fields of the superblock that come or go are said', async () => {
    const image = imageOf([])
    expect((await convertImage(image, { layout: 'L12' })).changed).toEqual(['layout L12 has no ts_dev_uuid'])
    const older = imageOf([], 'L12')
    expect((await convertImage(older, { layout: 'L24' })).changed).toEqual(['ts_dev_uuid is new, layout L12 has none'])
    const made = createImage({ deviceSize: 2 ** 32, allocUnit: 4096 })
    const small = openImageNow({ superblock: made.superblock, log: made.log })
    expect((await convertImage(small, { layout: 'L24' })).changed).toEqual([])
    expect((await convertImage(small, { layout: 'L13' })).changed).toEqual(['the allocation unit is 2097152, no longer 4096'])
  })

  test('layouts that are not built', async () => {
    await expect(convertImage(imageOf([]), { layout: 'L09' })).rejects.toThrow(/from L10 on/)
    await expect(convertImage(imageOf([]), { layout: 'L99' })).rejects.toThrow(/no layout L99/)
  })

  test('the bytes of the files are named once, and nothing else', async () => {
    const image = imageOf([file('a', simple(3)), file('b', striped), file('c', { ext_type: 'simple', extents: [extent(2), extent(0, 1)] })])
    const { data } = await convertImage(image, { layout: 'L24' })
    expect(data.map(([start, end]) => [Number(start) / MIB, Number(end) / MIB])).toEqual([
      [10, 16],
      [90, 94],
    ])
    const odd = imageOf([
      file('log', { ext_type: 'simple', extents: [{ dev_index: 0, offset: 0n, len: BigInt(12 * MIB) }] }),
      file('far', { ext_type: 'simple', extents: [{ dev_index: 0, offset: 2n ** 32n - 5n, len: 2n ** 60n }] }),
    ])
    expect((await convertImage(odd, { layout: 'L24' })).data).toEqual([
      [BigInt(10 * MIB), BigInt(12 * MIB)],
      [2n ** 32n - 5n, 2n ** 32n],
    ])
  })
})
