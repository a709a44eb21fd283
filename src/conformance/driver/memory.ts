/** Memory of the caller, as requests give it. */
import type { UserMemory } from '../../codec/ioctl/index.ts'
import { bytesOf } from '../hex.ts'
import { bad, type Json, list, object, text } from '../record.ts'
import { wide, wideIn } from './numbers.ts'

interface Region {
  readonly address: bigint
  readonly bytes: Uint8Array
}

/** Regions: bytes by address, or a list of `address` and `hex`. */
function regionsIn(record: Json, key: string): Region[] {
  if (Array.isArray(record[key]))
    return list(record, key).map(value => {
      const region = object(value)
      return { address: wideIn(region, 'address'), bytes: bytesOf(text(region, 'hex'), key) }
    })
  return Object.entries(object(record[key])).map(([address, digits]) => {
    if (typeof digits !== 'string') throw bad('tag', `${key}.${address}`, 'must be bytes as hex', 'hex', digits)
    return { address: wide(address, key), bytes: bytesOf(digits, `${key}.${address}`) }
  })
}

/**
 * Maps the regions of a request, whatever their order in the order of their addresses: each is then put behind the ones before.
 * @throws WireError code range where they overlap or reach into the kernel's half
 */
export function mapRegions(memory: UserMemory, record: Json, key: string): UserMemory {
  const regions = regionsIn(record, key).sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0))
  for (const { address, bytes } of regions) memory.map(address, bytes)
  return memory
}
