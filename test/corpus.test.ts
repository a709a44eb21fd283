/** Legal maps and corpora: legal is what the kernels take, and equal seeds give equal bytes. */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode } from '../src/codec/decode.ts'
import { WireError } from '../src/codec/errors.ts'
import { decodeReply, decodeRequest } from '../src/codec/message.ts'
import { fmapSchema } from '../src/corpus/fmap.ts'
import {
  categoriesOf,
  corpus,
  dictionary,
  type Fmap,
  fmapBytes,
  generateFmap,
  mutations,
  replyOf,
  requestOf,
  seeded,
  sidecarOf,
} from '../src/corpus/index.ts'
import { below, between, pick, shuffled, wideBelow } from '../src/corpus/random.ts'
import { checksOf, kindsOf, targetOf } from '../src/corpus/target.ts'
import { type Dialect, dialects, famfsDialectIds } from '../src/uapi/dialects/index.ts'
import { findings, rules } from '../src/validate/index.ts'
import { verdict } from '../src/validate/verdict.ts'
import { arbCorpusCase, arbFamfsDialect, arbFmap, arbFmapBytes, arbMutatedFmap, arbSeed } from './arbitraries.ts'
import { goldenLines } from './goldens.ts'

const COUNT = 1000

type Extent = Extract<Fmap, { ext_type: 0 }>['extents'][number]

const digestOf = (parts: Iterable<{ bytes: Uint8Array; category: string }>): string => {
  const hash = createHash('sha256')
  for (const { bytes, category } of parts) hash.update(`${category} ${bytes.length}\n`).update(bytes)
  return hash.digest('hex').slice(0, 16)
}

/** All extents or strips of a map. */
const extentsOf = (fmap: Fmap): readonly Extent[] =>
  fmap.ext_type === 0 ? fmap.extents : fmap.extents.flatMap(group => [...group.ie_strips])

/** First 500 cases of seed 1, as they always were: a change here changes every corpus that others have cited by its seed. */
const PINNED: Readonly<Record<string, string>> = {
  'fuse-v1': '4f6443f28c1e8fa3',
  'fuse-v2': '127d3472b5d4d2bd',
  'fuse-v3': 'd2faceb0ce64d929',
  'fuse-v4': 'e6fdec04dfc7f231',
  'fuse-v7': 'e0831592ec4b2f78',
  'fuse-v10': 'f0df9576bf67e67f',
  'fuse-push': 'da1c7031502e043a',
  'fuse-push-il': '02866ddf1db0a899',
}

describe('random numbers', () => {
  test('are those that they always were', () => {
    const random = seeded('famfs')
    expect(Array.from({ length: 4 }, random)).toMatchInlineSnapshot(`
      [
        2898130164,
        925157444,
        1345402613,
        2325314232,
      ]
    `)
    expect(seeded(7)()).toBe(seeded('7')())
  })

  test('stay in their ranges and reach all of them', () => {
    const random = seeded(1)
    const seen = new Set(Array.from({ length: 400 }, () => between(random, 3, 9)))
    expect([...seen].sort()).toEqual([3, 4, 5, 6, 7, 8, 9])
    for (let i = 0; i < 400; i++) expect(below(random, 2)).toBeLessThan(2)
    for (let i = 0; i < 400; i++) expect(wideBelow(random, 1n << 64n) >> 64n).toBe(0n)
    expect(pick(random, [])).toBeUndefined()
    expect(shuffled(random, [1, 2, 3, 4]).sort()).toEqual([1, 2, 3, 4])
  })

  test('differ with every character of the seed', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        fc.pre(a !== b)
        expect([seeded(a)(), seeded(a)()]).not.toEqual([seeded(b)(), seeded(`${b} `)()])
      }),
    )
  })
})

