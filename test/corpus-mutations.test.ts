/** Every mutation does what its name says, and nothing else. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Fmap, fmapBytes, generateFmap, type MutationName, mutate, mutationNames, mutations, seeded } from '../src/corpus/index.ts'
import { all, first, groupsOf, type Message, messageOf, named, valueAt } from '../src/corpus/message.ts'
import type { Mutant, Mutation } from '../src/corpus/mutations/index.ts'
import { checksOf, kindsOf, type Target, targetOf } from '../src/corpus/target.ts'
import { knownDialects } from '../src/uapi/dialects/known.ts'
import { findings } from '../src/validate/findings/index.ts'
import { verdict } from '../src/validate/verdict.ts'
import { arbFamfsDialect, arbMutatedFmap, arbSeed } from './arbitraries.ts'

const SEEDS = 12
const [TWO_63, TWO_64] = [1n << 63n, 1n << 64n]

interface Case {
  readonly id: string
  readonly target: Target
  readonly before: Message
  readonly after: Message
  readonly mutant: Mutant
  /** values of the touched fields that still can be read */
  readonly values: readonly bigint[]
}

const sum = (values: readonly bigint[]): bigint => values.reduce((a, b) => a + b, 0n)
const only = ({ values }: Case): bigint => {
  expect(values).toHaveLength(1)
  return values[0] ?? -1n
}
const oldOf = ({ before, mutant }: Case): bigint => {
  const place = before.places.find(p => p.path === mutant.touched[0]?.path)
  return place === undefined ? -1n : valueAt(before, place)
}
const placeOf = ({ before, after, mutant }: Case) => [...before.places, ...after.places].find(p => p.path === mutant.touched[0]?.path)
/** Of the field that was touched, in the words of famfs. */
const name = (c: Case): string => placeOf(c)?.name ?? ''
const isSimple = ({ after }: Case): boolean => named(after, 'ie_nbytes').length === 0
const isField = (c: Case, field: string): boolean => name(c) === field && c.mutant.touched.length === 1
const units = ({ target: { unit } }: Case): bigint => BigInt(unit)

/** Strips of a group that hold less than the chunks which fall to them: by walking every chunk, as wire 4.3 I9 defines it. */
function shortStrips(message: Message): number {
  return groupsOf(message).flatMap(group => {
    const [nbytes, chunk] = [valueAt(message, group.nbytes), valueAt(message, group.chunk)]
    const strips = BigInt(group.lengths.length)
    if (strips === 0n || chunk === 0n || nbytes === 0n) return []
    const last = (nbytes - 1n) / chunk
    return group.lengths.filter((place, i) => {
      const mine = BigInt(i)
      if (mine > last) return false
      const row = (last - mine) / strips
      const end = row * chunk + (row * strips + mine === last ? (nbytes - 1n) % chunk : chunk - 1n)
      return end >= valueAt(message, place)
    })
  }).length
}

