/** Free memory of devices, taken from the front. */
import type { MetaExtent } from '../validate/meta.ts'
import { outOfRange } from './errors.ts'
import { roundUp } from './wide.ts'

/** Memory that a plan may use: `size` bytes from `start` on (default 0) of the device in that slot of the table. */
export interface PlanDevice {
  readonly dev_index: number
  readonly start?: bigint
  readonly size: bigint
}

/** What is left; shrinks as it is taken from. */
export interface Free {
  readonly dev_index: number
  next: bigint
  readonly end: bigint
}

const TOP = 1n << 64n

/**
 * The free memory with its first byte aligned.
 * @throws WireError code range for memory that lies outside 64 bits, or that is named twice
 */
export function freeOf(devices: readonly PlanDevice[], align: bigint): Free[] {
  for (const [i, { dev_index, start = 0n, size }] of devices.entries()) {
    const path = `devices[${i}]`
    if (!Number.isInteger(dev_index) || dev_index < 0) throw outOfRange(`${path}.dev_index`, `a slot of the device table, not ${dev_index}`)
    if (start < 0n || size < 0n || start + size > TOP) throw outOfRange(path, `bytes ${start} to ${start + size} are not all on a device`)
    const twice = devices.slice(0, i).some(({ dev_index: other, start: from = 0n, size: bytes }) => {
      return other === dev_index && from < start + size && start < from + bytes
    })
    if (twice) throw outOfRange(path, `bytes ${start} to ${start + size} of device ${dev_index} are given twice`)
  }
  return devices.map(({ dev_index, start = 0n, size }) => ({ dev_index, next: roundUp(start, align), end: start + size }))
}

/** Whole units that are left. */
export const leftIn = ({ next, end }: Free, align: bigint): bigint => (end > next ? end - next - ((end - next) % align) : 0n)

/** Takes `len` bytes, a multiple of the alignment that is there. */
export function take(free: Free, len: bigint): MetaExtent {
  const extent = { dev_index: free.dev_index, offset: free.next, len }
  free.next += len
  return extent
}