describe('legal maps', () => {
  test.each(famfsDialectIds)('%s takes all of them', id => {
    for (let seed = 0; seed < 400; seed++) {
      const bytes = fmapBytes(id, generateFmap(id, seeded(seed)))
      expect(verdict(bytes, id), `seed ${seed}`).toMatchObject({ errno: 0 })
      expect(bytes.length).toBeLessThanOrEqual(4096)
    }
  })

  test.each(famfsDialectIds)('a careful peer of %s objects to none of them', id => {
    const serious = Array.from({ length: 100 }, (_, seed) => findings(fmapBytes(id, generateFmap(id, seeded(seed))), id))
      .flat()
      .filter(f => f.severity === 'error')
    expect(serious).toEqual([])
  })

  test.each(famfsDialectIds)('%s: no overlap, nothing beyond 2^63, a file that ends in the last part, counts at the limit too', id => {
    const { limits } = dialects[id]
    const counts = new Set<number>()
    for (let seed = 0; seed < 400; seed++) {
      const fmap = generateFmap(id, seeded(seed))
      counts.add(fmap.extents.length)
      const byDevice = extentsOf(fmap).toSorted((a, b) => a.se_devindex - b.se_devindex || (a.se_offset < b.se_offset ? -1 : 1))
      byDevice.forEach((extent, i) => {
        const before = byDevice[i - 1]
        if (before?.se_devindex === extent.se_devindex) expect(before.se_offset + before.se_len).toBeLessThanOrEqual(extent.se_offset)
        expect(extent.se_offset + extent.se_len).toBeLessThan(1n << 63n)
        expect(extent.se_len).toBeGreaterThan(0n)
        expect(extent.se_devindex).toBeLessThanOrEqual(limits.devIndex)
      })
      const parts = fmap.ext_type === 0 ? fmap.extents.map(e => e.se_len) : fmap.extents.map(g => g.ie_nbytes)
      const all = parts.reduce((sum, part) => sum + part, 0n)
      expect(fmap.file_size).toBeLessThanOrEqual(all)
      expect(fmap.file_size).toBeGreaterThan(all - (parts.at(-1) ?? 0n))
    }
    expect(counts).toContain(limits.extents ?? 169)
    expect(counts).toContain((limits.extents ?? 169) - 1)
  })

  test('as many as asked for, the limit and one more', () => {
    for (const id of famfsDialectIds) {
      const { extents: most, strips } = dialects[id].limits
      const refused = (fmap: Fmap) => verdict(fmapBytes(id, fmap), id).errno !== 0
      if (most !== undefined)
        for (const by of [-1, 0, 1]) {
          const fmap = generateFmap(id, seeded(by), { kind: 'simple', extents: most + by })
          expect(fmap.extents).toHaveLength(most + by)
          expect(refused(fmap)).toBe(by > 0)
        }
      if (strips !== undefined)
        for (const by of [-1, 0, 1])
          expect(refused(generateFmap(id, seeded(by), { kind: 'interleaved', extents: 1, strips: strips + by }))).toBe(by > 0)
    }
  })

  test('other page and PMD sizes', () => {
    const machine = { pageSize: 65536, pmdSize: 512 * 1024 * 1024 }
    for (const id of famfsDialectIds)
      for (let seed = 0; seed < 50; seed++) {
        const bytes = fmapBytes(id, generateFmap(id, seeded(seed), machine))
        expect(verdict(bytes, id, machine)).toMatchObject({ errno: 0 })
      }
  })

  test('the arbitraries make what the generators make', () => {
    fc.assert(
      fc.property(
        arbFamfsDialect.chain(id => fc.tuple(fc.constant(id), arbFmap(id))),
        ([id, fmap]) => {
          const bytes = fmapBytes(id, fmap)
          const { fmap_size, ...value } = decode(fmapSchema(dialects[id]), bytes) as Fmap & {
            fmap_size?: number
          }
          expect(value).toMatchObject(fmap)
          expect(fmap_size).toBe(dialects[id].push ? bytes.length : undefined)
          expect(verdict(bytes, id).errno).toBe(0)
        },
      ),
    )
  })

  test('a counterexample shrinks to one extent', () => {
    const { counterexample } = fc.check(
      fc.property(arbFmapBytes('fuse-v10'), bytes => bytes.length < 56),
      { seed: 1 },
    )
    expect(counterexample?.[0]).toHaveLength(56)
    const mutants = fc.check(
      fc.property(arbMutatedFmap('fuse-v10', ['version']), ({ mutations: done }) => done.length === 0),
      { seed: 1 },
    )
    expect(mutants.counterexample?.[0].mutations).toHaveLength(1)
  })
})