/** What is true after each mutation. */
const claims: { readonly [K in MutationName]: (c: Case) => boolean } = {
  version: c => isField(c, 'fmap_version') && only(c) !== 1n,
  'file-type': c => isField(c, 'file_type') && only(c) > 2n,
  'ext-type-unknown': c => isField(c, 'ext_type') && only(c) > 1n,
  'ext-type-other': c => isField(c, 'ext_type') && only(c) + oldOf(c) === 1n,
  'dev-index': c => isField(c, 'se_devindex') && only(c) > c.target.dialect.limits.devIndex,
  'offset-unaligned': c => isField(c, 'se_offset') && only(c) % units(c) !== 0n && only(c) - oldOf(c) < units(c),
  'length-unaligned': c => isField(c, 'se_len') && only(c) % units(c) !== 0n && only(c) > oldOf(c),
  'chunk-odd': c => isField(c, 'ie_chunk_size') && only(c) % 0x200000n !== 0n && !c.target.chunks.includes(Number(only(c))),
  'chunk-zero': c => isField(c, 'ie_chunk_size') && only(c) === 0n,
  'chunk-multiple': c => isField(c, 'ie_chunk_size') && only(c) % 0x200000n === 0n && !c.target.chunks.includes(Number(only(c))),
  'reserved-one': c => c.mutant.touched.length === 1 && placeOf(c)?.reserved === true && only(c) !== 0n,
  'reserved-all': c => c.after.places.filter(p => p.reserved).every(p => valueAt(c.after, p) !== 0n) && c.values.length >= 2,
  'length-word': c => isField(c, 'fmap_size') && only(c) !== BigInt(c.after.bytes.length),
  overlap(c) {
    const [devices, offsets, lengths] = ['se_devindex', 'se_offset', 'se_len'].map(field => all(c.after, field)) as [
      bigint[],
      bigint[],
      bigint[],
    ]
    return offsets.some((offset, i) => i > 0 && offset === offsets[0] && devices[i] === devices[0]) && lengths.every(length => length > 0n)
  },
  'file-size-smaller': c => isField(c, 'file_size') && only(c) < oldOf(c),
  'file-size-beyond': c => isField(c, 'file_size') && only(c) > sum(all(c.after, 'se_len')) && only(c) < TWO_63,
  'file-size-negative': c => isField(c, 'file_size') && only(c) >= TWO_63,
  'length-zero': c => isField(c, 'se_len') && only(c) === 0n,
  'length-huge': c => isField(c, 'se_len') && only(c) >= TWO_63 - units(c) && only(c) % units(c) === 0n,
  'wrap-end'(c) {
    const length = c.after.places.find(p => p.path === c.mutant.touched[0]?.path.replace('se_offset', 'se_len'))
    return isField(c, 'se_offset') && only(c) % units(c) === 0n && length !== undefined && only(c) + valueAt(c.after, length) >= TWO_64
  },
  'wrap-sum'(c) {
    const [was, is] = [c.before, c.after].map(m => sum(all(m, 'se_len'))) as [bigint, bigint]
    return c.values.length === 2 && name(c) === 'se_len' && is >= TWO_64 && is % TWO_64 === was
  },
  'wrap-nbytes'(c) {
    const [was, is] = [c.before, c.after].map(m => sum(all(m, 'ie_nbytes'))) as [bigint, bigint]
    return c.values.length === 2 && name(c) === 'ie_nbytes' && is >= TWO_64 && is % TWO_64 === was
  },
  'nbytes-zero': c => isField(c, 'ie_nbytes') && only(c) === 0n,
  'nbytes-huge': c => isField(c, 'ie_nbytes') && only(c) >= TWO_63,
  'nbytes-beyond-strips': c => isField(c, 'ie_nbytes') && only(c) > oldOf(c) && shortStrips(c.after) > 0,
  'nbytes-below-file': c => isField(c, 'ie_nbytes') && sum(all(c.after, 'ie_nbytes')) === (first(c.after, 'file_size') ?? 0n) - 1n,
  'strip-short': c => isField(c, 'se_len') && only(c) < oldOf(c) && only(c) % units(c) === 0n && shortStrips(c.after) === 1,
  'strip-long': c => isField(c, 'se_len') && only(c) > oldOf(c) && only(c) % units(c) === 0n && shortStrips(c.after) === 0,
  'nextents-zero': c => isField(c, 'nextents') && only(c) === 0n,
  'nextents-more': c => isField(c, 'nextents') && only(c) === oldOf(c) + 1n,
  'nextents-fewer': c => isField(c, 'nextents') && only(c) === oldOf(c) - 1n && only(c) > 0n,
  'nextents-huge': c => isField(c, 'nextents') && only(c) >= 65535n,
  'extents-at-limit'(c) {
    const limit = Math.min(c.target.extents, isSimple(c) ? 169 : 84)
    return isField(c, 'nextents') && limit - Number(only(c)) <= 1 && limit >= only(c) && shortStrips(c.after) === 0
  },
  'extents-beyond-limit'(c) {
    const { extents = 0 } = c.target.dialect.limits
    const present = isSimple(c) ? named(c.after, 'se_len') : named(c.after, 'ie_nbytes')
    return isField(c, 'nextents') && only(c) > extents && present.length === Number(only(c))
  },
  'nstrips-zero': c => isField(c, 'ie_nstrips') && only(c) === 0n,
  'nstrips-more': c => isField(c, 'ie_nstrips') && only(c) === oldOf(c) + 1n,
  'nstrips-fewer': c => isField(c, 'ie_nstrips') && only(c) === oldOf(c) - 1n,
  'nstrips-huge': c => isField(c, 'ie_nstrips') && only(c) >= 65535n,
  'layout-not-taken': c =>
    isField(c, 'ext_type') && only(c) === 1n && c.target.dialect.limits.strips === undefined && shortStrips(c.after) === 0,
  'strips-at-limit': c => isField(c, 'ie_nstrips') && c.target.strips - Number(only(c)) <= 1 && c.target.strips >= only(c),
  'strips-beyond-limit': c => isField(c, 'ie_nstrips') && only(c) > c.target.strips && named(c.after, 'se_len').length === Number(only(c)),
  'cut-header': c => c.after.bytes.length < c.target.layout.header.size,
  'cut-tail': c => c.before.bytes.length - c.after.bytes.length < 24 && c.after.bytes.length < c.before.bytes.length,
  'cut-anywhere': c => c.after.bytes.length < c.before.bytes.length,
  'size-probe': c => c.after.bytes.length === (c.target.dialect.push ? 32 : 4) && c.mutant.touched[0]?.length === 4,
  append: c => c.after.bytes.length > c.before.bytes.length,
  'pad-to-page': c => c.after.bytes.length === 4096 && c.after.bytes.subarray(c.before.bytes.length).every(b => b === 0),
  'bit-flip'(c) {
    const flipped = c.after.bytes.map((b, i) => b ^ (c.before.bytes[i] ?? 0))
    const bits = flipped.reduce((n, b) => n + b.toString(2).replaceAll('0', '').length, 0)
    return bits >= 1 && bits <= 8 && c.after.bytes.length === c.before.bytes.length
  },
  splice: c => (c.mutant.touched[0]?.offset ?? 0) <= c.before.bytes.length,
  noise: c => c.mutant.touched[0]?.length === c.after.bytes.length,
  'noise-behind-header': c => c.mutant.touched[0]?.offset === c.target.layout.header.size,
  'room-small': c => isField(c, 'meta_size') && only(c) < oldOf(c),
  'room-spare': c => isField(c, 'meta_size') && only(c) > oldOf(c) && only(c) <= 65536n,
  'room-large': c => isField(c, 'meta_size') && only(c) > 65536n,
}

