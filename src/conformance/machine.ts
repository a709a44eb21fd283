/** The machine of a request: sizes that are not those of x86-64. */
import type { VerdictOptions } from '../validate/options.ts'
import { type Json, number, object, optional } from './record.ts'

/** `machine` of a request or a vector. Where it has none, x86-64. */
export function machineIn(request: Json): VerdictOptions {
  const record = optional(request, 'machine', (r, key) => object(r[key])) ?? {}
  const sizes = (['pageSize', 'pmdSize', 'kmallocMax'] as const).map(name => [name, optional(record, name, number)] as const)
  return Object.fromEntries(sizes.filter(([, size]) => size !== undefined))
}
