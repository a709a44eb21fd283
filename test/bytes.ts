/** Bytes for tests, written as people write them. */

/** `bytes('01 02 ff')` */
export const bytes = (hex: string): Uint8Array => {
  const digits = hex.replace(/\s+/g, '')
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16))
}

/** Lower-case hex of bytes, in one run. */
export const hexOf = (data: Uint8Array): string => Buffer.from(data).toString('hex')
