/** Requests out of JSON: every field, every refusal, and nothing but WireError for anything else. docs/image-json.md */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { WireError } from '../src/index.ts'
import { createImage, memoryDevice, type NewEntry, readRequests, writeImage } from '../src/metadata/build/index.ts'
import { entriesNow, openImageNow, rcOf, referenceVerdictsNow } from '../src/metadata/index.ts'
import { plainEntry } from '../src/metadata/plain.ts'

const UUID = 'b0b1b2b3-b4b5-46b7-b8b9-babbbcbdbebf'
const one = (value: object): NewEntry => readRequests(value)[0] as NewEntry

describe('requests out of JSON', () => {
  test('a directory', () => {
    expect(one({ kind: 'mkdir', path: 'a' })).toEqual({ kind: 'mkdir', path: 'a' })
    expect(one({ kind: 'mkdir', path: 'a', mode: '0750', uid: 1, gid: '0x2', parents: true })).toEqual({
      kind: 'mkdir',
      path: 'a',
      mode: 0o750,
      uid: 1,
      gid: 2,
      parents: true,
    })
  })

  test('a file, wherever it lies', () => {
    const file = { kind: 'file', path: 'a', size: '1G' }
    expect(one({ ...file, flags: 1 })).toEqual({ kind: 'file', path: 'a', size: 1n << 30n, flags: 1 })
    expect(one({ ...file, extents: [{ offset: '2M', len: 4096 }] })).toMatchObject({
      map: { ext_type: 'simple', extents: [{ dev_index: 0, offset: 2n << 20n, len: 4096n }] },
    })
    const strips = [
      { devindex: 1, offset: 0, len: '2M' },
      { offset: '4M', len: '2M' },
    ]
    expect(one({ ...file, interleaved: [{ chunk_size: '2M', strips }] })).toMatchObject({
      map: { ext_type: 'interleaved', extents: [{ nstrips: 2, chunk_size: 2 << 20, nbytes: 4n << 20n, strips: [{ dev_index: 1 }, {}] }] },
    })
    expect(one({ ...file, interleaved: [{ nstrips: 9, nbytes: 7, chunk_size: 1, strips }] })).toMatchObject({
      map: { extents: [{ nstrips: 9, nbytes: 7n }] },
    })
    const interleave = { buckets: 4, strips: 2, chunk: '2M', order: [3, 1] }
    expect(one({ ...file, interleave })).toMatchObject({ interleave: { buckets: 4, strips: 2, chunk: 2 << 20, order: [3, 1] } })
  })

  test('a content, where there are files', () => {
    const named: string[] = []
    const content = (file: string): Uint8Array => {
      named.push(file)
      return new Uint8Array(3)
    }
    expect(readRequests({ kind: 'file', path: 'a', from: 'some/file' }, { content })).toEqual([
      { kind: 'file', path: 'a', content: new Uint8Array(3) },
    ])
    expect(named).toEqual(['some/file'])
    expect(() => one({ kind: 'file', path: 'a', from: 'f' })).toThrow(/entries\[0\]\.from/)
  })

  test('a device', () => {
    expect(one({ kind: 'add_daxdev', dd_size: '0x1000', dd_uuid: UUID, dd_index: 2 })).toEqual({
      kind: 'add_daxdev',
      size: 4096n,
      uuid: UUID,
      index: 2,
    })
  })

  test('bytes of a path, which count before its text', () => {
    expect(one({ kind: 'mkdir', path: 'a', path_hex: 'C3bcff' })).toMatchObject({ path: Uint8Array.of(0xc3, 0xbc, 0xff) })
  })
})