/** Mutations that make the message anew. */
const REBUILT: ReadonlySet<MutationName> = new Set([
  'extents-at-limit',
  'extents-beyond-limit',
  'layout-not-taken',
  'strips-at-limit',
  'strips-beyond-limit',
  'noise',
  'size-probe',
])

/** The mutation on legal maps of every dialect and kind. */
function* makeCases(mutation: MutationName): Generator<Case> {
  const { apply }: Mutation = mutations[mutation]
  for (const dialect of Object.values(knownDialects).filter(d => d.reply.GET_FMAP !== undefined))
    for (const kind of kindsOf(dialect))
      for (let seed = 0; seed < SEEDS; seed++) {
        const target = targetOf(dialect)
        const bytes = fmapBytes(dialect, generateFmap(dialect, seeded(`${seed}`), { kind, most: 256 }))
        const before = messageOf(target, bytes.slice())
        const mutant = apply(before, seeded(seed))
        expect(before.bytes, 'the given bytes are not changed').toEqual(bytes)
        if (mutant === undefined) continue
        const after = messageOf(target, mutant.bytes)
        // the places of the legal map: after the mutation they may no longer be found
        const where = REBUILT.has(mutation) ? after : { ...before, bytes: mutant.bytes }
        const values = mutant.touched.flatMap(t => where.places.filter(p => p.path === t.path).map(place => valueAt(where, place)))
        yield { id: dialect.id, target, before, after, mutant, values }
      }
}

const made = new Map<MutationName, readonly Case[]>()

function casesOf(mutation: MutationName): readonly Case[] {
  const cases = made.get(mutation) ?? [...makeCases(mutation)]
  made.set(mutation, cases)
  return cases
}

const outside = ({ touched }: Mutant, i: number): boolean => !touched.some(({ offset, length }) => i >= offset && i < offset + length)

