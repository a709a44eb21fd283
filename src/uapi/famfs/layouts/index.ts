/**
 * Every on-media layout that was ever published, as data. The version number alone does not tell them apart: 42 covers seven of them,
 * 47 eleven. facts: metadata 1
 */
import type { EnumTable, Schema, StructType } from '../../../schema/index.ts'
import { famfs_log_entry, famfs_log_entry_type, famfs_log_header } from '../log.ts'
import { FAMFS_SUPER_MAGIC, FAMFS_SUPER_MAGIC_45 } from '../superblock.ts'
import { earlyEntries, entryTypesL00, entryTypesL06, headerL00, type Renames, renamedL10 } from './early.ts'
import { entryI386, headerI386 } from './i386.ts'
import { entryTypesL11, mapEntries } from './maps.ts'
import { superblocks } from './superblocks.ts'

export type { Renames } from './early.ts'

/** A struct whose values are not told apart statically. */
export type MediaStruct = Schema<unknown> & { readonly type: StructType }

/** One published layout. Dates are those of the commits. */
export interface MediaLayout {
  /** `L00` to `L24`, and `L24-i386` */
  readonly id: string
  readonly version: bigint
  readonly magic: bigint
  /** on-media format numbers, where the superblock has them */
  readonly omf?: readonly [major: number, minor: number]
  /** bits in a C long of the host that wrote it */
  readonly wordSize: 32 | 64
  readonly superblock: MediaStruct
  readonly header: MediaStruct
  readonly entry: MediaStruct
  readonly types: EnumTable
  /** sequence number of the first entry; from 0 on it equals the slot */
  readonly firstSeqnum: 0 | 99
  readonly from: string
  readonly until?: string
  /** what it changed on media */
  readonly changed: string
  /** names that fields of its entries took while it was in use */
  readonly renamed?: Renames
}

type Structs = Pick<MediaLayout, 'superblock' | 'header' | 'entry' | 'types'>

const sb = superblocks
const early = { header: headerL00, types: entryTypesL00 }
const v42 = (superblock: MediaStruct, entry: MediaStruct): Structs => ({ ...early, superblock, entry })
const v45 = (superblock: MediaStruct): Structs => ({
  superblock,
  header: famfs_log_header,
  entry: earlyEntries.L08,
  types: entryTypesL06,
})
const mapped = (superblock: MediaStruct, entry: MediaStruct): Structs => ({
  superblock,
  header: famfs_log_header,
  entry,
  types: entryTypesL11,
})

const OLD_MAGIC_UP_TO = 45

function row(id: string, version: number, [from, until]: readonly [string, string?], structs: Structs, changed: string): MediaLayout {
  return {
    id,
    version: BigInt(version),
    magic: version <= OLD_MAGIC_UP_TO ? FAMFS_SUPER_MAGIC_45 : FAMFS_SUPER_MAGIC,
    wordSize: 64,
    ...structs,
    firstSeqnum: version <= 43 ? 99 : 0,
    from,
    ...(until === undefined ? {} : { until }),
    changed,
  }
}

const withOmf = (layout: MediaLayout, major: number, minor: number): MediaLayout => ({ ...layout, omf: [major, minor] })

const current: Structs = { superblock: sb.L18, header: famfs_log_header, entry: famfs_log_entry, types: famfs_log_entry_type }

const L24 = withOmf(row('L24', 48, ['2026-06-28'], current, 'entry type ADD_DAXDEV = 3, INVALID moves to 4; nothing else moves'), 2, 2)

