/** All mutations, by name. */
import { countMutations } from './counts.ts'
import { fieldMutations } from './fields.ts'
import type { Mutation } from './mutation.ts'
import { shapeMutations } from './shape.ts'
import { sizeMutations } from './sizes.ts'

const table = { ...fieldMutations, ...sizeMutations, ...countMutations, ...shapeMutations } as const

/** Names of all mutations. */
export type MutationName = keyof typeof table

/** Every mutation by its name: what it breaks, in which category it belongs, and which check steps refuse a legal map after it. */
export const mutations: Readonly<Record<MutationName, Mutation>> = table

/** The names, in the order of the table. */
export const mutationNames = Object.keys(mutations) as readonly MutationName[]

export type { Apply, Category, Mutant, Mutation } from './mutation.ts'
