/** The generated interfaces are the types which the schemas have. Made by `npm run generate`; checked by tsc, never run. */
import type { Input, Value } from '../../src/schema/index.ts'
import type { fuse_famfs_fmap, fuse_famfs_fmap_header_push, fuse_famfs_fmap_push, fuse_famfs_iext, fuse_famfs_simple_ext } from '../../src/uapi/famfs/fmap.ts'
import type { fuse_daxdev_out, fuse_get_fmap_in } from '../../src/uapi/famfs/daxdev.ts'
import type { fuse_in_header, fuse_out_header } from '../../src/uapi/fuse/header.ts'
import type { fuse_init_in, fuse_init_out } from '../../src/uapi/fuse/init.ts'
import type { fuse_attr_out, fuse_entry_out, fuse_getattr_in, fuse_setattr_in, fuse_statfs_out } from '../../src/uapi/fuse/attr.ts'
import type { fuse_create_in, fuse_fallocate_in, fuse_flush_in, fuse_fsync_in, fuse_lseek_in, fuse_lseek_out, fuse_open_in, fuse_open_out, fuse_read_in, fuse_release_in, fuse_write_in, fuse_write_out } from '../../src/uapi/fuse/file.ts'
import type { fuse_getxattr_in, fuse_getxattr_out, fuse_setxattr_in } from '../../src/uapi/fuse/xattr.ts'
import type { fuse_access_in, fuse_batch_forget_in, fuse_forget_in, fuse_forget_one, fuse_mkdir_in, fuse_mknod_in, fuse_rename2_in } from '../../src/uapi/fuse/dir.ts'
import type {
  FuseFamfsFmap,
  FuseFamfsFmapInput,
  FuseFamfsFmapPush,
  FuseFamfsFmapPushInput,
} from '../../src/codec/generated/fmap.ts'
import type {
  FuseFamfsFmapHeader,
  FuseFamfsFmapHeaderInput,
  FuseFamfsIextHead,
  FuseFamfsIextHeadInput,
  FuseFamfsSimpleExt,
  FuseFamfsSimpleExtInput,
} from '../../src/codec/generated/parts.ts'
import type {
  FuseDaxdevOut,
  FuseDaxdevOutInput,
  FuseGetFmapIn,
  FuseGetFmapInInput,
} from '../../src/codec/generated/daxdev.ts'
import type {
  FuseInHeader,
  FuseInHeaderInput,
  FuseOutHeader,
  FuseOutHeaderInput,
} from '../../src/codec/generated/header.ts'
import type {
  FuseInitIn,
  FuseInitInInput,
  FuseInitOut,
  FuseInitOutInput,
} from '../../src/codec/generated/init.ts'
import type {
  FuseAttrOut,
  FuseAttrOutInput,
  FuseEntryOut,
  FuseEntryOutInput,
  FuseGetattrIn,
  FuseGetattrInInput,
  FuseSetattrIn,
  FuseSetattrInInput,
  FuseStatfsOut,
  FuseStatfsOutInput,
} from '../../src/codec/generated/attr.ts'
import type {
  FuseCreateIn,
  FuseCreateInInput,
  FuseFallocateIn,
  FuseFallocateInInput,
  FuseFlushIn,
  FuseFlushInInput,
  FuseFsyncIn,
  FuseFsyncInInput,
  FuseLseekIn,
  FuseLseekInInput,
  FuseLseekOut,
  FuseLseekOutInput,
  FuseOpenIn,
  FuseOpenInInput,
  FuseOpenOut,
  FuseOpenOutInput,
  FuseReadIn,
  FuseReadInInput,
  FuseReleaseIn,
  FuseReleaseInInput,
  FuseWriteIn,
  FuseWriteInInput,
  FuseWriteOut,
  FuseWriteOutInput,
} from '../../src/codec/generated/file.ts'
import type {
  FuseGetxattrIn,
  FuseGetxattrInInput,
  FuseGetxattrOut,
  FuseGetxattrOutInput,
} from '../../src/codec/generated/getxattr.ts'
import type {
  FuseSetxattrIn,
  FuseSetxattrInInput,
} from '../../src/codec/generated/setxattr.ts'
import type {
  FuseAccessIn,
  FuseAccessInInput,
  FuseBatchForgetIn,
  FuseBatchForgetInInput,
  FuseForgetIn,
  FuseForgetInInput,
  FuseForgetOne,
  FuseForgetOneInput,
  FuseMkdirIn,
  FuseMkdirInInput,
  FuseMknodIn,
  FuseMknodInInput,
  FuseRename2In,
  FuseRename2InInput,
} from '../../src/codec/generated/dir.ts'

/** Identical, not only assignable. */
type Identical<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
type Same<A, B> = Identical<A, B> extends true ? true : { readonly generated: A; readonly schema: B }
type AllTrue<T extends readonly true[]> = T

