/** What stands before every message. facts: wire 10.1, 10.2 */
import { s32, struct, u16, u32, u64 } from '../../schema/index.ts'
import { fuse_opcode } from './codes.ts'

/** `nodeid` of the root of a file system. */
export const FUSE_ROOT_ID = 1n
/** Bit of `unique` in a request that is sent again after NOTIFY_RESEND. facts: wire 10.1 */
export const FUSE_UNIQUE_RESEND: bigint = 0x8000_0000_0000_0000n
/** `uid` and `gid` in a request of a caller whose id does not exist in the server's user namespace. */
export const FUSE_INVALID_UIDGID = 0xffff_ffff
/** A read(2) on the device must offer at least this many bytes. facts: wire 10.7 */
export const FUSE_MIN_READ_BUFFER = 8192

/** Head of a request, 40 bytes. facts: wire 10.1 */
export const fuse_in_header = struct('fuse_in_header', {
  len: u32.derived('bytes of the whole message, this header included'),
  opcode: u32.named(fuse_opcode, 'chooses the body'),
  unique: u64.doc('the reply repeats it; never 0, odd in INTERRUPT, bit 63 set in a request that is sent again'),
  nodeid: u64.doc('file that the request is about; 1 is the root'),
  uid: u32,
  gid: u32,
  pid: u32,
  total_extlen: u16.derived('bytes of extensions at the end of the message, in units of 8'),
  padding: u16.reserved(),
})

/** Head of a reply or a notification, 16 bytes. facts: wire 10.2, 2.5 */
export const fuse_out_header = struct('fuse_out_header', {
  len: u32.derived('bytes of the whole message, this header included'),
  error: s32.doc('reply: 0, or a negative errno above -512 and then no body; notification: its code'),
  unique: u64.doc('that of the request; 0 makes it a notification'),
})
