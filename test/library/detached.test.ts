/** A view whose memory is gone is no bytes, also in code that the engine has optimized. */
import { expect, test } from 'vitest'
import { isBytes } from '../../src/codec/input.ts'
import { goodMap, wrongBytes } from './arguments.ts'

test('after many calls as after one', () => {
  const taken = new Set<string>()
  for (let round = 0; round < 20_000; round++) {
    if (!isBytes(goodMap(1)) || !isBytes(new Uint8Array(0))) taken.add('refused: bytes')
    if (round % 10 === 0) for (const [name, make] of wrongBytes) if (isBytes(make())) taken.add(name)
  }
  expect([...taken]).toEqual([])
})