describe('refusals name the place', () => {
  const file = { kind: 'file', path: 'f', size: 1 }
  test.each([
    [7, 'entries[0]', 'tag'],
    [null, 'entries[0]', 'tag'],
    [[[]], 'entries[0]', 'tag'],
    [[{ kind: 'mkdir', path: 'a' }, {}], 'entries[1].kind', 'missing'],
    [{ kind: 'delete', path: 'a' }, 'entries[0].kind', 'tag'],
    [{ kind: 'toString', path: 'a' }, 'entries[0].kind', 'tag'],
    [{ kind: 'mkdir' }, 'entries[0].path', 'missing'],
    [{ kind: 'mkdir', path: 7 }, 'entries[0].path', 'tag'],
    [{ kind: 'mkdir', path: 'a', path_hex: 'abc' }, 'entries[0].path_hex', 'text'],
    [{ kind: 'mkdir', path: 'a', modee: 1 }, 'entries[0].modee', 'tag'],
    [{ kind: 'mkdir', path: 'a', size: 1 }, 'entries[0].size', 'tag'],
    [{ kind: 'mkdir', path: 'a', mode: '0888' }, 'entries[0].mode', 'range'],
    [{ kind: 'mkdir', path: 'a', mode: '77777777777' }, 'entries[0].mode', 'range'],
    [{ kind: 'mkdir', path: 'a', uid: -1 }, 'entries[0].uid', 'range'],
    [{ kind: 'mkdir', path: 'a', uid: 2 ** 32 }, 'entries[0].uid', 'range'],
    [{ kind: 'mkdir', path: 'a', parents: 1 }, 'entries[0].parents', 'tag'],
    [{ kind: 'mkdir', path: 'a', faults: ['crc'] }, 'entries[0].faults', 'unsupported'],
    [{ ...file, size: 1.5 }, 'entries[0].size', 'range'],
    [{ ...file, size: 2 ** 53 }, 'entries[0].size', 'range'],
    [{ ...file, size: '99999999T' }, 'entries[0].size', 'range'],
    [{ ...file, size: '' }, 'entries[0].size', 'range'],
    [{ ...file, extents: {} }, 'entries[0].extents', 'tag'],
    [{ ...file, extents: [{ offset: 1 }] }, 'entries[0].extents[0].len', 'missing'],
    [{ ...file, extents: [{ offset: 1, len: 1, at: 1 }] }, 'entries[0].extents[0].at', 'tag'],
    [{ ...file, extents: [], interleaved: [] }, 'entries[0].interleaved', 'tag'],
    [{ ...file, interleaved: [{ chunk_size: '9P', strips: [] }] }, 'entries[0].interleaved[0].chunk_size', 'range'],
    [{ ...file, interleaved: [{ chunk_size: '16384T', strips: [] }] }, 'entries[0].interleaved[0].chunk_size', 'range'],
    [{ ...file, interleaved: [{ chunk_size: 1 }] }, 'entries[0].interleaved[0].strips', 'missing'],
    [{ ...file, interleave: { buckets: 1, strips: 1 } }, 'entries[0].interleave.chunk', 'missing'],
    [{ kind: 'add_daxdev', dd_size: 1 }, 'entries[0].dd_uuid', 'missing'],
  ])('%j', (value, path, code) => {
    expect(() => readRequests(value)).toThrow(WireError)
    expect(() => readRequests(value)).toThrow(expect.objectContaining({ path, code }))
  })

  const field = fc.constantFrom(
    'kind',
    'path',
    'path_hex',
    'mode',
    'size',
    'extents',
    'interleaved',
    'interleave',
    'strips',
    'offset',
    'len',
    'from',
    'faults',
    '__proto__',
  )
  const { value } = fc.letrec(tie => ({
    value: fc.oneof({ maxDepth: 5 }, fc.jsonValue(), tie('object'), fc.array(tie('value'), { maxLength: 4 })),
    object: fc.dictionary(field, fc.oneof(fc.constantFrom('mkdir', 'file', 'add_daxdev', '2M', 4096), tie('value'))),
  }))

  test('anything at all is refused or built or refused by the builder, with WireError', () => {
    fc.assert(
      fc.property(value, any => {
        try {
          createImage({ deviceSize: 64 << 20, entries: readRequests(any), unchecked: true })
        } catch (error) {
          expect(error).toBeInstanceOf(WireError)
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('there and back', () => {
  const SYSTEM = '01234567-89ab-cdef-0123-456789abcdef'
  const OPTIONS = { deviceSize: 8 * 2 ** 30, uuid: UUID, devUuid: SYSTEM, systemUuid: SYSTEM }

  function withoutContent(entry: NewEntry): NewEntry {
    if (entry.kind !== 'file') return entry
    const { content: _, ...rest } = entry
    return rest
  }

  async function logOf(entries: readonly NewEntry[]): Promise<Uint8Array> {
    const bytes = new Uint8Array(10 << 20)
    const device = { ...memoryDevice(bytes), size: 8 * 2 ** 30 }
    await writeImage(device, createImage({ ...OPTIONS, entries: entries.map(withoutContent) }))
    return bytes
  }

  const printed = (bytes: Uint8Array): string =>
    JSON.stringify([...entriesNow(openImageNow(bytes))].map(entry => ({ ...plainEntry(entry), kind: entry.kind, faults: entry.faults })))

  const page = readFileSync('docs/image-json.md', 'utf8')
  const [, example = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? []

  test('the example of the document is accepted by the reference, and its log says the same again', async () => {
    const requests = readRequests(JSON.parse(example), { content: file => readFileSync(file) })
    const sized = requests.map(r => (r.kind === 'file' && r.content !== undefined ? { ...r, size: 5000 } : r))
    const bytes = await logOf(sized)
    const verdicts = referenceVerdictsNow(
      { superblock: memoryDevice(bytes.slice(0, 2 << 20)), log: memoryDevice(bytes.slice(2 << 20)) },
      SYSTEM,
    )
    expect([verdicts.famfs_fsck_scan, verdicts.famfs_fsck_mmap, verdicts.logplay_shadow].map(rcOf)).toEqual([0, 0, 0])
    const again = await logOf(readRequests(JSON.parse(printed(bytes))))
    expect(Buffer.compare(again, bytes)).toBe(0)
  })

  test('the table names every field', () => {
    for (const name of Object.keys({ ...Object.assign({}, ...JSON.parse(example)) }))
      expect(page).toContain(`| \`${name}\``.replace('| `gid`', '`gid`'))
  })
})
