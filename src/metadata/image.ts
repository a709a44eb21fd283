/** Opening an image: where superblock and log are, which layout they have, and what is wrong with that. */
import { WireError } from '../codec/errors.ts'
import { decode, type Result, tryDecode } from '../codec/index.ts'
import type { Value } from '../schema/index.ts'
import { layoutById, type MediaLayout } from '../uapi/famfs/layouts/index.ts'
import { FAMFS_LOG_LEN, FAMFS_LOG_OFFSET, FAMFS_SUPERBLOCK_SIZE, type famfs_superblock } from '../uapi/famfs/superblock.ts'
import { u64AsNumber, u64At } from './bytes.ts'
import { type Detection, detectLayout, isSuperMagic } from './detect.ts'
import { whatElse } from './foreign.ts'
import { frameLog, type LogFrame } from './scan.ts'
import { shapeOf } from './shape.ts'
import { type Area, areaOf, part, type Reading, run, runNow, type Source } from './source.ts'

/** One device or image file, or superblock and log each for itself (`.meta/.superblock` and `.meta/.log`). */
export type ImageSource = Source | { readonly superblock: Source; readonly log: Source }

/** How to read an image that does not say it clearly itself. */
export interface OpenOptions {
  /** reads by this layout whatever the bytes say: `L24`, `L24-i386` ... */
  readonly layout?: string
  /** first byte of the log on the device, instead of what the superblock says */
  readonly logOffset?: number
  /** bytes of the log, instead of what the superblock says */
  readonly logLength?: number
}

/** An open image. */
export interface Image {
  readonly detection: Detection
  /** what it is read by: the detected layout, the one that comes closest, or the one that was asked for */
  readonly layout: MediaLayout
  /** the first 4 KiB of the superblock, or what there is of them; a copy */
  readonly superblockBytes: Uint8Array
  readonly superblock: Area
  /** undefined when not even the log's header is there */
  readonly log: LogFrame | undefined
  /** first byte of the log on the device; 0 when it came as a file of its own */
  readonly logOffset: number
}

/** Bytes of the superblock that are looked at; everything that any layout uses. */
const LOOK_AT_SUPERBLOCK = 4096
/** Bytes of the log that are looked at to tell layouts apart. */
const LOOK_AT_LOG = 65536
/** Bytes that are looked at to tell what else it is: other file systems have their marks in them. */
const LOOK_AT_OTHERS = 1 << 17

const isPair = (source: ImageSource): source is { readonly superblock: Source; readonly log: Source } =>
  typeof source === 'object' && source !== null && 'superblock' in source && 'log' in source

interface Parts {
  readonly superblock: Area
  readonly superblockBytes: Uint8Array
  readonly log: Area
  readonly logOffset: number
}

function* partsOf(source: ImageSource, options: OpenOptions): Reading<Parts> {
  const pair = isPair(source)
  const first = areaOf(pair ? source.superblock : source)
  const superblockBytes = (yield { from: first, offset: 0, length: LOOK_AT_SUPERBLOCK }).slice()
  if (pair) {
    const length = options.logLength ?? Number.POSITIVE_INFINITY
    return { superblock: first, superblockBytes, log: part(areaOf(source.log), options.logOffset ?? 0, length), logOffset: 0 }
  }
  const logOffset = options.logOffset ?? logOffsetOf(superblockBytes)
  const log = part(first, logOffset, options.logLength ?? (yield* logLengthOf(first, superblockBytes, logOffset)))
  return { superblock: part(first, 0, FAMFS_SUPERBLOCK_SIZE), superblockBytes, log, logOffset }
}

/** What a superblock with the right magic says, else where every mkfs puts it. */
function logOffsetOf(superblock: Uint8Array): number {
  const said = u64AsNumber(superblock, 16)
  return isSuperMagic(u64At(superblock, 0)) && Number.isSafeInteger(said) ? said : FAMFS_LOG_OFFSET
}

/** Superblock first; L00 to L02 have no length there, and a damaged one may lie: then the log's own header, then the default. */
function* logLengthOf(device: Area, superblock: Uint8Array, logOffset: number): Reading<number> {
  const header = (yield { from: device, offset: logOffset, length: 48 }).slice()
  const { nearest } = detectLayout(superblock, header)
  const at = nearest === undefined ? undefined : shapeOf(nearest).superblock.logLen
  const room = Math.max(0, device.size - logOffset)
  const said = [at === undefined ? 0 : u64AsNumber(superblock, at), u64AsNumber(header, 8)].filter(n => n > 0)
  // a log that is longer than what there is was cut: all of the rest is log then
  return said.find(n => n <= room) ?? (said.length > 0 ? room : Math.min(FAMFS_LOG_LEN, room))
}

function* opening(source: ImageSource, options: OpenOptions): Reading<Image> {
  const parts = yield* partsOf(source, options)
  const start = yield { from: parts.log, offset: 0, length: LOOK_AT_LOG }
  const detection = detectLayout(parts.superblockBytes, start)
  const layout = options.layout === undefined ? detection.nearest : asked(options.layout)
  if (layout === undefined) throw notFamfs(yield { from: parts.superblock, offset: 0, length: LOOK_AT_OTHERS })
  const log = yield* frameLog(shapeOf(layout), parts.log)
  return { detection, layout, superblockBytes: parts.superblockBytes, superblock: parts.superblock, log, logOffset: parts.logOffset }
}

function asked(id: string): MediaLayout {
  const layout = layoutById(id)
  if (layout !== undefined) return layout
  throw new WireError({ code: 'unsupported', path: 'layout', offset: 0, detail: `there is no layout ${id}`, actual: id })
}

function notFamfs(bytes: Uint8Array): WireError {
  const detail = `this is not a famfs image: ${whatElse(bytes)}; a layout must be named to read it nevertheless`
  return new WireError({ code: 'tag', path: 'ts_magic', offset: 0, length: 8, detail, actual: u64At(bytes, 0) })
}

/**
 * Opens an image and reads its superblock, the log's header and enough to tell the layout; never the whole log.
 * @throws WireError `tag` when neither superblock nor log look like famfs and no layout is named, `unsupported` for a layout that is unknown
 */
export function openImage(source: ImageSource, options: OpenOptions = {}): Promise<Image> {
  return run(opening(source, options))
}

/** As {@link openImage}, for bytes in memory. */
export function openImageNow(source: ImageSource, options: OpenOptions = {}): Image {
  return runNow(opening(source, options))
}

/** A superblock, with the fields that its layout has. */
export type Superblock = Value<typeof famfs_superblock>

/**
 * The superblock as its layout's struct has it, or the refusal when not all of it is there. Bytes that mkfs does not write are in it as they
 * are. The static type is that of today; older layouts lack some of its fields.
 */
export function tryDecodeSuperblock(image: Image): Result<Superblock> {
  const { size } = shapeOf(image.layout).superblock
  return tryDecode(image.layout.superblock, image.superblockBytes.subarray(0, size)) as Result<Superblock>
}

/** As {@link tryDecodeSuperblock}, throwing. @throws WireError truncated */
export function decodeSuperblock(image: Image): Superblock {
  const { size } = shapeOf(image.layout).superblock
  return decode(image.layout.superblock, image.superblockBytes.subarray(0, size)) as Superblock
}
