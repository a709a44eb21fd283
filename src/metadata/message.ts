/** The GET_FMAP reply that the reference daemon builds from a file of the log. facts: metadata 5, GET_FMAP reply */
import { encode } from '../codec/index.ts'
import {
  FAMFS_FMAP_VERSION,
  FUSE_FAMFS_EXT_INTERLEAVE,
  FUSE_FAMFS_EXT_SIMPLE,
  fuse_famfs_fmap_header,
  fuse_famfs_iext,
  fuse_famfs_simple_ext,
} from '../uapi/famfs/fmap.ts'
import { fmap_simple_ext } from '../uapi/famfs/fused.ts'
import type { ShadowExtent, ShadowFile } from './yaml/shadow.ts'

const u32Of = (value: bigint): number => Number(BigInt.asUintN(32, value))
const u16Of = (value: bigint): number => Number(BigInt.asUintN(16, value))

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0))
  let at = 0
  for (const p of parts) {
    bytes.set(p, at)
    at += p.length
  }
  return bytes
}

const header = ({ extType, size }: ShadowFile, nextents: number): Uint8Array =>
  encode(fuse_famfs_fmap_header, {
    file_type: 0,
    fmap_version: FAMFS_FMAP_VERSION,
    ext_type: extType,
    nextents,
    file_size: size,
  })

const simple = ({ devindex, offset, length }: ShadowExtent): Uint8Array =>
  encode(fuse_famfs_simple_ext, { se_devindex: u32Of(devindex), se_offset: offset, se_len: length })

const strip = ({ devindex, offset, length }: ShadowExtent): Uint8Array =>
  encode(fmap_simple_ext, { se_devindex: u16Of(devindex), se_offset: offset, se_len: length })

/**
 * The reply as famfs_fused sends it: chunk size and device index cut to 32 bits, the index of a strip cut to 16 and put two bytes too
 * late, every file of type 0, the size of the file as the bytes of its one interleaved extent.
 * @returns undefined for a map that its reader does not let through
 */
export function fusedMessage(file: ShadowFile): Uint8Array | undefined {
  if (file.extType === FUSE_FAMFS_EXT_SIMPLE) return joined([header(file, file.nextents), ...file.extents.map(simple)])
  const [group] = file.interleaved
  if (file.extType !== FUSE_FAMFS_EXT_INTERLEAVE || group === undefined || file.nextents !== 1) return undefined
  const head = encode(fuse_famfs_iext, {
    ie_nstrips: group.strips.length,
    ie_chunk_size: u32Of(group.chunkSize),
    ie_nbytes: file.size,
  })
  return joined([header(file, 1), head, ...group.strips.map(strip)])
}
