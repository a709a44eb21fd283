/** Pictures of maps: what is in them, and that nothing can make them large. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FileMap, renderSvg, renderText } from '../src/kernel/index.ts'
import { mapA, mapB } from './kernel-examples.ts'
import { oddMap } from './kernel-maps.ts'
import { wellFormed } from './svg.ts'

const MIB = 1n << 20n
const lines = (...all: readonly string[]): string => `${all.join('\n')}\n`

/** Four strips on three devices, one of them too short; a group of one strip behind it. */
const busy: FileMap = {
  ext_type: 'interleaved',
  file_size: 170n * MIB + 5n,
  extents: [
    {
      nstrips: 4,
      chunk_size: 0x200000,
      nbytes: 160n * MIB,
      strips: [
        { dev_index: 2, offset: 0n, len: 40n * MIB },
        { dev_index: 0, offset: 1n << 30n, len: 38n * MIB },
        { dev_index: 0, offset: 1n << 40n, len: 40n * MIB },
        { dev_index: 1, offset: 0n, len: 42n * MIB },
      ],
    },
    { nstrips: 1, chunk_size: 0x400000, nbytes: 16n * MIB, strips: [{ dev_index: 0, offset: (1n << 40n) + 40n * MIB, len: 16n * MIB }] },
  ],
}

describe('as text', () => {
  it('simple extents', () => {
    expect(renderText(mapA)).toBe(
      lines(
        'file of 3145728 bytes (0x300000) in 2 simple extents',
        '',
        'file  | 0       | 2M      | 3M',
        '        e0        e1',
        '',
        'device 0',
        '  0x40000000  2M  extent 0  | 0       |',
        '  0x80000000  2M  extent 1  | 2M      |.1M......|',
        '',
        '....  allocated, but no byte of the file lies there',
      ),
    )
  })

  it('strips', () => {
    expect(renderText(mapB)).toBe(
      lines(
        'file of 7340032 bytes (0x700000) in 1 group: 2 strips, chunks of 2M',
        '',
        'file  | 0       | 2M      | 4M      | 6M      | 7M',
        '        s0        s1        s0        s1',
        '',
        'device 0',
        '  0x40000000  4M  strip 0  | 0       | 4M      |',
        '  0x80000000  4M  strip 1  | 2M      | 6M      |.1M......|',
        '',
        '....  allocated, but no byte of the file lies there',
      ),
    )
  })

  it('groups, several devices, long rows, and what does not fit', () => {
    expect(renderText(busy, { chunks: 5 })).toBe(
      lines(
        'file of 178257925 bytes (0xaa00005) in 2 groups: 4 strips, chunks of 2M; 1 strip, chunks of 4M',
        '',
        'file  | 0       | 2M      | … 76 …  | 156M    | 158M    | 160M    | 164M    | 168M    | 178257925',
        '        g0 s0     g0 s1               g0 s2     g0 s3     g1 s0     g1 s0     g1 s0',
        '',
        'device 0',
        '  0x40000000     38M  group 0 strip 1  | 2M      | 10M     | … 16 …  | 146M    |!154M    |',
        '  0x10000000000  40M  group 0 strip 2  | 4M      | 12M     | … 16 …  | 148M    | 156M    |',
        '  0x10002800000  16M  group 1 strip 0  | 160M    | 164M    | 168M    |.6291451.|',
        '',
        'device 1',
        '  0x0  42M  group 0 strip 3  | 6M      | 14M     | … 16 …  | 150M    | 158M    |.2M......|',
        '',
        'device 2',
        '  0x0  40M  group 0 strip 0  | 0       | 8M      | … 16 …  | 144M    | 152M    |',
        '',
        '....  allocated, but no byte of the file lies there',
        '!     behind the end of its strip',
        '',
        'wrong: group 0 strip 1 is too short: the file needs 40M of it, it has 38M',
      ),
    )
  })

  it('no more pieces than asked for', () => {
    const extents = Array.from({ length: 50 }, (_, i) => ({ dev_index: 0, offset: BigInt(49 - i) * 4096n, len: 4096n }))
    const text = renderText({ ext_type: 'simple', file_size: 50n * 4096n, extents }, { pieces: 2 })
    expect(text.split('\n').slice(5)).toEqual([
      'device 0',
      '  0x0     4K  extent 49  | 196K    |',
      '  0x1000  4K  extent 48  | 192K    |',
      '  and 48 more',
      '',
    ])
  })

  it('says what is wrong: shared memory, a map that is too short, an end beyond 2^64', () => {
    const at = (offset: bigint, len: bigint, dev_index = 0) => ({ dev_index, offset, len })
    const extents = [
      at(0n, 8n * MIB),
      at(4n * MIB, 2n * MIB),
      at(6n * MIB, 4n * MIB),
      at((1n << 64n) - MIB, 4n * MIB),
      at(5n * MIB, 0n),
      at(MIB, MIB, 1),
    ]
    expect(renderText({ ext_type: 'simple', file_size: 20n * MIB, extents })).toBe(
      lines(
        'file of 20971520 bytes (0x1400000) in 6 simple extents',
        '',
        'file  | 0       | 8M      | 10M     | 14M     | 18M     |?19M     | 20M',
        '        e0        e1        e2        e3        e5',
        '',
        'device 0',
        '  0x0                 8M  extent 0  | 0       |',
        '  0x400000            2M  extent 1  | 8M      |  ! shares 2M with extent 0',
        '  0x500000            0   extent 4  |',
        '  0x600000            4M  extent 2  | 10M     |  ! shares 2M with extent 0',
        '  0xfffffffffff00000  4M  extent 3  | 14M     |  ! ends at 0x10000000000300000, beyond 2^64',
        '',
        'device 1',
        '  0x100000  1M  extent 5  | 18M     |',
        '',
        '?     the map has no place for it',
        '',
        'wrong: the map ends at 19M, the file at 20M',
        'wrong: extent 1 shares 2M with extent 0',
        'wrong: extent 2 shares 2M with extent 0',
        'wrong: extent 3 ends at 0x10000000000300000, beyond 2^64',
      ),
    )
  })

  it('counts faults where there are many', () => {
    const extents = Array.from({ length: 20 }, () => ({ dev_index: 0, offset: 0n, len: MIB }))
    const text = renderText({ ext_type: 'simple', file_size: 20n * MIB, extents })
    expect(text).toContain('wrong: extent 6 shares 1M with extent 0\nwrong: and 13 more\n')
  })

  it('chunks of 0 bytes have no place', () => {
    const strips = [{ dev_index: 0, offset: 0n, len: MIB }]
    const zero: FileMap = { ext_type: 'interleaved', file_size: MIB, extents: [{ nstrips: 1, chunk_size: 0, nbytes: MIB, strips }] }
    expect(renderText(zero)).toContain('file  |?0       | 1M\n')
    expect(renderText(zero)).toContain('wrong: the group has chunks of 0 bytes: kernels divide by that\n')
    expect(renderSvg(zero)).toContain('>the group has chunks of 0 bytes: kernels divide by that</text>')
  })

  it('nothing at all', () => {
    expect(renderText({ ext_type: 'simple', file_size: 0n, extents: [] })).toBe(
      'file of 0 bytes (0x0) in 0 simple extents\n\nfile  | 0\n\n',
    )
    const empty = { nstrips: 0, chunk_size: 0, nbytes: 1n, strips: [] }
    expect(renderText({ ext_type: 'interleaved', file_size: 1n, extents: [empty] })).toContain(
      'file of 1 byte (0x1) in 1 group: 0 strips, chunks of 0\n',
    )
  })
})