/** All of them, oldest first. facts: metadata 1 */
export const mediaLayouts: readonly MediaLayout[] = [
  row('L00', 42, ['2023-07-27', '2023-07-27'], v42(sb.L00, earlyEntries.L00), 'first usable structures, no extents in the entry'),
  row('L01', 42, ['2023-07-27', '2023-07-27'], v42(sb.L01, earlyEntries.L01), '8 extents per file; daxdev gets a uuid'),
  row('L02', 42, ['2023-07-27', '2023-07-27'], v42(sb.L02, earlyEntries.L01), 'fs uuid in the superblock'),
  row('L03', 42, ['2023-07-27', '2023-07-27'], v42(sb.L03, earlyEntries.L01), 'log length in the superblock'),
  row('L04', 42, ['2023-07-27', '2023-07-27'], v42(sb.L03, earlyEntries.L04), 'file size in the file entry'),
  row('L05', 42, ['2023-07-27', '2023-07-27'], v42(sb.L03, earlyEntries.L05), 'uid, gid, mode in the file entry'),
  row('L06', 42, ['2023-07-27', '2023-12-07'], { ...v42(sb.L03, earlyEntries.L06), types: entryTypesL06 }, 'entry type MKDIR = 1'),
  row('L07', 43, ['2023-12-08', '2023-12-10'], { ...v42(sb.L07, earlyEntries.L06), types: entryTypesL06 }, 'system uuid; superblock crc'),
  row('L08', 45, ['2023-12-10', '2024-02-04'], v45(sb.L07), 'log header crc and entry crc; first seqnum 0 instead of 99'),
  row('L09', 45, ['2024-02-04', '2024-02-04'], v45(sb.L09), 'device name field 64 instead of 32 bytes'),
  { ...row('L10', 46, ['2024-02-04', '2024-08-01'], v45(sb.L09), 'new magic; the format of kernel RFC v1'), renamed: renamedL10 },
  row('L11', 46, ['2024-08-13', '2024-08-14'], mapped(sb.L09, mapEntries.L11), 'one extent type per file, interleaved map'),
  row('L12', 46, ['2024-08-14', '2024-08-14'], mapped(sb.L12, mapEntries.L12), 'fields moved inside the entry; no device count'),
  row('L13', 47, ['2024-08-18', '2024-08-28'], mapped(sb.L13, mapEntries.L13), 'device uuid; extents get a device index'),
  row('L14', 47, ['2024-08-28', '2024-09-14'], mapped(sb.L13, mapEntries.L13), 'the same bytes as L13'),
  row('L15', 47, ['2024-10-15', '2024-11-11'], mapped(sb.L13, mapEntries.L15), 'extent count moves into the union; ie_nbytes'),
  withOmf(row('L16', 47, ['2024-11-12', '2024-11-12'], mapped(sb.L18, mapEntries.L15), 'alloc unit and OMF numbers'), 1, 1),
  withOmf(row('L17', 47, ['2024-11-12', '2024-11-12'], mapped(sb.L17, mapEntries.L15), 'alloc unit taken out again'), 1, 1),
  withOmf(row('L18', 47, ['2024-11-12', '2025-03-05'], mapped(sb.L18, mapEntries.L15), 'alloc unit back; the same as L16'), 1, 1),
  withOmf(row('L19', 47, ['2025-03-05', '2025-03-16'], mapped(sb.L18, mapEntries.L19), 'unused ext_type of the file entry removed'), 1, 1),
  withOmf(row('L20', 47, ['2025-03-16', '2025-03-19'], mapped(sb.L18, mapEntries.L20), 'ie_nbytes removed'), 1, 1),
  withOmf(row('L21', 47, ['2025-03-20', '2025-07-08'], mapped(sb.L18, mapEntries.L21), '16 instead of 8 extents'), 2, 1),
  withOmf(row('L22', 47, ['2025-07-15', '2025-07-15'], mapped(sb.L18, mapEntries.L22), '32 extents'), 2, 1),
  withOmf(row('L23', 47, ['2025-07-16', '2026-06-28'], mapped(sb.L18, mapEntries.L21), 'back to L21'), 2, 1),
  L24,
  {
    ...L24,
    id: 'L24-i386',
    wordSize: 32,
    superblock: sb.i386,
    header: headerI386,
    entry: entryI386,
    changed: 'L24 as a 32-bit host writes it',
  },
]

/** The layout of today. */
export const currentLayout: MediaLayout = L24

/** The layout of this id, or undefined. */
export const layoutById = (id: string): MediaLayout | undefined => mediaLayouts.find(l => l.id === id)
