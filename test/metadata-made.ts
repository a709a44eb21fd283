/** Logs of version 48, made by hand for tests. */
import { crc32 } from '../src/codec/crc32.ts'

/** A log in memory. */
export interface Made {
  readonly bytes: Uint8Array
  readonly view: DataView
}

const HEADER = 48
const ENTRY = 544
const UNIT = 0x20_0000n

export const entryAt = (index: number): number => HEADER + index * ENTRY

export function sealHeader({ bytes, view }: Made): void {
  view.setBigUint64(24, BigInt(crc32(bytes, 0, 24)), true)
}

export function sealEntry({ bytes, view }: Made, index: number): void {
  const at = entryAt(index)
  view.setBigUint64(at + 536, BigInt(crc32(bytes, at, at + 536)), true)
}

export interface Making {
  readonly path?: (index: number) => string
  /** unit of the device that the only extent starts at */
  readonly unit?: (index: number) => number
}

const encoder = new TextEncoder()

/** A log of `size` bytes with `count` files of one unit each, one behind the other. */
export function logOf(count: number, size: number, { path = i => `f${i}`, unit = i => 5 + i }: Making = {}): Made {
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  const u64 = (at: number, value: bigint) => view.setBigUint64(at, value, true)
  const made = { bytes, view }
  u64(0, 0xbadcafef00dn)
  u64(8, BigInt(size))
  u64(16, (BigInt(size) - 48n) / 544n - 1n)
  u64(32, BigInt(count))
  u64(40, BigInt(count))
  sealHeader(made)
  for (let i = 0; i < count; i++) {
    const at = entryAt(i)
    u64(at, BigInt(i))
    u64(at + 16, 100n)
    view.setUint32(at + 24, 2, true)
    view.setUint32(at + 36, 0o644, true)
    encoder.encodeInto(path(i), bytes.subarray(at + 40, at + 119))
    view.setUint32(at + 128, 1, true)
    u64(at + 144, BigInt(unit(i)) * UNIT)
    u64(at + 152, UNIT)
    sealEntry(made, i)
  }
  return made
}
