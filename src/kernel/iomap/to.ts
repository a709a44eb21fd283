/** A famfs map as the notifications by which a server of fuse-iomap would say the same. Provisional, as that protocol is. facts: today 4 */
import { encode } from '../../codec/encode.ts'
import { contextFor } from '../../codec/message.ts'
import type { Value } from '../../schema/index.ts'
import { fuseIomap } from '../../uapi/dialects/fuse-iomap.ts'
import { notify } from '../../uapi/fuse/message.ts'
import { FUSE_IOMAP_NULL_ADDR, fuse_iomap_type } from '../../uapi/iomap/names.ts'
import type { fuse_iomap_io, fuse_iomap_upsert_mappings_out } from '../../uapi/iomap/structs.ts'
import type { MetaExtent } from '../../validate/meta.ts'
import { outOfRange } from '../errors.ts'
import type { Loss } from '../ioctl/from.ts'
import type { FileMap } from '../map.ts'
import { merged, unroll } from '../unroll.ts'

/** The body of an IOMAP_UPSERT_MAPPINGS notification. */
export type Upsert = Value<typeof fuse_iomap_upsert_mappings_out>

/** For which file, on which devices. */
export interface ToIomapOptions {
  /** node of the file, as LOOKUP answered it */
  readonly nodeid: bigint
  /** inode number of the file; default the nodeid */
  readonly attrIno?: bigint
  /** number by which the kernel knows the device with that index, a u32; default the index itself */
  readonly deviceOf?: (devIndex: number) => number
}

/** A map as notifications. */
export interface IomapForm {
  readonly upserts: readonly Upsert[]
  /** each as a whole message, with its header */
  readonly messages: readonly Uint8Array[]
  /** what of the map no notification says */
  readonly lost: readonly Loss[]
}

const { FUSE_IOMAP_TYPE_MAPPED, FUSE_IOMAP_TYPE_PURE_OVERWRITE } = fuse_iomap_type.values
const END = 1n << 64n

type Io = Value<typeof fuse_iomap_io>

/** Writes go where reads come from: the write half says no more than that. */
const overwrite = ({ offset, length }: Io): Io => ({
  offset,
  length,
  addr: FUSE_IOMAP_NULL_ADDR,
  type: FUSE_IOMAP_TYPE_PURE_OVERWRITE,
  flags: 0,
  dev: 0,
})

function deviceNumber(index: number, { deviceOf = same => same }: ToIomapOptions): number {
  const dev = deviceOf(index)
  if (Number.isInteger(dev) && dev >= 0 && dev <= 0xffff_ffff) return dev
  throw outOfRange('deviceOf', `gives ${dev} for device ${index}, and a number of a device is a u32`, dev)
}

function upsertsOf(extents: readonly MetaExtent[], options: ToIomapOptions): Upsert[] {
  const { nodeid, attrIno = nodeid } = options
  let offset = 0n
  const upserts: Upsert[] = []
  for (const [i, { dev_index, offset: addr, len: length }] of extents.entries()) {
    if (length === 0n) continue
    if (offset + length >= END) throw outOfRange(`extents[${i}].len`, 'the lengths go past 2^64', length)
    const read: Io = { offset, length, addr, type: FUSE_IOMAP_TYPE_MAPPED, flags: 0, dev: deviceNumber(dev_index, options) }
    upserts.push({ nodeid, attr_ino: attrIno, read, write: overwrite(read) })
    offset += length
  }
  return upserts
}

function lossesOf(map: FileMap, { deviceOf }: ToIomapOptions): Loss[] {
  const lost: Loss[] = [{ path: 'file_size', why: `it is ${map.file_size}, and no notification says it: attributes do` }]
  if (map.ext_type === 'interleaved')
    lost.push({
      path: 'extents',
      why: `${map.extents.length} interleaved groups are said chunk by chunk: which strip holds which chunk is not`,
    })
  else
    for (const [i, { len }] of map.extents.entries())
      if (len === 0n) lost.push({ path: `extents[${i}]`, why: 'it has no bytes, and a mapping of length 0 says nothing' })
  if (deviceOf === undefined)
    lost.push({ path: 'dev_index', why: 'stands as the number of the device: the real one is what the kernel gave when it was added' })
  return lost
}

/** A notification as a whole message. */
export const upsertMessage = (body: Upsert): Uint8Array =>
  encode(
    notify,
    { header: { error: fuseIomap.notifications.IOMAP_UPSERT_MAPPINGS.code, unique: 0n }, body },
    contextFor({ dialect: fuseIomap }),
  )

/**
 * The notifications that would carry a map to a kernel of fuse-iomap: one for each extent, or for each run of chunks that lie one after the
 * other on a device. No kernel was asked what it does with them.
 *
 * ```ts
 * import { toIomap } from 'famfs-wire/kernel'
 *
 * const extents = [{ dev_index: 0, offset: 0x40000000n, len: 0x200000n }]
 * const { messages, lost } = toIomap({ ext_type: 'simple', file_size: 0x200000n, extents }, { nodeid: 2n })
 * ```
 *
 * @throws WireError code range for lengths that go past 2^64, for a number of a device that is no u32, and as `unroll` for groups without chunks
 */
export function toIomap(map: FileMap, options: ToIomapOptions): IomapForm {
  const extents = map.ext_type === 'simple' ? map.extents : merged(unroll(map).extents)
  const upserts = upsertsOf(extents, options)
  return { upserts, messages: upserts.map(upsertMessage), lost: lossesOf(map, options) }
}
