/** What a kernel keeps in memory of a map that it took. Names and shapes are those of fixtures/kernel/FORMAT.md. */

/** One extent or strip: `dev_index` is a slot of the device table, `offset` and `len` are bytes on that device. */
export interface MetaExtent {
  readonly dev_index: number
  readonly offset: bigint
  readonly len: bigint
}

/** One interleaved group: `chunk_size` bytes to a strip at a time, `nbytes` bytes of the file in all. */
export interface MetaGroup {
  readonly nstrips: number
  /** a bigint where the message has 64 bits for it, as in the BPF variant */
  readonly chunk_size: number | bigint
  readonly nbytes: bigint
  readonly strips: readonly MetaExtent[]
}

interface MetaHead {
  /** the raw byte, unchecked; absent in forms of the map without one */
  readonly file_type?: number
  readonly file_size: bigint
  /** bit n: device n is used */
  readonly dev_bitmap: bigint
}

/** `ext_shift` (push dialects only): log2 of the length that all extents share, 0 when they do not. facts: wire 5.4 */
export type Meta =
  | (MetaHead & { readonly ext_type: 'simple'; readonly ext_shift?: number; readonly extents: readonly MetaExtent[] })
  | (MetaHead & { readonly ext_type: 'interleaved'; readonly extents: readonly MetaGroup[] })

/**
 * log2 of the uniform extent length, or 0: at least two extents, the first a power of two, all but the last as long, the last not longer.
 * facts: wire 5.4
 */
export function extentShift(extents: readonly MetaExtent[]): number {
  const first = extents[0]?.len ?? 0n
  const last = extents[extents.length - 1]?.len ?? 0n
  if (extents.length < 2 || (first & (first - 1n)) !== 0n || last > first) return 0
  return extents.slice(0, -1).every(e => e.len === first) ? first.toString(2).length - 1 : 0
}

/** One bit per device; in every kernel an index beyond the bitmap is refused. facts: wire 4.1 S4 */
export function bitmapOf(extents: readonly MetaExtent[]): bigint {
  let [low, high] = [0, 0]
  for (const { dev_index } of extents)
    if ((dev_index & 32) === 0) low |= 1 << (dev_index & 31)
    else high |= 1 << (dev_index & 31)
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)
}

/** 64-bit numbers as decimal strings, the rest as it is: the JSON form of {@link Meta}, as in the golden vectors. */
export type MetaJson = { readonly [key: string]: string | number | readonly MetaJson[] }

type Part = Meta | MetaGroup | MetaExtent

/** The JSON form of what a kernel keeps: 64-bit numbers become decimal strings. */
export function metaJson(meta: Part): MetaJson {
  const entries = Object.entries(meta) as [string, bigint | string | number | Part[]][]
  return Object.fromEntries(entries.map(([key, value]) => [key, Array.isArray(value) ? value.map(metaJson) : plain(value)]))
}

const plain = (value: bigint | string | number): string | number => (typeof value === 'bigint' ? value.toString() : value)
