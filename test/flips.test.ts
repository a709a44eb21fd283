/**
 * Golden messages cut at every byte, with every single bit flipped, and with counts that nothing can hold, in all ways through the bytes:
 * interpreter, generated code, binary-parser, restructure. `npm run test:flips` does it on all parser vectors, too; without that, one short
 * vector of each shape stands for the others.
 */
import { beforeAll, describe, expect, test } from 'vitest'
import { tryDecode } from '../src/codec/decode.ts'
import { fuse_famfs_fmap } from '../src/uapi/famfs/fmap.ts'
import { type Agree, eachFlip, equal, waysThrough } from './flips.ts'
import { goldenBodies, goldenMaps } from './golden-bodies.ts'

const ALL = process.env.FAMFS_WIRE_FLIPS === 'all'
/** Bytes up to which parser vectors are tried without being asked for. */
const SHORT = 300

/** Milliseconds that a million messages may take on a busy machine. */
const BUSY = 1_200_000

const bodies = goldenBodies()
const numberOf = (structs: readonly string[]): number => structs.reduce((sum, s) => sum + (bodies.get(s)?.length ?? 0), 0)

function tryAll(agree: Agree, body: Uint8Array): void {
  for (let end = 0; end <= body.length; end++) agree(body.subarray(0, end))
  agree(Uint8Array.from([...body, 1]))
  eachFlip(body, agree)
}

/** Stack traces of refusals take most of their time, and tell nothing here. */
beforeAll(() => {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  return () => {
    Error.stackTraceLimit = limit
  }
})

describe('golden messages', () => {
  test('are there', () => {
    expect(numberOf(['fuse_famfs_fmap', 'fuse_famfs_fmap_push'])).toBe(219)
    expect(numberOf(['fuse_daxdev_out'])).toBe(23)
    expect(numberOf(['fuse_in_header', 'fuse_out_header'])).toBe(598)
  })

  test.each([...bodies.keys()])(
    '%s: cut at every byte, longer, with every bit flipped',
    struct => {
      const agree = waysThrough(struct)
      for (const body of bodies.get(struct) ?? []) tryAll(agree, body)
    },
    ALL ? 0 : BUSY,
  )
})

/** Two maps of one shape are taken alike: only the values in their fields differ. */
function shapeOf(map: Uint8Array): string {
  const result = tryDecode(fuse_famfs_fmap, map)
  if (!result.ok) return `${map.length} bytes: ${result.error.code} ${result.error.path} ${result.error.offset}`
  const { ext_type, extents, trailing } = result.value
  const parts = ext_type === 0 ? extents.length : extents.map(({ ie_strips }) => ie_strips.length)
  return `${map.length} bytes, type ${ext_type}: ${parts}, ${trailing?.length ?? 0} behind`
}

describe('maps of the parser vectors', () => {
  const maps = goldenMaps()
  const shapes = [...new Map(maps.map(map => [shapeOf(map), map])).values()]
  const chosen = ALL ? maps : shapes.filter(map => map.length <= SHORT)

  test('are there', () => {
    expect(maps.length).toBe(2957)
    expect(shapes.length).toBe(468)
    expect(chosen.length).toBeGreaterThanOrEqual(318)
  })

  test(
    'cut at every byte, longer, with every bit flipped',
    () => {
      const agree = waysThrough('fuse_famfs_fmap')
      chosen.forEach((map, i) => {
        tryAll(agree, map)
        if (ALL && process.stderr.isTTY) process.stderr.write(`\r${i + 1} of ${chosen.length}`)
      })
    },
    ALL ? 0 : BUSY,
  )
})

describe('counts that nothing can hold', () => {
  const COUNTS = [2 ** 31, 2 ** 32 - 1, 2 ** 31 - 1, 2 ** 28]
  const maps = [...goldenMaps(), ...(bodies.get('fuse_famfs_fmap') ?? []), ...(bodies.get('fuse_famfs_fmap_push') ?? [])]

  /** Where the counts of a map are: of extents or groups, and of the strips of each group that can be reached. */
  function countsIn(map: Uint8Array): number[] {
    if (map.length < 32) return []
    const view = new DataView(map.buffer, map.byteOffset, map.length)
    const places = [8]
    if (view.getUint32(4, true) !== 1) return places
    let at = 32
    for (let group = 0; group < view.getUint32(8, true) && at + 4 <= map.length; group++) {
      places.push(at)
      at += 24 + 24 * view.getUint32(at, true)
    }
    return places
  }

  test('in every golden map, at every place', () => {
    const agree = waysThrough('fuse_famfs_fmap')
    let tried = 0
    for (const map of maps)
      for (const at of countsIn(map))
        for (const count of COUNTS) {
          const wrong = map.slice()
          new DataView(wrong.buffer).setUint32(at, count, true)
          agree(wrong)
          tried++
        }
    expect(tried).toBeGreaterThan(20_000)
  })
})

describe('how the ways are compared', () => {
  const value = { a: 1, b: [2n, { c: 'x' }], d: Uint8Array.of(1, 2) }
  test.each([
    ['a number', { ...value, a: 2 }],
    ['another type', { ...value, a: 1n }],
    ['a missing key', { b: value.b, d: value.d }],
    ['a key more', { ...value, e: undefined }],
    ['a key undefined', { ...value, a: undefined }],
    ['a longer list', { ...value, b: [...value.b, 1] }],
    ['inside a list', { ...value, b: [2n, { c: 'y' }] }],
    ['a byte', { ...value, d: Uint8Array.of(1, 3) }],
    ['fewer bytes', { ...value, d: Uint8Array.of(1) }],
    ['no bytes but a list', { ...value, d: [1, 2] }],
    ['nothing', undefined],
    ['null', null],
  ])('%s is a difference', (_, other) => {
    expect(equal(value, other)).toBe(false)
    expect(equal(other, value)).toBe(false)
    expect(equal(value, structuredClone(value))).toBe(true)
  })
})
