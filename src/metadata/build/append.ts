/** Appending to a log that is on a device already, so that a crash at any moment leaves the old log or the new one. facts: metadata 3 */
import { crc32 } from '../../codec/crc32.ts'
import type { MediaLayout } from '../../uapi/famfs/layouts/index.ts'
import { FAMFS_ALLOC_UNIT } from '../../uapi/famfs/superblock.ts'
import { longAt, u64At, uuidAt } from '../bytes.ts'
import { lastIndexFits } from '../detect.ts'
import { type Image, type OpenOptions, openImage } from '../image.ts'
import { allocationOf } from '../replay/allocation.ts'
import { BAD } from '../replay/fates.ts'
import { type Replay, replay } from '../replay/replay.ts'
import type { LogFrame } from '../scan.ts'
import { shapeOf } from '../shape.ts'
import { addEntries, type BuiltEntry } from './add.ts'
import { type CopyOptions, copyContent } from './content.ts'
import type { Device } from './device.ts'
import { refusal } from './refusal.ts'
import type { NewEntry } from './request.ts'
import type { Session } from './session.ts'
import { spaceOf } from './space.ts'

/** How entries are appended. */
export interface AppendOptions extends CopyOptions, OpenOptions {
  /** system uuid of the host that appends: must be that of the owner. Default: nobody is asked, as for an image in a file */
  readonly hostUuid?: string
  /** appends what the reference's tools refuse or do not survive, to a log of which the same is true */
  readonly unchecked?: boolean
}

/** What was appended. */
export interface Appended {
  /** slot of the first new entry, and how many there are */
  readonly first: number
  readonly count: number
}

/** Whether layouts that all fit have the same slots: then it does not matter which of them it is. */
const areAlike = (layouts: readonly MediaLayout[]): boolean => layouts.every(l => l.entry === layouts[0]?.entry)

/** Whether layout, sizes and both crcs are what they should be. @throws WireError unsupported */
function checkImage({ detection, layout, superblockBytes, log }: Image, isNamed: boolean): void {
  const { candidates, ambiguity = '' } = detection
  if (!candidates.includes(layout)) throw refusal('unsupported', 'layout', `this is no sound image of a published layout: ${ambiguity}`)
  if (!isNamed && !areAlike(candidates))
    throw refusal('unsupported', 'layout', `it may be ${candidates.map(l => l.id).join(' or ')}: ${ambiguity}; the layout must be named`)
  const { superblock } = shapeOf(layout)
  if (u64At(superblockBytes, superblock.crc) !== BigInt(crc32(superblockBytes, 0, superblock.crc)))
    throw refusal('unsupported', 'ts_crc', 'the crc of the superblock is wrong')
  const { header } = log ?? {}
  if (header === undefined || header.crc !== header.computedCrc)
    throw refusal('unsupported', 'famfs_log_crc', 'the crc of the log header is wrong')
  if (superblock.logLen !== undefined && u64At(superblockBytes, superblock.logLen) !== header.length)
    throw refusal('unsupported', 'famfs_log_len', 'superblock and log header have different log lengths')
}

/**
 * Whether every entry is as it should be. That both counters agree is not asked: an append that was torn between them is made good by the
 * next one, as `next_index` alone says what is in the log.
 *
 * @throws WireError unsupported
 */
function checkLog({ header, slots }: LogFrame, { fates }: Replay): void {
  if (header.nextIndex > BigInt(slots))
    throw refusal('unsupported', 'famfs_log_next_index', `${header.nextIndex} of ${slots} slots are in use`)
  const bad = fates.indexOf(BAD)
  if (bad >= 0) throw refusal('unsupported', `entries[${bad}]`, 'this entry is damaged: no replay would get to what is appended')
}

function checkOwner({ layout, superblockBytes }: Image, hostUuid: string | undefined): void {
  const { systemUuid } = shapeOf(layout).superblock
  if (hostUuid === undefined || systemUuid === undefined) return
  const owner = uuidAt(superblockBytes, systemUuid)
  if (owner !== hostUuid.toLowerCase()) throw refusal('unsupported', 'hostUuid', `only host ${owner} may append to this log`, hostUuid)
}

