/** Findings about every image of the C reference: no false alarm on good ones, and on the others the planted fault, at its byte. */
import { describe, expect, it } from 'vitest'
import { type ImageFinding, imageFindings, imageFindingsNow } from '../src/metadata/findings/index.ts'
import { type Image, openImage, openImageNow } from '../src/metadata/image.ts'
import { shapeOf } from '../src/metadata/shape.ts'
import { type Area, filled } from '../src/metadata/source.ts'
import { type Case, goldenCases } from './metadata-golden.ts'
import { type Expected, expectedFindings } from './metadata-golden-findings.ts'

const cases = [...goldenCases('v48'), ...goldenCases('older')]

const areas = ({ manifest, superblock, log }: Case) => ({
  superblock: filled(superblock, manifest.superblock_file.original_bytes, Number(manifest.superblock_file.remaining_bytes_all)),
  log: filled(log, manifest.log_file.original_bytes, Number(manifest.log_file.remaining_bytes_all)),
})

/** One that makes one wait, and may be written by others. */
const slow = ({ size, read }: Area): Area => ({ size, read: async (offset, length) => read(offset, length) })

/** Where a finding is: the part or entry, the first byte in it, and how many. */
interface Place {
  readonly where: string
  readonly at: number
  readonly length: number
}

function placeOf({ layout }: Image, { area, entry, offset, length }: ImageFinding): Place {
  const { header, entry: slot } = shapeOf(layout)
  const start = entry === undefined ? 0 : header.size + entry * slot.size
  return { where: area === 'superblock' ? 'sb' : String(entry ?? 'log'), at: offset - start, length }
}

function placeFrom(text: string): Place {
  const [where, at, length] = text.split(/[+:]/) as [string, string, string]
  return { where, at: Number(at), length: Number(length) }
}

const meet = (a: Place, b: Place): boolean => a.where === b.where && a.at < b.at + b.length && b.at < a.at + a.length

const expected = (c: Case): Expected => expectedFindings[c.name] as Expected

function found(c: Case): { readonly finding: ImageFinding; readonly place: Place }[] {
  const image = openImageNow(areas(c))
  return imageFindingsNow(image).map(finding => ({ finding, place: placeOf(image, finding) }))
}

const short = ({ severity, rule }: ImageFinding, { where, at, length }: Place): string => `${severity[0]} ${rule} ${where}+${at}:${length}`

it('the table has every case', () => {
  expect(Object.keys(expectedFindings).sort()).toEqual(cases.map(c => c.name).sort())
})

it.each(cases)('$name: $manifest.description', c => {
  const all = found(c)
  expect(all.map(f => short(f.finding, f.place)).sort()).toEqual([...expected(c).says].sort())
  const order = all.map(({ finding }) => [finding.area === 'log' ? 1 : 0, finding.offset] as const)
  expect(order).toEqual([...order].sort((a, b) => a[0] - b[0] || a[1] - b[1]))
})

const isGood = ({ name }: Case): boolean => /\/(good-|il-good$)/.test(name)

it.each(cases.filter(isGood))('$name has neither errors nor warnings', c => {
  expect(found(c).filter(f => f.finding.severity !== 'note')).toEqual([])
})

describe('what was planted', () => {
  const mutated = cases.filter(c => c.name.startsWith('v48/') && !isGood(c))
  /** Mutations of bytes that readers may ignore, and surprises that do no harm: a note is all there is to say. */
  const HARMLESS = [
    'path-control-chars',
    'path-junk-after-nul',
    'sb-devname-unterminated',
    'sb-padding-dirty',
    'odd-devname-70',
    'odd-fresh-592',
  ]
  /** What each was made of, where it was not written anew. */
  const baseOf = ({ name }: Case): string | undefined =>
    name.includes('/odd-')
      ? undefined
      : name.includes('/il-')
        ? 'v48/il-good'
        : name.includes('full-plus')
          ? 'v48/good-full-64k'
          : 'v48/good-basic'

  it.each(mutated)('$name: each of its bytes is named', c => {
    const all = found(c)
    const unnamed = (expected(c).planted ?? ['nothing was planted']).filter(planted => {
      const [place, rule] = planted.split(' ') as [string, string]
      return !all.some(f => f.finding.rule === rule && meet(f.place, placeFrom(place)))
    })
    expect(unnamed).toEqual([])
  })

  it.each(mutated)('$name is an error or a warning, or a note where it does no harm', c => {
    const harmless = HARMLESS.some(name => c.name.endsWith(name))
    expect(found(c).every(f => f.finding.severity === 'note')).toBe(harmless)
  })

  /** Version 48. */
  const bytesAt = ({ superblock, log }: Case, { where, at, length }: Place): Uint8Array => {
    const start = where === 'sb' || where === 'log' ? at : 48 + 544 * Number(where) + at
    return (where === 'sb' ? superblock : log).slice(start, start + length)
  }

  it.each(mutated.filter(c => baseOf(c) !== undefined))('$name differs there from what it was made of', c => {
    const base = cases.find(other => other.name === baseOf(c)) as Case
    const places = (expected(c).planted ?? []).map(planted => placeFrom(planted.split(' ')[0] as string))
    expect(places.filter(place => Buffer.compare(bytesAt(c, place), bytesAt(base, place)) === 0)).toEqual([])
  })
})

it.each(cases)('$name says the same when it is read with waiting', async c => {
  const { superblock, log } = areas(c)
  const image = await openImage({ superblock: slow(superblock), log: slow(log) })
  expect(await imageFindings(image)).toEqual(imageFindingsNow(openImageNow(areas(c))))
})

it('a device has its log behind the superblock, and offsets count from its first byte', () => {
  const found = cases.find(c => c.name === 'v48/ext-none') as Case
  const device = new Uint8Array(0x200000 + found.log.length)
  device.set(found.superblock)
  device.set(found.log, 0x200000)
  const area = filled(device, 2 ** 32)
  const [first] = imageFindingsNow(openImageNow(area))
  expect(first).toEqual({
    rule: 'log/no-extents',
    severity: 'error',
    area: 'log',
    offset: 0x200000 + 1264,
    length: 4,
    entry: 2,
    path: 'entries[2].famfs_fm.fm_fmap.fmap_nextents',
    file: 'file1',
    message: 'there are no extents',
  })
})
