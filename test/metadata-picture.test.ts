/** The picture of a device: every byte stands in it once, as what it is, and nothing can make it large. */
import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createImage,
  filled,
  type NewEntry,
  openImageNow,
  type Replay,
  renderImageSvg,
  renderImageSvgNow,
  replayNow,
} from '../src/metadata/index.ts'
import { type Box, boxesOf, SLOTS } from '../src/metadata/picture/boxes.ts'
import type { DeviceView } from '../src/metadata/picture/devices.ts'
import { FREE, LOG, type Parts, partsOf, SUPERBLOCK } from '../src/metadata/picture/parts.ts'
import { rowsOf } from '../src/metadata/picture/rows.ts'
import { addExtent, noExtents } from '../src/metadata/replay/extents.ts'
import { goldenCases } from './metadata-golden.ts'
import { golden } from './metadata-images.ts'
import { wellFormed } from './svg.ts'

const MIB = 2 ** 20
const GIB = 2 ** 30

/** Extents on device 0, one file each. */
function replayOf(list: readonly (readonly [start: number, length: number])[]): Replay {
  const extents = noExtents()
  for (const [i, [start, length]] of list.entries()) addExtent(extents, i, 0, start, start + length)
  return { extents } as Replay
}

const device = (size: number, meta: DeviceView['meta'] = []): DeviceView => ({ index: 0, name: '', size, unit: 16, meta })

const listed = (parts: Parts): (readonly [start: number, end: number, depth: number, owner: number, other: number])[] =>
  Array.from({ length: parts.count }, (_, i) => [
    parts.start[i] as number,
    parts.start[i + 1] as number,
    parts.depth[i] as number,
    parts.owner[i] as number,
    parts.other[i] as number,
  ])

const someExtents = fc.array(fc.tuple(fc.nat(200), fc.integer({ min: 1, max: 60 })), { maxLength: 12 })

