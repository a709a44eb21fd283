/** Opening and reading images from every kind of source. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { WireError } from '../src/codec/errors.ts'
import {
  directoryOf,
  type Entry,
  entries,
  entriesNow,
  entryAt,
  entryAtNow,
  fileOf,
  follow,
  indexLog,
  indexLogNow,
  memoryArea,
  openImage,
  openImageFile,
  openImageNow,
  pathOfEntry,
  replayNow,
  verify,
  verifyNow,
} from '../src/metadata/index.ts'
import { device, golden, i386Image, put64, watched, whole, withNextIndex } from './metadata-images.ts'

const basic = golden('v48/good-basic')
const big = golden('v48/good-big-10000')
const scratch = mkdtempSync(join(tmpdir(), 'metadata-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const names = (list: readonly Entry[]): string[] => list.map(e => new TextDecoder().decode(pathOfEntry(e)))

async function all<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of iterable) list.push(item)
  return list
}

const BASIC = ['dir0', 'dir0/file0', 'file1']

describe('an image is the same', () => {
  const bytes = device(basic, 4096)
  const path = join(scratch, 'device')
  writeFileSync(path, bytes)
  writeFileSync(join(scratch, 'sb'), basic.superblock)
  writeFileSync(join(scratch, 'log'), basic.log)

  it('as bytes in memory', () => {
    expect(names([...entriesNow(openImageNow(bytes))])).toEqual(BASIC)
  })

  it('as bytes in shared memory', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length))
    shared.set(bytes)
    const [first] = entriesNow(openImageNow(shared))
    shared.fill(0xff)
    expect(names([first as Entry])).toEqual(['dir0'])
  })

  it('at an odd place in memory', () => {
    const odd = new Uint8Array(bytes.length + 3).subarray(3)
    odd.set(bytes)
    expect([...entriesNow(openImageNow(odd))].map(e => e.faults)).toEqual([[], [], []])
    expect([...indexLogNow(openImageNow(odd)).pathLength]).toEqual([4, 10, 5])
  })

  it('as a Blob', async () => {
    expect(names(await all(entries(await openImage(new Blob([Uint8Array.from(bytes)])))))).toEqual(BASIC)
  })

  it('as a file', async () => {
    const image = await openImageFile(path)
    expect(names(await all(entries(image)))).toEqual(BASIC)
    image.close()
  })

  it('as two files', async () => {
    const image = await openImageFile({ superblock: join(scratch, 'sb'), log: join(scratch, 'log') })
    expect(names(await all(entries(image)))).toEqual(BASIC)
    image.close()
  })

  it('where the superblock says that the log is', () => {
    const moved = new Uint8Array(0x400000 + 4096)
    moved.set(basic.superblock)
    put64(moved, 16, 0x400000n)
    moved.set(basic.log.subarray(0, 4096), 0x400000)
    expect(openImageNow(moved).logOffset).toBe(0x400000)
    expect(names([...entriesNow(openImageNow(moved))])).toEqual(BASIC)
  })

  it('where the caller says so, though the superblock is gone', () => {
    const bare = bytes.slice()
    bare.fill(0, 0, 4096)
    const image = openImageNow(bare, { layout: 'L24' })
    expect(names([...entriesNow(image)])).toEqual(BASIC)
    expect(() => openImageNow(bytes, { layout: 'L99' })).toThrow('there is no layout L99')
  })
})

describe('opening refuses', () => {
  const refusal = (bytes: Uint8Array): string => {
    try {
      openImageNow(bytes)
      return ''
    } catch (error) {
      expect(error).toBeInstanceOf(WireError)
      return (error as WireError).message
    }
  }
  const marked = (at: number, mark: string): Uint8Array => {
    const bytes = new Uint8Array(1 << 17)
    new TextEncoder().encodeInto(mark, bytes.subarray(at))
    return bytes
  }
  const starting = (...first: number[]) => Uint8Array.from([...first, ...new Array(1000).fill(7)])

  it.each([
    ['nothing', new Uint8Array(0), 'it is empty'],
    ['zeros', new Uint8Array(8192), 'it starts with zeros'],
    ['erased flash', new Uint8Array(64).fill(0xff), '0xff bytes'],
    ['gzip', starting(0x1f, 0x8b), 'gzip data'],
    ['an ELF file', starting(0x7f, 0x45, 0x4c, 0x46), 'an ELF file'],
    ['swap', marked(0xff6, 'SWAPSPACE2'), 'it looks like swap'],
    ['btrfs', marked(0x10040, '_BHRfS_M'), 'it looks like a btrfs file system'],
    ['text', new TextEncoder().encode('hello, this is just some text\n'), 'it starts with text'],
    ['other bytes', starting(1, 2, 3, 4, 5, 6), 'it starts with 01 02 03 04 05 06 07 07'],
  ])('%s, and says what it is', (_, bytes, words) => {
    expect(refusal(bytes)).toContain('not a famfs image')
    expect(refusal(bytes)).toContain(words)
  })

  it('a log alone only where there is no header in it', () => {
    expect(openImageNow({ superblock: new Uint8Array(4096), log: basic.log }).layout.id).toBe('L24')
    expect(refusal(basic.log.slice())).toContain('a famfs log without its superblock')
  })

  it('slots that are not there', async () => {
    const image = openImageNow({ superblock: basic.superblock, log: basic.log })
    expect(() => entryAtNow(image, 99)).toThrow('there is no slot 99')
    expect(() => entryAtNow(image, -1)).toThrow(WireError)
    expect(() => entryAtNow(image, 0.5)).toThrow(WireError)
    await expect(entryAt(image, 3)).rejects.toThrow('the log has 3')
  })

  it('to find entries where there is no log', () => {
    const image = openImageNow({ superblock: basic.superblock, log: new Uint8Array(20) })
    expect(image.layout.id).toBe('L24')
    expect(() => [...entriesNow(image)]).toThrow('there is no log')
  })
})

describe('an image of a 32-bit host', () => {
  it('is found out and read', () => {
    const image = openImageNow(i386Image())
    expect(image.detection.candidates.map(l => l.id)).toEqual(['L24-i386'])
    const [entry] = [...entriesNow(image)] as [Entry]
    expect(entry.faults).toEqual([])
    expect(directoryOf(entry)).toMatchObject({ uid: 1, gid: 2, mode: 0o755, terminated: true })
    expect(names([entry])).toEqual(['made-by-i386'])
  })
})

describe('reading asks for no more than it needs', () => {
  it('when it opens', async () => {
    const bytes = device(big)
    const area = watched(() => bytes)
    await openImage(area)
    expect(area.reads.reduce((sum, r) => sum + r.length, 0)).toBeLessThan(80_000)
  })

  it('when it walks: pieces of constant size, each once', async () => {
    const area = watched(() => big.log)
    const image = await openImage({ superblock: big.superblock, log: area })
    area.reads.length = 0
    expect(await verify(image, () => undefined)).toBe(10000)
    expect(Math.max(...area.reads.map(r => r.length))).toBeLessThanOrEqual(1 << 20)
    expect(area.reads.reduce((sum, r) => sum + r.length, 0)).toBe(10000 * 544)
  })

  it('for some entries', async () => {
    const area = watched(() => big.log)
    const image = await openImage({ superblock: big.superblock, log: area })
    area.reads.length = 0
    expect((await all(entries(image, { from: 5000, to: 5003 }))).map(e => e.index)).toEqual([5000, 5001, 5002])
    expect(area.reads).toEqual([{ offset: 48 + 5000 * 544, length: 3 * 544 }])
  })
})

describe('a log that is written while it is read', () => {
  const broken = basic.log.slice()
  broken[48 + 544 + 100] = 1
  const worse = broken.slice()
  worse[48 + 544 + 101] = 1

  it('is read once more where a check fails: a stale line does no harm', async () => {
    const image = await openImage({ superblock: basic.superblock, log: watched(read => (read < 3 ? broken : basic.log)) })
    expect((await all(entries(image))).map(e => e.faults)).toEqual([[], [], []])
  })

  it('is told from one that is simply bad', async () => {
    const bad = await openImage({ superblock: basic.superblock, log: watched(() => broken) })
    expect((await all(entries(bad))).map(e => e.faults)).toEqual([[], ['crc'], []])
    const changing = await openImage({ superblock: basic.superblock, log: watched(read => (read < 3 ? broken : worse)) })
    expect((await all(entries(changing))).map(e => e.faults)).toEqual([[], ['crc', 'changing'], []])
  })

  it('shows the same in the index and in the check', async () => {
    const open = () => openImage({ superblock: basic.superblock, log: watched(read => (read < 3 ? broken : worse)) })
    expect([...(await indexLog(await open())).faults]).toEqual([0, 6, 0])
    const bad: unknown[] = []
    await verify(await open(), slot => bad.push(slot))
    expect(bad).toEqual([{ index: 1, faults: 6 }])
  })

  it('gives its new entries to who follows it', async () => {
    let looks = 0
    const log = watched(() => (looks++ < 6 ? withNextIndex(basic.log, 1n) : basic.log))
    const image = await openImage({ superblock: basic.superblock, log })
    const stop = new AbortController()
    const seen: string[] = []
    for await (const entry of follow(image, { interval: 1, signal: stop.signal })) {
      seen.push(...names([entry]))
      if (seen.length === 2) stop.abort()
    }
    expect(looks).toBeGreaterThan(6)
    expect(seen).toEqual(['dir0/file0', 'file1'])
  })

  it('ends the following when it was made anew', async () => {
    let log = basic.log
    const image = await openImage({ superblock: basic.superblock, log: watched(() => log) })
    log = withNextIndex(basic.log, 0n)
    expect(await all(follow(image, { interval: 1 }))).toEqual([])
  })
})

describe('the index', () => {
  it.each(['v48/good-big-10000', 'v48/good-interleaved', 'older/v46-L11-sb168-le288', 'older/v42-L06-sb120-le320', 'v48/le-type-99'])(
    'has what the entries of %s have',
    name => {
      const { superblock, log } = golden(name)
      const image = openImageNow({ superblock, log })
      const index = indexLogNow(image)
      const list = [...entriesNow(image)]
      expect(index.count).toBe(list.length)
      const rows = list.map(e => {
        const file = fileOf(e)
        const first = file?.extents[0] ?? file?.interleaved[0]?.strips[0]
        return [
          e.seqnum,
          e.type,
          file?.size ?? 0n,
          first?.offset ?? 0n,
          first?.length ?? 0n,
          file?.nextents ?? 0,
          pathOfEntry(e)?.length ?? 0,
        ]
      })
      const { seqnum, type, size, offset, length, nextents, pathLength } = index
      expect(list.map((_, i) => [seqnum, type, size, offset, length, nextents, pathLength].map(column => column[i]))).toEqual(rows)
      const paths = list.map((e, i) => names([e])[0] === '' || e.bytes[index.pathAt[i] as number] === pathOfEntry(e)?.[0])
      expect(paths).not.toContain(false)
    },
  )

  it('has no first strip where there are none', () => {
    const { superblock, log } = golden('v48/good-interleaved')
    const image = (bytes: Uint8Array) => openImageNow({ superblock, log: bytes })
    const at = [...entriesNow(image(log))].findIndex(e => fileOf(e)?.extType === 1)
    const none = log.slice()
    put64(none, 48 + 544 * at + 136, 0n)
    expect(indexLogNow(image(log)).length[at]).toBeGreaterThan(0n)
    expect(indexLogNow(image(none)).length[at]).toBe(0n)
  })

  it('has no faults where it was not asked to check', () => {
    const { superblock, log } = golden('v48/le-bad-crc')
    const image = openImageNow({ superblock, log })
    expect([...indexLogNow(image).faults]).toEqual([0, 2, 0])
    expect([...indexLogNow(image, { check: false }).faults]).toEqual([0, 0, 0])
  })
})

describe('a log that claims more than it has', () => {
  it('because its device was cut, is read to the end of the device', () => {
    const cut = device({ superblock: basic.superblock.slice(), log: whole(basic.log, 9 << 20) })
    for (const at of [24, 0x200000 + 8]) put64(cut, at, 32n << 20n)
    expect(openImageNow(cut).log?.area.size).toBe(9 << 20)
    put64(cut, 24, 1n << 63n)
    put64(cut, 0x200000 + 8, 8n << 20n)
    expect(openImageNow(cut).log?.area.size).toBe(8 << 20)
  })

  it('ends where its device ends, even if that does not tell its size; but no columns are made for it', () => {
    const claiming = withNextIndex(basic.log, 1n << 50n)
    put64(claiming, 8, 1n << 60n)
    const image = openImageNow({ superblock: basic.superblock, log: { ...memoryArea(claiming), size: Number.POSITIVE_INFINITY } })
    expect(() => indexLogNow(image)).toThrow(expect.objectContaining({ code: 'count', path: 'famfs_log_next_index' }))
    const slots = Math.floor((basic.log.length - 48) / 544)
    expect([...entriesNow(image)].length).toBe(slots)
    expect(verifyNow(image, () => undefined)).toBe(slots)
    expect(replayNow(image).fates.length).toBe(slots)
  })

  it.each([2n ** 32n - 1n, 2n ** 53n + 1n, 2n ** 64n - 1n])('next_index %s ends with the log', next => {
    const image = openImageNow({ superblock: basic.superblock, log: withNextIndex(whole(basic.log, 48 + 544 * 10), next) })
    expect(image.log?.used).toBe(10)
    const bad: number[] = []
    expect(verifyNow(image, slot => bad.push(slot.index))).toBe(10)
    expect(bad).toEqual([3, 4, 5, 6, 7, 8, 9])
  })
})
