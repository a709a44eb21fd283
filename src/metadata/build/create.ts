/** A new file system: superblock and log for a device, and what is in it from the start. */
import { currentLayout, layoutById } from '../../uapi/famfs/layouts/index.ts'
import { FAMFS_ALLOC_UNIT, FAMFS_ALLOC_UNITS, FAMFS_LOG_LEN, FAMFS_LOG_OFFSET, FAMFS_SUPERBLOCK_SIZE } from '../../uapi/famfs/superblock.ts'
import { uuidAt } from '../bytes.ts'
import { emptyTree, ROOT } from '../replay/tree.ts'
import { type LayoutShape, shapeOf } from '../shape.ts'
import { addEntries, type BuiltEntry } from './add.ts'
import { type CopyOptions, copyContent } from './content.ts'
import { type Sink, zeroRange } from './device.ts'
import { bytesOfText, refusal, unsigned, uuidBytes } from './refusal.ts'
import type { NewEntry } from './request.ts'
import type { Session } from './session.ts'
import { headerBytes, lastIndexOf, type SuperblockFields, superblockBytes } from './slots.ts'
import { spaceOf } from './space.ts'

/** What an image is made of. */
export interface CreateOptions {
  /** bytes of the primary device */
  readonly deviceSize: bigint | number
  /** bytes of the log, its header included: a power of two from 8 MiB on. Default 8 MiB */
  readonly logLength?: number
  /** `L10` to `L24`, default `L24` */
  readonly layout?: string
  /** 4096 or 2 MiB, the default, where the layout has a field for it */
  readonly allocUnit?: number
  /** of the file system; default random */
  readonly uuid?: string
  /** of the device; default random */
  readonly devUuid?: string
  /** of the host that owns the log and alone may append to it; default random, which makes every host a client */
  readonly systemUuid?: string
  /** path of the device, at most 63 bytes; default `/dev/dax0.0` */
  readonly deviceName?: string
  /** what is in it, in this order */
  readonly entries?: Iterable<NewEntry>
  /** builds what the reference's tools refuse or do not survive, too: for tests. Only what an entry has no room for is refused then */
  readonly unchecked?: boolean
  /** `last_index` one too large, as every mkfs wrote it until 2024-03-11. facts: metadata 1 */
  readonly earlyLastIndex?: boolean
  /** bytes that were on the device before: kept where the reference's mkfs writes nothing. Default: zeros. facts: metadata 2, NOT written */
  readonly over?: Uint8Array
}

/** A file system that is not on any device yet. */
export interface BuiltImage {
  readonly layout: string
  readonly deviceSize: bigint
  readonly logOffset: number
  readonly logLength: number
  /** the struct; the rest of its 2 MiB is of no meaning */
  readonly superblock: Uint8Array
  /** the header and the slots in use; the rest of the log is zero */
  readonly log: Uint8Array
  /** slots in use */
  readonly entries: number
  /** files that have a content to be copied */
  readonly contents: readonly Required<BuiltEntry>['file'][]
}

const OLDEST = 'L10'
const MOST_NAME = 63

function layoutFor(id: string): LayoutShape {
  const layout = layoutById(id)
  if (layout === undefined) throw refusal('unsupported', 'layout', `there is no layout ${id}`, id)
  const oldest = layoutById(OLDEST)
  if (oldest !== undefined && layout.version < oldest.version)
    throw refusal('unsupported', 'layout', `images are built from ${OLDEST} on, not ${id}`, id)
  return shapeOf(layout)
}

/** A random uuid (version 4). */
function randomUuid(): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  return uuidAt(bytes, 0)
}

function checkLog(length: number, unchecked: boolean, deviceSize: bigint): void {
  if (!Number.isSafeInteger(length) || length < 48) throw refusal('range', 'logLength', `at least 48 bytes, not ${length}`, length)
  if (unchecked) return
  if (length < FAMFS_LOG_LEN || !Number.isInteger(Math.log2(length)))
    throw refusal('range', 'logLength', `a power of two from ${FAMFS_LOG_LEN} on, not ${length}`, length)
  if (BigInt(FAMFS_LOG_OFFSET + length) > deviceSize)
    throw refusal(
      'range',
      'deviceSize',
      `superblock and log need ${FAMFS_LOG_OFFSET + length} bytes, the device has ${deviceSize}`,
      deviceSize,
    )
}

function nameFor({ superblock }: LayoutShape, name: string, unchecked: boolean): Uint8Array {
  const bytes = bytesOfText(name, 'deviceName')
  const most = unchecked ? Number.POSITIVE_INFINITY : Math.min(MOST_NAME, superblock.devName.size - 1)
  if (bytes.length <= most) return bytes
  throw refusal('range', 'deviceName', `at most ${most} bytes, not ${bytes.length}`, bytes.length)
}

interface Plan {
  readonly shape: LayoutShape
  readonly deviceSize: bigint
  readonly logLength: number
  readonly unit: number
  readonly unchecked: boolean
}

function planOf(options: CreateOptions): Plan {
  const { logLength = FAMFS_LOG_LEN, layout = currentLayout.id, unchecked = false, allocUnit = Number(FAMFS_ALLOC_UNIT) } = options
  const shape = layoutFor(layout)
  const deviceSize = unsigned(options.deviceSize, shape.superblock.devSize.size === 4 ? 32 : 64, 'deviceSize')
  checkLog(logLength, unchecked, deviceSize)
  if (!FAMFS_ALLOC_UNITS.includes(BigInt(allocUnit)))
    throw refusal('range', 'allocUnit', `4096 or ${FAMFS_ALLOC_UNIT}, not ${allocUnit}`, allocUnit)
  return { shape, deviceSize, logLength, unit: allocUnit, unchecked }
}

