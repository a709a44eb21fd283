/** Structs that may end early, with a field behind whose size is not known. */
import { expect, it } from 'vitest'
import { decode } from '../../src/codec/decode.ts'
import { encode } from '../../src/codec/encode.ts'
import { cstring, prefix, u16 } from '../../src/schema/index.ts'

const early = prefix('early', { number: u16, name: cstring })

it.each([
  [[], {}],
  [[1], { trailing: Uint8Array.of(1) }],
  [[1, 0], { number: 1 }],
  [[1, 0, 0x61, 0], { number: 1, name: 'a' }],
])('%j', (bytes, value) => {
  expect(decode(early, Uint8Array.from(bytes))).toStrictEqual(value)
  expect([...encode(early, value)]).toEqual(bytes)
})
