/** What the test of a check step means: the exact form, and the condition that the fast form writes out, at all edges. */
import { describe, expect, it } from 'vitest'
import type { SmallField, Test, WideField } from '../src/schema/check.ts'
import { X86_64 } from '../src/validate/options.ts'
import { famfsLayout } from '../src/validate/parse.ts'
import { differencePositive, exact, type FastOp, type Registers, templates, unitOf } from '../src/validate/tests.ts'

const SMALL = [0n, 1n, 2n, 4096n, 8191n, 0x1f_ffffn, 0x20_0000n, 0x7fff_ffffn, 0x8000_0000n, 0xffff_ffffn]
const WIDE = [...SMALL, 1n << 32n, (1n << 63n) - 1n, 1n << 63n, (1n << 63n) + 1n, (1n << 64n) - 4096n, (1n << 64n) - 1n]

const registers = (values: Partial<Record<SmallField | WideField, bigint>>, size = 0): Registers => ({
  machine: X86_64,
  layout: famfsLayout,
  bytes: new Uint8Array(),
  size,
  group: 80,
  extent: 104,
  values: values as Registers['values'],
  firstCounted: undefined,
  shortStrip: -1,
})

const says = (test: Test, r: Registers): boolean => (exact[test.op] as (test: Test, r: Registers) => boolean)(test, r)

/** The condition of the fast form: a u64 is two numbers, and a group is counted in words. */
function writes(test: Test, { values, size, group, machine, firstCounted }: Registers): boolean {
  const names: Record<string, unknown> = {
    size,
    group: group / 4,
    page: machine.pageSize,
    pmd: machine.pmdSize,
    kmallocMax: machine.kmallocMax,
    anyCounted: firstCounted !== undefined,
    differencePositive,
  }
  for (const [name, value] of Object.entries(values)) {
    names[name] = Number(value)
    names[`${name}L`] = Number(value & 0xffff_ffffn)
    names[`${name}H`] = Number(value >> 32n)
  }
  const condition = (templates[test.op as FastOp] as (test: Test) => string)(test)
  return new Function(...Object.keys(names), `return ${condition}`)(...Object.values(names)) as boolean
}

type Meaning = readonly [test: Test, x: (SmallField | WideField)[], fails: (x: bigint, y: bigint) => boolean]

const MEANINGS: readonly Meaning[] = [
  [{ op: 'outside', x: 'nextents', min: 1, max: 2 }, ['nextents'], x => x < 1n || x > 2n],
  [{ op: 'outside', x: 'nextents', min: 1, max: 0xffff_ffff }, ['nextents'], x => x === 0n],
  [{ op: 'outside', x: 'se_devindex', min: 0, max: 0 }, ['se_devindex'], x => x !== 0n],
  [{ op: 'noneOf', x: 'ext_type', values: [0, 1] }, ['ext_type'], x => x > 1n],
  [{ op: 'noneOf', x: 'ie_chunk_size', values: [4096, 'pmd'] }, ['ie_chunk_size'], x => x !== 4096n && x !== 0x20_0000n],
  [{ op: 'cannotAllocate', x: 'nextents', bytes: 24 }, ['nextents'], x => x >= 1n << 31n || x * 24n > 0x40_0000n],
  [{ op: 'cannotAllocate', x: 'nextents', bytes: 0 }, ['nextents'], x => x >= 1n << 31n],
  [{ op: 'cannotAllocate', x: 'nextents', bytes: 2 }, ['nextents'], x => x >= 1n << 31n || x > 0x20_0000n],
  [{ op: 'unaligned', x: 'se_offset', unit: 'page' }, ['se_offset'], x => x % 4096n !== 0n],
  [{ op: 'unaligned', x: 'se_len', unit: 'pmd' }, ['se_len'], x => x % 0x20_0000n !== 0n],
  [{ op: 'unaligned', x: 'ie_chunk_size', unit: 'pmd' }, ['ie_chunk_size'], x => x % 0x20_0000n !== 0n],
  [{ op: 'zero', x: 'ie_nbytes' }, ['ie_nbytes'], x => x === 0n],
  [{ op: 'zero', x: 'ie_chunk_size' }, ['ie_chunk_size'], x => x === 0n],
  [{ op: 'aboveS63', x: 'file_size' }, ['file_size'], x => x > (1n << 63n) - 1n],
  [{ op: 'carry', a: 'total', b: 'se_len' }, ['total', 'se_len'], (x, y) => x + y > (1n << 64n) - 1n],
  [{ op: 'lessThan', a: 'total', b: 'file_size' }, ['total', 'file_size'], (x, y) => x < y],
  [
    { op: 'positiveDifference', a: 'file_size', b: 'total' },
    ['file_size', 'total'],
    (x, y) => x !== y && BigInt.asUintN(64, x - y) < 1n << 63n,
  ],
]

const isSmall = (test: Test): boolean => 'x' in test && ['nextents', 'se_devindex', 'ext_type', 'ie_chunk_size'].includes(test.x)

describe('a test', () => {
  it.each(MEANINGS.map(m => [JSON.stringify(m[0]), ...m] as const))('%s fails where it should, in both forms', (_, test, names, fails) => {
    const edges = isSmall(test) ? SMALL : WIDE
    const [a, b] = names
    for (const x of edges)
      for (const y of b === undefined ? [0n] : edges) {
        const r = registers({ [a as string]: x, ...(b === undefined ? {} : { [b]: y }) })
        expect([x, y, says(test, r), writes(test, r)]).toEqual([x, y, fails(x, y), fails(x, y)])
      }
  })

  it.each([
    ['header', 32],
    ['list', 32 + 3 * 24],
    ['group', 80 + 24],
    ['strips', 80 + 24 + 2 * 24],
  ] as const)('of the end of %s asks for %i bytes, in both forms', (part, end) => {
    for (const size of [0, end - 1, end, end + 1]) {
      const r = registers({ nextents: 3n, ie_nstrips: 2n }, size)
      expect([size, says({ op: 'pastEnd', part }, r), writes({ op: 'pastEnd', part }, r)]).toEqual([size, size < end, size < end])
    }
  })

  it('of the end of an extent, or of what stands before the map, has an exact form alone', () => {
    const layout = { ...famfsLayout, envelope: 8 }
    for (const [part, end] of [['extent', 104 + 24] as const, ['envelope', 8] as const])
      for (const size of [end - 1, end]) expect(says({ op: 'pastEnd', part }, { ...registers({}, size), layout })).toBe(size < end)
  })

  it('of counted failures fails once there was one', () => {
    const test: Test = { op: 'counted' }
    for (const firstCounted of [undefined, { check: 'any' }]) {
      const r = { ...registers({}), firstCounted }
      expect([says(test, r), writes(test, r)]).toEqual([firstCounted !== undefined, firstCounted !== undefined])
    }
  })

  it('of a sum has an exact form alone', () => {
    const test: Test = {
      op: 'belowSum',
      x: 'meta_size',
      plus: 8,
      terms: [
        ['nextents', 24],
        ['ie_nstrips', 2],
      ],
    }
    const at = (meta_size: bigint) => says(test, registers({ meta_size, nextents: 3n, ie_nstrips: 5n }))
    expect([at(0n), at(89n), at(90n)]).toEqual([true, true, false])
  })

  it('knows units by name', () => {
    expect([unitOf('page', X86_64), unitOf('pmd', X86_64), unitOf(7, X86_64)]).toEqual([4096n, 0x20_0000n, 7n])
  })
})
