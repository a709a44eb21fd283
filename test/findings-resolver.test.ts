/** What a finding says about look-ups is what the resolvers do, on every map of the vectors. */
import { describe, expect, it } from 'vitest'
import { resolve } from '../src/kernel/resolve.ts'
import { findings } from '../src/validate/findings/index.ts'
import type { MetaGroup } from '../src/validate/meta.ts'
import { verdict } from '../src/validate/verdict.ts'
import { part } from './part.ts'
import { bytesOf, golden } from './verdict-golden.ts'

/** The groups behind which the file goes on, with the offset of their last byte in the file. */
function followed(groups: readonly MetaGroup[], fileSize: bigint): [index: number, last: bigint][] {
  let end = 0n
  return groups.flatMap((group, i): [number, bigint][] => {
    end += group.nbytes
    return i + 1 < groups.length && end < fileSize ? [[i, end - 1n]] : []
  })
}

describe('fmap/nbytes-chunk', () => {
  it('is said where a look-up at the last byte of a group goes on behind it, and only there', () => {
    let said = 0
    let tried = 0
    for (const { hex, dialect } of part(golden)) {
      const bytes = bytesOf(hex)
      const answer = verdict(bytes, dialect)
      if (!('meta' in answer) || answer.meta.ext_type !== 'interleaved') continue
      const { meta } = answer
      const beyond = followed(meta.extents, meta.file_size).flatMap(([i, last]) => {
        tried++
        const found = resolve(meta, last, 1n << 40n, dialect)
        return 'length' in found && found.length > 1n ? [`extents[${i}].ie_nbytes`] : []
      })
      const paths = findings(bytes, dialect, { limit: meta.extents.length }).flatMap(({ rule, path }) =>
        rule === 'fmap/nbytes-chunk' ? [path] : [],
      )
      expect(paths).toEqual(beyond)
      said += paths.length
    }
    expect(said).toBeGreaterThan(part(golden).length / 100)
    expect(tried).toBeGreaterThan(said)
  })
})
