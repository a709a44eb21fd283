/** Names and directories. facts: fuse-structs.md, wire 10.3 */
import { chars, nested, struct, u32, u64 } from '../../schema/index.ts'
import { entryWhole } from './attr.ts'
import { access_mask, dirent_type, rename_flags } from './flags.ts'

/** FORGET request. */
export const fuse_forget_in = struct('fuse_forget_in', { nlookup: u64.doc('references to give back') })

/** One file of BATCH_FORGET. */
export const fuse_forget_one = struct('fuse_forget_one', { nodeid: u64, nlookup: u64.doc('references to give back') })

/** Head of a BATCH_FORGET request, followed by `count` times fuse_forget_one. */
export const fuse_batch_forget_in = struct('fuse_batch_forget_in', { count: u32.derived(), dummy: u32.reserved() })

/** Head of a MKNOD request, followed by the name; 8 bytes below minor 12. facts: wire 10.3 */
export const fuse_mknod_in = struct('fuse_mknod_in', {
  mode: u32,
  rdev: u32,
  umask: u32.since(12),
  padding: u32.reserved().since(12),
})

/** Head of a MKDIR request, followed by the name. */
export const fuse_mkdir_in = struct('fuse_mkdir_in', { mode: u32, umask: u32 })

/** Head of a RENAME request, followed by both names. */
export const fuse_rename_in = struct('fuse_rename_in', { newdir: u64.doc('nodeid of the directory of the new name') })

/** Head of a RENAME2 request, followed by both names. */
export const fuse_rename2_in = struct('fuse_rename2_in', {
  newdir: u64.doc('nodeid of the directory of the new name'),
  flags: u32.flags(rename_flags),
  padding: u32.reserved(),
})

/** Head of a LINK request, followed by the name. */
export const fuse_link_in = struct('fuse_link_in', { oldnodeid: u64 })

/** ACCESS request. */
export const fuse_access_in = struct('fuse_access_in', { mask: u32.flags(access_mask), padding: u32.reserved() })

/** One entry of a READDIR reply. Entries start at multiples of 8. */
export const fuse_dirent = struct(
  'fuse_dirent',
  {
    ino: u64,
    off: u64.doc('where READDIR goes on after this entry'),
    namelen: u32.derived('bytes of the name, no NUL; 0 is legal on the wire'),
    type: u32.named(dirent_type),
    name: chars('namelen'),
  },
  { align: 8 },
)

/** One entry of a READDIRPLUS reply. */
export const fuse_direntplus = struct('fuse_direntplus', { entry_out: nested(entryWhole), dirent: nested(fuse_dirent) })
