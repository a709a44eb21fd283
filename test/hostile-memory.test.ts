/** Counts claim no memory: what a map with a count that nothing can hold allocates depends on its bytes alone, in every way through them. */
import { Session } from 'node:inspector'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { parserFor } from '../src/codec/backends/parser.ts'
import { structFor } from '../src/codec/backends/struct.ts'
import { tryDecode } from '../src/codec/decode.ts'
import type { Result } from '../src/codec/errors.ts'
import { tryDecodeFmap } from '../src/codec/generated/fmap.ts'
import { fuse_famfs_fmap } from '../src/uapi/famfs/fmap.ts'

const ways: readonly (readonly [string, (bytes: Uint8Array) => Result<unknown>])[] = [
  ['interpreter', bytes => tryDecode(fuse_famfs_fmap, bytes)],
  ['generated code', bytes => tryDecodeFmap(bytes)],
  ['binary-parser', parserFor(fuse_famfs_fmap).tryDecode],
  ['restructure', structFor(fuse_famfs_fmap).tryDecode],
]

const HEAD = 32
const PART = 24
/** Bytes that may be allocated whatever the input: the error with its texts, the first elements, what the measuring takes itself. */
const CONSTANT = 128 * 1024
const COUNTS = [2 ** 31, 2 ** 32 - 1]
const PARTS = [2, 1000, 10_000]

/** A map of some extents (type 0) or empty groups (type 1) that says it had others. */
function map(parts: number, type: number, says: number): Uint8Array {
  const bytes = new Uint8Array(HEAD + PART * parts)
  const view = new DataView(bytes.buffer)
  view.setUint32(4, type, true)
  view.setUint32(8, says, true)
  return bytes
}

/** The last group says that it had so many strips. */
function withStrips(groups: number, strips: number): Uint8Array {
  const bytes = map(groups, 1, groups)
  new DataView(bytes.buffer).setUint32(HEAD + PART * (groups - 1), strips, true)
  return bytes
}

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

/** Bytes that are held by what a call returns. */
function held(call: () => unknown): number {
  const used = (): number => {
    collect()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    return heapUsed + arrayBuffers
  }
  const before = used()
  const result = call()
  const after = used()
  expect(result).toBeDefined()
  return after - before
}

/** Other things come and go: what is too much in all of some tries is too much. */
function expectHeld(call: () => unknown, most: number): void {
  let least = held(call)
  for (let tries = 1; least > most && tries < 4; tries++) least = Math.min(least, held(call))
  expect(least).toBeLessThanOrEqual(most)
}

interface Profile {
  readonly selfSize: number
  readonly children: readonly Profile[]
}

/** Bytes that a call allocates on the heap, garbage included. */
function allocated(call: () => unknown): number {
  const session = new Session()
  session.connect()
  let size = 0
  const sum = (node: Profile): void => {
    size += node.selfSize
    node.children.forEach(sum)
  }
  session.post('HeapProfiler.startSampling', {
    samplingInterval: 128,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  } as object)
  call()
  session.post('HeapProfiler.stopSampling', (error, { profile }) => {
    if (error) throw error
    sum(profile.head)
  })
  session.disconnect()
  return size
}

const refused = ({ ok }: Result<unknown>): void => expect(ok).toBe(false)

describe.each(ways)('%s', (_, decode) => {
  test.each(COUNTS)('%s extents: no more than 4 times the input and a constant, garbage included', count => {
    for (const parts of PARTS) {
      const bytes = map(parts, 0, count)
      refused(decode(bytes))
      expect(allocated(() => decode(bytes))).toBeLessThanOrEqual(4 * bytes.length + CONSTANT)
    }
  })

  test.each(COUNTS)('%s extents or groups: no more than 4 times the input and a constant is held', count => {
    for (const type of [0, 1])
      for (const parts of PARTS) {
        const bytes = map(parts, type, count)
        refused(decode(bytes))
        expectHeld(() => decode(bytes), 4 * bytes.length + CONSTANT)
      }
  })

  test.each(COUNTS)('%s strips in the last of many groups: no more than the groups before it take', count => {
    for (const groups of PARTS) {
      const bytes = withStrips(groups, count)
      const good = map(groups, 1, groups)
      refused(decode(bytes))
      const groupsAlone = Math.max(0, ...[1, 2, 3].map(() => held(() => decode(good))))
      expectHeld(() => decode(bytes), groupsAlone + 4 * bytes.length + CONSTANT)
    }
  })
})

test('the measures see what is allocated and what is held', () => {
  const megabyte = (): unknown => new Array(131_072).fill(0)
  expect(allocated(megabyte)).toBeGreaterThan(1_000_000)
  expect(held(megabyte)).toBeGreaterThan(1_000_000)
  expect(allocated(() => undefined)).toBeLessThan(CONSTANT)
})