describe.each(famfsDialectIds)('a corpus of %s', id => {
  const cases = [...corpus(id, 1, COUNT)]

  test('is the same for the same seed, and begins as a shorter one does', () => {
    expect(digestOf(corpus(id, 1, 500))).toBe(digestOf(cases.slice(0, 500)))
    expect(digestOf(corpus(id, 2, 500))).not.toBe(digestOf(cases.slice(0, 500)))
    expect(digestOf(cases.slice(0, 500))).toBe(PINNED[id])
  })

  test('has no content twice, and numbers its cases', () => {
    expect(new Set(cases.map(c => Buffer.from(c.bytes).toString('latin1'))).size).toBe(COUNT)
    expect(cases.map(c => c.index)).toEqual(cases.map((_, i) => i))
  })

  test('has every category that the dialect can have, from the beginning on', () => {
    const wanted = categoriesOf(dialects[id])
    expect(new Set(cases.slice(0, wanted.length).map(c => c.category))).toEqual(new Set(wanted))
    expect(wanted).toHaveLength(20 + (kindsOf(dialects[id]).length === 2 ? 3 : 0) + (dialects[id].sizeProbe === 'none' ? 0 : 1))
  })

  test('is small', () => {
    const sizes = cases.map(c => c.bytes.length)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(256 * 1024)
    expect(sizes.filter(size => size >= 4096).length).toBeLessThan(COUNT / 4)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(2 << 20)
  })

  test('legal is taken, single failures are refused for what was broken', () => {
    for (const c of cases) {
      const answer = verdict(c.bytes, id)
      if (c.category.startsWith('valid') || c.category === 'uniform') expect(answer.errno, c.note).toBe(0)
      if (c.category === 'pair-fail') expect(answer.errno, `${c.mutations}: ${c.note}`).not.toBe(0)
      if (c.category !== 'single-fail') continue
      const [name] = c.mutations
      expect(name).toBeDefined()
      expect(name && mutations[name], c.note).toMatchObject({ refusedBy: expect.arrayContaining(['check' in answer ? answer.check : '']) })
    }
  })

  test('reaches every check of the kernel that a small message can reach', () => {
    const seen = new Set(cases.map(c => verdict(c.bytes, id)).map(answer => ('check' in answer ? answer.check : '')))
    const missed = [...new Set(Array.from(checksOf(dialects[id].checks), check => check.name))].filter(name => !seen.has(name))
    // counted errors are told by the check that counted the first one; an array that cannot be allocated takes more than 4 MiB of
    // extents in fuse-push; and no sum of ie_nbytes passes 2^64 unless one of the strips' lengths, which is looked at first, does
    const out = { 'fuse-push': ['arrayAllocates'], 'fuse-push-il': ['nbytesSumFits'] } as Readonly<Record<string, string[]>>
    expect(missed.sort()).toEqual([...(out[id] ?? []), 'countedErrors'].sort())
  })

  test('what is touched lies inside the bytes', () => {
    for (const { bytes, touched, note, mutations: done } of cases) {
      expect(touched.length === 0 && done.length === 1, note).toBe(false)
      for (const { offset, length } of touched) expect(offset + length, note).toBeLessThanOrEqual(bytes.length)
    }
  })

  test('travels as a whole reply to a whole request', () => {
    for (const c of cases.slice(0, 100)) {
      const reply = replyOf(c.bytes, 6n)
      expect(new DataView(reply.buffer).getUint32(0, true)).toBe(reply.length)
      expect(reply.subarray(16)).toEqual(c.bytes)
      const request = decodeRequest(requestOf(id, c.bytes.length, 6n, 9n), { dialect: id })
      expect(request).toMatchObject({ opcode: 'GET_FMAP', header: { unique: 6n, nodeid: 9n } })
      if (c.category.startsWith('valid'))
        expect(decodeReply(reply, { dialect: id, opcode: 'GET_FMAP' })).toMatchObject({ header: { error: 0, unique: 6n } })
    }
  })

  test('the records say what the verdicts say', () => {
    for (const c of cases.slice(0, 200)) {
      const record = sidecarOf(c, { dialect: id, seed: 1 })
      expect(record).toMatchObject({ dialect: id, seed: '1', category: c.category, note: c.note, length: c.bytes.length })
      expect(Object.keys(record.verdicts)).toEqual([...famfsDialectIds])
      for (const other of famfsDialectIds) expect(verdict(c.bytes, other)).toMatchObject(record.verdicts[other] ?? {})
      expect(Object.keys(record.findings)).toEqual([...famfsDialectIds])
      const ids = Object.values(record.findings[id] ?? {}).flat()
      expect(new Set(ids)).toEqual(new Set(findings(c.bytes, id).map(f => f.rule)))
      const { fatal, reply, push, sizeProbe } = dialects[id]
      const { buffer = 0, exact } = reply.GET_FMAP ?? {}
      const size = c.bytes.length
      const arrives = exact === true ? size === buffer : size >= 32 && (size <= buffer || sizeProbe !== 'none')
      const wants = push && size >= 16 ? new DataView(c.bytes.buffer, c.bytes.byteOffset).getUint32(12, true) : 0
      if (arrives && wants <= Math.max(buffer, size)) expect(record.open.map).toBe(record.verdicts[id]?.errno)
      if (!arrives && sizeProbe === 'none' && size >= 32) expect(record.open.map).toBe(5)
      if (record.open.map !== null) expect(record.open.errno).toBe(fatal ? record.open.map : 0)
    }
  })
})

