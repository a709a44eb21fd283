/** Requests that ask for what an image holds. */

import type { CreateOptions, NewEntry, NewMap } from '../src/metadata/build/index.ts'
import { longAt, uuidAt } from '../src/metadata/bytes.ts'
import {
  deviceOf,
  directoryOf,
  type Entry,
  type Extent,
  entriesNow,
  fileOf,
  type Image,
  type Interleaved,
  type Owned,
} from '../src/metadata/index.ts'
import { shapeOf } from '../src/metadata/shape.ts'

const extentOf = ({ devindex, offset, length }: Extent) => ({ dev_index: Number(devindex), offset, len: length })

function groupOf(entry: Entry, { chunkSize, strips }: Interleaved) {
  const { nbytes } = entry.shape.entry.file.interleaved ?? {}
  const bytes = nbytes === undefined ? 0n : longAt(entry.bytes, { at: nbytes, size: 8 })
  return { nstrips: strips.length, chunk_size: Number(chunkSize), nbytes: bytes, strips: strips.map(extentOf) }
}

function mapOf(entry: Entry): NewMap {
  const file = fileOf(entry)
  if (file === undefined) throw new Error('no file')
  if (file.extType === 0) return { ext_type: 'simple', extents: file.extents.map(extentOf) }
  return { ext_type: 'interleaved', extents: file.interleaved.map(group => groupOf(entry, group)) }
}

const ownerOf = ({ path, mode = 0, uid = 0, gid = 0 }: Owned) => ({ path, mode, uid, gid })

export function requestOf(entry: Entry): NewEntry {
  const file = fileOf(entry)
  if (file !== undefined) return { kind: 'file', ...ownerOf(file), size: file.size ?? 0n, flags: file.flags, map: mapOf(entry) }
  const directory = directoryOf(entry)
  if (directory !== undefined) return { kind: 'mkdir', ...ownerOf(directory) }
  const device = deviceOf(entry)
  if (device === undefined) throw new Error(`an entry of type ${entry.type}`)
  return { kind: 'add_daxdev', size: device.size, index: device.index, uuid: uuidAt(device.uuid, 0) }
}

const requestsOf = (image: Image): NewEntry[] => [...entriesNow(image)].map(requestOf)

/** Options that should build the same superblock and log. */
export function optionsOf(image: Image): CreateOptions {
  const { superblock: sb } = shapeOf(image.layout)
  const bytes = image.superblockBytes
  const uuid = (at: number | undefined) => (at === undefined ? undefined : uuidAt(bytes, at))
  const name = bytes.subarray(sb.devName.at, sb.devName.at + sb.devName.size)
  const end = name.indexOf(0)
  const given = { uuid: uuid(sb.uuid), devUuid: uuid(sb.devUuid), systemUuid: uuid(sb.systemUuid) }
  return {
    deviceSize: longAt(bytes, sb.devSize),
    logLength: Number(image.log?.header.length),
    layout: image.layout.id,
    ...(sb.allocUnit === undefined ? {} : { allocUnit: Number(longAt(bytes, { at: sb.allocUnit, size: 8 })) }),
    ...(Object.fromEntries(Object.entries(given).filter(([, v]) => v !== undefined)) as Record<keyof typeof given, string>),
    deviceName: new TextDecoder().decode(end < 0 ? name : name.subarray(0, end)),
    entries: requestsOf(image),
  }
}
