/** On a big-endian machine the fast path stands aside: the interpreter gives the same results. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Codec, codecs, loadCodecs } from './generated-codecs.ts'

/** What tells the byte order of the machine, as a big-endian one has it. */
class BigEndianWords extends Uint16Array {
  static override of(..._items: number[]): Uint16Array<ArrayBuffer> {
    return new Uint16Array(Uint8Array.of(0, 1).buffer)
  }
}

let foreign: readonly Codec[] = []

beforeAll(async () => {
  vi.resetModules()
  vi.stubGlobal('Uint16Array', BigEndianWords)
  foreign = await loadCodecs()
})

afterAll(() => {
  vi.unstubAllGlobals()
})

describe('a big-endian host', () => {
  it('does not use its typed arrays', async () => {
    const { CAPACITY, load } = await import('../src/codec/scratch.ts')
    expect(CAPACITY).toBe(-1)
    expect(load(new Uint8Array(8))).toBe(-1)
  })

  it.each(codecs.map(c => c.name))('%s decodes and encodes as elsewhere', name => {
    const [here, there] = [codecs, foreign].map(list => list.find(c => c.name === name) as Codec) as [Codec, Codec]
    expect(there.decode).not.toBe(here.decode)
    for (let size = 0; size <= 300; size++) {
      const bytes = Uint8Array.from({ length: size }, (_, i) => (i === 4 ? 1 : i % 3 === 0 ? i : 0))
      const [expected, actual] = [here.tryDecode(bytes), there.tryDecode(bytes)]
      expect(actual.ok).toBe(expected.ok)
      if (expected.ok && actual.ok) {
        expect(actual.value).toStrictEqual(expected.value)
        expect(there.encode(expected.value)).toStrictEqual(here.encode(expected.value))
        expect(there.encodeInto(expected.value, new Uint8Array(400), 3)).toBe(bytes.length)
      }
    }
  })
})
