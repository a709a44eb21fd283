/** The reference verdict: what the famfs tools of today return for an image, function by function. facts: metadata 4, 5 */

import { FAMFS_ALLOC_UNITS } from '../../uapi/famfs/superblock.ts'
import { u64At, uuidAt } from '../bytes.ts'
import { checkPiece, eachPiece, frameLog, type LogFrame, type Piece } from '../scan.ts'
import { type Area, type Areas, type Reading, run, runNow } from '../source.ts'
import { type Bitmap, type BitmapBuilder, bitmapBuilder } from './bitmap.ts'
import { type DaxdevResult, type DaxdevTable, daxdevTable } from './daxdev.ts'
import { dryRun, type Logplay, type ShadowPlay, type ShadowResult, shadowPlay } from './logplay.ts'
import { aborted, type Outcome, returned, undefinedBehaviour } from './outcome.ts'
import { checkSuper, FAMFS_NOSUPER, roleOf, today, validateLogHeader } from './superblock.ts'

/** Every function's result for one image. */
export interface ReferenceVerdicts {
  /** 0 good, 1 another version, -1 bad */
  readonly famfs_check_super: Outcome
  /** 1 owner, 2 client, 3 no valid superblock */
  readonly famfs_get_role: Outcome
  /** 0 or -1 */
  readonly famfs_validate_log_header: Outcome
  /** bad slots among those in use that lie inside the log */
  readonly famfs_validate_log_entry_each: Outcome
  readonly famfs_build_bitmap: Outcome<Bitmap>
  /** colliding units */
  readonly famfs_fsck_scan: Outcome
  /** fsck over a mounted file system's meta files, mapped; -1 refused */
  readonly famfs_fsck_mmap: Outcome
  /** the same with read() */
  readonly famfs_fsck_read: Outcome
  /** errors, -1 refused */
  readonly logplay_dry_run: Outcome
  readonly logplay_shadow: Outcome
  /** one result per ADD_DAXDEV entry; undefined when there is none */
  readonly famfs_daxdev_table_add?: readonly DaxdevResult[]
  /** what the shadow replay leaves below its root */
  readonly files: () => Generator<ShadowResult>
}

interface Judges {
  readonly bitmap: BitmapBuilder
  readonly dry: Logplay
  readonly shadow: ShadowPlay
  readonly table: DaxdevTable
  bad: number
}

const { superblock: sb, entry } = today
const NO_SLOT = new Uint8Array(0)

/** Hands every slot of a piece to everybody who judges it. */
function judgePiece(frame: LogFrame, piece: Piece, judges: Judges): Reading<void> {
  const faulty = new Set<number>()
  checkPiece(frame.shape, piece, index => faulty.add(index))
  judges.bad += faulty.size
  return judgeSlots(piece, faulty, judges)
}

function* judgeSlots({ bytes, first, count }: Piece, faulty: ReadonlySet<number>, judges: Judges): Reading<void> {
  for (let i = 0; i < count; i++) {
    const slot = bytes.subarray(i * entry.size, (i + 1) * entry.size)
    const bad = faulty.has(first + i)
    const stray = judges.bitmap.slot(slot, first + i, bad)
    judges.dry.slot(slot, bad)
    judges.shadow.slot(slot, bad)
    judges.table.slot(slot, first + i)
    if (stray !== undefined) yield* stray
  }
}

function* judge(frame: LogFrame, judges: Judges): Reading<void> {
  const { area, used, slots, header } = frame
  const still = area.still === true
  yield* eachPiece(frame, 0, used, piece => judgePiece(frame, still ? piece : { ...piece, bytes: piece.bytes.slice() }, judges))
  if (header.nextIndex <= BigInt(slots)) return
  const beyond = judges.bitmap.slot(NO_SLOT, slots, true)
  if (beyond !== undefined) yield* beyond
  judges.dry.slot(NO_SLOT, true)
  judges.shadow.slot(NO_SLOT, true)
}

/** The scan asserts its unit before it looks at anything else. */
function scanOf(unit: bigint, bitmap: Outcome<Bitmap>): Outcome {
  if (!FAMFS_ALLOC_UNITS.includes(unit)) return aborted(`assertion: alloc unit ${unit}`)
  return bitmap.outcome === 'returned' ? returned(bitmap.rc) : bitmap
}

interface Facts {
  readonly superblock: Uint8Array
  readonly log: Area
  readonly frame: LogFrame
  readonly headerGood: boolean
  readonly scan: Outcome
  readonly reach: number
}