describe('corpora', () => {
  test('together break every rule about maps but the one that needs the sizes of the devices', () => {
    const seen = new Set(famfsDialectIds.flatMap(id => [...corpus(id, 1, 300)].flatMap(c => findings(c.bytes, id).map(f => f.rule))))
    const missed = rules.filter(rule => rule.id.startsWith('fmap/') && !seen.has(rule.id)).map(rule => rule.id)
    expect(missed).toEqual(['fmap/device-bounds'])
  })

  test('have all classes of the golden vectors', () => {
    const golden = new Set(goldenLines('kernel/fmap-verdicts.jsonl').map(line => (line as { category: string }).category))
    const ours = new Set(famfsDialectIds.flatMap(id => categoriesOf(dialects[id]) as string[]))
    expect([...golden].filter(category => !ours.has(category))).toEqual([])
  })

  test('of fuse-v1 hold replies of the one size that its kernel takes', () => {
    const cases = [...corpus('fuse-v1', 1, COUNT)]
    const whole = cases.filter(c => c.bytes.length === 4096)
    expect(whole.length).toBeGreaterThan(COUNT / 20)
    expect(whole.some(c => verdict(c.bytes, 'fuse-v1').errno === 0)).toBe(true)
  })

  test('of push dialects hold maps above one page', () => {
    const cases = [...corpus('fuse-push', 1, COUNT)]
    expect(cases.some(c => c.category === 'valid-simple' && c.bytes.length > 4096)).toBe(true)
  })

  test('hold answers that make the kernel come back with a larger buffer, where it can', () => {
    for (const id of ['fuse-v2', 'fuse-push', 'fuse-push-il'] as const) {
      const probes = [...corpus(id, 1, COUNT)].filter(c => c.category === 'size-probe')
      const ends = new Set(probes.map(c => sidecarOf(c, { dialect: id, seed: 1 }).open.map))
      expect(ends).toContain(null)
      expect(ends).toContain(id === 'fuse-v2' ? 5 : 27)
    }
  })

  test('any dialect value and machine will do', () => {
    const own: Dialect = {
      ...dialects['fuse-v10'],
      id: 'own',
      limits: { ...dialects['fuse-v10'].limits, extents: 3, strips: 2, devIndex: 5 },
    }
    const machine = { pageSize: 65536, pmdSize: 1 << 29 }
    const cases = [...corpus(own, 'x', 60, machine)]
    expect(cases.every(c => c.dialect === 'own')).toBe(true)
    const record = sidecarOf(cases[0] as (typeof cases)[0], { dialect: own, seed: 'x', ...machine })
    expect(Object.keys(record.verdicts)).toEqual([...famfsDialectIds, 'own'])
    expect(targetOf(own, machine).unit).toBe(1 << 29)
  })

  test('a dialect without GET_FMAP is refused, and so are impossible machines', () => {
    expect(() => [...corpus('fuse', 1, 1)]).toThrow(WireError)
    expect(() => generateFmap('fuse', seeded(1))).toThrow(WireError)
    expect(() => [...corpus('fuse-v1', 1, 1, { pageSize: 5 })]).toThrow(WireError)
  })

  test('any case, also of other seeds, is judged without a fault', () => {
    fc.assert(
      fc.property(
        arbFamfsDialect.chain(id => fc.tuple(fc.constant(id), arbCorpusCase(id), arbSeed)),
        ([id, c]) => {
          expect(verdict(c.bytes, id).errno).toBeGreaterThanOrEqual(0)
        },
      ),
      { numRuns: 50 },
    )
  })

  test('the dictionary is one that fuzzers can read', () => {
    for (const id of famfsDialectIds) {
      const [comment, ...lines] = dictionary(id).trimEnd().split('\n')
      expect(comment).toMatch(/^# /)
      for (const line of lines) expect(line).toMatch(/^[a-z0-9_]+="(\\x[0-9A-F]{2}){1,128}"$/)
      expect(new Set(lines.map(line => line.split('=')[0])).size).toBe(lines.length)
    }
  })
})
