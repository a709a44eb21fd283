/** All dialects of this library by id: those of the main entry, whose maps have the famfs form, and those with forms of their own. */
import type { Dialect } from '../../schema/dialect.ts'
import { fuseBpfInterleave } from './fuse-bpf-interleave.ts'
import { fuseBpfSimple } from './fuse-bpf-simple.ts'
import { fuseIomap } from './fuse-iomap.ts'
import { dialects } from './index.ts'

/** The BPF variant, by program. */
export const bpfDialects = {
  'fuse-bpf-simple': fuseBpfSimple,
  'fuse-bpf-interleave': fuseBpfInterleave,
} as const satisfies Readonly<Record<string, Dialect>>

/** Neighbours of famfs: described, but never judged. */
export const neighbourDialects = { 'fuse-iomap': fuseIomap } as const satisfies Readonly<Record<string, Dialect>>

/**
 * Every dialect by its id. Functions take the ids of `dialects` as they stand, and of the others the value: `knownDialects[id]`.
 */
export const knownDialects: Readonly<Record<string, Dialect>> = { ...dialects, ...bpfDialects, ...neighbourDialects }

export { fuseBpfInterleave, fuseBpfSimple, fuseIomap }
