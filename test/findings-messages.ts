/** Maps and short forms of findings, for the tests of findings. */
import type { Finding } from '../src/validate/findings/index.ts'

export const PMD = 0x200000n

export interface Words {
  readonly [offset: number]: number | bigint
}
/** A message of this size, version 1, with 32-bit (number) and 64-bit (bigint) words at these offsets. */
export function message(size: number, words: Words): Uint8Array {
  const view = new DataView(new ArrayBuffer(Math.max(size, 200)))
  view.setUint16(2, 1, true)
  for (const [offset, value] of Object.entries(words)) {
    if (typeof value === 'bigint') view.setBigUint64(Number(offset), value, true)
    else view.setUint32(Number(offset), value, true)
  }
  return new Uint8Array(view.buffer, 0, size)
}
export const one: Words = { 8: 1, 16: PMD, 48: PMD }
export const two: Words = { 8: 2, 16: 2n * PMD, 48: PMD, 64: PMD, 72: PMD }
/** Two groups of one strip. */
export const groups: Words = {
  ...{ 4: 1, 8: 2, 16: 2n * PMD },
  ...{ 32: 1, 36: 0x200000, 40: PMD, 72: PMD },
  ...{ 80: 1, 84: 0x200000, 88: PMD, 112: PMD, 120: PMD },
}
export const brief = (list: readonly Finding[]): unknown[] => list.map(f => [f.rule, f.severity, f.path, f.offset, f.length])
export const lines = (list: readonly Finding[]): string[] => list.map(f => `${f.rule} ${f.severity}: ${f.message}`)
