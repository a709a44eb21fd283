/** `image mkfs`: a new famfs, in a file or on a block device. */
import { realpathSync, statSync } from 'node:fs'
import { relative, sep } from 'node:path'
import {
  type BuiltImage,
  type CreateOptions,
  createImage,
  type DirectoryRequests,
  type NewEntry,
  writeImage,
} from '../../metadata/build/index.ts'
import { directoryRequests } from '../../metadata/build/node.ts'
import { layoutById, shapeOf } from '../../metadata/index.ts'
import { FAMFS_ALLOC_UNIT, FAMFS_LOG_LEN, FAMFS_SUPERBLOCK_SIZE } from '../../uapi/famfs/superblock.ts'
import { byteCount } from '../args.ts'
import { Failure } from '../command.ts'
import { contentSize, copying } from './copying.ts'
import { showMade } from './info.ts'
import { count, shown } from './nodes.ts'
import { told } from './open.ts'
import { builderFailure, interleaveOf, namedContent } from './requests.ts'
import type { Call, Tool, Values } from './sub.ts'
import { type Target, targetFor, writeTarget } from './target.ts'
import { refuseOrSkip } from './unsupported.ts'

/** With what the options say about every file. */
function withOptions(directory: string, { entries }: DirectoryRequests, { interleave }: Values): NewEntry[] {
  const spread = interleave === undefined ? {} : { interleave: interleaveOf(interleave) }
  return entries.map(entry => {
    if (entry.kind !== 'file' || entry.content === undefined) return entry
    return { ...entry, ...spread, content: namedContent(entry.content, `${directory}/${shown(entry.path as Uint8Array)}`) }
  })
}

/** Everything below the directory to copy from. @throws Failure when it cannot be read, or for what cannot be carried */
function entriesFor({ values, io }: Call): NewEntry[] {
  const directory = values['copy-from']
  if (directory !== undefined && !told(directory, () => statSync(directory)).isDirectory())
    throw new Failure(`--copy-from: ${directory} is no directory`)
  if (directory === undefined) {
    if (values.interleave === undefined) return []
    throw new Failure('--interleave is for the files of --copy-from, and there are none')
  }
  const found = told(directory, () => directoryRequests(directory, { unchecked: values.unchecked === true }))
  const left = found.leftOut.map(({ path, why }) => ({ what: `${directory}/${shown(path)}`, why }))
  refuseOrSkip(left, directory, values, io)
  if (found.hardLinks > 0)
    io.warn(`note: ${count(found.hardLinks, 'name')} in ${directory} of a file that has another name there: copied as a file of its own\n`)
  return withOptions(directory, found, values)
}

/** The shortest log that has a slot for every entry. */
function logLengthFor(entries: readonly NewEntry[], layout: string | undefined): number {
  const media = layoutById(layout ?? 'L24')
  if (media === undefined) return FAMFS_LOG_LEN
  const { header, entry } = shapeOf(media)
  let length: number = FAMFS_LOG_LEN
  while (Math.floor((length - header.size) / entry.size) < entries.length) length *= 2
  return length
}

const GRAIN = Number(FAMFS_ALLOC_UNIT)
/** The smallest device that the reference's mkfs takes. facts: metadata 2, log length rules */
const LEAST_DEVICE = 4 * 2 ** 30

/** Bytes of a device that holds the entries, each file in whole units. */
const sizeFor = (entries: readonly NewEntry[], logLength: number): number =>
  FAMFS_SUPERBLOCK_SIZE + logLength + entries.reduce((sum, entry) => sum + Math.ceil(contentSize(entry) / GRAIN) * GRAIN, 0)

function deviceSizeFor({ size }: Values, target: Target, entries: readonly NewEntry[], logLength: number): bigint {
  if (size !== undefined) return byteCount('size', size)
  return BigInt(target.size ?? Math.max(LEAST_DEVICE, sizeFor(entries, logLength)))
}

