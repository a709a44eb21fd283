/**
 * Every opcode of FUSE 7.46 with what follows the header of its request and of its reply. A struct at the head of a body is spread into
 * it, so that bodies read flat. facts: wire 10.5, captures of 6.1, 6.12 and 6.18
 */
import { array, byLength, byRequest, bytes, chars, cstring, message, nested, REST, type Schema } from '../../schema/index.ts'
import {
  entryWhole,
  fuse_attr_out,
  fuse_entry_out,
  fuse_getattr_in,
  fuse_setattr_in,
  fuse_statfs_out,
  fuse_statx_in,
  fuse_statx_out,
} from './attr.ts'
import { fuse_interrupt_in, fuse_ioctl_in, fuse_ioctl_iovec, fuse_ioctl_out, fuse_poll_in, fuse_poll_out } from './device.ts'
import {
  fuse_access_in,
  fuse_batch_forget_in,
  fuse_dirent,
  fuse_direntplus,
  fuse_forget_in,
  fuse_forget_one,
  fuse_link_in,
  fuse_mkdir_in,
  fuse_mknod_in,
  fuse_rename_in,
  fuse_rename2_in,
} from './dir.ts'
import { secctx } from './extensions.ts'
import {
  createWhole,
  fuse_bmap_in,
  fuse_bmap_out,
  fuse_copy_file_range_in,
  fuse_copy_file_range_out,
  fuse_create_in,
  fuse_fallocate_in,
  fuse_flush_in,
  fuse_fsync_in,
  fuse_lk_in,
  fuse_lk_out,
  fuse_lseek_in,
  fuse_lseek_out,
  fuse_open_in,
  fuse_open_out,
  fuse_read_in,
  fuse_release_in,
  fuse_removemapping_in,
  fuse_removemapping_one,
  fuse_setupmapping_in,
  fuse_syncfs_in,
  fuse_write_in,
  fuse_write_out,
} from './file.ts'
import { FUSE_IOCTL_RETRY } from './flags.ts'
import { cuse_init_in, cuse_init_out, fuse_init_in, fuse_init_out } from './init.ts'
import { fuse_notify_retrieve_in } from './notify.ts'
import { fuse_getxattr_in, fuse_getxattr_out, fuse_setxattr_in } from './xattr.ts'

type Body = Schema<unknown, unknown>

/** One opcode: the body of its request and of its reply. */
export interface FuseMessage {
  readonly opcode: number
  readonly doc: string
  readonly request: Body
  /** undefined: the kernel waits for no answer, and refuses one (ENOENT) */
  readonly reply: Body | undefined
}

const op = <const N extends number, Q extends Body, R extends Body | undefined>(opcode: N, doc: string, request: Q, reply: R) => ({
  opcode,
  doc,
  request,
  reply,
})

/** A body of no bytes. */
export const empty = message('empty', {})

const raw = message('raw', { data: bytes(REST).doc('cannot be told further without the request') })
const created = message('CREATE', { entry: nested(fuse_entry_out), open: nested(fuse_open_out) })
const rename = { name: cstring.doc('in the directory nodeid'), newname: cstring.doc('in the directory newdir') }
const trailing = bytes(REST).elided().doc('an entry that was cut off; the kernel ends the list before it')
const anySize = [1, 0xffff_ffff] as const

const iovecs = { field: 'flags', mask: FUSE_IOCTL_RETRY } as const
/** Kernels of 32 bits below minor 16 wrote struct iovec instead of fuse_ioctl_iovec; that form is not described. */
const ioctlReply = message('IOCTL', {
  ...fuse_ioctl_out.fields,
  in_iov: array(fuse_ioctl_iovec, 'in_iovs').when(iovecs),
  out_iov: array(fuse_ioctl_iovec, 'out_iovs').when(iovecs),
  data: bytes(REST),
})