/** Mapping the meta files: the log file's size and header are looked at, then the superblock. facts: metadata 4, fsck */
function fsckMapped({ superblock, log, frame, headerGood, scan }: Facts): Outcome {
  if ((Number.isFinite(log.size) && frame.header.length !== BigInt(log.size)) || !headerGood || checkSuper(superblock) !== 0)
    return returned(-1)
  return scan
}

/** Reading them: as much of the log as the superblock says, whether that is a good one or not. */
function fsckRead({ superblock, log, scan, reach }: Facts): Outcome {
  const length = u64At(superblock, sb.logLen as number)
  if ((Number.isFinite(log.size) && length > BigInt(log.size)) || checkSuper(superblock) !== 0) return returned(-1)
  return reach > length ? undefinedBehaviour(`byte ${reach} of the log is read, the buffer has ${length}`) : scan
}

const refused = (role: number, headerGood: boolean, play: Logplay): Outcome =>
  role === FAMFS_NOSUPER || !headerGood ? returned(-1) : play.finish()

const tooShort = (what: string): Outcome<never> => undefinedBehaviour(`the ${what} is shorter than its struct`)

function withoutLog(superblock: Uint8Array, hostUuid: string | undefined): ReferenceVerdicts {
  const none = tooShort('log')
  return {
    famfs_check_super: returned(checkSuper(superblock)),
    famfs_get_role: returned(roleOf(superblock, hostUuid)),
    famfs_validate_log_header: none,
    famfs_validate_log_entry_each: returned(0),
    famfs_build_bitmap: none,
    famfs_fsck_scan: none,
    famfs_fsck_mmap: none,
    famfs_fsck_read: none,
    logplay_dry_run: none,
    logplay_shadow: none,
    *files() {},
  }
}

function* judging({ superblock: sbArea, log }: Areas, hostUuid: string | undefined): Reading<ReferenceVerdicts> {
  const superblock = (yield { from: sbArea, offset: 0, length: Math.min(sbArea.size, sb.size) }).slice()
  const frame = yield* frameLog(today, log)
  if (frame === undefined) return withoutLog(superblock, hostUuid)
  const headerBytes = (yield { from: log, offset: 0, length: today.header.size }).slice()
  const unit = u64At(superblock, sb.allocUnit as number)
  const judges: Judges = {
    bitmap: bitmapBuilder(log, unit, u64At(superblock, sb.devSize.at), frame.header.length),
    dry: dryRun(),
    shadow: shadowPlay(log.still === true),
    table: daxdevTable(uuidAt(superblock, sb.devUuid as number)),
    bad: 0,
  }
  yield* judge(frame, judges)
  const bitmap = judges.bitmap.finish()
  const headerGood = validateLogHeader(headerBytes) === 0
  const facts: Facts = { superblock, log, frame, headerGood, scan: scanOf(unit, bitmap), reach: judges.bitmap.reach }
  const role = roleOf(superblock, hostUuid)
  return {
    famfs_check_super: returned(checkSuper(superblock)),
    famfs_get_role: returned(role),
    famfs_validate_log_header: returned(headerGood ? 0 : -1),
    famfs_validate_log_entry_each: returned(judges.bad),
    famfs_build_bitmap: bitmap,
    famfs_fsck_scan: facts.scan,
    famfs_fsck_mmap: fsckMapped(facts),
    famfs_fsck_read: fsckRead(facts),
    logplay_dry_run: refused(role, headerGood, judges.dry),
    logplay_shadow: refused(role, headerGood, judges.shadow),
    ...(judges.table.results.length === 0 ? {} : { famfs_daxdev_table_add: judges.table.results }),
    files: function* files() {
      if (role !== FAMFS_NOSUPER && headerGood) yield* judges.shadow.files()
    },
  }
}

/**
 * Runs the reference's functions over an image, as the tools of today would: an image of an older layout is judged by the layout of today.
 * Nothing but the bytes is needed, and nothing is written.
 * @param hostUuid system uuid of the host on which the tools would run; without it the host is a client
 */
export const referenceVerdicts = (areas: Areas, hostUuid?: string): Promise<ReferenceVerdicts> => run(judging(areas, hostUuid))

/** As {@link referenceVerdicts}, for areas in memory. */
export const referenceVerdictsNow = (areas: Areas, hostUuid?: string): ReferenceVerdicts => runNow(judging(areas, hostUuid))
