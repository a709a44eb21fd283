/** One mutation of one message. */

import { snapshotOf } from '../codec/input.ts'
import { named, unknownName } from '../codec/names.ts'
import type { Dialect } from '../schema/dialect.ts'
import type { DialectName } from '../uapi/dialects/aliases.ts'
import { type Fmap, fmapBytes } from './fmap.ts'
import { type Message, messageOf } from './message.ts'
import { type Mutant, type Mutation, type MutationName, mutationNames, mutations } from './mutations/index.ts'
import { type Random, shuffled } from './random.ts'
import { type MachineOptions, targetOf } from './target.ts'

/** A mutant, and which mutation made it. */
export interface NamedMutant extends Mutant {
  readonly name: MutationName
}

/** Tries the names in random order until one finds something to break. */
export function mutateMessage(message: Message, random: Random, names: readonly MutationName[]): NamedMutant | undefined {
  for (const name of shuffled(random, names)) {
    const mutation: Mutation = mutations[name]
    const mutant = mutation.apply(message, random)
    if (mutant !== undefined) return { name, ...mutant }
  }
  return undefined
}

/**
 * Breaks one relation of a map, chosen at random among those that it has: a count, a length, an alignment, a sum, a reserved word, the
 * bytes as such. Everything else stays as it is, so that the message reaches the one check that is about this relation.
 * Takes any bytes, also those that an earlier mutation broke, and can so serve as the mutator of a fuzzer.
 *
 * @param fmap a map, as a value or as the bytes of a GET_FMAP reply without its header
 * @param names mutations to choose from; default all
 * @returns the bytes with a note for a person and the bytes touched; the given bytes are not changed. Where none of `names` applies, bytes are appended
 * @throws WireError code unsupported for a dialect without GET_FMAP and a name of no mutation, and as `fmapBytes` for a value that cannot be bytes
 */
export function mutate(
  fmap: Fmap | Uint8Array,
  dialect: Dialect | DialectName,
  random: Random,
  names: readonly MutationName[] = mutationNames,
  options: MachineOptions = {},
): NamedMutant {
  const target = targetOf(dialect, options)
  for (const name of names)
    if (named(mutations, name) === undefined) throw unknownName('names', 'there is no mutation', name, mutationNames)
  const message = messageOf(target, ArrayBuffer.isView(fmap) ? snapshotOf(fmap, 'fmap') : fmapBytes(target.dialect, fmap))
  return mutateMessage(message, random, names) ?? { name: 'append', ...(mutations.append.apply(message, random) as Mutant) }
}

/** Mutations after which a kernel with these check steps refuses a legal map. */
export const failuresOf = (checks: ReadonlySet<string>): readonly MutationName[] =>
  mutationNames.filter(name => {
    const { refusedBy }: Mutation = mutations[name]
    return refusedBy?.some(check => checks.has(check)) === true
  })
