/** Few numbers are compared with each other, many are ordered by their digits: both keep the order of equal ones. */
import { describe, expect, it } from 'vitest'
import { seeded } from '../src/corpus/index.ts'
import { isAscending, orderOf } from '../src/metadata/order.ts'

const random = seeded('order')
const shapes: Readonly<Record<string, (i: number) => number>> = {
  'many equal': () => random() % 7,
  'any below 2^64': () => random() * 2 ** 32,
  'beside powers of two': () => 2 ** (random() % 64),
  'the highest first': i => 2 ** 53 - i,
  'in order': i => i * 2 ** 21,
}
const indices = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

describe.each([0, 1, 100, 4096, 4097, 20_000])('%i numbers', count => {
  it.each(Object.entries(shapes))('%s', (_, shape) => {
    const keys = Float64Array.from({ length: count }, (_, i) => shape(i))
    const expected = indices(count).sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || a - b)
    expect(orderOf(keys, count)).toEqual(Uint32Array.from(expected))
    expect(isAscending(keys.sort(), count)).toBe(true)
  })

  it('by two keys, the lesser one first', () => {
    const [large, small] = [0, 1].map(() => Uint32Array.from({ length: count }, () => random() % 300)) as [Uint32Array, Uint32Array]
    const at = (keys: Uint32Array, i: number): number => keys[i] ?? 0
    const expected = indices(count).sort((a, b) => at(large, a) - at(large, b) || at(small, a) - at(small, b) || a - b)
    expect(orderOf(large, count, orderOf(small, count))).toEqual(Uint32Array.from(expected))
  })
})
