/** ioctl(2) calls on /dev/fuse. facts: wire 8.1, 3.5 */
import { s32, struct, u32, u64 } from '../../schema/index.ts'

/** Directions of an ioctl number, as user space sees them. */
export const IOC_NONE = 0
/** Direction part of an ioctl number: the argument is read by the kernel. */
export const IOC_WRITE = 1
/** Direction part of an ioctl number: the argument is written by the kernel. */
export const IOC_READ = 2

/** An ioctl number: direction in bits 30 and 31, size of the argument (0 to 16383 bytes) from 16, type from 8, number from 0. */
export const ioc = (direction: number, type: number, number: number, size: number): number =>
  ((direction << 30) | (size << 16) | (type << 8) | number) >>> 0

/** The parts of an ioctl number; the reverse of {@link ioc}. */
export const iocParts = (number: number): { direction: number; type: number; number: number; size: number } => ({
  direction: number >>> 30,
  size: (number >>> 16) & 0x3fff,
  type: (number >>> 8) & 0xff,
  number: number & 0xff,
})

/** Type byte of the ioctls of the FUSE device. */
export const FUSE_DEV_IOC_MAGIC = 229

/** Argument of BACKING_OPEN. facts: wire 3.5, 8.2 */
export const fuse_backing_map = struct(
  'fuse_backing_map',
  { fd: s32, flags: u32.doc('must be 0'), padding: u64.reserved('must be 0') },
  { since: 40 },
)

/** Argument of DAXDEV_OPEN in the push dialects: the word `padding` carries the slot. facts: wire 3.5, 8.3 */
export const fuse_backing_map_push = struct('fuse_backing_map', {
  fd: s32.doc('the open DAX device'),
  flags: u32,
  daxdev_index: u64.doc('slot in the daxdev table of the connection'),
})

/**
 * Numbers of the device ioctls by name. DAXDEV_OPEN is that of the published push series; the kernel of the push captures used
 * 0x4010e503, which is SYNC_INIT's number with an argument. facts: wire 8, 8.1
 */
export const fuseDeviceIoctls = {
  FUSE_DEV_IOC_CLONE: ioc(IOC_READ, FUSE_DEV_IOC_MAGIC, 0, 4),
  FUSE_DEV_IOC_BACKING_OPEN: ioc(IOC_WRITE, FUSE_DEV_IOC_MAGIC, 1, 16),
  FUSE_DEV_IOC_BACKING_CLOSE: ioc(IOC_WRITE, FUSE_DEV_IOC_MAGIC, 2, 4),
  FUSE_DEV_IOC_SYNC_INIT: ioc(IOC_NONE, FUSE_DEV_IOC_MAGIC, 3, 0),
  FUSE_DEV_IOC_DAXDEV_OPEN: ioc(IOC_WRITE, FUSE_DEV_IOC_MAGIC, 4, 16),
} as const
