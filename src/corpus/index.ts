/**
 * `famfs-wire/corpus`: legal maps, maps that break one relation, and whole corpora of both, from seeds. Runs anywhere; the command
 * `famfs-wire corpus` writes them to files.
 */
export { type CorpusCase, categoriesOf, corpus } from './corpus.ts'
export { dictionary } from './dictionary.ts'
export { type Fmap, fmapBytes } from './fmap.ts'
export { type FmapOptions, generateFmap } from './generate.ts'
export type { Lengths } from './lengths.ts'
export type { Touched } from './message.ts'
export { mutate, type NamedMutant } from './mutate.ts'
export { type Category, type Mutant, type Mutation, type MutationName, mutationNames, mutations } from './mutations/index.ts'
export { type Random, seeded } from './random.ts'
export {
  type CorpusOrigin,
  type Manifest,
  type ManifestCase,
  type Sidecar,
  type SidecarFindings,
  type SidecarOpen,
  type SidecarVerdict,
  sidecarOf,
} from './sidecar.ts'
export type { FmapKind, MachineOptions } from './target.ts'
export { replyOf, requestOf } from './transport.ts'
