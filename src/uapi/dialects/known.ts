/** All dialects of this library by id: those of the main entry, whose maps have the famfs form, and those with forms of their own. */
import type { Dialect } from '../../schema/dialect.ts'
import { fuseBpfInterleave } from './fuse-bpf-interleave.ts'
import { fuseBpfSimple } from './fuse-bpf-simple.ts'
import { dialects } from './index.ts'

/** The BPF variant, by program. */
export const bpfDialects = {
  'fuse-bpf-simple': fuseBpfSimple,
  'fuse-bpf-interleave': fuseBpfInterleave,
} as const satisfies Readonly<Record<string, Dialect>>

/**
 * Every dialect by its id. Functions take the ids of `dialects` as they stand, and of the others the value: `knownDialects[id]`.
 */
export const knownDialects: Readonly<Record<string, Dialect>> = { ...dialects, ...bpfDialects }

export { fuseBpfInterleave, fuseBpfSimple }