describe('parts', () => {
  it('superblock, log, a file, free space', () => {
    const meta = [
      { start: 0, end: 2, owner: SUPERBLOCK },
      { start: 2, end: 10, owner: LOG },
    ]
    expect(listed(partsOf(replayOf([[12, 4]]), device(30, meta)))).toEqual([
      [0, 2, 1, SUPERBLOCK, FREE],
      [2, 10, 1, LOG, FREE],
      [10, 12, 0, FREE, FREE],
      [12, 16, 1, 0, FREE],
      [16, 30, 0, FREE, FREE],
    ])
  })

  it('overlaps, and what lies behind the end', () => {
    const list = [
      [0, 10],
      [4, 2],
      [5, 20],
    ] as const
    expect(listed(partsOf(replayOf(list), device(12)))).toEqual([
      [0, 4, 1, 0, FREE],
      [4, 5, 2, 0, 1],
      [5, 6, 3, 2, 1],
      [6, 10, 2, 2, 0],
      [10, 12, 1, 2, FREE],
      [12, 25, 1, 2, FREE],
    ])
  })

  it('nothing at all', () => {
    expect(listed(partsOf(replayOf([]), device(0)))).toEqual([])
  })

  it('are what counting byte by byte gives', () => {
    fc.assert(
      fc.property(someExtents, fc.nat(150), (list, size) => {
        const parts = listed(partsOf(replayOf(list), device(size)))
        const end = Math.max(size, ...list.map(([start, length]) => start + length))
        expect(parts.map(([start]) => start)).toEqual([0, ...parts.map(([, stop]) => stop)].slice(0, parts.length))
        expect(parts.at(-1)?.[1] ?? 0).toBe(end)
        for (const [start, stop, depth, owner, other] of parts) {
          if (start < size) expect(stop).toBeLessThanOrEqual(size)
          for (let at = start; at < stop; at++) {
            const here = list.flatMap(([first, length], i) => (first <= at && at < first + length ? [i] : []))
            expect(depth).toBe(here.length)
            if (depth > 0) expect(here).toContain(owner)
            if (depth === 2) expect([...here].sort()).toEqual([owner, other].sort())
            if (other !== FREE) expect(here.filter(i => i !== owner)).toContain(other)
          }
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('rows', () => {
  it('have every byte once, and what they stand for is alike', () => {
    fc.assert(
      fc.property(someExtents, fc.nat(3000), fc.integer({ min: 1, max: 12 }), (list, size, most) => {
        const parts = partsOf(replayOf(list), device(size))
        const { span, rows } = rowsOf(parts, 1, most)
        const end = parts.start[parts.count] as number
        expect(rows.length).toBeLessThanOrEqual(most)
        expect(rows.map(row => row.start)).toEqual([0, ...rows.map(row => row.end)].slice(0, rows.length))
        expect(rows.at(-1)?.end ?? 0).toBe(end)
        for (const row of rows) {
          expect(Math.ceil((row.end - row.start) / span)).toBe(row.count)
          expect(parts.start[row.first]).toBeLessThanOrEqual(row.start)
          expect(parts.start[row.first + 1]).toBeGreaterThan(row.start)
          if (row.count > 1) expect(parts.start[row.first + 1]).toBeGreaterThanOrEqual(row.end)
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('boxes', () => {
  const used = (box: Box, parts: Parts): number => {
    if (box.kind === 'full') return box.used
    return parts.owner[box.part] === FREE ? 0 : box.end - box.start
  }

  it('fill their row, and count what is used, shared and behind the end', () => {
    fc.assert(
      fc.property(someExtents, fc.nat(200), (list, size) => {
        const replay = replayOf(list)
        const parts = partsOf(replay, device(size))
        const { span, rows } = rowsOf(parts, 16, 8)
        for (const row of rows) {
          const boxes = boxesOf(replay, parts, row, span)
          expect(boxes.map(box => box.start)).toEqual([row.start, ...boxes.map(box => box.end)].slice(0, boxes.length))
          expect(boxes.at(-1)?.end).toBe(row.end)
          const owned = listed(parts).reduce((sum, [start, end, depth]) => {
            return sum + (depth === 0 ? 0 : Math.max(0, Math.min(end, row.end) - Math.max(start, row.start)))
          }, 0)
          expect(boxes.reduce((sum, box) => sum + used(box, parts), 0)).toBe(owned)
          for (const box of boxes) if (box.kind === 'full') expect(box.end - box.start).toBeLessThanOrEqual(Math.ceil(span / SLOTS))
        }
      }),
      { numRuns: 300 },
    )
  })

  it('one narrow part alone is drawn, several in one place are counted', () => {
    const alone = replayOf([[100, 1]])
    const both = replayOf([
      [640, 1],
      [642, 1],
      [700, 40],
    ])
    const row = { start: 0, end: 1024, first: 0 }
    const kinds = (replay: Replay): string[] => boxesOf(replay, partsOf(replay, device(1024)), row, 1024).map(box => box.kind)
    expect(kinds(alone)).toEqual(['part', 'part', 'part'])
    expect(kinds(both)).toEqual(['part', 'full', 'part', 'part', 'part'])
    const [, full] = boxesOf(both, partsOf(both, device(1024)), row, 1024)
    expect(full).toEqual({ kind: 'full', start: 640, end: 656, used: 2, shared: 0, beyond: 0, files: [0, 1] })
  })
})

function replayed(entries: Iterable<NewEntry>, deviceSize: number | bigint = 4 * GIB, logLength = 8 * MIB): Replay {
  const { superblock, log } = createImage({ deviceSize, logLength, entries, unchecked: true })
  return replayNow(openImageNow({ superblock: filled(superblock, 2 * MIB), log: filled(log, logLength) }))
}

const file = (path: string | Uint8Array, offset: number, length: number, dev_index = 0): NewEntry => ({
  kind: 'file',
  path,
  size: length,
  map: { ext_type: 'simple', extents: [{ dev_index, offset: BigInt(offset), len: BigInt(length) }] },
})

function goldenReplay(name: string): Replay {
  const { superblock, log, manifest } = golden(name)
  return replayNow(openImageNow({ superblock: filled(superblock, 2 * MIB), log: filled(log, manifest.log_file.original_bytes) }))
}

const titles = (svg: string): string[] => [...svg.matchAll(/<g><title>([^<]*)<\/title>/g)].map(match => match[1] as string)

describe('the drawing', () => {
  it('names everything on the device with its exact range', () => {
    expect(titles(renderImageSvgNow(goldenReplay('v48/good-basic')))).toEqual([
      '0x0 to 0x4000000 (64 MiB): 16 MiB used, 2 files: &#34;dir0/file0&#34;, &#34;file1&#34;',
      'the log: 3 of 15420 slots in use',
      'superblock: 0x0 to 0x200000 (2 MiB)',
      'log: 0x200000 to 0x800000 (6 MiB)',
      'log: 0x800000 to 0xa00000 (2 MiB)',
      '&#34;dir0/file0&#34;: 0xa00000 to 0xe00000 (4 MiB)',
      '&#34;file1&#34;: 0xe00000 to 0x1000000 (2 MiB)',
      'free: 0x1000000 to 0x100000000 (4080 MiB)',
    ])
  })

  it('marks overlaps in the row, beside it, and in a list', () => {
    const svg = renderImageSvgNow(goldenReplay('v48/ext-overlap-files'))
    expect(titles(svg)).toContain('OVERLAP of &#34;dir0/file0&#34; and &#34;file1&#34;: 0xc00000 to 0xe00000 (2 MiB)')
    expect(svg).toContain('class="loud">OVERLAP</text>')
    expect(svg).toContain('class="loud">OVERLAP 0xc00000 to 0xe00000 (2 MiB): &#34;dir0/file0&#34; and &#34;file1&#34;</text>')
    expect(svg).toContain('1 OVERLAPPING')
  })

  it('marks what lies behind the end, and the end', () => {
    const svg = renderImageSvgNow(goldenReplay('v48/ext-beyond-device'))
    expect(titles(svg)).toContain('&#34;file1&#34;: 0x100000000 to 0x100200000 (2 MiB), BEYOND THE END of the device')
    expect(titles(svg)).toContain('end of the device: 0x100000000')
    expect(svg).toContain('class="loud">BEYOND</text>')
  })

  it('names strips, in the colour of their file', () => {
    const svg = renderImageSvgNow(goldenReplay('v48/il-good'))
    const strips = [...svg.matchAll(/<title>&#34;il&#34;, strip (\d) of 4: [^<]*<\/title><rect[^>]*fill="(#[0-9a-f]+)"/g)]
    expect([...new Set(strips.map(([, number]) => number))]).toEqual(['0', '1', '2', '3'])
    expect(new Set(strips.map(([, , fill]) => fill)).size).toBe(1)
  })

  it('says where entries are left out', () => {
    const svg = renderImageSvgNow(goldenReplay('v48/le-bad-crc'))
    expect(titles(svg)).toContain('entries that nothing came of')
    expect(svg).toContain('1 of 3 entries are not drawn')
  })

  it('has all devices, or one', () => {
    const replay = goldenReplay('v48/il-devindexes')
    const headings = (svg: string): string[] => [...svg.matchAll(/class="row">([^<]*)</g)].map(match => match[1] as string)
    expect(headings(renderImageSvgNow(replay))).toEqual([
      'device 0 · /dev/dax0.0 · 4 GiB',
      'device 1 · no entry adds it',
      'device 2 · no entry adds it',
      'device 3 · no entry adds it',
    ])
    expect(headings(renderImageSvgNow(replay, { device: 2 }))).toEqual(['device 2 · no entry adds it'])
    expect(headings(renderImageSvgNow(replay, { device: 0 }))).toEqual([])
  })

  it('no more devices than a table has', () => {
    const svg = renderImageSvgNow(replayed(Array.from({ length: 100 }, (_, i) => file(`f${i}`, 0, MIB, i + 1))))
    expect([...svg.matchAll(/class="row">/g)].length).toBe(24)
    expect(svg).toContain('77 more devices are not drawn')
  })

  it('files keep their colours when others are appended', () => {
    const fillsOf = (count: number): Map<string, string> => {
      const svg = renderImageSvgNow(replayed(Array.from({ length: count }, (_, i) => file(`f${i}`, (5 + i) * 2 * MIB, 2 * MIB))))
      return new Map(
        [...svg.matchAll(/<title>&#34;(f\d+)&#34;: [^<]*<\/title><rect[^>]*fill="(#[0-9a-f]+)"/g)].map(([, name, fill]) => [
          name as string,
          fill as string,
        ]),
      )
    }
    const five = fillsOf(5)
    const twenty = fillsOf(20)
    expect(five.size).toBe(5)
    expect(new Set(five.values()).size).toBe(5)
    expect(new Set(twenty.values()).size).toBe(16)
    for (const [name, fill] of five) expect(twenty.get(name)).toBe(fill)
  })

  it('nothing in a name gets out of its text', () => {
    const names = ['<script>alert(1)</script>', ']]>&amp;', 'a"b\'c', '\u0001\u001b[31m', '\u202eevil', '\ufffe']
    const bytes = Uint8Array.of(0xff, 0xed, 0xa0, 0x80, 0x3c)
    const entries = [...names, bytes].map((name, i) => file(name, (5 + i) * 2 * MIB, 2 * MIB))
    const svg = renderImageSvgNow(replayed(entries))
    expect(wellFormed(svg)).toBe(true)
    expect(svg).not.toMatch(/<script|href|\u202e|\ufffe/)
    expect(svg).toContain('\\xff\\xed\\xa0\\x80&#60;')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML has no place for them
    expect(svg).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/)
  })

  it('is read from a file as from memory', async () => {
    const replay = goldenReplay('v48/good-interleaved')
    expect(await renderImageSvg(replay)).toBe(renderImageSvgNow(replay))
  })
})

describe('whatever the image', () => {
  it.each([...goldenCases('v48'), ...goldenCases('older')].map(c => c.name))('%s: well-formed, small, twice the same', name => {
    const replay = goldenReplay(name)
    const svg = renderImageSvgNow(replay)
    expect(wellFormed(svg)).toBe(true)
    expect(svg).not.toMatch(/href|script|onload|NaN|Infinity|undefined/)
    expect(svg.length).toBeLessThan(1_000_000)
    expect(renderImageSvgNow(goldenReplay(name))).toBe(svg)
  })

  const wild = fc.record({ offset: fc.maxSafeNat(), length: fc.maxSafeNat(), dev: fc.integer({ min: 0, max: 0xffff_ffff }) })

  it('extents anywhere', () => {
    fc.assert(
      fc.property(fc.array(wild, { maxLength: 40 }), fc.constantFrom(0n, 4096n, 1n << 30n, 1n << 60n, (1n << 64n) - 1n), (list, size) => {
        const svg = renderImageSvgNow(
          replayed(
            list.map(({ offset, length, dev }, i) => file(`f${i}`, offset, length, dev % 3)),
            size,
          ),
        )
        expect(wellFormed(svg)).toBe(true)
        expect(svg).not.toMatch(/NaN|Infinity|undefined|-\d+(\.\d+)?"/)
        expect(svg.length).toBeLessThan(500_000)
      }),
      { numRuns: 60 },
    )
  })

  it('100,000 files on top of each other, or with holes between', () => {
    const many = (at: (i: number) => number) =>
      renderImageSvgNow(
        replayed(
          Array.from({ length: 100_000 }, (_, i) => file(`f${i}`, GIB + at(i) * 2 * MIB, 2 * MIB)),
          2 ** 40,
          64 * MIB,
        ),
      )
    const same = many(() => 0)
    expect(same.slice(-4000)).toContain('OVERLAP 0x40000000 to 0x40200000 (2 MiB): &#34;f0&#34; and &#34;f99999&#34; and 99998 more')
    expect(same.length).toBeLessThan(20_000)
    const apart = many(i => 2 * i)
    expect(apart.slice(0, 2000)).toContain('100000 files · ~195.4 GiB of 1 TiB used')
    expect(apart.length).toBeLessThan(1_000_000)
  })
})

const hasRsvg = spawnSync('rsvg-convert', ['--version']).status === 0
if (!hasRsvg) console.warn('no rsvg-convert here (Debian: librsvg2-bin): no picture is rendered')

it.skipIf(!hasRsvg)('a renderer takes it', () => {
  const { status, stdout } = spawnSync('rsvg-convert', [], { input: renderImageSvgNow(goldenReplay('v48/il-strip-in-log')) })
  expect(status).toBe(0)
  expect(stdout.subarray(1, 4).toString()).toBe('PNG')
})