describe.each(mutationNames)('%s', mutation => {
  const cases = casesOf(mutation)

  test('applies, and does what its name says', () => {
    expect(cases.length).toBeGreaterThan(0)
    for (const c of cases) expect(claims[mutation](c), `${c.id}: ${c.mutant.note}`).toBe(true)
  })

  test('tells all that it touched', () => {
    for (const c of cases) {
      expect(c.mutant.note).not.toBe('')
      expect(c.mutant.touched.length).toBeGreaterThan(0)
      const [was, is] = [c.before.bytes, c.after.bytes]
      if (REBUILT.has(mutation)) continue
      const common = is.subarray(0, was.length)
      expect(
        common.findIndex((byte, i) => outside(c.mutant, i) && byte !== was[i]),
        c.mutant.note,
      ).toBe(-1)
    }
  })
})

describe('a kernel refuses for what was broken alone', () => {
  const failures = mutationNames.filter(name => 'refusedBy' in mutations[name])

  test.each(failures)('%s', mutation => {
    const { refusedBy = [] }: Mutation = mutations[mutation]
    const looking = casesOf(mutation).filter(({ target: { dialect } }) =>
      Array.from(checksOf(dialect.checks)).some(check => refusedBy.includes(check.name)),
    )
    expect(looking.length).toBeGreaterThan(0)
    for (const c of looking) {
      const answer = verdict(c.mutant.bytes, c.target.dialect)
      expect(refusedBy, `${c.id}: ${c.mutant.note}`).toContain('check' in answer ? answer.check : 'nothing')
    }
  })
})

/** What a careful peer says first of all, whatever its dialect. */
const RULES: { readonly [K in MutationName]?: string } = {
  version: 'fmap/version',
  'file-type': 'fmap/file-type',
  'ext-type-unknown': 'fmap/ext-type',
  'dev-index': 'fmap/devindex',
  'offset-unaligned': 'fmap/offset-p',
  'length-unaligned': 'fmap/length-p',
  'chunk-odd': 'fmap/chunk-',
  'chunk-zero': 'fmap/chunk-zero',
  'chunk-multiple': 'fmap/chunk-size',
  'reserved-one': 'fmap/reserved',
  'reserved-all': 'fmap/reserved',
  'length-word': 'fmap/size-field',
  overlap: 'fmap/overlap',
  'file-size-beyond': 'fmap/file-size-uncovered',
  'length-zero': 'fmap/length-zero',
  'wrap-end': 'fmap/end-wrap',
  'wrap-sum': 'fmap/sum-wrap',
  'nbytes-zero': 'fmap/nbytes-zero',
  'nbytes-huge': 'fmap/nbytes-signed',
  'nbytes-beyond-strips': 'fmap/strip-short',
  'nbytes-below-file': 'fmap/nbytes-uncovered',
  'strip-short': 'fmap/strip-short',
  'strip-long': 'fmap/strips-unequal',
  'nextents-zero': 'fmap/no-extents',
  'nextents-more': 'fmap/truncated',
  'nextents-fewer': 'fmap/trailing',
  'nstrips-zero': 'fmap/strip-count',
  'nstrips-more': 'fmap/truncated',
  'strips-beyond-limit': 'fmap/strip-count',
  'cut-header': 'fmap/truncated',
  'cut-tail': 'fmap/truncated',
  append: 'fmap/trailing',
}

describe('a careful peer finds', () => {
  test.each(Object.entries(RULES))('%s: %s', (mutation, rule) => {
    for (const c of casesOf(mutation as MutationName).filter(({ target }) => target.dialect.map === undefined)) {
      // a server of the pull dialects leaves fmap_size 0, and the push kernels take that
      if (mutation === 'length-word' && only(c) === 0n) continue
      const found = findings(c.mutant.bytes, c.target.dialect).map(f => f.rule)
      expect(
        found.some(id => id.startsWith(rule)),
        `${c.id}: ${c.mutant.note}: ${found}`,
      ).toBe(true)
    }
  })
})