function sessionFor({ shape, deviceSize, logLength, unit, unchecked }: Plan, devUuid: string): Session {
  const reserved = Math.ceil((FAMFS_SUPERBLOCK_SIZE + logLength) / unit)
  return {
    shape,
    deviceSize,
    unit,
    units: Number(deviceSize / BigInt(unit)),
    slots: Math.max(0, Math.floor((logLength - shape.header.size) / shape.entry.size)),
    unchecked,
    tree: emptyTree(),
    root: ROOT,
    target: { node: 0, from: 0, to: 0 },
    space: spaceOf([[0, reserved]]),
    devices: [{ uuid: devUuid, size: deviceSize }],
    next: 0,
    position: 0,
    bucket: 0,
  }
}

/** Slots behind each other, behind room for the header. */
interface LogBytes {
  bytes: Uint8Array
  used: number
}

function appendSlot(log: LogBytes, slot: Uint8Array, most: number): void {
  if (log.used + slot.length > log.bytes.length) {
    const larger = new Uint8Array(Math.min(most, Math.max(log.bytes.length * 2, log.used + slot.length)))
    larger.set(log.bytes)
    log.bytes = larger
  }
  log.bytes.set(slot, log.used)
  log.used += slot.length
}

/** A file system in the making. */
export interface ImageBuilder {
  readonly shape: LayoutShape
  /**
   * Adds what is asked for, in this order.
   * @throws WireError as {@link createImage}; then the requests before the refused one are in it, and with `unchecked` it can go on
   */
  add(requests: Iterable<NewEntry>): void
  /** The whole of it; nothing can be added any more. */
  finish(): BuiltImage
}

function fieldsOf(options: CreateOptions, { shape, deviceSize, logLength, unit, unchecked }: Plan, devUuid: string): SuperblockFields {
  const { uuid = randomUuid(), systemUuid = randomUuid(), deviceName = '/dev/dax0.0' } = options
  return {
    logOffset: BigInt(FAMFS_LOG_OFFSET),
    logLength: BigInt(logLength),
    allocUnit: BigInt(unit),
    uuid: uuidBytes(uuid, 'uuid'),
    devUuid: uuidBytes(devUuid, 'devUuid'),
    systemUuid: uuidBytes(systemUuid, 'systemUuid'),
    deviceSize,
    deviceName: nameFor(shape, deviceName, unchecked),
  }
}

/** Begins a file system. @throws WireError as {@link createImage} for everything but entries */
export function imageBuilder(options: Omit<CreateOptions, 'entries'>): ImageBuilder {
  const plan = planOf(options)
  const { shape, deviceSize, logLength } = plan
  const { devUuid = randomUuid() } = options
  const fields = fieldsOf(options, plan, devUuid)
  const session = sessionFor(plan, devUuid.toLowerCase())
  const log: LogBytes = { bytes: new Uint8Array(shape.header.size), used: shape.header.size }
  const contents: Required<BuiltEntry>['file'][] = []
  return {
    shape,
    add(requests) {
      try {
        for (const { bytes, file } of addEntries(session, requests)) {
          appendSlot(log, bytes, logLength)
          if (file?.request.content !== undefined) contents.push(file)
        }
      } finally {
        session.next = (log.used - shape.header.size) / shape.entry.size
      }
    },
    finish() {
      const lastIndex = lastIndexOf(shape, fields.logLength, options.earlyLastIndex)
      log.bytes.set(headerBytes(shape, fields.logLength, lastIndex, session.next))
      return {
        layout: shape.layout.id,
        deviceSize,
        logOffset: FAMFS_LOG_OFFSET,
        logLength,
        superblock: superblockBytes(shape, fields, options.over),
        log: log.bytes.subarray(0, log.used),
        entries: session.next,
        contents,
      }
    },
  }
}

/**
 * Builds a file system. Nothing is written: {@link writeImage} does that.
 *
 * ```ts
 * import { createImage } from 'famfs-wire/metadata'
 *
 * const image = createImage({ deviceSize: 4n << 30n, entries: [{ kind: 'file', path: 'a/b', size: 5000, parents: true }] })
 * ```
 *
 * @throws WireError range, text, count, missing or unsupported for everything that the reference's tools would refuse or not survive; with
 * `unchecked` only for what has no room in an entry
 */
export function createImage({ entries = [], ...options }: CreateOptions): BuiltImage {
  const builder = imageBuilder(options)
  builder.add(entries)
  return builder.finish()
}

/**
 * Writes an image to a device: the magic of what was there goes first, then contents and log are written, and the superblock last, with a
 * flush between each, so that a crash leaves either nothing that looks like famfs or all of it.
 * @throws WireError range when superblock and log do not fit; what the sink throws
 */
export async function writeImage(sink: Sink, image: BuiltImage, options: CopyOptions = {}): Promise<void> {
  const { superblock, log, logOffset, logLength } = image
  const end = logOffset + logLength
  if (end > sink.size) throw refusal('range', 'deviceSize', `superblock and log need ${end} bytes, there are ${sink.size}`, sink.size)
  await sink.write(0, new Uint8Array(8))
  await sink.flush()
  for (const file of image.contents) if (file.request.content !== undefined) await copyContent(sink, file, file.request.content, options)
  await sink.write(logOffset, log)
  await zeroRange(sink, logOffset + log.length, logLength - log.length)
  await sink.flush()
  await sink.write(0, superblock)
  await sink.flush()
}
