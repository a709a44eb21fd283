import { describe, expect, it } from 'vitest'
import { findings } from '../src/validate/findings/index.ts'
import { verdict } from '../src/validate/verdict.ts'
import { part } from './part.ts'
import { bytesOf, golden } from './verdict-golden.ts'

describe('findings on the vectors of the kernels', () => {
  it('has no error on a valid map', () => {
    const valid = golden.filter(v => v.category.startsWith('valid'))
    expect(valid).toHaveLength(456)
    const errors = part(valid).flatMap(v =>
      findings(bytesOf(v.hex), v.dialect)
        .filter(f => f.severity === 'error')
        .map(f => [v.id, f.rule]),
    )
    expect(errors).toEqual([])
  })

  it('has an error that covers the guilty bytes of every refused map, and says that this kernel does not accept it', () => {
    const missed = part(golden).flatMap(v => {
      const refused = verdict(bytesOf(v.hex), v.dialect)
      if (!('reason' in refused)) return []
      const { offset, length, path } = refused
      const covers = findings(bytesOf(v.hex), v.dialect).some(
        f =>
          f.severity === 'error' &&
          f.path === path &&
          f.offset <= offset &&
          f.offset + f.length >= offset + length &&
          !f.acceptedBy.includes(v.dialect),
      )
      return covers ? [] : [[v.id, v.note, path]]
    })
    expect(missed).toEqual([])
  })

  it('never says that a kernel accepts what it refuses, nor the other way round', () => {
    const wrong = part(golden).flatMap(v => {
      const found = findings(bytesOf(v.hex), v.dialect)
      const accepted = found.every(f => f.acceptedBy.includes(v.dialect) || f.rule === 'fmap/reply-size')
      return accepted === (v.errno === 0) ? [] : [v.id]
    })
    expect(wrong).toEqual([])
  })
})
