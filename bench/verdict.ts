/** The races of the verdict: the errno alone, without objects, against decoding the same map by hand; and the largest push map. */
import { type DialectId, dialects } from '../src/uapi/dialects/index.ts'
import { verdictErrno } from '../src/validate/errno.ts'
import { verdict } from '../src/validate/verdict.ts'
import * as limit from './limit.ts'
import { interleavedMap, simpleMap } from './messages.ts'
import type { Race } from './race.ts'

function against(name: string, bytes: Uint8Array, id: DialectId): Race {
  const dialect = dialects[id]
  const runs = {
    'errno alone': () => verdictErrno(bytes, id),
    'errno alone, dialect by value': () => verdictErrno(bytes, dialect),
    'decode by hand': () => limit.decodeFmap(bytes),
    'verdict with reason and meta': () => verdict(bytes, dialect),
  }
  return {
    name: `verdict ${name}`,
    runs,
    ours: 'errno alone',
    ratios: { 'hand-written decode': ['errno alone', 'decode by hand'] },
    check() {
      if (
        runs['errno alone']() !== 0 ||
        runs['errno alone, dialect by value']() !== 0 ||
        runs['verdict with reason and meta']().errno !== 0
      )
        throw new Error(`${name} is not accepted by ${id}`)
    },
  }
}

/** The same group with all strips on device 0: the pull dialects know no other. */
function oneDevice(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.slice().buffer)
  for (let at = 56; at < view.byteLength; at += 24) view.setUint32(at, 0, true)
  return new Uint8Array(view.buffer)
}

/** What fits in the 16 MiB that a push kernel offers at most. facts: wire 2.2 */
const LARGEST = 699_049

function largest(): Race {
  const { bytes } = simpleMap(LARGEST)
  const odd = new Uint8Array(bytes.length + 1)
  odd.set(bytes, 1)
  const options = { kmallocMax: Number.POSITIVE_INFINITY }
  const shifted = odd.subarray(1)
  const runs = {
    'in place': () => verdictErrno(bytes, 'fuse-push', options),
    'at an odd offset': () => verdictErrno(shifted, 'fuse-push', options),
  }
  return {
    name: 'verdict 16 MiB push map',
    runs,
    ours: 'in place',
    ratios: {},
    check() {
      if (runs['in place']() !== 0 || runs['at an odd offset']() !== 0) throw new Error('the largest map is not accepted')
    },
  }
}

export const races: readonly Race[] = [
  against('1 extent', simpleMap(1).bytes, 'fuse-v10'),
  against('32 extents', simpleMap(32).bytes, 'fuse-v10'),
  against('interleave 1 x 16', oneDevice(interleavedMap(16).bytes), 'fuse-v10'),
  largest(),
]
