/** IOCTL, POLL and INTERRUPT requests. facts: fuse-structs.md */
import { s32, struct, u32, u64 } from '../../schema/index.ts'
import { fuse_ioctl_flags, fuse_poll_flags, poll_events } from './flags.ts'

/** INTERRUPT request. */
export const fuse_interrupt_in = struct('fuse_interrupt_in', { unique: u64.doc('of the request that nobody waits for any more') })

/** Head of an IOCTL request, followed by `in_size` bytes. */
export const fuse_ioctl_in = struct('fuse_ioctl_in', {
  fh: u64,
  flags: u32.flags(fuse_ioctl_flags),
  cmd: u32,
  arg: u64.doc('third argument of ioctl(2), usually an address of the caller'),
  in_size: u32.derived('bytes that follow'),
  out_size: u32.doc('most bytes that the reply may carry'),
})

/** A range of the caller's memory. */
export const fuse_ioctl_iovec = struct('fuse_ioctl_iovec', { base: u64, len: u64 })

/** Head of an IOCTL reply, followed by data or, with FUSE_IOCTL_RETRY, by two lists of fuse_ioctl_iovec. */
export const fuse_ioctl_out = struct('fuse_ioctl_out', {
  result: s32.doc('what ioctl(2) returns'),
  flags: u32.flags(fuse_ioctl_flags),
  in_iovs: u32.doc('ranges to read before asking again'),
  out_iovs: u32.doc('ranges to write afterwards'),
})

/** POLL request. */
export const fuse_poll_in = struct('fuse_poll_in', {
  fh: u64,
  kh: u64.doc('handle for NOTIFY_POLL'),
  flags: u32.flags(fuse_poll_flags),
  events: u32.flags(poll_events),
})

/** POLL reply. */
export const fuse_poll_out = struct('fuse_poll_out', { revents: u32.flags(poll_events), padding: u32.reserved() })
