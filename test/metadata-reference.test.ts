/** What the reference does, where the fact sheet says it and no golden image shows it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32 } from '../src/codec/crc32.ts'
import { encode } from '../src/codec/index.ts'
import { checkSuper, filled, memoryArea, type ReferenceVerdicts, rcOf, referenceVerdictsNow, roleOf } from '../src/metadata/index.ts'
import { DAXDEV_SLOTS, daxdevTable } from '../src/metadata/reference/daxdev.ts'
import { addRange, clip, coverageOf, ranges } from '../src/metadata/reference/ranges.ts'
import { filesBelow, makeDirectory, makeFile, shadowRoot } from '../src/metadata/reference/shadow-tree.ts'
import { famfs_log_entry } from '../src/uapi/famfs/log.ts'
import { golden, put64 } from './metadata-images.ts'

const HOST = '01234567-89ab-cdef-0123-456789abcdef'
const { superblock, log } = golden('v48/good-basic')

const sealedSuper = (change: (bytes: Uint8Array) => void): Uint8Array => {
  const bytes = superblock.slice()
  change(bytes)
  put64(bytes, 96, BigInt(crc32(bytes, 0, 96)))
  return bytes
}

const judge = (sb: Uint8Array, l: Uint8Array, size = 0x800000): ReferenceVerdicts =>
  referenceVerdictsNow({ superblock: memoryArea(sb), log: filled(l, size) }, HOST)

describe('the superblock', () => {
  it.each([
    [4096n, 0],
    [0x200000n, 0],
    [0n, -1],
    [8192n, -1],
    [2n ** 63n, -1],
  ])('with an allocation unit of %s: %i', (unit, rc) => {
    const bytes = sealedSuper(sb => put64(sb, 32, unit))
    expect(checkSuper(bytes)).toBe(rc)
    expect(rcOf(judge(bytes, log).famfs_fsck_mmap)).toBe(rc)
    expect(rcOf(judge(bytes, log).famfs_fsck_scan)).toBe(rc === 0 ? 0 : 'undefined')
  })

  it('gives its owner, and nobody else, the right to append', () => {
    expect(roleOf(superblock, HOST)).toBe(1)
    expect(roleOf(superblock, HOST.toUpperCase())).toBe(1)
    expect(roleOf(superblock, HOST.replace('0', '1'))).toBe(2)
    expect(roleOf(superblock, undefined)).toBe(2)
    expect(roleOf(new Uint8Array(200), HOST)).toBe(3)
    expect(roleOf(new Uint8Array(200), undefined)).toBe(2)
  })
})

describe('fsck', () => {
  it('looks at the log header only where the log is mapped', () => {
    const bytes = log.slice()
    put64(bytes, 24, 1n)
    const v = judge(superblock, bytes)
    expect([v.famfs_fsck_mmap, v.famfs_fsck_read, v.famfs_fsck_scan, v.logplay_dry_run].map(rcOf)).toEqual([-1, 0, 0, -1])
  })

  it('reads as much of the log as the superblock says', () => {
    const shorter = sealedSuper(sb => put64(sb, 24, 1679n))
    expect(rcOf(judge(shorter, log).famfs_fsck_read)).toBe('undefined')
    expect(
      rcOf(
        judge(
          sealedSuper(sb => put64(sb, 24, 1680n)),
          log,
        ).famfs_fsck_read,
      ),
    ).toBe(0)
    expect(
      rcOf(
        judge(
          sealedSuper(sb => put64(sb, 24, 0x800001n)),
          log,
        ).famfs_fsck_read,
      ),
    ).toBe(-1)
  })

  it('counts each unit as often as it was taken already', () => {
    const range = fc.tuple(fc.nat(60), fc.nat(12))
    const property = fc.property(fc.array(range, { maxLength: 40 }), list => {
      const all = ranges()
      const units = new Array<number>(80).fill(0)
      for (const [first, count] of list) {
        addRange(all, first, first + count)
        for (let u = first; u < first + count; u++) units[u] = (units[u] as number) + 1
      }
      const { covered, collisions, ranges: found } = coverageOf(all)
      expect(covered).toBe(BigInt(units.filter(n => n > 0).length))
      expect(collisions).toBe(BigInt(units.reduce((sum, n) => sum + Math.max(0, n - 1), 0)))
      const flat = units.map((_, u) => found.some(([first, count]) => u >= first && u < first + count))
      expect(flat).toEqual(units.map(n => n > 0))
      expect(found.every(([first], i) => i === 0 || first > (found[i - 1]?.[0] as number) + (found[i - 1]?.[1] as number))).toBe(true)
      expect(clip(found, 30).every(([first, count]) => first + count <= 30)).toBe(true)
    })
    fc.assert(property, { numRuns: 300 })
  })
})

type Body = Parameters<typeof encode<(typeof famfs_log_entry)['$input']>>[1]

/** A log of these entries, sealed. */
function logOf(bodies: readonly { type: number; body: unknown }[]): Uint8Array {
  const bytes = new Uint8Array(48 + 544 * bodies.length)
  bytes.set(log.subarray(0, 48))
  put64(bytes, 40, BigInt(bodies.length))
  bodies.forEach(({ type, body }, i) => {
    const entry = { famfs_log_entry_seqnum: BigInt(i), famfs_log_entry_type: type, body, famfs_log_entry_crc: 0n }
    const slot = encode(famfs_log_entry, entry as Body & object)
    put64(slot, 536, BigInt(crc32(slot, 0, 536)))
    bytes.set(slot, 48 + 544 * i)
  })
  return bytes
}

