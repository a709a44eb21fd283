/** The machine that a verdict is about: options of every command that judges maps. */
import { byteCount } from './args.ts'
import { Failure } from './command.ts'

export const machineOptions = {
  'page-size': { type: 'string', value: 'BYTES', help: 'page size; default 4k' },
  'pmd-size': { type: 'string', value: 'BYTES', help: 'what one PMD entry maps; default 2M' },
  'kmalloc-max': { type: 'string', value: 'BYTES', help: 'largest kmalloc, or unlimited; default 4M' },
} as const

interface MachineArgs {
  readonly 'page-size'?: string | undefined
  readonly 'pmd-size'?: string | undefined
  readonly 'kmalloc-max'?: string | undefined
}

export interface Machine {
  readonly pageSize?: number
  readonly pmdSize?: number
  readonly kmallocMax?: number
}

const LEAST = 4096n
const MOST = 1n << 31n

function powerOfTwo(name: string, given: string): number {
  const value = byteCount(name, given)
  if (value < LEAST || value > MOST || (value & (value - 1n)) !== 0n)
    throw new Failure(`--${name}: expected a power of two from ${LEAST} to ${MOST}, found ${given}`)
  return Number(value)
}

/**
 * The sizes that were given.
 * @throws Failure when one is not a size
 */
export function machineOf(args: MachineArgs): Machine {
  const [page, pmd, kmalloc] = [args['page-size'], args['pmd-size'], args['kmalloc-max']]
  return {
    ...(page === undefined ? {} : { pageSize: powerOfTwo('page-size', page) }),
    ...(pmd === undefined ? {} : { pmdSize: powerOfTwo('pmd-size', pmd) }),
    ...(kmalloc === undefined
      ? {}
      : { kmallocMax: kmalloc === 'unlimited' ? Number.POSITIVE_INFINITY : Number(byteCount('kmalloc-max', kmalloc)) }),
  }
}