/** The same of maps with rules of their own. */
const BPF_RULES: { readonly [K in MutationName]?: string } = {
  'room-small': 'bpf/meta-small',
  'room-spare': 'bpf/meta-spare',
  'room-large': 'bpf/meta-large',
  'dev-index': 'bpf/devindex',
  'offset-unaligned': 'bpf/offset-p',
  'chunk-zero': 'bpf/chunk-zero',
  'reserved-one': 'bpf/reserved',
  overlap: 'bpf/overlap',
  'file-size-beyond': 'bpf/file-size-uncovered',
  'file-size-negative': 'bpf/file-size-signed',
  'length-zero': 'bpf/length-zero',
  'wrap-end': 'bpf/end-wrap',
  'wrap-sum': 'bpf/sum-wrap',
  'nbytes-zero': 'bpf/nbytes-zero',
  'strip-long': 'bpf/strips-unequal',
  'nextents-zero': 'bpf/no-extents',
  'nextents-more': 'bpf/truncated',
  'nextents-fewer': 'bpf/trailing',
  'extents-beyond-limit': 'bpf/too-many-extents',
  'strips-beyond-limit': 'bpf/strip-count',
  'cut-header': 'bpf/truncated',
  'cut-tail': 'bpf/truncated',
  append: 'bpf/trailing',
}

describe('a careful peer of the BPF variant finds', () => {
  test.each(Object.entries(BPF_RULES))('%s: %s', (mutation, rule) => {
    const own = casesOf(mutation as MutationName).filter(({ target }) => target.dialect.map?.chapter === 'bpf')
    expect(own.length).toBeGreaterThan(0)
    for (const c of own) {
      const found = findings(c.mutant.bytes, c.target.dialect).map(f => f.rule)
      expect(
        found.some(id => id.startsWith(rule)),
        `${c.id}: ${c.mutant.note}: ${found}`,
      ).toBe(true)
    }
  })
})

describe('mutate', () => {
  const bytes = fmapBytes('fuse-v10', generateFmap('fuse-v10', seeded(1), { kind: 'interleaved', extents: 2, strips: 2 }))

  test('takes a value or bytes', () => {
    const fmap: Fmap = generateFmap('fuse-push', seeded(3))
    const [a, b] = [mutate(fmap, 'fuse-push', seeded(4)), mutate(fmapBytes('fuse-push', fmap), 'fuse-push', seeded(4))]
    expect(a).toEqual(b)
  })

  test('is the same for the same seed', () => {
    for (let seed = 0; seed < 50; seed++) expect(mutate(bytes, 'fuse-v10', seeded(seed))).toEqual(mutate(bytes, 'fuse-v10', seeded(seed)))
  })

  test('keeps to the names given, and appends where none of them applies', () => {
    expect(mutate(bytes, 'fuse-v10', seeded(1), ['chunk-zero']).name).toBe('chunk-zero')
    expect(mutate(new Uint8Array(0), 'fuse-v10', seeded(1), ['chunk-zero']).name).toBe('append')
    expect(mutate(bytes, 'fuse-v10', seeded(1), []).name).toBe('append')
  })

  test('comes to every mutation that the dialect has', () => {
    const seen = new Set(Array.from({ length: 2000 }, (_, seed) => mutate(bytes, 'fuse-v10', seeded(seed)).name))
    expect(mutationNames.filter(name => !seen.has(name))).toEqual([
      'length-word',
      'room-small',
      'room-spare',
      'room-large',
      'layout-not-taken',
      'size-probe',
    ])
  })

  test('takes any bytes, and its own mutants', () => {
    fc.assert(
      fc.property(
        arbFamfsDialect,
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom(...mutationNames),
        arbSeed,
        (id, noise, one, seed) => {
          const mutant = mutate(noise, id, seeded(seed), [one])
          expect(mutant.bytes).toBeInstanceOf(Uint8Array)
          expect(verdict(mutant.bytes, id).errno).toBeGreaterThanOrEqual(0)
        },
      ),
      { numRuns: 500 },
    )
    fc.assert(
      fc.property(
        arbFamfsDialect.chain(id => fc.tuple(fc.constant(id), arbMutatedFmap(id))),
        ([id, mutant]) => {
          expect(mutant.mutations.length).toBeGreaterThan(0)
          expect(verdict(mutant.bytes, id).errno).toBeGreaterThanOrEqual(0)
        },
      ),
      { numRuns: 300 },
    )
  })
})
