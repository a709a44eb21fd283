/** Replay against what the C reference did with the same images. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entriesNow, entryAtNow, openImageNow } from '../src/metadata/index.ts'
import {
  allocationOf,
  bitmapOf,
  capacityOf,
  deviceIndex,
  fmapOfEntry,
  fmapsOfEntry,
  fusedReplyOfEntry,
  ioctlOfEntry,
  ioctlsOfEntry,
  lookup,
  mapOfEntry,
  nodeOf,
  refusals,
  replayNow,
  sortedChildren,
  walk,
} from '../src/metadata/replay/index.ts'
import { filled } from '../src/metadata/source.ts'
import { ioctlDialectIds } from '../src/uapi/index.ts'
import { verdict } from '../src/validate/index.ts'
import { verdictOfPayload } from '../src/validate/ioctl/verdict.ts'
import { type Case, goldenCases, listOf } from './metadata-golden.ts'
import { logOf } from './metadata-made.ts'

const v48 = goldenCases('v48')
const latin1 = (bytes: Uint8Array) => String.fromCharCode(...bytes)
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

function opened({ superblock, log, manifest }: Case) {
  return openImageNow(
    { superblock: filled(superblock, manifest.superblock_file.original_bytes), log: filled(log, manifest.log_file.original_bytes) },
    { layout: 'L24' },
  )
}

const byName = (name: string): Case => {
  const found = v48.find(c => c.name === `v48/${name}`)
  if (found === undefined) throw new Error(`no case ${name}`)
  return found
}

const replayable = (c: Case): boolean =>
  c.manifest.verdicts.famfs_get_role?.rc !== 3 && c.manifest.verdicts.famfs_validate_log_header?.rc === 0

describe('reference replay', () => {
  const judged = v48.filter(c => c.wellDefined && replayable(c) && c.manifest.sanitizer_findings?.logplay_shadow === undefined)

  it.each(judged)('$name returns what the reference returns', c => {
    const { rc, signal } = c.manifest.verdicts.logplay_shadow ?? {}
    const done = replayNow(opened(c), { policy: 'reference' })
    if (rc === undefined) expect({ signal, stopped: done.stopped }).toMatchObject({ signal: 6, stopped: expect.any(String) })
    else expect(claimsMore(c) ? -1 : done.errors).toBe(rc)
  })

  it.each(judged)('$name makes the files that the reference makes', c => {
    const done = replayNow(opened(c), { policy: 'reference' })
    const made = [...walk(done)].filter(n => n.kind === 'file').map(n => latin1(n.path))
    const golden = listOf(c.folder, c.manifest.shadow_files ?? []).map(f => f.shadow_path)
    const inside = (path: string) => !path.startsWith('../')
    expect(made.sort()).toEqual(
      golden
        .map(p => Buffer.from(p, 'latin1').toString('latin1'))
        .filter(inside)
        .sort(),
    )
  })

  it.each(judged)("$name gives the daemon's messages", c => {
    const image = opened(c)
    const done = replayNow(image, { policy: 'reference' })
    for (const golden of listOf(c.folder, c.manifest.shadow_files ?? []).slice(0, 500)) {
      if (golden.undefined || golden.shadow_path.startsWith('../')) continue
      const node = lookup(
        done,
        Uint8Array.from(golden.shadow_path, ch => ch.charCodeAt(0)),
      )
      if (node === undefined) throw new Error(`no ${golden.shadow_path}`)
      const message = fusedReplyOfEntry(entryAtNow(image, node.entry))
      expect(message === undefined ? undefined : hex(message)).toBe(golden.shadow_to_stat_rc === 0 ? golden.msg_hex : undefined)
    }
  })

  /** `next_index` says more slots than the log has: the reference reads on behind it. */
  function claimsMore(c: Case): boolean {
    const { log } = opened(c)
    return log !== undefined && log.header.nextIndex > BigInt(log.slots)
  }
})

