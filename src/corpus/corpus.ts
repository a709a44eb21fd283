/** Test messages in all classes, the same for the same seed. */
import type { Dialect } from '../schema/dialect.ts'
import type { HeaderRole } from '../schema/layout.ts'
import type { DialectName } from '../uapi/dialects/aliases.ts'
import { fmapBytes } from './fmap.ts'
import { type FmapOptions, generateFor } from './generate.ts'
import type { Lengths } from './lengths.ts'
import { type Message, messageOf, type Touched } from './message.ts'
import { failuresOf, mutateMessage, type NamedMutant } from './mutate.ts'
import { type Category, type MutationName, mutationNames, mutations } from './mutations/index.ts'
import { oneIn, pick, type Random, seeded } from './random.ts'
import { checksOf, hasField, kindsOf, type MachineOptions, type Target, targetOf } from './target.ts'

/** One message of a corpus. */
export interface CorpusCase {
  /** 0, 1, 2 ... */
  readonly index: number
  /** id of the dialect for whose limits it was made */
  readonly dialect: string
  readonly category: Category
  /** what was done, for a person */
  readonly note: string
  /** names of the mutations, in their order; empty for a legal map */
  readonly mutations: readonly MutationName[]
  /** body of a GET_FMAP reply, without fuse_out_header */
  readonly bytes: Uint8Array
  /** the bytes to look at; empty for a legal map */
  readonly touched: readonly Touched[]
}

type Made = Pick<CorpusCase, 'note' | 'mutations' | 'bytes' | 'touched'>

interface Kitchen {
  readonly target: Target
  /** mutations after which the dialect's kernel refuses a legal map */
  readonly failures: readonly MutationName[]
}

type Recipe = (kitchen: Kitchen, random: Random) => Made | undefined

/** Extents around what a page holds, and as many as make a large file. Only where the dialect has no limit. */
const MANY = [168, 169, 170, 171, 170, 1000, 10_000] as const

function legal(target: Target, random: Random, options: FmapOptions, note: (fmap: ReturnType<typeof generateFor>) => string): Made {
  const fmap = generateFor(target, random, options)
  return { note: note(fmap), mutations: [], bytes: fmapBytes(target.dialect, fmap), touched: [] }
}

const validSimple: Recipe = ({ target }, random) => {
  const many = target.extents === Number.POSITIVE_INFINITY && oneIn(random, 12) ? { extents: pick(random, MANY) ?? 1 } : {}
  return legal(target, random, { kind: 'simple', ...many }, fmap => `${fmap.extents.length} extents`)
}

const validInterleaved: Recipe = ({ target }, random) =>
  legal(target, random, { kind: 'interleaved' }, fmap => {
    const strips = fmap.ext_type === 1 ? fmap.extents.map(group => group.ie_strips.length) : []
    return `${strips.length} interleaved x ${[...new Set(strips)].join(',')} strips`
  })

const UNIFORM: readonly Lengths[] = ['uniform', 'equal', 'last-longer', 'odd-middle', 'not-a-power']

const uniform: Recipe = ({ target }, random) => {
  const lengths = pick(random, UNIFORM) ?? 'uniform'
  return legal(target, random, { kind: 'simple', most: 512, lengths }, fmap => `${fmap.extents.length} extents, lengths ${lengths}`)
}

/** A small legal map to break. */
const baseFor = (target: Target, random: Random): Message =>
  messageOf(target, fmapBytes(target.dialect, generateFor(target, random, { most: oneIn(random, 8) ? 1024 : 256 })))

const made = (...mutants: readonly NamedMutant[]): Made => {
  const bytes = mutants[mutants.length - 1]?.bytes ?? new Uint8Array(0)
  return {
    note: mutants.map(m => m.note).join(' & '),
    mutations: mutants.map(m => m.name),
    bytes,
    touched: mutants.flatMap(m => m.touched).filter(({ offset, length }) => offset + length <= bytes.length),
  }
}

const oneOf =
  (names: readonly MutationName[]): Recipe =>
  ({ target }, random) => {
    const mutant = mutateMessage(baseFor(target, random), random, names)
    return mutant === undefined ? undefined : made(mutant)
  }

const singleFail: Recipe = (kitchen, random) => oneOf(kitchen.failures)(kitchen, random)

/** Two failures at once show which one a parser sees first. They are in different fields; the second one does not make the message anew. */
const pairFail: Recipe = ({ target, failures }, random) => {
  const one = mutateMessage(baseFor(target, random), random, failures)
  if (one === undefined) return undefined
  const rest = failures.filter(name => name !== one.name && !REBUILDS.has(name))
  const two = mutateMessage(messageOf(target, one.bytes), random, rest)
  const same = two?.touched.some(({ path }) => one.touched.some(other => other.path === path)) === true
  return two === undefined || same ? undefined : made(one, two)
}

const REBUILDS: ReadonlySet<MutationName> = new Set(['extents-beyond-limit', 'strips-beyond-limit', 'layout-not-taken', 'size-probe'])

const byCategory = (category: Category): readonly MutationName[] => mutationNames.filter(name => mutations[name].category === category)
const mutated = (category: Category): Recipe => oneOf(byCategory(category))

const recipes: { readonly [C in Category]: Recipe } = {
  'valid-simple': validSimple,
  'valid-interleaved': validInterleaved,
  'single-fail': singleFail,
  'pair-fail': pairFail,
  uniform,
  truncated: mutated('truncated'),
  'bit-flip': mutated('bit-flip'),
  alignment: mutated('alignment'),
  'file-size': mutated('file-size'),
  nextents: mutated('nextents'),
  nstrips: mutated('nstrips'),
  'strip-coverage': mutated('strip-coverage'),
  wrap: mutated('wrap'),
  'dev-index': mutated('dev-index'),
  'ext-type': mutated('ext-type'),
  'file-type': mutated('file-type'),
  version: mutated('version'),
  reserved: mutated('reserved'),
  trailing: mutated('trailing'),
  overlap: mutated('overlap'),
  'zero-length': mutated('zero-length'),
  'size-probe': mutated('size-probe'),
  splice: mutated('splice'),
  random: mutated('random'),
  room: mutated('room'),
}

