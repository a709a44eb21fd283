/**
 * The memory of the captures' devices: before the cases every 4 KiB block held its own address as text (fixtures/wire/PROVENANCE.md), and
 * what later cases wrote stays for those after them.
 */
import type { Piece } from '../../kernel/conversation/index.ts'

/** Bytes written since, by `device@address`. */
export type Memory = Map<string, number>

type Range = Pick<Piece, 'device' | 'offset' | 'length'>

const BLOCK = 4096n
const keyOf = (device: string, address: bigint): string => `${device}@${address}`

function byteAt(memory: Memory, device: string, address: bigint): number {
  const written = memory.get(keyOf(device, address))
  if (written !== undefined) return written
  const start = address - (address % BLOCK)
  const text = `${device}@0x${start.toString(16).padStart(8, '0')}`
  return Number(address - start) < text.length ? text.charCodeAt(Number(address - start)) : 0
}

/** The bytes of ranges, one after the other. */
export const load = (memory: Memory, ranges: readonly Range[]): number[] =>
  ranges.flatMap(({ device, offset, length }) =>
    Array.from({ length: Number(length) }, (_, i) => byteAt(memory, device, offset + BigInt(i))),
  )

/** The same as the captures show it: text without the zero bytes around it. */
export const shown = (memory: Memory, ranges: readonly Range[]): string => String.fromCharCode(...load(memory, ranges)).replaceAll('\0', '')

/** Writes bytes into ranges, one after the other. */
export function store(memory: Memory, ranges: readonly Range[], data: Uint8Array): void {
  let n = 0
  for (const { device, offset, length } of ranges)
    for (let i = 0n; i < length && n < data.length; i++) memory.set(keyOf(device, offset + i), data[n++] ?? 0)
}
