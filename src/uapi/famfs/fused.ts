/** The strip as the reference daemon (famfs_fused) stores it into a GET_FMAP reply: through another struct than the kernel reads. */
import { struct, u16, u32, u64 } from '../../schema/index.ts'

/**
 * 24 bytes as `fuse_famfs_simple_ext` has them, but the device index lies two bytes later and is cut to 16 bits: what the kernel reads as
 * device 65536 was written as device 1. facts: metadata 5, GET_FMAP reply
 */
export const fmap_simple_ext = struct('fmap_simple_ext', {
  struct_tag: u16.reserved('0'),
  se_devindex: u16,
  reserved: u32.reserved(),
  se_offset: u64,
  se_len: u64,
})
