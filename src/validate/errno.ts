/** The fast form of the verdict: generated from the same steps, answers the errno alone. */
import { checkBytes } from '../codec/input.ts'
import { CAPACITY, in32, load } from '../codec/scratch.ts'
import type { Dialect } from '../schema/dialect.ts'
import type { DialectName } from '../uapi/dialects/aliases.ts'
import { dialects } from '../uapi/dialects/index.ts'
import { type FastCheck, fastChecks } from './generated/verdicts.ts'
import { dialectOf, machineOf, type VerdictOptions, X86_64 } from './options.ts'
import { walkedVerdict } from './walk.ts'

/** A message too large for the scratch block, as words: a view where its place in memory allows, else a copy. */
const wordsOf = (bytes: Uint8Array): Uint32Array => {
  checkBytes(bytes)
  const { buffer, byteOffset, length } = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes)
  return new Uint32Array(buffer, byteOffset, length >> 2)
}

/** By list of steps. None on a big-endian machine, whose words are not those of the bytes. */
const forms: ReadonlyMap<unknown, FastCheck> = /* @__PURE__ */ new Map(/* @__PURE__ */ [...fastChecks].filter(() => CAPACITY >= 0))

const named = (dialect: Dialect, fast: FastCheck | undefined): (readonly [Dialect | string, FastCheck])[] =>
  fast === undefined
    ? []
    : [
        [dialect, fast],
        [dialect.id, fast],
      ]

/** Known dialects by value and by id, in one look-up: it takes a good part of the time that a small map takes. */
export const fastForms: ReadonlyMap<Dialect | string, FastCheck> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ Object.values<Dialect>(dialects).flatMap(dialect => named(dialect, forms.get(dialect.checks))),
)

/** The fast form for this dialect; undefined where its checks or the form of its maps are its own. */
export function fastFormOf(dialect: Dialect | DialectName): FastCheck | undefined {
  const fast = fastForms.get(dialect)
  if (fast !== undefined) return fast
  const { checks, map } = dialectOf(dialect, 'GET_FMAP')
  return map === undefined ? forms.get(checks) : undefined
}

/**
 * The errno from the incoming block, where the message is then; undefined where it has no place there, or the dialect no fast form.
 * @throws WireError as {@link verdictErrno}
 */
export function fastErrno(bytes: Uint8Array, dialect: Dialect | DialectName, options: VerdictOptions): number | undefined {
  const fast = fastFormOf(dialect)
  const { pageSize, pmdSize, kmallocMax } = options === X86_64 ? X86_64 : machineOf(options)
  return fast === undefined || load(bytes) < 0 ? undefined : fast(in32, bytes.length, pageSize, pmdSize, kmallocMax)
}

/**
 * The errno alone of `verdict`, without making an object: 0 when a kernel of this dialect takes the map. Messages above 64 KiB are
 * read in place where they lie at a multiple of 4 bytes, and copied otherwise. A dialect with checks of its own is walked step by step.
 *
 * @param bytes the body of a GET_FMAP reply, of any length, at any byte offset
 * @param dialect a dialect or its id
 * @param options page and PMD size and the largest allocation of that machine
 * @returns 0 or a positive Linux errno
 * @throws WireError code unsupported for a dialect without GET_FMAP, code range for options out of range; never for the bytes
 */
export function verdictErrno(bytes: Uint8Array, dialect: Dialect | DialectName, options: VerdictOptions = X86_64): number {
  const fast = fastFormOf(dialect)
  if (fast === undefined) return walkedVerdict(bytes, dialect, options).errno
  const { pageSize, pmdSize, kmallocMax } = options === X86_64 ? X86_64 : machineOf(options)
  const fits = load(bytes) >= 0
  return fast(fits ? in32 : wordsOf(bytes), bytes.length, pageSize, pmdSize, kmallocMax)
}
