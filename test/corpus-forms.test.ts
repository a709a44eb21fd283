/** Corpora of dialects that give the map a form of their own: the BPF variant, and one of a user. */

import { categoriesOf, corpus, dictionary, fmapBytes, generateFmap, mutate, requestOf, seeded, sidecarOf } from 'famfs-wire/corpus'
import { decode } from 'famfs-wire/inspect'
import { mapOf } from 'famfs-wire/kernel'
import type { Dialect, Schema } from 'famfs-wire/schema'
import { fuseBpfInterleave, fuseBpfSimple } from 'famfs-wire/uapi'
import { findings, verdict } from 'famfs-wire/validate'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pagingDialect } from '../examples/paging-dialect.ts'

const own: readonly Dialect[] = [fuseBpfSimple, fuseBpfInterleave, pagingDialect]
const COUNT = 400

describe.each(own)('$id', d => {
  it('legal maps: its kernel takes all of them, and a careful peer objects to none', () => {
    for (let seed = 0; seed < 200; seed++) {
      const fmap = generateFmap(d, seeded(seed))
      const bytes = fmapBytes(d, fmap)
      expect(verdict(bytes, d), `seed ${seed}`).toMatchObject({ errno: 0 })
      expect(findings(bytes, d).filter(f => f.severity === 'error')).toEqual([])
      const map = mapOf(decode(d.map?.body as Schema<object>, bytes), d)
      expect(map).toEqual({ ...mapOf(fmap as never), ...(map.ext_type === 'interleaved' && { extents: map.extents }) })
    }
  })

  it('has every category that it can have, and verdicts that are those of its kernel', () => {
    const cases = [...corpus(d, 1, COUNT)]
    expect(new Set(cases.map(c => c.category))).toEqual(new Set(categoriesOf(d)))
    for (const c of cases) {
      const { verdicts, findings: found, open } = sidecarOf(c, { dialect: d, seed: 1 })
      const { errno } = verdict(c.bytes, d)
      expect(Object.keys(verdicts)).toEqual([d.id])
      expect(verdicts[d.id]?.errno).toBe(errno)
      if (c.mutations.length === 0) expect(errno, c.note).toBe(0)
      if (c.category === 'single-fail' || c.category === 'pair-fail') expect(errno, c.note).not.toBe(0)
      if (errno !== 0 && d.map?.chapter === 'bpf') expect(found[d.id]?.error).toBeDefined()
      // of a map that is refused open(2) fails alike
      if (errno !== 0 && c.bytes.length <= (d.reply.GET_FMAP?.most ?? 0)) expect(open.map).toBe(errno)
    }
    const accepted = cases.filter(c => verdict(c.bytes, d).errno === 0).length
    expect(accepted).toBeGreaterThan(COUNT / 5)
    expect(accepted).toBeLessThan((COUNT * 4) / 5)
  })

  it('equal seeds give equal bytes, and the shorter corpus begins the longer one', () => {
    const [short, long] = [[...corpus(d, 'x', 40)], [...corpus(d, 'x', 60)]]
    expect(long.slice(0, 40)).toEqual(short)
    expect([...corpus(d, 'y', 40)]).not.toEqual(short)
  })

  it('any bytes can be mutated', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (bytes, seed) => {
        expect(verdict(mutate(bytes, d, seeded(seed)).bytes, d).errno).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 200 },
    )
  })

  it('the dictionary and the request are its own', () => {
    const words = dictionary(d).split('\n')
    expect(words.some(line => line.startsWith('room_limit='))).toBe(d.map?.layout.envelope !== undefined)
    expect(words.some(line => line.startsWith('header_simple='))).toBe(d !== fuseBpfInterleave)
    expect(requestOf(d, 100, 4n, 2n).length).toBe(d === pagingDialect ? 56 : 40)
  })
})

it('categories follow the form', () => {
  expect(categoriesOf(fuseBpfSimple)).toContain('room')
  for (const none of ['valid-interleaved', 'nstrips', 'version', 'file-type', 'ext-type', 'size-probe'])
    expect(categoriesOf(fuseBpfSimple)).not.toContain(none)
  expect(categoriesOf(fuseBpfInterleave)).toContain('valid-interleaved')
  for (const none of ['valid-simple', 'uniform']) expect(categoriesOf(fuseBpfInterleave)).not.toContain(none)
})