describe('as SVG', () => {
  const count = (svg: string, what: RegExp): number => [...svg.matchAll(what)].length

  it('has devices as rows, chunks with their first bytes, and titles with the exact numbers', () => {
    const svg = renderSvg(mapB)
    expect(wellFormed(svg)).toBe(true)
    expect(svg.startsWith('<svg xmlns="http://www.w3.org/2000/svg" width="')).toBe(true)
    for (const text of ['file', 'device 0', 'strip 1 · 0x80000000 + 4M', 'ends at 7M', 'stripe 1, 1M'])
      expect(svg).toContain(`>${text}</text>`)
    for (const at of ['0', '2M', '4M', '6M']) expect(count(svg, new RegExp(`class="at">${at}<`, 'g'))).toBe(2)
    expect(svg).toContain('<title>bytes 0x600000 to 0x700000 of the file</title>')
    expect(svg).toContain('<title>1M from 0x80300000 on the device: allocated, no byte of the file</title>')
    expect(svg).not.toMatch(/href|script|onload/)
  })

  it('says what the file is called, whatever that is', () => {
    const svg = renderSvg(mapB, { name: 'a<b>&"c"\u0001\ud800' })
    expect(wellFormed(svg)).toBe(true)
    expect(svg).toContain('<title>a&#60;b&#62;&#38;&#34;c&#34;\\x01\\u{d800}: file of 7340032 bytes')
  })

  it('has one row for every device, gaps, what is left out, and what does not fit', () => {
    const svg = renderSvg(busy, { chunks: 5 })
    expect(wellFormed(svg)).toBe(true)
    for (const text of ['device 0', 'device 1', 'device 2', '… 76 more …', '… 16 more …', '···', 'behind the end of its strip'])
      expect(svg).toContain(`>${text}</text>`)
    expect(svg).toContain('behind the end of the strip</title>')
    expect(svg).toContain('<title>1047514M that are not of this file</title>')
    const rows = [...svg.matchAll(/y="(\d+)" class="row">device/g)].map(match => Number(match[1]))
    expect(rows).toEqual([...rows].sort((a, b) => a - b))
    expect(new Set(rows).size).toBe(3)
  })

  it('goes to the next line in long rows, and says how many pieces are left out', () => {
    const extents = Array.from({ length: 40 }, (_, i) => ({ dev_index: 0, offset: BigInt(i) << 30n, len: 1n << 21n }))
    const svg = renderSvg({ ext_type: 'simple', file_size: 40n << 21n, extents }, { pieces: 20, chunks: 30 })
    expect(svg).toContain('>and 20 more</text>')
    const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg) ?? []
    expect(Number(width)).toBeLessThan(1400)
    expect(Number(height)).toBeGreaterThan(400)
  })

  it('sets pieces that touch close together, others apart, and marks what lies between', () => {
    const at = (...offsets: readonly bigint[]): unknown => {
      const extents = offsets.map(offset => ({ dev_index: 0, offset, len: 4096n }))
      const svg = renderSvg({ ext_type: 'simple', file_size: 8192n, extents })
      const [first = 0, second = 0] = [...svg.matchAll(/x="(\d+)" y="\d+" class="(?:small|wrong)">extent \d ·/g)].map(match =>
        Number(match[1]),
      )
      const width = Number(/y="148" width="(\d+)" height="40" fill="none"/.exec(svg)?.[1])
      return [second - first - width, svg.includes('···')]
    }
    expect([at(0n, 4096n), at(0n, 8192n), at(0n, 100n)]).toEqual([
      [4, false],
      [44, true],
      [44, false],
    ])
  })

  it('draws the border of a strip that is too short before what does not fit, and shared memory in red', () => {
    const strips = [
      { dev_index: 0, offset: 0n, len: 4n * MIB },
      { dev_index: 0, offset: 3n * MIB, len: 2n * MIB },
    ]
    const svg = renderSvg({
      ext_type: 'interleaved',
      file_size: 8n * MIB,
      extents: [{ nstrips: 2, chunk_size: 0x200000, nbytes: 8n * MIB, strips }],
    })
    const borders = [...svg.matchAll(/width="([\d.]+)" height="40" fill="none" stroke="(#\w+)"/g)].map(([, width, colour]) => [
      Number(width),
      colour,
    ])
    const [label] = /strip 1 · 0x300000 \+ 2M · shares 1M with strip 0/.exec(svg) ?? []
    expect(label).toBeDefined()
    expect(borders[0]).toEqual([184, '#111111'])
    expect(borders[1]?.[1]).toBe('#c0392b')
    const boxes = [...svg.matchAll(/<title>bytes 0x600000 to 0x800000[^<]*<\/title><rect x="([\d.]+)" y="148" width="([\d.]+)"/g)]
    expect(boxes[0]?.[2]).toBe(`${borders[1]?.[0]}`)
    expect(svg).toContain('>strip 1 is too short: the file needs 4M of it, it has 2M</text>')
  })

  it('keeps labels that have no room out of their boxes', () => {
    const far = {
      ext_type: 'simple',
      file_size: 1n << 63n,
      extents: [
        { dev_index: 0, offset: 0n, len: (1n << 62n) + 1n },
        { dev_index: 0, offset: 1n << 63n, len: 1n << 63n },
      ],
    } as FileMap
    const svg = renderSvg(far)
    expect(wellFormed(svg)).toBe(true)
    expect(svg).toContain('class="at">…</text>')
    expect(svg).not.toContain('class="at">4611686018427387905<')
  })
})

describe('whatever the map', () => {
  it('a picture is small and well-formed', () => {
    fc.assert(
      fc.property(oddMap, fc.record({ chunks: fc.integer(), pieces: fc.integer() }), (map, options) => {
        expect(renderText(map, options).length).toBeLessThan(100_000)
        const svg = renderSvg(map, options)
        expect(svg.length).toBeLessThan(1_000_000)
        expect(wellFormed(svg)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('and quick, for a map with as many extents as a kernel can be sent', () => {
    const extents = Array.from({ length: 174_762 }, (_, i) => ({ dev_index: i % 3, offset: BigInt(i) << 21n, len: 1n << 21n }))
    expect(renderText({ ext_type: 'simple', file_size: 174_762n << 21n, extents }).length).toBeLessThan(20_000)
  })
})