describe('allocation', () => {
  const scanned = v48.filter(c => c.wellDefined && c.manifest.verdicts.famfs_build_bitmap?.result !== undefined)

  const whole = scanned.filter(c => {
    const done = replayNow(opened(c))
    return done.errors === 0 && done.extents.wildCount === 0
  })
  const printing = whole.filter(c => printed(c, 'Space amplification') !== undefined)

  function printed(c: Case, label: string): string | undefined {
    const lines = (c.manifest.verdicts.famfs_fsck_scan as { stdout?: string[] } | undefined)?.stdout ?? []
    return lines
      .find(line => line.trim().startsWith(`${label}:`))
      ?.split(':')[1]
      ?.trim()
  }

  it('is compared in most cases', () => expect([whole.length > 60, printing.length > 60]).toEqual([true, true]))

  it.each(whole)('$name has the bitmap of the reference', c => {
    const result = c.manifest.verdicts.famfs_build_bitmap?.result as { set_ranges: [number, number][] } & Record<string, string>
    const done = replayNow(opened(c))
    const allocation = allocationOf(done)
    expect(String(allocation.units)).toBe(result.nbits)
    expect(String(allocation.collisions)).toBe(result.alloc_errors)
    expect(String(allocation.usedUnits * BigInt(allocation.unit))).toBe(result.alloc_sum)
    const inside = allocation.used.filter(([first]) => first < allocation.units)
    expect(inside.map(([first, count]) => [first, Math.min(count, allocation.units - first)])).toEqual(result.set_ranges)
    const bits = bitmapOf(allocation)
    for (const [first, count] of result.set_ranges.slice(0, 50))
      for (const unit of [first, first + count - 1]) expect(((bits[unit >> 3] ?? 0) >> (unit & 7)) & 1).toBe(1)
    for (const [first] of allocation.free.slice(0, 50)) expect(((bits[first >> 3] ?? 0) >> (first & 7)) & 1).toBe(0)
    const total = allocation.free.reduce((sum, [, n]) => sum + n, 0)
    expect(BigInt(total)).toBe(allocation.freeUnits)
  })

  it.each(printing)('$name has the capacity that fsck prints', c => {
    const capacity = capacityOf(replayNow(opened(c)))
    expect(printed(c, 'Space amplification')).toBe(capacity.amplification)
    expect(printed(c, 'Percent used')).toBe(`${capacity.percentUsed}%`)
    expect(printed(c, 'Device capacity')).toBe(String(capacity.deviceSize))
    expect(printed(c, 'Bitmap capacity')).toBe(String(capacity.bitmapSize))
    expect(printed(c, 'Sum of file sizes')).toBe(String(BigInt.asIntN(64, capacity.fileSizes)))
    expect(printed(c, 'Allocated bytes')).toBe(String(capacity.allocated))
    expect(printed(c, 'Free space')).toBe(String(capacity.free))
  })

  it('says who owns a byte of the device', () => {
    const done = replayNow(opened(byName('good-basic')))
    const index = deviceIndex(done)
    const owner = (offset: number) => [...index.at(offset)].map(r => (typeof r.owner === 'string' ? r.owner : latin1(r.owner.path)))
    expect([0, 0x1fffff, 0x200000, 0x9fffff, 0xa00000, 0xdfffff, 0xe00000, 0xffffff, 0x1000000].map(owner)).toEqual([
      ['superblock'],
      ['superblock'],
      ['log'],
      ['log'],
      ['dir0/file0'],
      ['dir0/file0'],
      ['file1'],
      ['file1'],
      [],
    ])
    expect([...index.overlaps()]).toEqual([])
    expect([...index.ranges()].map(r => r.start)).toEqual([0, 0x200000, 0xa00000, 0xe00000])
  })

  it('finds all owners of a byte that is taken more than once', () => {
    const done = replayNow(opened(byName('ext-overlap-files')))
    const index = deviceIndex(done)
    const pairs = [...index.overlaps()]
    expect(pairs.length).toBeGreaterThan(0)
    for (const [a, b] of pairs) expect([...index.at(b.start)].map(r => r.start)).toEqual([a.start, b.start])
  })
})

describe('owners of places', () => {
  const { superblock } = byName('good-basic')
  const LOG = 4 << 20
  const UNIT = 0x20_0000
  /** Units of the device that one byte of is in use at: superblock, log, then a unit for each file. */
  const opened = (units: readonly number[]) =>
    deviceIndex(replayNow(openImageNow({ superblock, log: logOf(units.length, LOG, { unit: i => units[i] ?? 0 }).bytes })))
  const everything = (units: readonly number[]) => [
    { start: 0, end: UNIT },
    { start: UNIT, end: UNIT + LOG },
    ...units.map(unit => ({ start: unit * UNIT, end: (unit + 1) * UNIT })),
  ]
  const files = fc.array(fc.nat(9), { maxLength: 30 })

  it('are all that lie there', () => {
    fc.assert(
      fc.property(files, units => {
        const index = opened(units)
        for (let unit = 0; unit < 11; unit++) {
          const wanted = everything(units).filter(({ start, end }) => start <= unit * UNIT && unit * UNIT < end)
          expect([...index.at(unit * UNIT)].length).toBe(wanted.length)
        }
      }),
    )
  })

  it('overlap only where they share bytes, and each that does is named', () => {
    fc.assert(
      fc.property(files, units => {
        const pairs = [...opened(units).overlaps()]
        for (const [a, b] of pairs) expect(Math.min(a.end, b.end)).toBeGreaterThan(Math.max(a.start, b.start))
        const all = everything(units).sort((a, b) => a.start - b.start)
        const meets = all.filter(({ start }, i) => all.slice(0, i).some(before => start < before.end))
        expect(pairs.length).toBe(meets.length)
      }),
    )
  })
})