export type Proof = AllTrue<[
  Same<FuseFamfsFmap, Value<typeof fuse_famfs_fmap>>,
  Same<FuseFamfsFmapInput, Input<typeof fuse_famfs_fmap>>,
  Same<FuseFamfsFmapPush, Value<typeof fuse_famfs_fmap_push>>,
  Same<FuseFamfsFmapPushInput, Input<typeof fuse_famfs_fmap_push>>,
  Same<FuseFamfsFmapHeader, Value<typeof fuse_famfs_fmap_header_push>>,
  Same<FuseFamfsFmapHeaderInput, Input<typeof fuse_famfs_fmap_header_push>>,
  Same<FuseFamfsSimpleExt, Value<typeof fuse_famfs_simple_ext>>,
  Same<FuseFamfsSimpleExtInput, Input<typeof fuse_famfs_simple_ext>>,
  Same<FuseFamfsIextHead, Value<typeof fuse_famfs_iext>>,
  Same<FuseFamfsIextHeadInput, Input<typeof fuse_famfs_iext>>,
  Same<FuseDaxdevOut, Value<typeof fuse_daxdev_out>>,
  Same<FuseDaxdevOutInput, Input<typeof fuse_daxdev_out>>,
  Same<FuseGetFmapIn, Value<typeof fuse_get_fmap_in>>,
  Same<FuseGetFmapInInput, Input<typeof fuse_get_fmap_in>>,
  Same<FuseInHeader, Value<typeof fuse_in_header>>,
  Same<FuseInHeaderInput, Input<typeof fuse_in_header>>,
  Same<FuseOutHeader, Value<typeof fuse_out_header>>,
  Same<FuseOutHeaderInput, Input<typeof fuse_out_header>>,
  Same<FuseInitIn, Value<typeof fuse_init_in>>,
  Same<FuseInitInInput, Input<typeof fuse_init_in>>,
  Same<FuseInitOut, Value<typeof fuse_init_out>>,
  Same<FuseInitOutInput, Input<typeof fuse_init_out>>,
  Same<FuseEntryOut, Value<typeof fuse_entry_out>>,
  Same<FuseEntryOutInput, Input<typeof fuse_entry_out>>,
  Same<FuseAttrOut, Value<typeof fuse_attr_out>>,
  Same<FuseAttrOutInput, Input<typeof fuse_attr_out>>,
  Same<FuseGetattrIn, Value<typeof fuse_getattr_in>>,
  Same<FuseGetattrInInput, Input<typeof fuse_getattr_in>>,
  Same<FuseSetattrIn, Value<typeof fuse_setattr_in>>,
  Same<FuseSetattrInInput, Input<typeof fuse_setattr_in>>,
  Same<FuseStatfsOut, Value<typeof fuse_statfs_out>>,
  Same<FuseStatfsOutInput, Input<typeof fuse_statfs_out>>,
  Same<FuseOpenIn, Value<typeof fuse_open_in>>,
  Same<FuseOpenInInput, Input<typeof fuse_open_in>>,
  Same<FuseOpenOut, Value<typeof fuse_open_out>>,
  Same<FuseOpenOutInput, Input<typeof fuse_open_out>>,
  Same<FuseCreateIn, Value<typeof fuse_create_in>>,
  Same<FuseCreateInInput, Input<typeof fuse_create_in>>,
  Same<FuseReleaseIn, Value<typeof fuse_release_in>>,
  Same<FuseReleaseInInput, Input<typeof fuse_release_in>>,
  Same<FuseFlushIn, Value<typeof fuse_flush_in>>,
  Same<FuseFlushInInput, Input<typeof fuse_flush_in>>,
  Same<FuseReadIn, Value<typeof fuse_read_in>>,
  Same<FuseReadInInput, Input<typeof fuse_read_in>>,
  Same<FuseWriteIn, Value<typeof fuse_write_in>>,
  Same<FuseWriteInInput, Input<typeof fuse_write_in>>,
  Same<FuseWriteOut, Value<typeof fuse_write_out>>,
  Same<FuseWriteOutInput, Input<typeof fuse_write_out>>,
  Same<FuseFsyncIn, Value<typeof fuse_fsync_in>>,
  Same<FuseFsyncInInput, Input<typeof fuse_fsync_in>>,
  Same<FuseLseekIn, Value<typeof fuse_lseek_in>>,
  Same<FuseLseekInInput, Input<typeof fuse_lseek_in>>,
  Same<FuseLseekOut, Value<typeof fuse_lseek_out>>,
  Same<FuseLseekOutInput, Input<typeof fuse_lseek_out>>,
  Same<FuseFallocateIn, Value<typeof fuse_fallocate_in>>,
  Same<FuseFallocateInInput, Input<typeof fuse_fallocate_in>>,
  Same<FuseGetxattrIn, Value<typeof fuse_getxattr_in>>,
  Same<FuseGetxattrInInput, Input<typeof fuse_getxattr_in>>,
  Same<FuseGetxattrOut, Value<typeof fuse_getxattr_out>>,
  Same<FuseGetxattrOutInput, Input<typeof fuse_getxattr_out>>,
  Same<FuseSetxattrIn, Value<typeof fuse_setxattr_in>>,
  Same<FuseSetxattrInInput, Input<typeof fuse_setxattr_in>>,
  Same<FuseForgetIn, Value<typeof fuse_forget_in>>,
  Same<FuseForgetInInput, Input<typeof fuse_forget_in>>,
  Same<FuseForgetOne, Value<typeof fuse_forget_one>>,
  Same<FuseForgetOneInput, Input<typeof fuse_forget_one>>,
  Same<FuseBatchForgetIn, Value<typeof fuse_batch_forget_in>>,
  Same<FuseBatchForgetInInput, Input<typeof fuse_batch_forget_in>>,
  Same<FuseMknodIn, Value<typeof fuse_mknod_in>>,
  Same<FuseMknodInInput, Input<typeof fuse_mknod_in>>,
  Same<FuseMkdirIn, Value<typeof fuse_mkdir_in>>,
  Same<FuseMkdirInInput, Input<typeof fuse_mkdir_in>>,
  Same<FuseRename2In, Value<typeof fuse_rename2_in>>,
  Same<FuseRename2InInput, Input<typeof fuse_rename2_in>>,
  Same<FuseAccessIn, Value<typeof fuse_access_in>>,
  Same<FuseAccessInInput, Input<typeof fuse_access_in>>,
]>
