/** Numbers in pictures. */

const UNITS = ['', 'K', 'M', 'G', 'T', 'P', 'E'] as const

/** Bytes in the largest unit that divides them: `2M`, `4097`. */
export function size(bytes: bigint): string {
  let rest = bytes
  let unit = 0
  while (rest !== 0n && rest % 1024n === 0n && unit < UNITS.length - 1) {
    rest /= 1024n
    unit++
  }
  return `${rest}${UNITS[unit]}`
}

/** As `0x200000`. */
export const hex = (value: bigint): string => `0x${value.toString(16)}`

/** `1 strip`, `2 strips`. */
export const plural = (count: number | bigint, one: string): string => `${count} ${one}${Number(count) === 1 ? '' : 's'}`