describe('strict replay', () => {
  it('keeps what is in order and refuses the rest', () => {
    const image = opened(byName('odd-replay-order'))
    const done = replayNow(image)
    const refused = [...refusals(done)]
    expect(refused.length).toBe(done.errors)
    expect(new Set(refused.map(r => r.fate))).toEqual(new Set(['parent', 'duplicate', 'conflict', 'path']))
  })

  it.each(['path-dotdot-inside-file', 'path-dot-file', 'path-absolute-file', 'path-empty-file', 'path-empty-mkdir', 'path-absolute-mkdir'])(
    '%s has a path that is refused',
    name => expect([...refusals(replayNow(opened(byName(name))))].map(r => r.fate)).toContain('path'),
  )

  it('goes on behind a bad entry', () => {
    const done = replayNow(opened(byName('le-bad-crc')))
    expect([...refusals(done)].map(r => r.fate)).toEqual(['bad'])
    expect([...walk(done)].length).toBe(2)
  })

  it('lists a directory by name, with its attributes', () => {
    const done = replayNow(opened(byName('good-basic')))
    const names = sortedChildren(done, nodeOf(done, done.root)).map(n => [latin1(n.name), n.kind, n.mode, n.uid, n.size])
    expect(names).toEqual([
      ['dir0', 'directory', 0o755, 0, 0n],
      ['file1', 'file', 0o600, 1000, 1048576n],
    ])
    expect(lookup(done, '/dir0//./file0/')?.size).toBe(3000000n)
    expect(lookup(done, 'dir0/file1')).toBeUndefined()
    expect(lookup(done, 'dir0/../file1')).toBeUndefined()
    expect(lookup(done, '')?.entry).toBe(-1)
  })
})

describe('the ioctl of a file', () => {
  it('is taken by the driver of every version that it is made for, and its map is that of the log', () => {
    const made = new Set<string>()
    for (const name of ['good-basic', 'good-interleaved', 'good-multi-extent'])
      for (const entry of entriesNow(opened(byName(name)))) {
        if (entry.kind !== 'file') continue
        for (const { dialect, form } of ioctlsOfEntry(entry)) {
          if (!form.ok) continue
          made.add(dialect)
          const map = mapOfEntry(entry)
          expect(verdictOfPayload(dialect, form.value.payload)).toMatchObject({ errno: 0, map })
        }
      }
    expect([...made].sort()).toEqual([...ioctlDialectIds].sort())
  })

  it('says why a version has none', () => {
    const entries = [...entriesNow(opened(byName('good-interleaved')))]
    const file = entries.find(e => e.kind === 'file' && mapOfEntry(e).ext_type === 'interleaved')
    const form = file && ioctlOfEntry(file, 'ioctl-42')
    expect(form?.ok === false && form.error.message).toMatch(/simple extents only/)
    const directory = [...entriesNow(opened(byName('good-basic')))].find(e => e.kind !== 'file')
    const none = directory && ioctlOfEntry(directory, 'ioctl-44d')
    expect(none?.ok === false && none.error.message).toMatch(/no file/)
  })
})

describe('GET_FMAP of a file', () => {
  it('is taken by kernels of every dialect that it is made for', () => {
    for (const name of ['good-basic', 'good-interleaved', 'good-multi-extent'])
      for (const entry of entriesNow(opened(byName(name)))) {
        if (entry.kind !== 'file') continue
        for (const { dialect, reply } of fmapsOfEntry(entry, { unroll: true }))
          if (reply.ok) expect(verdict(reply.value, dialect).errno).toBe(0)
          else expect(reply.error.message).toContain(dialect.id)
      }
  })

  it('says why a dialect cannot carry it', () => {
    const entry = [...entriesNow(opened(byName('il-chunk-4g')))].find(e => e.kind === 'file' && !fmapOfEntry(e, 'fuse-v10').ok)
    const reply = entry && fmapOfEntry(entry, 'fuse-v10')
    expect(reply?.ok === false && reply.error.message).toMatch(/ie_chunk_size.*32 bits/)
  })
})
