/** Which devices a kernel asks for when it has been given a map and knows none of them. facts: wire 4.4, 7.3 */
import type { Dialect } from '../schema/dialect.ts'
import type { DialectName } from '../uapi/dialects/aliases.ts'
import { verdictBlob } from '../validate/blob.ts'
import { dialectOf, type VerdictOptions, X86_64 } from '../validate/options.ts'
import { spotOf } from '../validate/tests.ts'
import { verdict } from '../validate/verdict.ts'

const BITS = 64

/** Set bits below a number, from the lowest on. */
const bitsBelow = (bitmap: bigint, end: number): number[] =>
  Array.from({ length: Math.min(end, BITS) }, (_, i) => i).filter(i => ((bitmap >> BigInt(i)) & 1n) === 1n)

/** The bitmap of devices that the parser has left behind, also where the kernel then gives up at one of them. */
function bitmapLeft(bytes: Uint8Array, dialect: Dialect, options: VerdictOptions): bigint | undefined {
  const judged = verdict(bytes, dialect, options)
  if (judged.ok) return judged.meta.dev_bitmap
  if (judged.reason !== 'dev_slots' || dialect.map?.layout.envelope === undefined) return undefined
  const { envelope, header } = dialect.map.layout
  const [at] = spotOf(header, 'meta_size')
  const parsed = verdictBlob(bytes.subarray(envelope), dialect, new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true), options)
  return parsed.ok ? parsed.meta.dev_bitmap : undefined
}

/**
 * The devices that a kernel asks for after a map, in its order, when its device table is empty.
 *
 * ```ts
 * import { encode } from 'famfs-wire/inspect'
 * import { devicesAsked } from 'famfs-wire/kernel'
 * import { fuse_bpf_simple_fmap, fuseBpfSimple } from 'famfs-wire/uapi'
 *
 * const extents = [3, 0].map(dev_index => ({ dev_index, offset: 0n, len: 0x200000n }))
 * const body = encode(fuse_bpf_simple_fmap, { meta_size: 56, file_size: 0x400000n, extents })
 * devicesAsked(body, fuseBpfSimple)     // [0, 3]: GET_DAXDEV for device 0, then for device 3
 * ```
 *
 * @param bytes body of a GET_FMAP reply
 * @param dialect a dialect or its id
 * @returns indices from the lowest on; where the kernel gives up at a device beyond its table, those before it; undefined where the map is refused
 * before any device is asked for, or where the kernel asks for none at all
 * @throws WireError code unsupported for a dialect without GET_FMAP, code range for options out of range; never for the bytes
 */
export function devicesAsked(
  bytes: Uint8Array,
  dialect: Dialect | DialectName,
  options: VerdictOptions = X86_64,
): readonly number[] | undefined {
  const d = dialectOf(dialect, 'GET_FMAP')
  if (d.push || d.reply.GET_DAXDEV === undefined) return undefined
  const bitmap = bitmapLeft(bytes, d, options)
  return bitmap === undefined ? undefined : bitsBelow(bitmap, d.limits.devSlots ?? BITS)
}
