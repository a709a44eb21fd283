/** Log header and entries of L00 to L10 (July 2023 to August 2024): every extent names its own type. facts: metadata 3, metadata-layouts */
import { array, chars, enumeration, nested, type Schema, struct, u8, u32, u64 } from '../../../schema/index.ts'
import { anonymousUnion, FAMFS_MAX_PATHLEN, relpath } from '../log.ts'

/** Extents of a file in L01 to L10. */
const MAX_EXTENTS = 8

/** Entry types of L00 to L05. */
export const entryTypesL00 = enumeration('famfs_log_entry_type', { FAMFS_LOG_FILE: 0, FAMFS_LOG_ACCESS: 1 })
/** Entry types of L06 to L10. */
export const entryTypesL06 = enumeration('famfs_log_entry_type', { FAMFS_LOG_FILE: 0, FAMFS_LOG_MKDIR: 1, FAMFS_LOG_ACCESS: 2 })

/** Head of the log up to L07, 40 bytes: no crc. */
export const headerL00 = struct('famfs_log_header', {
  famfs_log_magic: u64,
  famfs_log_len: u64,
  famfs_log_next_seqnum: u64,
  famfs_log_next_index: u64,
  famfs_log_last_index: u64,
})

const extent = struct('famfs_log_extent', {
  famfs_extent_type: u32,
  padding: u32.reserved(),
  se: nested(struct('famfs_simple_extent', { famfs_extent_offset: u64, famfs_extent_len: u64 })),
})

const extents = array(extent, 'famfs_nextents', { capacity: MAX_EXTENTS })
const size = { famfs_fc_size: u64.doc('bytes') }
const counts = { famfs_nextents: u32.derived(), famfs_fc_flags: u32 }
const owner = { fc_uid: u32, fc_gid: u32, fc_mode: u32 }
const path = { famfs_relpath: relpath }
const file = 'famfs_file_creation'

const files = {
  L00: struct(file, { famfs_nextents: u32.doc('no extent fits into the entry'), famfs_fc_flags: u32, ...path }),
  L01: struct(file, { ...counts, ...path, famfs_log: extents }),
  L04: struct(file, { ...size, ...counts, ...path, famfs_log: extents }),
  L05: struct(file, { ...size, ...counts, ...owner, ...path, padding: u32.reserved(), famfs_ext_list: extents }),
}
const mkdir = struct('famfs_mkdir', { ...owner, ...path })
const access = struct('famfs_file_access', {
  fa_hostname: chars(32),
  fa_uid: u32,
  fa_gid: u32,
  fa_owner_perm: u8,
  fa_group_perm: u8,
  fa_other_perm: u8,
  padding: u8.reserved(),
})

const fileIn = (schema: Schema<unknown>) => struct('famfs_log_entry_file', { famfs_fc: nested(schema) })
const mkdirCase = struct('famfs_log_entry_mkdir', { famfs_md: nested(mkdir) })
const accessCase = struct('famfs_log_entry_access', { famfs_fa: nested(access) })

const head = { famfs_log_entry_seqnum: u64, famfs_log_entry_type: u32, padding: u32.reserved() }
const tag = 'famfs_log_entry_type'

const upToL05 = (schema: Schema<unknown>, bytes: number) =>
  struct('famfs_log_entry', {
    ...head,
    famfs_log_entry_type: u32.named(entryTypesL00),
    body: anonymousUnion(tag, bytes, { 0: fileIn(schema), 1: accessCase }),
  })

const fromL06 = {
  ...head,
  famfs_log_entry_type: u32.named(entryTypesL06),
  body: anonymousUnion(tag, 304, { 0: fileIn(files.L05), 1: mkdirCase, 2: accessCase }),
}

/** By the first layout that has it. */
export const earlyEntries = {
  L00: upToL05(files.L00, 8 + FAMFS_MAX_PATHLEN),
  L01: upToL05(files.L01, 280),
  L04: upToL05(files.L04, 288),
  L05: upToL05(files.L05, 304),
  L06: struct('famfs_log_entry', fromL06),
  L08: struct('famfs_log_entry', { ...fromL06, famfs_log_entry_crc: u64 }),
}

/** New names by member and old name. */
export type Renames = Readonly<Record<string, Readonly<Record<string, string>>>>

/** In the course of 2024 the fields of L10 took the names that L11 has; no byte moved. */
export const renamedL10: Renames = {
  famfs_fc: {
    famfs_fc_size: 'fm_size',
    famfs_nextents: 'fm_nextents',
    famfs_fc_flags: 'fm_flags',
    fc_uid: 'fm_uid',
    fc_gid: 'fm_gid',
    fc_mode: 'fm_mode',
    famfs_relpath: 'fm_relpath',
    famfs_ext_list: 'fm_ext_list',
    famfs_extent_type: 'ext_type',
    famfs_extent_offset: 'se_offset',
    famfs_extent_len: 'se_len',
  },
  famfs_md: { fc_uid: 'md_uid', fc_gid: 'md_gid', fc_mode: 'md_mode', famfs_relpath: 'md_relpath' },
}
