/** Hostile and cut images: nothing but WireError, whatever the bytes. `npm run fuzz:metadata` does a million, and long logs. */
import { describe, expect, it } from 'vitest'
import { seeded } from '../src/corpus/index.ts'
import { imageFindingsNow } from '../src/metadata/findings/index.ts'
import { openImageNow } from '../src/metadata/image.ts'
import { filled } from '../src/metadata/source.ts'
import { goldenCases } from './metadata-golden.ts'
import { cut, cuts, largeCounts, mutated, survive } from './metadata-hostile.ts'

const bases = goldenCases('v48').filter(c =>
  ['v48/good-basic', 'v48/il-good', 'v48/good-multi-extent', 'v48/good-add-daxdev'].includes(c.name),
)
const COUNT = 4000

it('some thousands of mutated superblocks, headers and entries', () => {
  const random = seeded('metadata')
  for (let i = 0; i < COUNT; i++) {
    const base = bases[i % bases.length] as (typeof bases)[number]
    expect(() => survive(mutated(random, base), random, i % 100 === 0)).not.toThrow()
  }
})

describe.each(bases)('$name', base => {
  it('cut at every 8 bytes of its superblock and of its log', () => {
    for (const [superblock, log] of cuts(base)) expect(() => cut(base, superblock, log)).not.toThrow()
  })

  it('cut in its log is always told', () => {
    const used = base.log.length
    const full = base.manifest.log_file.original_bytes
    for (let n = 0; n < used; n += 8) {
      const image = openImageNow({ superblock: filled(base.superblock, 0x200000), log: base.log.slice(0, n) })
      const cuts = imageFindingsNow(image).filter(f => f.rule === 'log/cut')
      expect(cuts.map(f => f.offset)).toEqual([n < 48 ? 0 : n])
    }
    expect(full).toBeGreaterThan(used)
  })

  it('with counts of 2^32-1 and 2^64-1 everywhere', () => {
    const random = seeded('counts')
    for (const parts of largeCounts(base)) expect(() => survive(parts, random, false)).not.toThrow()
  })
})
