/** What bytes could be: any bytes have an answer, and maps of every form are known again. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { guesses } from '../src/cli/guess.ts'
import { fmapBytes, generateFmap, replyOf, seeded } from '../src/corpus/index.ts'
import { fuseV10 } from '../src/uapi/dialects/index.ts'
import { knownDialects } from '../src/uapi/dialects/known.ts'

const famfs = Object.values(knownDialects).filter(d => d.reply.GET_FMAP !== undefined)

describe.each(famfs)('$id', d => {
  const body = d.map?.body.type
  const name = body?.kind === 'struct' ? body.name : 'fuse_famfs_fmap'

  it('a map is known again, alone and in a reply', () => {
    fc.assert(
      fc.property(fc.nat(), seed => {
        const map = fmapBytes(d, generateFmap(d, seeded(seed), { most: 1024 }))
        const [best] = guesses(map, {}, knownDialects)
        expect([best?.as, best?.dialect.map]).toEqual([name, d.map])
        expect(best?.dialect.push).toBe(d.push)
        const [said] = guesses(map, { dialect: d }, knownDialects)
        expect([said?.as, said?.dialect]).toEqual([name, d])
        const [reply] = guesses(replyOf(map, 4n), {}, knownDialects)
        expect([reply?.as, reply?.dialect.map, reply?.opcode]).toEqual(['reply', d.map, reply?.dialect.opcodes.GET_FMAP])
      }),
      { numRuns: 60 },
    )
  })

  it('any bytes have an answer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.boolean(), (bytes, named) => {
        for (const { score, reasons } of guesses(bytes, named ? { dialect: d } : {}, knownDialects)) {
          expect(score).toBeGreaterThanOrEqual(0)
          expect(reasons.length).toBeGreaterThan(0)
        }
      }),
      { numRuns: 300 },
    )
  })
})

it('answers about devices have the length and the place of the name of their dialect', () => {
  const device = (length: number, at: number): Uint8Array => {
    const bytes = new Uint8Array(length)
    bytes.set(Buffer.from('/dev/dax0.0'), at)
    return bytes
  }
  const [pull] = guesses(device(280, 24), {}, knownDialects)
  expect([pull?.as, pull?.dialect]).toEqual(['fuse_daxdev_out', fuseV10])
  const [bpf] = guesses(device(256, 0), {}, knownDialects)
  expect([bpf?.as, bpf?.dialect.id]).toEqual(['fuse_get_daxdev_out', 'fuse-bpf-simple'])
})
