/** Every image of the C reference: fields, layout, verdicts, shadow YAML and messages. */
import { describe, expect, it } from 'vitest'
import { encode } from '../src/codec/encode.ts'
import { tryDecode } from '../src/codec/index.ts'
import { imageAnswer } from '../src/metadata/answer.ts'
import { entriesNow } from '../src/metadata/entries.ts'
import { tryDecodeEntry } from '../src/metadata/entry.ts'
import { openImageNow, tryDecodeSuperblock } from '../src/metadata/image.ts'
import { imageAnswerFromFiles } from '../src/metadata/node.ts'
import { filled } from '../src/metadata/source.ts'
import { fixedSize } from '../src/schema/index.ts'
import { type Case, goldenCases, listOf, type ShadowFileGolden, type Verdict } from './metadata-golden.ts'

const today = goldenCases('v48')
const older = goldenCases('older')

const areas = ({ manifest, superblock, log }: Case) => ({
  superblock: filled(superblock, manifest.superblock_file.original_bytes, Number(manifest.superblock_file.remaining_bytes_all)),
  log: filled(log, manifest.log_file.original_bytes, Number(manifest.log_file.remaining_bytes_all)),
})

const answerTo = (c: Case) =>
  imageAnswer({ ...areas(c), ...(c.manifest.host_system_uuid === undefined ? {} : { host_system_uuid: c.manifest.host_system_uuid }) })

/** Verdicts that the sanitizers objected to, and those of the functions that call these. */
function accidents({ manifest }: Case): Set<string> {
  const found = Object.keys(manifest.sanitizer_findings ?? {})
  const callers = found.includes('famfs_build_bitmap') ? ['famfs_fsck_scan', 'famfs_fsck_mmap', 'famfs_fsck_read'] : []
  return new Set([...found, ...callers])
}

/** What the protocol says where the process did not return: a signal is no return code. */
function expected(name: string, verdict: Verdict): unknown {
  if (verdict.signal !== undefined) return 'undefined'
  if (name === 'famfs_build_bitmap') return verdict.result
  return name === 'famfs_daxdev_table_add' ? verdict.json : verdict.rc
}

it('has all cases', () => {
  expect([today.length, older.length]).toEqual([115, 16])
})

describe.each(today)('$name', c => {
  const answer = answerTo(c)
  const { manifest } = c

  it('has the fields of superblock, header and entries', () => {
    expect(answer.superblock).toEqual(manifest.expected_superblock)
    expect(answer.log_header).toEqual(manifest.expected_log_header)
    const entries = listOf(c.folder, manifest.expected_entries)
    const cut = 'expected_entries_note' in manifest
    expect(cut ? answer.entries.slice(0, entries.length) : answer.entries).toEqual(entries)
  })

  it('has the layout of today, or none where version and format are no published ones', () => {
    expect(answer.layout).toBe(/^v48\/sb-version-/.test(c.name) ? null : 'L24')
  })

  it('gets the verdicts of the reference, and "undefined" where these are accidents', () => {
    const accidental = accidents(c)
    const wanted = Object.entries(manifest.verdicts)
      .filter(([name]) => name !== 'logplay_shadowtest')
      .map(([name, verdict]) => [name, accidental.has(name) ? 'undefined' : expected(name, verdict)])
    expect(answer.verdicts).toEqual(Object.fromEntries(wanted))
  })

  const defined = !accidents(c).has('logplay_shadow')
  it(defined ? 'has the shadow files of the reference' : 'has no shadow files to compare', () => {
    if (!defined) return expect(answer.verdicts.logplay_shadow).toBe('undefined')
    const wanted = listOf<ShadowFileGolden>(c.folder, manifest.shadow_files ?? []).map(({ shadow_path, yaml, msg_rc, msg_hex }) => ({
      shadow_path,
      yaml,
      ...(msg_rc === undefined ? {} : { msg_rc, msg_hex }),
    }))
    expect(answer.files).toEqual(wanted)
  })
})

/** `v47-L13-sb184-le352` and its like; pairs that nothing tells apart. */
const PAIRS = ['L08|L09', 'L13|L14', 'L16|L18', 'L21|L23']
function layoutIn(name: string): string {
  const id = /-(L\d\d)/.exec(name)?.[1] as string
  return PAIRS.find(pair => pair.includes(id)) ?? id
}

describe.each(older)('$name', c => {
  const answer = answerTo(c)
  const { manifest } = c

  it('has the fields, by the names of its own time', () => {
    expect(answer.superblock).toEqual(manifest.expected_superblock)
    expect(answer.log_header).toEqual(manifest.expected_log_header)
    expect(answer.entries).toEqual(manifest.expected_entries)
  })

  it('has its layout', () => {
    expect(answer.layout).toBe(layoutIn(c.name))
  })

  it('has good entries only', () => {
    const image = openImageNow(areas(c))
    expect([...entriesNow(image)].filter(e => e.faults.length > 0)).toEqual([])
  })

  it('is judged by the superblock check of today', () => {
    expect(answer.verdicts.famfs_check_super).toBe(manifest.verdicts.todays_famfs_check_super?.rc)
  })
})

describe.each([...today, ...older])('re-encoding $name', c => {
  const image = openImageNow(areas(c))

  it('gives the bytes of superblock and header back', () => {
    const superblock = tryDecodeSuperblock(image)
    const size = fixedSize(image.layout.superblock.type) as number
    expect(superblock.ok && encode(image.layout.superblock, superblock.value)).toEqual(image.superblockBytes.subarray(0, size))
    const bytes = areas(c).log.read(0, fixedSize(image.layout.header.type) as number)
    const header = tryDecode(image.layout.header, bytes)
    expect(header.ok && encode(image.layout.header, header.value)).toEqual(Uint8Array.from(bytes))
  })

  it('gives the bytes of every entry back, or the one refusal there is', () => {
    let wrong = 0
    let refused = 0
    for (const entry of entriesNow(image)) {
      const value = tryDecodeEntry(entry)
      if (!value.ok) refused += value.error.code === 'count' ? 1 : 1e6
      else if (!same(encode(entry.layout.entry, value.value), entry.bytes)) wrong++
    }
    expect(wrong).toBe(0)
    expect(refused).toBe(/\/(ext-(17|1000|max)|il-(nstrips-(17|200|2p32)|niext-2))/.test(c.name) ? 1 : 0)
  })
})

const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i])

it('answers for files, packed or not', () => {
  const c = today.find(t => t.name === 'v48/good-full-64k') as Case
  const request = {
    superblock_file: `${c.folder}/superblock.bin`,
    log_file: `${c.folder}/log.bin.gz`,
    superblock_bytes: c.manifest.superblock_file.original_bytes,
    log_bytes: c.manifest.log_file.original_bytes,
    host_system_uuid: c.manifest.host_system_uuid as string,
  }
  expect(imageAnswerFromFiles(request)).toEqual(answerTo(c))
})
