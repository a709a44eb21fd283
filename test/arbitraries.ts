/** The seeded generators as fast-check arbitraries: they shrink in the seed, the sizes and the list of mutations. */
import fc from 'fast-check'
import {
  type CorpusCase,
  corpus,
  type Fmap,
  type FmapKind,
  fmapBytes,
  generateFmap,
  type MutationName,
  mutate,
  mutationNames,
  seeded,
} from '../src/corpus/index.ts'
import { kindsOf } from '../src/corpus/target.ts'
import { type DialectId, dialects, famfsDialectIds } from '../src/uapi/dialects/index.ts'

/** A dialect that has famfs. */
export const arbFamfsDialect = fc.constantFrom(...famfsDialectIds)

/** A seed for the generators. */
export const arbSeed = fc.nat()

/** Elements of 24 bytes that fit behind a header in one page. */
const ON_A_PAGE = 169

export interface ArbFmapOptions {
  readonly kind?: FmapKind
  /** most extents or groups; default the dialect's limit, or 40 */
  readonly extents?: number
}

/** Legal maps of a dialect, no larger than a page. */
export function arbFmap(dialect: DialectId, options: ArbFmapOptions = {}): fc.Arbitrary<Fmap> {
  const { limits } = dialects[dialect]
  const kinds = options.kind === undefined ? kindsOf(dialects[dialect]) : [options.kind]
  return fc
    .record({
      seed: arbSeed,
      kind: fc.constantFrom(...kinds),
      extents: fc.integer({ min: 1, max: options.extents ?? limits.extents ?? 40 }),
      strips: fc.integer({ min: 1, max: limits.strips ?? 1 }),
    })
    .map(({ seed, kind, extents, strips }) => {
      const most = Math.max(1, Math.floor(ON_A_PAGE / extents) - 1)
      return generateFmap(dialect, seeded(seed), { kind, extents, strips: Math.min(strips, most) })
    })
}

/** Bytes of legal maps. */
export const arbFmapBytes = (dialect: DialectId, options: ArbFmapOptions = {}): fc.Arbitrary<Uint8Array> =>
  arbFmap(dialect, options).map(fmap => fmapBytes(dialect, fmap))

export interface MutatedFmap {
  readonly bytes: Uint8Array
  /** in the order in which they were done */
  readonly mutations: readonly MutationName[]
}

/** Legal maps after one to three mutations. Shrinks to fewer mutations, then to a smaller map. */
export const arbMutatedFmap = (dialect: DialectId, names: readonly MutationName[] = mutationNames): fc.Arbitrary<MutatedFmap> =>
  fc
    .record({
      fmap: arbFmapBytes(dialect),
      steps: fc.array(fc.record({ name: fc.constantFrom(...names), seed: arbSeed }), { minLength: 1, maxLength: 3 }),
    })
    .map(({ fmap, steps }) => {
      let bytes = fmap
      const mutations = steps.map(({ name, seed }) => {
        const mutant = mutate(bytes, dialect, seeded(seed), [name])
        bytes = mutant.bytes
        return mutant.name
      })
      return { bytes, mutations }
    })

/** Cases of corpora: everything that the generators can make, noise too. */
export const arbCorpusCase = (dialect: DialectId): fc.Arbitrary<CorpusCase> =>
  fc
    .record({ seed: arbSeed, index: fc.nat(60) })
    .map(({ seed, index }) => [...corpus(dialect, seed, index + 1)].at(-1))
    .filter(c => c !== undefined)