/** Of these more than of the others; once more per time that a name stands here. */
const MORE: readonly Category[] = [
  'truncated',
  'bit-flip',
  'pair-fail',
  'valid-simple',
  'valid-interleaved',
  'truncated',
  'alignment',
  'file-size',
  'pair-fail',
  'bit-flip',
  'nextents',
  'single-fail',
  'truncated',
  'valid-simple',
  'strip-coverage',
  'pair-fail',
  'bit-flip',
  'valid-interleaved',
  'wrap',
  'single-fail',
  'truncated',
  'random',
  'nstrips',
  'splice',
]

const withGroups = (dialect: Dialect): boolean => kindsOf(dialect).includes('interleaved')
const withExtents = (dialect: Dialect): boolean => kindsOf(dialect).includes('simple')
const withField =
  (role: HeaderRole) =>
  (dialect: Dialect): boolean =>
    hasField(dialect, role)

/** Categories that not every dialect has. */
const onlyIf: { readonly [C in Category]?: (dialect: Dialect) => boolean } = {
  'valid-simple': withExtents,
  uniform: withExtents,
  'valid-interleaved': withGroups,
  version: withField('fmap_version'),
  'file-type': withField('file_type'),
  'ext-type': withField('ext_type'),
  room: withField('meta_size'),
  nstrips: withGroups,
  'strip-coverage': withGroups,
  'size-probe': ({ sizeProbe }) => sizeProbe !== 'none',
}

/** The categories of a dialect, each at least once in so many cases, in the order in which a corpus takes them again and again. */
const scheduleFor = (dialect: Dialect): Category[] =>
  [...(Object.keys(recipes) as Category[]), ...MORE].filter(category => onlyIf[category]?.(dialect) ?? true)

/** The categories that a corpus of this dialect has; the first that many cases of any corpus have each of them. */
export const categoriesOf = (dialect: Dialect): readonly Category[] => [...new Set(scheduleFor(dialect))]

/** Categories in which the end of the bytes matters. */
const ABOUT_THE_END: ReadonlySet<Category> = new Set([
  'size-probe',
  'truncated',
  'trailing',
  'random',
  'splice',
  'nextents',
  'nstrips',
  'single-fail',
  'pair-fail',
])

/** A kernel that takes replies of one size only sees nothing else: a part of its corpus has that size. facts: wire 2.1 */
function padded({ target }: Kitchen, random: Random, category: Category, case_: Made): Made {
  const { exact, most = 0 } = target.dialect.reply.GET_FMAP ?? {}
  if (exact !== true || case_.bytes.length >= most || ABOUT_THE_END.has(category) || !oneIn(random, 4)) return case_
  const bytes = new Uint8Array(most)
  bytes.set(case_.bytes)
  return { ...case_, bytes, note: `${case_.note}, padded to ${most} bytes` }
}

/** Two 32-bit hashes of the content: equal contents never pass for different ones, and different ones for equal hardly ever. */
function fingerprint(bytes: Uint8Array): string {
  let [a, b] = [0x811c9dc5, 0x9e3779b9]
  for (const byte of bytes) {
    a = Math.imul(a ^ byte, 0x01000193)
    b = Math.imul(b ^ byte, 0x85ebca6b) ^ (b >>> 13)
  }
  return `${bytes.length}:${a >>> 0}:${b >>> 0}`
}

/** After so many contents that were there before, noise takes the place: it is always new. */
const TRIES = 32

function fresh(kitchen: Kitchen, random: Random, wanted: Category, seen: Set<string>): Omit<CorpusCase, 'index' | 'dialect'> {
  for (let i = 0; ; i++) {
    const category = i < TRIES ? wanted : 'random'
    const plain = recipes[category](kitchen, random)
    if (plain === undefined) continue
    const case_ = padded(kitchen, random, category, plain)
    const key = fingerprint(case_.bytes)
    if (seen.has(key)) continue
    seen.add(key)
    return { category, ...case_ }
  }
}

/**
 * Messages for the parser of one dialect: legal maps, maps with one relation broken, maps with two, and noise; small ones first of all, none
 * above 256 KiB. Equal arguments give equal messages, everywhere; a longer corpus begins with the shorter one. No two have the same content.
 *
 * @param dialect a dialect with GET_FMAP, or its id
 * @param seed any text or number
 * @param count how many; the iterator makes one at a time
 * @throws WireError code unsupported for a dialect without GET_FMAP, code range for impossible page sizes
 */
export function* corpus(
  dialect: Dialect | DialectName,
  seed: string | number,
  count: number,
  options: MachineOptions = {},
): Generator<CorpusCase, void, undefined> {
  const target = targetOf(dialect, options)
  const checks = new Set(Array.from(checksOf(target.dialect.checks), check => check.name))
  const kitchen: Kitchen = { target, failures: failuresOf(checks) }
  const schedule = scheduleFor(target.dialect)
  const seen = new Set<string>()
  for (let index = 0; index < count; index++) {
    const random = seeded(`${target.dialect.id}/${seed}/${index}`)
    const category = schedule[index % schedule.length] ?? 'random'
    yield { index, dialect: target.dialect.id, ...fresh(kitchen, random, category, seen) }
  }
}