/** Slots up to `last_index`; where that is one too large, those that lie in the log. */
function slotsOf({ header, slots, shape }: LogFrame): number {
  const fits = lastIndexFits(shape.layout, header.length, header.lastIndex)
  return fits === undefined && header.lastIndex < BigInt(slots) ? Number(header.lastIndex) + 1 : slots
}

function sessionOf(done: Replay, log: LogFrame, unchecked: boolean): Session {
  const { image } = done
  const { superblock } = log.shape
  const { unit, used } = allocationOf(done)
  const deviceSize = longAt(image.superblockBytes, superblock.devSize)
  const uuid = superblock.devUuid === undefined ? '' : uuidAt(image.superblockBytes, superblock.devUuid)
  const devices = [{ uuid, size: deviceSize }]
  for (const device of done.devices) if (device.index === devices.length) devices.push({ uuid: device.uuid, size: device.size })
  return {
    shape: log.shape,
    deviceSize,
    unit: unit > 0 ? unit : Number(FAMFS_ALLOC_UNIT),
    units: Number(deviceSize / BigInt(unit)),
    slots: slotsOf(log),
    unchecked,
    tree: done.tree,
    root: done.root,
    target: { node: 0, from: 0, to: 0 },
    space: spaceOf(used),
    devices,
    next: log.used,
    position: 0,
    bucket: 0,
  }
}

const COUNTERS = 16

/** The counters as they are on the medium now. */
async function countersOf(device: Device, at: number): Promise<Uint8Array> {
  return (await device.read(at, COUNTERS)).slice()
}

function countersFor(session: Session): Uint8Array {
  const bytes = new Uint8Array(COUNTERS)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, BigInt(session.next + session.shape.layout.firstSeqnum), true)
  view.setBigUint64(8, BigInt(session.next), true)
  return bytes
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i])

/** Slots that are written at once. */
const AT_ONCE = 1024

async function writeSlots(device: Device, offset: number, slots: readonly Uint8Array[]): Promise<void> {
  for (let from = 0; from < slots.length; from += AT_ONCE) {
    const some = slots.slice(from, from + AT_ONCE)
    const size = some[0]?.length ?? 0
    const bytes = new Uint8Array(some.length * size)
    for (const [i, slot] of some.entries()) bytes.set(slot, i * size)
    await device.write(offset + from * size, bytes)
  }
}

/**
 * Appends entries to an image, all of them or none. Contents and slots are written and flushed first; then both counters, in one write of 16
 * bytes, and flushed. Until that write nothing counts, whatever of the rest was done; and it is not made when somebody else has moved the
 * counters meanwhile. Hosts that append at the same time are not kept apart by that: famfs has one owner.
 *
 * Entries are placed as in a new session of the reference: from the start of the device.
 *
 * @throws WireError as `createImage` for the entries; unsupported for an image that is not sound, or whose owner is another host
 */
export async function appendEntries(device: Device, entries: Iterable<NewEntry>, options: AppendOptions = {}): Promise<Appended> {
  const image = await openImage(device, options)
  const { log } = image
  if (log === undefined) throw refusal('unsupported', 'famfs_log_header', 'there is no log')
  const { unchecked = false } = options
  const done = await replay(image)
  if (!unchecked) {
    checkImage(image, options.layout !== undefined)
    checkLog(log, done)
  }
  checkOwner(image, options.hostUuid)
  const { header, entry } = log.shape
  const counters = image.logOffset + Math.min(header.nextSeqnum, header.nextIndex)
  const before = await countersOf(device, counters)
  const session = sessionOf(done, log, unchecked)
  const first = session.next
  const built = [...addEntries(session, entries)]
  await writeContents(device, built, options)
  await writeSlots(
    device,
    image.logOffset + header.size + first * entry.size,
    built.map(({ bytes }) => bytes),
  )
  await device.flush()
  if (!isSame(before, await countersOf(device, counters)))
    throw refusal('unsupported', 'famfs_log_next_index', 'somebody else has appended to this log meanwhile: nothing of this counts')
  await device.write(counters, countersFor(session))
  await device.flush()
  return { first, count: built.length }
}

async function writeContents(device: Device, built: readonly BuiltEntry[], options: CopyOptions): Promise<void> {
  for (const { file } of built) if (file?.request.content !== undefined) await copyContent(device, file, file.request.content, options)
}
