/** Images built from requests against those of the C reference, byte by byte. */
import { describe, expect, it } from 'vitest'
import { type CreateOptions, createImage, type NewEntry } from '../src/metadata/build/index.ts'
import { lastIndexFits, openImageNow, rcOf, referenceVerdictsNow } from '../src/metadata/index.ts'
import { filled } from '../src/metadata/source.ts'
import { type Case, goldenCases } from './metadata-golden.ts'
import { optionsOf } from './metadata-requests.ts'

const v48 = goldenCases('v48')
const older = goldenCases('older').filter(c => !c.name.startsWith('older/v42') && !c.name.startsWith('older/v45'))
const good = v48.filter(c => /\/(good|odd)-/.test(c.name))

function opened({ superblock, log, manifest }: Case) {
  const fill = Number(manifest.superblock_file.remaining_bytes_all)
  return openImageNow({
    superblock: filled(superblock, manifest.superblock_file.original_bytes, fill),
    log: filled(log, manifest.log_file.original_bytes),
  })
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/** The built log, with the zeros behind it that the stored prefix of the golden one has. */
function expectSame(golden: Case, options: CreateOptions): void {
  const built = createImage(options)
  expect(hex(built.superblock)).toBe(hex(golden.superblock.subarray(0, built.superblock.length)))
  expect(built.log.length).toBeLessThanOrEqual(golden.manifest.log_file.original_bytes)
  const log = new Uint8Array(Math.max(golden.log.length, built.log.length))
  log.set(built.log)
  const stored = new Uint8Array(log.length)
  stored.set(golden.log)
  expect(Buffer.compare(log, stored)).toBe(0)
}

const PINNED = {
  uuid: 'a0a1a2a3-a4a5-46a7-a8a9-aaabacadaeaf',
  devUuid: 'b0b1b2b3-b4b5-46b7-b8b9-babbbcbdbebf',
  systemUuid: '01234567-89ab-cdef-0123-456789abcdef',
  deviceSize: 4n << 30n,
}

const byName = (name: string): Case => {
  const found = v48.find(c => c.name === `v48/${name}`)
  if (found === undefined) throw new Error(`no case ${name}`)
  return found
}

describe('the bytes of the reference', () => {
  it.each(good)('$name', c => {
    expectSame(c, { ...optionsOf(opened(c)), unchecked: true, over: new Uint8Array(200).fill(c.superblock[104] ?? 0) })
  })

  it.each(older)('$name', c => {
    const image = opened(c)
    const { header } = image.log ?? {}
    const early = header !== undefined && lastIndexFits(image.layout, header.length, header.lastIndex) === 'early'
    expectSame(c, { ...optionsOf(image), earlyLastIndex: early })
  })

  it('come out of the requests alone', () => {
    const entries: NewEntry[] = [
      { kind: 'file', path: 'dir0/file0', size: 3000000, parents: true },
      { kind: 'file', path: 'file1', size: 1048576, mode: 0o600, uid: 1000, gid: 1000 },
    ]
    expectSame(byName('good-basic'), { ...PINNED, entries })
  })

  it('come out of the allocator, around what is there', () => {
    const at = (unit: bigint) => ({ ext_type: 'simple', extents: [{ dev_index: 0, offset: unit << 21n, len: 1n << 21n }] }) as const
    const entries: NewEntry[] = [
      { kind: 'file', path: 'x1', size: 1 << 21, map: at(7n) },
      { kind: 'file', path: 'x2', size: 1 << 21, map: at(10n) },
      { kind: 'file', path: 'needs-4m', size: 4 << 20 },
      { kind: 'file', path: 'needs-2m-after', size: 2 << 20 },
      { kind: 'file', path: 'needs-2m-new-session', size: 2 << 20 },
    ]
    expectSame(byName('good-alloc-holes'), { ...PINNED, entries })
    const large: NewEntry[] = [
      { kind: 'file', path: 'f2000m', size: 2000 << 20 },
      { kind: 'file', path: 'f2000m-2', size: 2000 << 20 },
    ]
    expectSame(byName('good-alloc-full-new-session'), { ...PINNED, entries: large })
    const tooMuch: NewEntry[] = [...large, { kind: 'file', path: 'does-not-fit-100m', size: 100 << 20 }]
    expect(() => createImage({ ...PINNED, entries: tooMuch })).toThrow(/free/)
  })
})

/** What the reference lives with, but a builder should not make: odd, or made by hand for the case. */
const MADE_UNCHECKED = [/-fresh-(10000000|2m|4k|64k)$/, /-full-64k$/, /-add-daxdev$/, /-attrs$/, /-devname-63$/]

describe('checked building', () => {
  const whole = good.filter(c => c.name.includes('/good-') && !MADE_UNCHECKED.some(m => m.test(c.name)))

  it.each(whole)('$name is built without a refusal', c => {
    const over = new Uint8Array(200).fill(c.superblock[104] ?? 0)
    expectSame(c, { ...optionsOf(opened(c)), over })
  })

  it.each(good.filter(c => MADE_UNCHECKED.some(m => m.test(c.name))))('$name is refused', c => {
    expect(() => createImage(optionsOf(opened(c)))).toThrow()
  })

  const bad = v48.filter(
    c =>
      /\/(ext|il|path)-/.test(c.name) &&
      !/(ext-17|ext-1000|ext-type-2|nstrips-|niext-2|unterminated|junk|path-control|il-good|ext-max|ext-same)/.test(c.name),
  )
  it.each(bad)('$name has an entry that is refused', c => {
    const options = optionsOf(opened(c))
    expect(() => createImage(options)).toThrow(expect.objectContaining({ name: 'WireError' }))
  })

  it('makes what the reference accepts', () => {
    const interleave = { buckets: 8, strips: 3, chunk: 2 << 20 }
    const entries: NewEntry[] = [
      { kind: 'mkdir', path: 'a/b', parents: true },
      { kind: 'file', path: 'a/b/striped', size: 100 << 20, interleave },
      { kind: 'file', path: 'a/small', size: 1, interleave },
      { kind: 'file', path: 'a/b/striped-2', size: 7 << 20, interleave },
    ]
    const built = createImage({ ...PINNED, deviceSize: 16n << 30n, entries })
    const verdicts = referenceVerdictsNow(
      { superblock: filled(built.superblock, 2 << 20), log: filled(built.log, built.logLength) },
      PINNED.systemUuid,
    )
    expect(rcOf(verdicts.famfs_check_super)).toBe(0)
    expect(rcOf(verdicts.famfs_get_role)).toBe(1)
    expect(rcOf(verdicts.famfs_fsck_scan)).toBe(0)
    expect(rcOf(verdicts.logplay_shadow)).toBe(0)
    expect([...verdicts.files()].map(f => [f.path, f.lookup])).toEqual([
      ['a/small', 0],
      ['a/b/striped', 0],
      ['a/b/striped-2', 0],
    ])
  })
})
