/** Requests that ask for what an image holds. */

import { type CreateOptions, type NewEntry, requestOfEntry } from '../src/metadata/build/index.ts'
import { longAt, uuidAt } from '../src/metadata/bytes.ts'
import { entriesNow, type Image } from '../src/metadata/index.ts'
import { shapeOf } from '../src/metadata/shape.ts'

const requestsOf = (image: Image): NewEntry[] => [...entriesNow(image)].map(requestOfEntry)

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
