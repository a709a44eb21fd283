/** Hostile and cut images: nothing but WireError, whatever the bytes. `npm run fuzz:metadata` does a million. */
import { describe, expect, it } from 'vitest'
import { seeded } from '../src/corpus/index.ts'
import { imageFindingsNow } from '../src/metadata/findings/index.ts'
import { openImageNow } from '../src/metadata/image.ts'
import { filled } from '../src/metadata/source.ts'
import { goldenCases } from './metadata-golden.ts'
import { cut, mutated, survive } from './metadata-hostile.ts'

const bases = goldenCases('v48').filter(c =>
  ['v48/good-basic', 'v48/il-good', 'v48/good-multi-extent', 'v48/good-add-daxdev'].includes(c.name),
)
const COUNT = 50_000

it('fifty thousand mutated superblocks, headers and entries', { timeout: 600_000 }, () => {
  const random = seeded('metadata')
  for (let i = 0; i < COUNT; i++) {
    const base = bases[i % bases.length] as (typeof bases)[number]
    expect(() => survive(mutated(random, base), random, i % 100 === 0)).not.toThrow()
  }
})

describe.each(bases)('$name', base => {
  it('cut at every 8 bytes of its superblock', () => {
    for (let n = 0; n <= 256; n += 8) expect(() => cut(base, n, base.log.length)).not.toThrow()
  })

  it('cut at every 8 bytes of its log, and always told', () => {
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
    for (let at = 0; at + 8 <= base.log.length; at += 4) {
      const log = base.log.slice()
      log.fill(0xff, at, at + 8)
      expect(() => survive({ ...base, log }, () => 1, false)).not.toThrow()
    }
  })
})
