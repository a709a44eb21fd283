import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'

/** As toStrictEqual, which is slow and only asked when it has something to tell. */
export function same(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toStrictEqual(expected)
}