/** What of the options goes into the superblock as it is. */
function given(values: Values, { kind, path }: Target): Partial<CreateOptions> {
  const { layout, uuid, daxdev = kind === 'device' ? path : undefined } = values
  const unit = values['alloc-unit']
  const texts = { layout, uuid, devUuid: values['dev-uuid'], systemUuid: values['system-uuid'], deviceName: daxdev }
  return {
    ...Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined)),
    ...(unit === undefined ? {} : { allocUnit: Number(byteCount('alloc-unit', unit)) }),
    unchecked: values.unchecked === true,
  }
}

function built(values: Values, target: Target, entries: readonly NewEntry[]): BuiltImage {
  const asked = values['log-length']
  const logLength = asked === undefined ? logLengthFor(entries, values.layout) : Number(byteCount('log-length', asked))
  const deviceSize = deviceSizeFor(values, target, entries, logLength)
  if (target.kind === 'device' && target.size !== undefined && deviceSize > BigInt(target.size))
    throw new Failure(`--size: ${target.path} has ${target.size} bytes, not ${deviceSize}`)
  try {
    return createImage({ ...given(values, target), deviceSize, logLength, entries })
  } catch (error) {
    throw builderFailure(error, entries)
  }
}

/** @throws Failure for a file that would be replaced and copied at once */
function checkOutside({ path, replaces }: Target, directory: string | undefined): void {
  if (!replaces || directory === undefined) return
  const [first] = relative(realpathSync(directory), path).split(sep)
  if (first !== '..') throw new Failure(`${path}: is in ${directory}, which is read`, { hint: 'name a file outside of it' })
}

async function start(call: Call): Promise<number> {
  const { operands, values, io } = call
  const path = operands[0] ?? ''
  const target = await targetFor(path, values)
  const entries = entriesFor(call)
  checkOutside(target, values['copy-from'])
  const image = built(values, target, entries)
  const options = { sparse: target.kind === 'file', progress: copying(entries, io) }
  await writeTarget(target, Number(image.deviceSize), device => writeImage(device, image, options))
  return showMade(call, path)
}

export const mkfs: Tool = {
  options: [
    'size',
    'copy-from',
    'interleave',
    'skip-unsupported',
    'log-length',
    'layout',
    'alloc-unit',
    'uuid',
    'dev-uuid',
    'system-uuid',
    'daxdev',
    'unchecked',
    'force',
    'write',
    'json',
  ],
  meanings: {
    size: {
      value: 'BYTES',
      help: 'of the device, as 4G; default: those of the device or file that is there, or what the files of DIR need',
    },
    'log-length': { value: 'BYTES', help: 'of the log, a power of two from 8M on; default 8M, or more where DIR has more to be listed' },
    force: { help: 'overwrites what is there: another famfs, or anything that does not start with zeros' },
    write: { help: 'IMAGE may be a block device, and is written to' },
    json: { help: 'what was made as JSON' },
  },
  about: [
    'Makes IMAGE, sparse, and shows what is in it as image info does. The file has its name only when it is complete; what is interrupted leaves nothing. On a block device (--write) superblock and log are written in place, the superblock last. Whatever is mounted, locked or in use otherwise is left alone. The famfs tools make no file system on less than 4 GiB, but read one. What is not used takes no room in a file.',
    '--copy-from copies directories and files, with the nine bits of permissions and their owners; pages of zeros stay holes. Symbolic links, pipes, sockets, devices, empty files, paths of more than 79 bytes or that are not UTF-8 (--unchecked takes these), and .meta have no place in a famfs: they are named and nothing is made, or with --skip-unsupported they are named and left out. Each name of a file with several is copied as a file of its own.',
  ],
  examples: [
    ['famfs-wire image mkfs new.img --size 64G', 'an empty one'],
    ['famfs-wire image mkfs data.img --copy-from DIR', 'one with everything below DIR in it'],
    ['famfs-wire image mkfs wide.img --size 16G --copy-from DIR --interleave 8:4:2M', 'large files over four of eight buckets'],
    ['famfs-wire image mkfs old.img --size 4G --layout L10', 'as the tools of 2024 made it'],
    ['famfs-wire image mkfs /dev/pmem0 --write', 'on a device'],
  ],
  operands: [1, 1],
  start,
}
