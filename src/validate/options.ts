/** What a verdict depends on besides the bytes: the dialect and the machine. */
import { dialectOf as anyDialectOf } from '../codec/dialects.ts'
import { WireError } from '../codec/errors.ts'
import type { Dialect } from '../schema/dialect.ts'
import type { DialectName } from '../uapi/dialects/aliases.ts'

/** Sizes of the machine whose kernel is asked. */
export interface VerdictOptions {
  /** page size of the machine: a power of two from 4096 to 2^31; default 4096. facts: wire 0.4 */
  readonly pageSize?: number
  /** what one entry of the middle page table maps: a power of two from 4096 to 2^31; default 2 MiB. facts: wire 0.4 */
  readonly pmdSize?: number
  /** most bytes that the kernel's kmalloc gives in one piece; default 4 MiB, may be Infinity. facts: wire 2.2 */
  readonly kmallocMax?: number
}

export interface Machine {
  readonly pageSize: number
  readonly pmdSize: number
  readonly kmallocMax: number
}

/** x86-64 with its defaults. */
export const X86_64: Machine = { pageSize: 4096, pmdSize: 0x200000, kmallocMax: 0x400000 }

const isUnit = (size: number): boolean => Number.isInteger(size) && size >= 4096 && size <= 0x80000000 && (size & (size - 1)) === 0

const bad = (name: string, expected: string, actual: unknown): WireError =>
  new WireError({
    code: 'range',
    path: `options.${name}`,
    offset: 0,
    detail: `must be ${expected}, is ${String(actual)}`,
    expected,
    actual,
  })

/**
 * The options with their defaults.
 * @throws WireError code range when a size is not a power of two from 4096 to 2^31, or kmallocMax not a number from 0 on
 */
export function machineOf(options: VerdictOptions): Machine {
  if (options === X86_64) return X86_64
  const machine = { ...X86_64, ...options }
  for (const name of ['pageSize', 'pmdSize'] as const) {
    if (!isUnit(machine[name])) throw bad(name, 'a power of two from 4096 to 2147483648', machine[name])
  }
  if (!(machine.kmallocMax >= 0)) throw bad('kmallocMax', 'a number of bytes', machine.kmallocMax)
  return machine
}

/** A dialect whose kernels ask for this message. */
export type Asking<M extends keyof Dialect['reply']> = Dialect & { readonly reply: Required<Pick<Dialect['reply'], M>> }

/**
 * The dialect of that id, or the value given.
 * @throws WireError code unsupported when there is no such dialect, or none of its kernels asks for that message
 */
export function dialectOf<M extends keyof Dialect['reply']>(dialect: Dialect | DialectName, message: M): Asking<M> {
  const found = anyDialectOf(dialect)
  if (found.reply[message] === undefined) throw unsupported(found.provisional ?? `no kernel of dialect ${found.id} asks for ${message}`)
  return found as Asking<M>
}

const unsupported = (detail: string): WireError => new WireError({ code: 'unsupported', path: 'dialect', offset: 0, detail })
