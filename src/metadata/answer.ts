/** The `image` operation of the testee protocol: everything that is known about an image, as JSON. */

import { attempt } from '../codec/errors.ts'
import { currentLayout } from '../uapi/famfs/layouts/index.ts'
import { lastIndexFits } from './detect.ts'
import { entriesNow } from './entries.ts'
import { type Image, openImageNow } from './image.ts'
import { flatEntry, flatStruct, type Plain, type PlainObject, plainEntry, plainHeader, plainSuperblock } from './plain.ts'
import type { Bitmap } from './reference/bitmap.ts'
import { type Outcome, rcOf } from './reference/outcome.ts'
import { type ReferenceVerdicts, referenceVerdictsNow } from './reference/verdicts.ts'
import { shapeOf } from './shape.ts'
import type { MemoryArea } from './source.ts'

/** The two parts of an image, in memory. */
export interface ImageRequest {
  readonly superblock: MemoryArea
  readonly log: MemoryArea
  /** system uuid of the host whose role is asked for; without it the host is a client */
  readonly host_system_uuid?: string
}

/** What the protocol answers. Shapes as in the golden manifests; `undefined` where the reference's behaviour is not defined. */
export interface ImageAnswer {
  /** ids of all layouts that fit, joined by `|`; null when none does */
  readonly layout: string | null
  readonly superblock: PlainObject
  readonly log_header: PlainObject | null
  readonly entries: readonly PlainObject[]
  readonly verdicts: Readonly<Record<string, Plain>>
  readonly files: readonly PlainObject[]
}

const hexOf = (bytes: Uint8Array): string => Array.from(bytes, b => b.toString(16).padStart(2, '0')).join('')

/** Opens it by the layout of today where nothing else can be told: the answer is about what is there, not about whether it is famfs. */
function open({ superblock, log }: ImageRequest): Image {
  const opened = attempt(() => openImageNow({ superblock, log }))
  return opened.ok ? opened.value : openImageNow({ superblock, log }, { layout: currentLayout.id })
}

/** Images that are read by today's layout have short names, all others the names of C. */
const isToday = ({ layout }: Image): boolean => layout.entry === currentLayout.entry && layout.version === currentLayout.version

function superblockOf(image: Image): PlainObject {
  if (isToday(image)) return plainSuperblock(shapeOf(image.layout), image.superblockBytes)
  return flatStruct(image.layout.superblock.type, image.superblockBytes)
}

function headerOf(image: Image, log: MemoryArea): PlainObject | null {
  if (image.log === undefined) return null
  if (isToday(image)) return plainHeader(image.log.header)
  return flatStruct(image.layout.header.type, log.read(0, image.log.shape.header.size))
}

function* entriesOf(image: Image): Generator<PlainObject> {
  if (image.log === undefined) return
  const today = isToday(image)
  const { length, lastIndex } = image.log.header
  const late = lastIndexFits(image.layout, length, lastIndex) === 'exact'
  for (const entry of entriesNow(image)) yield today ? plainEntry(entry) : flatEntry(entry, late)
}

function bitmapOf(outcome: Outcome<Bitmap>): Plain {
  if (outcome.outcome !== 'returned') return 'undefined'
  const { set_ranges, ...counts } = outcome.result
  return { ...Object.fromEntries(Object.entries(counts).map(([name, value]) => [name, value.toString()])), set_ranges }
}

function verdictsOf(v: ReferenceVerdicts): Record<string, Plain> {
  return {
    famfs_check_super: rcOf(v.famfs_check_super),
    famfs_get_role: rcOf(v.famfs_get_role),
    famfs_validate_log_header: rcOf(v.famfs_validate_log_header),
    famfs_validate_log_entry_each: rcOf(v.famfs_validate_log_entry_each),
    famfs_build_bitmap: bitmapOf(v.famfs_build_bitmap),
    famfs_fsck_scan: rcOf(v.famfs_fsck_scan),
    famfs_fsck_mmap: rcOf(v.famfs_fsck_mmap),
    famfs_fsck_read: rcOf(v.famfs_fsck_read),
    logplay_dry_run: rcOf(v.logplay_dry_run),
    logplay_shadow: rcOf(v.logplay_shadow),
    ...(v.famfs_daxdev_table_add === undefined ? {} : { famfs_daxdev_table_add: v.famfs_daxdev_table_add.map(r => ({ ...r })) }),
  }
}

function* filesOf(v: ReferenceVerdicts): Generator<PlainObject> {
  for (const { path, yaml, message } of v.files()) {
    const reply = message === undefined ? {} : { msg_rc: message.length, msg_hex: hexOf(message) }
    yield { shadow_path: path, yaml, ...reply }
  }
}

/** Answers the operation. Bytes can be anything; nothing is thrown. */
export function imageAnswer(request: ImageRequest): ImageAnswer {
  const image = open(request)
  const verdicts = referenceVerdictsNow(request, request.host_system_uuid)
  const layout = image.detection.candidates.map(l => l.id).join('|')
  return {
    layout: layout === '' ? null : layout,
    superblock: superblockOf(image),
    log_header: headerOf(image, request.log),
    entries: [...entriesOf(image)],
    verdicts: verdictsOf(verdicts),
    files: [...filesOf(verdicts)],
  }
}
