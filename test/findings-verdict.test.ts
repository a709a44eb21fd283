import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { famfsDialectIds } from '../src/uapi/dialects/index.ts'
import { findings } from '../src/validate/findings/index.ts'
import { verdict } from '../src/validate/verdict.ts'
import { part, runs } from './part.ts'
import { bytesOf, golden } from './verdict-golden.ts'
import { anyMap } from './verdict-messages.ts'

describe('findings and verdict', () => {
  it('agree on random maps: a refusal is an error at the guilty bytes, and nothing else is refused', () => {
    fc.assert(
      fc.property(anyMap, fc.constantFrom(...famfsDialectIds), (bytes, id) => {
        const result = verdict(bytes, id)
        const found = findings(bytes, id)
        const refusing = found.filter(f => !f.acceptedBy.includes(id) && f.rule !== 'fmap/reply-size')
        if (!('reason' in result)) {
          expect(refusing).toEqual([])
          return
        }
        const { path, offset, length } = result
        expect(refusing).toContainEqual(expect.objectContaining({ severity: 'error', path, offset, length }))
      }),
      runs(3000),
    )
  })

  it('never throw, wherever a map ends', () => {
    for (const v of part(golden.filter(v => v.category === 'valid-interleaved' && v.hex.length < 800).slice(0, 8))) {
      const bytes = bytesOf(v.hex)
      for (let size = 0; size <= bytes.length; size++) for (const id of famfsDialectIds) findings(bytes.subarray(0, size), id)
    }
  })
})