/** All requests by name. The famfs dialects add GET_FMAP and GET_DAXDEV (the first of them in place of the last opcodes here). */
export const fuseMessages = {
  LOOKUP: op(1, 'find a name in a directory', message('LOOKUP', { name: cstring }), fuse_entry_out),
  FORGET: op(2, 'give back references to a file', fuse_forget_in, undefined),
  GETATTR: op(3, 'attributes of a file', byLength({ 0: empty }, fuse_getattr_in), fuse_attr_out),
  SETATTR: op(4, 'change attributes', fuse_setattr_in, fuse_attr_out),
  READLINK: op(5, 'target of a symbolic link', empty, message('READLINK', { target: chars(REST).doc('no NUL') })),
  SYMLINK: op(6, 'make a symbolic link', message('SYMLINK', { name: cstring, target: cstring, secctx }), fuse_entry_out),
  MKNOD: op(8, 'make a file or a device node', message('MKNOD', { ...fuse_mknod_in.fields, name: cstring, secctx }), fuse_entry_out),
  MKDIR: op(9, 'make a directory', message('MKDIR', { ...fuse_mkdir_in.fields, name: cstring, secctx }), fuse_entry_out),
  UNLINK: op(10, 'remove a name', message('UNLINK', { name: cstring }), empty),
  RMDIR: op(11, 'remove a directory', message('RMDIR', { name: cstring }), empty),
  RENAME: op(12, 'rename', message('RENAME', { ...fuse_rename_in.fields, ...rename }), empty),
  LINK: op(13, 'make another name', message('LINK', { ...fuse_link_in.fields, name: cstring.doc('of the new link') }), fuse_entry_out),
  OPEN: op(14, 'open a file', fuse_open_in, fuse_open_out),
  READ: op(15, 'read', fuse_read_in, message('READ', { data: bytes(REST).doc('at most size bytes; fewer mean the end of the file') })),
  WRITE: op(16, 'write', message('WRITE', { ...fuse_write_in.fields, data: bytes('size') }), fuse_write_out),
  STATFS: op(17, 'totals of the file system', empty, fuse_statfs_out),
  RELEASE: op(18, 'last close of an open file', fuse_release_in, empty),
  FSYNC: op(20, 'flush to storage', fuse_fsync_in, empty),
  SETXATTR: op(
    21,
    'set an extended attribute',
    message('SETXATTR', { ...fuse_setxattr_in.fields, name: cstring, value: bytes('size') }),
    empty,
  ),
  GETXATTR: op(
    22,
    'read an extended attribute, or its size',
    message('GETXATTR', { ...fuse_getxattr_in.fields, name: cstring }),
    byRequest(
      'body.size',
      [
        [0, 0, fuse_getxattr_out],
        [...anySize, message('GETXATTR', { value: bytes(REST) })],
      ],
      raw,
    ),
  ),
  LISTXATTR: op(
    23,
    'names of the extended attributes, or their size',
    fuse_getxattr_in,
    byRequest(
      'body.size',
      [
        [0, 0, fuse_getxattr_out],
        [...anySize, message('LISTXATTR', { names: array(cstring, REST, { lenient: true }), trailing: bytes(REST).elided() })],
      ],
      raw,
    ),
  ),
  REMOVEXATTR: op(24, 'remove an extended attribute', message('REMOVEXATTR', { name: cstring }), empty),
  FLUSH: op(25, 'every close of a file descriptor', fuse_flush_in, empty),
  INIT: op(26, 'version and capabilities', fuse_init_in, fuse_init_out),
  OPENDIR: op(27, 'open a directory', fuse_open_in, fuse_open_out),
  READDIR: op(
    28,
    'read entries of a directory',
    fuse_read_in,
    message('READDIR', { entries: array(fuse_dirent, REST, { lenient: true }), trailing }),
  ),
  RELEASEDIR: op(29, 'last close of an open directory', fuse_release_in, empty),
  FSYNCDIR: op(30, 'flush a directory to storage', fuse_fsync_in, empty),
  GETLK: op(31, 'who holds a lock', fuse_lk_in, fuse_lk_out),
  SETLK: op(32, 'take or drop a lock, at once or not at all', fuse_lk_in, empty),
  SETLKW: op(33, 'take a lock, waiting for it', fuse_lk_in, empty),
  ACCESS: op(34, 'may the caller', fuse_access_in, empty),
  CREATE: op(35, 'make and open a file', message('CREATE', { ...fuse_create_in.fields, name: cstring, secctx }), created),
  INTERRUPT: op(36, 'nobody waits for a request any more', fuse_interrupt_in, empty),
  BMAP: op(37, 'block on the device (fuseblk)', fuse_bmap_in, fuse_bmap_out),
  DESTROY: op(38, 'the file system is unmounted (fuseblk, virtio-fs)', empty, empty),
  IOCTL: op(39, 'ioctl(2)', message('IOCTL', { ...fuse_ioctl_in.fields, data: bytes('in_size') }), ioctlReply),
  POLL: op(40, 'is a file ready', fuse_poll_in, fuse_poll_out),
  NOTIFY_REPLY: op(
    41,
    'what NOTIFY_RETRIEVE asked for',
    message('NOTIFY_REPLY', { ...fuse_notify_retrieve_in.fields, data: bytes('size') }),
    undefined,
  ),
  BATCH_FORGET: op(
    42,
    'give back references to many files',
    message('BATCH_FORGET', { ...fuse_batch_forget_in.fields, forgets: array(fuse_forget_one, 'count') }),
    undefined,
  ),
  FALLOCATE: op(43, 'allocate or free space', fuse_fallocate_in, empty),
  READDIRPLUS: op(
    44,
    'read entries of a directory with their attributes',
    fuse_read_in,
    message('READDIRPLUS', { entries: array(fuse_direntplus, REST, { lenient: true }), trailing }),
  ),
  RENAME2: op(45, 'rename with flags', message('RENAME2', { ...fuse_rename2_in.fields, ...rename }), empty),
  LSEEK: op(46, 'next data or hole', fuse_lseek_in, fuse_lseek_out),
  COPY_FILE_RANGE: op(47, 'copy between files', fuse_copy_file_range_in, fuse_write_out),
  SETUPMAPPING: op(48, 'map a range of a file (virtio-fs)', fuse_setupmapping_in, empty),
  REMOVEMAPPING: op(
    49,
    'unmap ranges (virtio-fs)',
    message('REMOVEMAPPING', { ...fuse_removemapping_in.fields, mappings: array(fuse_removemapping_one, 'count') }),
    empty,
  ),
  SYNCFS: op(50, 'flush the file system to storage', fuse_syncfs_in, empty),
  TMPFILE: op(
    51,
    'make and open a file without a name',
    message('TMPFILE', { ...createWhole.fields, name: cstring.doc('always "/"'), secctx }),
    message('TMPFILE', { entry: nested(entryWhole), open: nested(fuse_open_out) }),
  ),
  STATX: op(52, 'attributes as statx(2) tells them', fuse_statx_in, fuse_statx_out),
  COPY_FILE_RANGE_64: op(53, 'copy between files, 64-bit answer', fuse_copy_file_range_in, fuse_copy_file_range_out),
  CUSE_INIT: op(
    4096,
    'make a character device (CUSE)',
    cuse_init_in,
    message('CUSE_INIT', {
      ...cuse_init_out.fields,
      info: array(cstring, REST, { lenient: true }).doc('KEY=value; DEVNAME names the device'),
      trailing: bytes(REST).elided(),
    }),
  ),
} as const satisfies Readonly<Record<string, FuseMessage>>

/** Type of {@link fuseMessages}: `Value<FuseMessages['OPEN']['request']>` is the body of an OPEN request. */
export type FuseMessages = typeof fuseMessages

export { fuse_notify_code, fuse_opcode } from './codes.ts'
export { type FuseNotification, type FuseNotifications, fuseNotifications } from './notify.ts'
