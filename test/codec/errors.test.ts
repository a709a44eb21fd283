import { describe, expect, test } from 'vitest'
import { attempt, pathOf, WireError } from '../../src/codec/errors.ts'

describe('attempt', () => {
  test('returns values and refusals, and lets bugs go on', () => {
    const error = new WireError({ code: 'range', path: '', offset: 0, detail: 'x' })
    const fail = (e: Error) => () => {
      throw e
    }
    expect(attempt(() => 7)).toEqual({ ok: true, value: 7 })
    expect(attempt(fail(error))).toEqual({ ok: false, error })
    expect(() => attempt(fail(new TypeError('a bug')))).toThrow('a bug')
  })
})

test('a path reads as it would in code', () => {
  expect(pathOf(['extents', 1, 'ie_strips', 3, 'se_offset'])).toBe('extents[1].ie_strips[3].se_offset')
  expect(pathOf([2, 'len'])).toBe('[2].len')
  expect(pathOf([])).toBe('')
})
