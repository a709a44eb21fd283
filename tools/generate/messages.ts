/** Which messages have a fast path, and in which module. */
import type { StructType } from '../../src/schema/types.ts'
import * as daxdev from '../../src/uapi/famfs/daxdev.ts'
import * as fmap from '../../src/uapi/famfs/fmap.ts'
import * as attr from '../../src/uapi/fuse/attr.ts'
import * as dir from '../../src/uapi/fuse/dir.ts'
import * as file from '../../src/uapi/fuse/file.ts'
import * as header from '../../src/uapi/fuse/header.ts'
import * as init from '../../src/uapi/fuse/init.ts'
import * as xattr from '../../src/uapi/fuse/xattr.ts'
import type { Family, Message } from './model.ts'
import { pascal } from './text.ts'

/** A message that is called as its struct, without the common start of all their names. */
const plain =
  (file: string) =>
  ({ type }: { readonly type: StructType }): Message => ({
    name: pascal(type.name.replace(/^fuse_/, '')),
    value: pascal(type.name),
    type,
    from: [file, type.name],
  })

const map = (name: string, constant: string, { type }: { readonly type: StructType }): Message => ({
  name,
  value: `FuseFamfs${name}`,
  type,
  from: ['famfs/fmap.ts', constant],
  cases: { 0: 'Simple', 1: 'Interleaved' },
})

export const families: readonly Family[] = [
  {
    file: 'fmap',
    title: 'The GET_FMAP reply.',
    messages: [map('Fmap', 'fuse_famfs_fmap', fmap.fuse_famfs_fmap), map('FmapPush', 'fuse_famfs_fmap_push', fmap.fuse_famfs_fmap_push)],
  },
  {
    file: 'parts',
    title: 'The parts of a GET_FMAP reply, each alone: for readers that do not decode all of it.',
    messages: [
      {
        ...plain('famfs/fmap.ts')(fmap.fuse_famfs_fmap_header_push),
        name: 'FmapHeader',
        from: ['famfs/fmap.ts', 'fuse_famfs_fmap_header_push'],
      },
      { ...plain('famfs/fmap.ts')(fmap.fuse_famfs_simple_ext), name: 'SimpleExt' },
      { ...plain('famfs/fmap.ts')(fmap.fuse_famfs_iext), name: 'Iext', value: 'FuseFamfsIextHead' },
    ],
    offsets: [['IE_NSTRIPS_OFFSET', fmap.fuse_famfs_iext.type, 'ie_nstrips']],
  },
  {
    file: 'daxdev',
    title: 'The GET_DAXDEV reply, and the GET_FMAP request of fuse-v2.',
    messages: [daxdev.fuse_daxdev_out, daxdev.fuse_get_fmap_in].map(plain('famfs/daxdev.ts')),
  },
  {
    file: 'header',
    title: 'What stands before every message.',
    messages: [header.fuse_in_header, header.fuse_out_header].map(plain('fuse/header.ts')),
  },
  { file: 'init', title: 'INIT.', messages: [init.fuse_init_in, init.fuse_init_out].map(plain('fuse/init.ts')) },
  {
    file: 'attr',
    title: 'Attributes and entries.',
    messages: [attr.fuse_entry_out, attr.fuse_attr_out, attr.fuse_getattr_in, attr.fuse_setattr_in, attr.fuse_statfs_out].map(
      plain('fuse/attr.ts'),
    ),
  },
  {
    file: 'file',
    title: 'Open files.',
    messages: [
      file.fuse_open_in,
      file.fuse_open_out,
      file.fuse_create_in,
      file.fuse_release_in,
      file.fuse_flush_in,
      file.fuse_read_in,
      file.fuse_write_in,
      file.fuse_write_out,
      file.fuse_fsync_in,
      file.fuse_lseek_in,
      file.fuse_lseek_out,
      file.fuse_fallocate_in,
    ].map(plain('fuse/file.ts')),
  },
  {
    file: 'getxattr',
    title: 'Asking for extended attributes; the push dialects ask for a map so.',
    messages: [xattr.fuse_getxattr_in, xattr.fuse_getxattr_out].map(plain('fuse/xattr.ts')),
  },
  { file: 'setxattr', title: 'Setting extended attributes.', messages: [xattr.fuse_setxattr_in].map(plain('fuse/xattr.ts')) },
  {
    file: 'dir',
    title: 'Names and directories.',
    messages: [
      dir.fuse_forget_in,
      dir.fuse_forget_one,
      dir.fuse_batch_forget_in,
      dir.fuse_mknod_in,
      dir.fuse_mkdir_in,
      dir.fuse_rename2_in,
      dir.fuse_access_in,
    ].map(plain('fuse/dir.ts')),
  },
]
