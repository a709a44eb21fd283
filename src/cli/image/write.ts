/** Adding to an image that is there: only on request, by one writer at a time, never while it is mounted. */
import { type Stats, statSync } from 'node:fs'
import { WireError } from '../../codec/errors.ts'
import {
  type Appended,
  type AppendOptions,
  appendEntries,
  type FileDevice,
  type NewEntry,
  openFileDevice,
} from '../../metadata/build/index.ts'
import { entries as entriesOf, type OpenOptions, openImage } from '../../metadata/index.ts'
import { Failure, GOOD, REFUSED } from '../command.ts'
import { writeFailure } from '../output.ts'
import { copying } from './copying.ts'
import { checkFree, DAX_HINT, leaseOf, openExclusively } from './held.ts'
import { lockOf } from './lock.ts'
import { entryText } from './log.ts'
import { told } from './open.ts'
import { builderFailure } from './requests.ts'
import type { Call, OptionName, Values } from './sub.ts'

/** Options of every subcommand that adds to an image. */
export const writerOptions: readonly OptionName[] = ['write', 'host-uuid', 'force-layout', 'unchecked', 'no-lock', 'json']

/** What they mean there. */
export const writerMeanings = {
  write: { help: 'yes, write to IMAGE; nothing is done without it' },
  'host-uuid': { value: 'UUID', help: 'system uuid of the host that writes, which must be the owner of the log; default: not asked' },
  'force-layout': { value: 'L24', help: 'the layout, where the bytes do not tell' },
  json: { help: 'the new entries as JSON, one a line' },
} as const

/** A paragraph for their help texts. */
export const ABOUT_WRITING =
  'IMAGE is an image file or a block device that nobody else has in use: not mounted, not locked, not shown by a loop device. Entries and contents are written and flushed before the log counts them, so that whatever happens the log is the old one or the new one. What the famfs tools refuse or do not survive is refused, and so is an image that they would refuse; --unchecked does it nevertheless.'

/** Whether it can be written to at all. @throws Failure */
function checkKind(path: string, stats: Stats): void {
  if (stats.isCharacterDevice()) throw new Failure(`${path}: is a character device`, { hint: DAX_HINT })
  if (stats.isDirectory())
    throw new Failure(`${path}: is a directory`, { hint: 'name the image file or the block device; to a mounted famfs its own tools add' })
  if (!stats.isFile() && !stats.isBlockDevice())
    throw new Failure(`${path}: is neither a file nor a block device`, { hint: 'name an image file or a block device' })
}

interface Writable {
  readonly device: FileDevice
  close(): void
}

async function openWritable(path: string, { 'no-lock': noLock }: Values): Promise<Writable> {
  const stats = told(path, () => statSync(path))
  checkKind(path, stats)
  checkFree(path)
  if (stats.isBlockDevice()) {
    const device = await openExclusively(path)
    return { device, close: () => device.close() }
  }
  const lease = told(path, () => leaseOf(path))
  if (lease === undefined) throw new Failure(`${path}: is locked by another process`, { exit: REFUSED, hint: 'let that end first' })
  const undo: (() => void)[] = [() => lease.release()]
  const release = (): void => {
    for (const one of undo.reverse()) one()
  }
  const device = await Promise.resolve()
    .then(() => {
      if (noLock !== true) undo.push(lockOf(path).release)
      return openFileDevice(path)
    })
    .catch(error => {
      release()
      throw writeFailure(path, error)
    })
  return {
    device,
    close() {
      device.close()
      release()
    },
  }
}

function optionsOf(values: Values): AppendOptions {
  const { 'host-uuid': hostUuid, 'force-layout': layout } = values
  return {
    ...(hostUuid === undefined ? {} : { hostUuid }),
    ...(layout === undefined ? {} : { layout }),
    unchecked: values.unchecked === true,
  }
}

/** What is to be appended. */
export interface Requests {
  readonly entries: readonly NewEntry[]
  /** where they come from, when that is a text whose places errors should name */
  readonly text?: string
}

const HINTS: Readonly<Record<string, string>> = {
  ts_magic: 'famfs-wire image mkfs makes a famfs',
  layout: '--force-layout L24 names it; famfs-wire image info shows what fits',
  devices: 'contents are copied to device 0 only; --size instead of a content adds the file alone',
}

/** Refusals of the image itself in words; of the entries by `builderFailure`. */
function refusalOf(error: unknown, path: string, { entries, text }: Requests): unknown {
  if (!(error instanceof WireError) || /^entries\[\d+\]\./.test(error.path)) return builderFailure(error, entries, text)
  if (error.path === 'hostUuid') return new Failure(`--host-uuid: ${error.detail}`, { exit: REFUSED })
  return new Failure(`${path}: ${error.detail}`, {
    exit: REFUSED,
    hint: HINTS[error.path] ?? 'famfs-wire image fsck says what is wrong with it',
  })
}

async function printNew({ io, values, paint }: Call, device: FileDevice, options: OpenOptions, { first, count }: Appended): Promise<void> {
  const image = await openImage(device, options)
  for await (const entry of entriesOf(image, { from: first, to: first + count })) await io.print(entryText(entry, values, paint))
}

/**
 * Appends entries to the image that the first operand names, all of them or none, and prints them.
 * @param read makes the entries, once it is clear that they may be written
 * @returns the exit code
 * @throws Failure when the image is not there, in use or not sound, or an entry is refused
 */
export async function appendTo(call: Call, read: () => Promise<Requests>): Promise<number> {
  const { values, operands, io } = call
  const path = operands[0] ?? ''
  if (values.write !== true)
    throw new Failure(`${path}: would be written to, and --write does not say that it may be`, { hint: 'nothing was done' })
  const requests = await read()
  const { device, close } = await openWritable(path, values)
  try {
    const options = optionsOf(values)
    const appended = await appendEntries(device, requests.entries, { ...options, progress: copying(requests.entries, io) }).catch(error => {
      throw writeFailure(path, refusalOf(error, path, requests))
    })
    await printNew(call, device, options, appended)
    return GOOD
  } finally {
    close()
  }
}
