/** Everything that `npm run generate` writes is as the sources make it now. */
import { expect, it } from 'vitest'
import { isCurrent, products } from '../tools/generate.ts'

const all = products()

it('writes every file once', () => {
  expect(all.length).toBeGreaterThan(10)
  expect(new Set(all.map(product => product.path)).size).toBe(all.length)
})

it.each(all)('$path is current', product => {
  expect(isCurrent(product)).toBe(true)
})

it('notices what is not', () => {
  const [first] = all
  expect(isCurrent({ path: first?.path ?? '', text: `${first?.text}//` })).toBe(false)
  expect(isCurrent({ path: 'no such file', text: '' })).toBe(false)
})