const directory = (path: string) => ({ type: 1, body: { famfs_md: { md_uid: 0, md_gid: 0, md_mode: 0o755, md_relpath: path } } })
const file = (path: string, map: unknown = { se: [{ se_devindex: 0n, se_offset: 0xa00000n, se_len: 0x200000n }] }, extType = 0) => ({
  type: 0,
  body: {
    famfs_fm: {
      fm_size: 1n,
      fm_flags: 2,
      fm_uid: 0,
      fm_gid: 0,
      fm_mode: 0o644,
      fm_relpath: path,
      fm_fmap: { fmap_ext_type: extType, map },
    },
  },
})

const replay = (...bodies: { type: number; body: unknown }[]) => {
  const v = judge(superblock, logOf(bodies))
  return { dry: rcOf(v.logplay_dry_run), shadow: rcOf(v.logplay_shadow), paths: [...v.files()].map(f => f.path) }
}

describe('replay', () => {
  it('counts a bad path and a bad extent of one file each', () => {
    expect(replay(file('/abs', { se: [{ se_devindex: 0n, se_offset: 0n, se_len: 1n }] }))).toEqual({ dry: 2, shadow: 2, paths: [] })
  })

  it('takes the chunk size of an interleaved file for an offset', () => {
    const ie = (ie_chunk_size: bigint, se_offset: bigint) => ({
      ie: [{ ie_chunk_size, ie_strips: [{ se_devindex: 0n, se_offset, se_len: 1n }] }],
    })
    expect(replay(file('a', ie(0n, 0x200000n), 1)).dry).toBe(1)
    expect(replay(file('a', ie(4096n, 0n), 1)).dry).toBe(0)
  })

  it('makes a file of the first missing parent', () => {
    expect(replay(file('no/such/file'), directory('no'))).toEqual({ dry: 0, shadow: 1, paths: ['no'] })
  })

  it('leaves its root through dot-dot, and comes back', () => {
    expect(replay(file('../out'), file('../root/in'), directory('../out'), directory('../dir'))).toEqual({
      dry: 0,
      shadow: 1,
      paths: ['in'],
    })
    expect(replay(directory('..'), file('..'), file('.')).shadow).toBe(2)
  })

  it('makes no directory below one that is missing', () => {
    expect(replay(directory('a/b'), directory('a/.'), directory('a/'), directory('a/b/')).shadow).toBe(2)
    expect(replay(directory('a'), directory('a/../b'), directory('x/../c')).shadow).toBe(1)
  })

  it('keeps the first of two files, and one where the path goes on behind a file', () => {
    expect(replay(file('f'), file('f'), file('f/x'), file('f/'), directory('f/x'))).toEqual({ dry: 0, shadow: 1, paths: ['f'] })
  })
})

describe('the shadow tree', () => {
  it('takes names up to 255 bytes', () => {
    const root = shadowRoot<undefined>()
    expect('made' in makeFile(root, 'n'.repeat(255))).toBe(true)
    expect(makeFile(root, 'n'.repeat(256))).toHaveProperty('failed')
    expect(makeDirectory(root, 'n'.repeat(256))).toHaveProperty('failed')
  })

  it('lists files before directories, each by name', () => {
    const root = shadowRoot<undefined>()
    for (const path of ['b', 'a', 'a/z', 'a/y', 'a/y/q']) makeDirectory(root, path)
    for (const path of ['c', 'a/x', 'a/y/q/p', 'b/0', 'a/~']) makeFile(root, path)
    expect([...filesBelow(root)].map(f => f.path)).toEqual(['c', 'a/x', 'a/~', 'a/y/q/p', 'b/0'])
  })
})

describe('the device table', () => {
  const add = (index: number, uuid: number) => {
    const dd = { dd_size: 1n, dd_uuid: new Uint8Array(16).fill(uuid), dd_index: index }
    return encode(famfs_log_entry, {
      famfs_log_entry_seqnum: 0n,
      famfs_log_entry_type: 3,
      body: { famfs_dd: dd },
      famfs_log_entry_crc: 0n,
    })
  }

  it('wants the next slot, another uuid, and room', () => {
    const table = daxdevTable('00000000-0000-0000-0000-000000000000')
    const rcs = [add(0, 1), add(1, 0), add(1, 1), add(1, 2), add(2, 1)].map((slot, i) => {
      table.slot(slot, i)
      return table.results.at(-1)?.rc
    })
    expect(rcs).toEqual([-34, -17, 0, -34, -17])
    for (let i = 2; i <= DAXDEV_SLOTS; i++) table.slot(add(i, i), i)
    expect(table.results.at(-2)?.rc).toBe(0)
    expect(table.results.at(-1)?.rc).toBe(-28)
  })
})
