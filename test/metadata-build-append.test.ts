/** Appending: a crash at every write, refusals, contents; and random requests. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ranges } from '../src/kernel/index.ts'
import {
  appendEntries,
  type BuiltImage,
  createImage,
  type Device,
  memoryDevice,
  type NewEntry,
  sealSlot,
  writeImage,
} from '../src/metadata/build/index.ts'
import {
  allocationOf,
  entryAtNow,
  lookup,
  mapOfEntry,
  type Node,
  openImageNow,
  rcOf,
  referenceVerdictsNow,
  replayNow,
  shapeOf,
  walk,
} from '../src/metadata/index.ts'

const MIB = 1 << 20
const SYSTEM = '01234567-89ab-cdef-0123-456789abcdef'
const SIZE = 64 * MIB

const latin1 = (bytes: Uint8Array) => String.fromCharCode(...bytes)

async function imageOf(options: Partial<Parameters<typeof createImage>[0]> = {}, size = SIZE): Promise<Uint8Array> {
  const bytes = new Uint8Array(size)
  await writeImage(memoryDevice(bytes), createImage({ deviceSize: size, systemUuid: SYSTEM, ...options }))
  return bytes
}

/** Everything that a replay finds, as text. */
function stateOf(bytes: Uint8Array): string {
  const image = openImageNow(bytes)
  const done = replayNow(image)
  const line = (n: Node) => `${latin1(n.path)} ${n.kind} ${n.size} ${n.mode} ${n.entry}`
  return JSON.stringify([image.log?.header.nextIndex.toString(), done.errors, [...walk(done)].map(line)])
}

/** A device whose power fails: writes since the last flush may be there, or not, in any order; those after the failure are not. */
interface Write {
  readonly offset: number
  readonly bytes: Uint8Array
}

function recorder(bytes: Uint8Array): Device & { readonly steps: (Write | 'flush')[] } {
  const steps: (Write | 'flush')[] = []
  const device = memoryDevice(bytes)
  const { zero: _zero, ...plain } = device
  return {
    ...plain,
    steps,
    write(offset, data) {
      steps.push({ offset, bytes: data.slice() })
      device.write(offset, data)
    },
    flush() {
      steps.push('flush')
    },
  }
}

/** Every state in which a crash can leave the medium: all writes before the last flush, and any part of those since, the last one torn. */
function* crashes(before: Uint8Array, steps: readonly (Write | 'flush')[]): Generator<Uint8Array> {
  for (let end = 0; end <= steps.length; end++) {
    const flushed = steps.slice(0, end).lastIndexOf('flush')
    const apply = (list: readonly (Write | 'flush')[], torn?: Write, half = 0) => {
      const bytes = before.slice()
      for (const step of list) if (step !== 'flush') bytes.set(step.bytes, step.offset)
      if (torn !== undefined) {
        const middle = torn.bytes.length / 2
        bytes.set(torn.bytes.subarray(half * middle, (half + 1) * middle), torn.offset + half * middle)
      }
      return bytes
    }
    const safe = steps.slice(0, flushed + 1)
    const pending = steps.slice(flushed + 1, end)
    yield apply([...safe, ...pending])
    for (const one of pending) yield apply([...safe, one])
    for (const one of pending) if (one !== 'flush') for (const half of [0, 1]) yield apply(safe, one, half)
  }
}

const MORE: NewEntry[] = [
  { kind: 'file', path: 'new/one', size: 5000, content: new Uint8Array(5000).fill(7), parents: true },
  { kind: 'file', path: 'new/two', size: 3 * MIB },
]

describe('appending', () => {
  it('leaves the old log or the new one, wherever it is stopped', async () => {
    const old = await imageOf({ entries: [{ kind: 'file', path: 'first', size: 1 }] })
    const bytes = old.slice()
    const device = recorder(bytes)
    expect(await appendEntries(device, MORE)).toEqual({ first: 1, count: 3 })
    const states = { old: stateOf(old), new: stateOf(bytes) }
    expect(states.old).not.toBe(states.new)
    let [kept, done] = [0, 0]
    for (const crashed of crashes(old, device.steps)) {
      const state = stateOf(crashed)
      expect([states.old, states.new]).toContain(state)
      if (state === states.old) kept++
      else {
        done++
        expect(crashed.subarray(12 * MIB, 12 * MIB + 5000).every(b => b === 7)).toBe(true)
      }
    }
    expect(kept).toBeGreaterThan(device.steps.length)
    expect(done).toBeGreaterThan(1)
  })

  it('can be done again after any crash', async () => {
    const old = await imageOf({ entries: [{ kind: 'file', path: 'first', size: 1 }] })
    const device = recorder(old.slice())
    await appendEntries(device, MORE)
    for (const crashed of crashes(old, device.steps)) {
      const again = memoryDevice(crashed)
      await appendEntries(again, [{ kind: 'mkdir', path: 'after' }])
      const done = replayNow(openImageNow(crashed))
      expect(done.errors).toBe(0)
      expect(lookup(done, 'after')?.kind).toBe('directory')
    }
  })

  it('writes a fresh image that is nothing or whole, wherever it is stopped', async () => {
    const old = await imageOf({ entries: [{ kind: 'file', path: 'old', size: 1 }] }, 16 * MIB)
    const bytes = old.slice()
    const device = recorder(bytes)
    await writeImage(device, createImage({ deviceSize: 16 * MIB, entries: [{ kind: 'file', path: 'fresh', size: 1 }] }))
    const states = [stateOf(old), stateOf(bytes)]
    const last = device.steps.length
    for (let end = 0; end <= last; end++) {
      const crashed = old.slice()
      for (const step of device.steps.slice(0, end)) if (step !== 'flush') crashed.set(step.bytes, step.offset)
      const magic = crashed.subarray(0, 8).some(b => b !== 0)
      if (magic) expect(states).toContain(stateOf(crashed))
      else
        expect(
          rcOf(
            referenceVerdictsNow({
              superblock: memoryDevice(crashed.slice(0, 2 * MIB)),
              log: memoryDevice(crashed.slice(2 * MIB, 10 * MIB)),
            }).famfs_check_super,
          ),
        ).toBe(-1)
    }
  })

  it('stops when somebody else moved the counters meanwhile', async () => {
    const bytes = await imageOf()
    const device = memoryDevice(bytes)
    const rival: Device = {
      ...device,
      flush() {
        bytes[2 * MIB + 40] = 1
      },
    }
    await expect(appendEntries(rival, [{ kind: 'mkdir', path: 'a' }])).rejects.toThrow(/meanwhile/)
  })

  it('is for the owner only, when it is said who asks', async () => {
    const device = memoryDevice(await imageOf())
    const other = 'ffffffff-89ab-cdef-0123-456789abcdef'
    await expect(appendEntries(device, [{ kind: 'mkdir', path: 'a' }], { hostUuid: other })).rejects.toThrow(/only host/)
    expect(await appendEntries(device, [{ kind: 'mkdir', path: 'a' }], { hostUuid: SYSTEM.toUpperCase() })).toEqual({ first: 0, count: 1 })
  })

  it.each([
    ['a bad superblock', 100, /layout|crc/],
    ['a bad log header', 2 * MIB + 24, /layout|famfs_log_crc/],
    ['a bad entry', 2 * MIB + 60, /damaged/],
    ['more entries than slots', 2 * MIB + 46, /slots are in use/],
  ])('refuses %s', async (_, at, why) => {
    const bytes = await imageOf({ entries: [{ kind: 'file', path: 'first', size: 1 }] })
    bytes[at] = (bytes[at] ?? 0) ^ 2
    const before = bytes.slice()
    await expect(appendEntries(memoryDevice(bytes), [{ kind: 'mkdir', path: 'a' }])).rejects.toThrow(why)
    expect(Buffer.compare(bytes, before)).toBe(0)
  })

  it('refuses what does not fit, and writes nothing then', async () => {
    const bytes = await imageOf()
    const before = bytes.slice()
    const entries: NewEntry[] = [
      { kind: 'mkdir', path: 'a' },
      { kind: 'file', path: 'a/large', size: SIZE },
    ]
    await expect(appendEntries(memoryDevice(bytes), entries)).rejects.toThrow(/free/)
    expect(Buffer.compare(bytes, before)).toBe(0)
  })

  it('fills a log to its last slot and not beyond', async () => {
    const bytes = await imageOf({ logLength: 592 + 544, unchecked: true })
    const device = memoryDevice(bytes)
    const mkdir = (path: string): NewEntry => ({ kind: 'mkdir', path })
    expect(await appendEntries(device, [mkdir('a')])).toEqual({ first: 0, count: 1 })
    await expect(appendEntries(device, [mkdir('b'), mkdir('c')])).rejects.toThrow(/full/)
    expect(await appendEntries(device, [mkdir('b')])).toEqual({ first: 1, count: 1 })
    await expect(appendEntries(device, [mkdir('c')])).rejects.toThrow(/full/)
  })

  it.each(['L10', 'L12', 'L13', 'L17', 'L18', 'L20', 'L22', 'L24', 'L24-i386'])('works on images of layout %s', async layout => {
    const bytes = await imageOf({ layout, entries: [{ kind: 'file', path: 'a/b', size: 10, parents: true }] })
    expect(await appendEntries(memoryDevice(bytes), [{ kind: 'file', path: 'a/c', size: 10 }], { layout })).toEqual({ first: 2, count: 1 })
    const done = replayNow(openImageNow(bytes, { layout }))
    expect([...walk(done)].map(n => latin1(n.path))).toEqual(['a', 'a/b', 'a/c'])
    expect([...allocationOf(done).used]).toEqual([[0, 7]])
  })
})

const OPTIONS = { deviceSize: SIZE, systemUuid: SYSTEM }

describe('refusals', () => {
  const file = (more: object): NewEntry => ({ kind: 'file', path: 'f', size: 1, ...more }) as NewEntry
  const extent = (offset: number, len: number, dev_index = 0) => ({ dev_index, offset: BigInt(offset), len: BigInt(len) })
  const simple = (...extents: ReturnType<typeof extent>[]) => ({ map: { ext_type: 'simple', extents } })

  it.each([
    ['an empty path', [file({ path: '' })], /relative/],
    ['an absolute path', [file({ path: '/f' })], /relative/],
    ['dot-dot', [file({ path: '../f' })], /\.\./],
    ['a double slash', [file({ path: 'a//f', parents: true })], /empty name/],
    ['80 bytes', [file({ path: 'x'.repeat(80) })], /79/],
    ['bytes that are not UTF-8', [file({ path: Uint8Array.of(0xff) })], /UTF-8/],
    ['a NUL', [file({ path: 'a\0b' })], /NUL/],
    ['.meta', [file({ path: '.meta/.log', parents: true })], /meta/],
    ['a missing parent', [file({ path: 'no/f' })], /missing/],
    ['a file as directory', [file({}), file({ path: 'f/g' })], /should be/],
    ['a duplicate', [file({}), file({})], /already/],
    ['a size of 0', [file({ size: 0 })], /2\^63/],
    ['no size', [{ kind: 'file', path: 'f' }], /size/],
    ['a fraction', [file({ size: 1.5 })], /whole/],
    ['no extent', [file(simple())], /at least one/],
    ['an offset between units', [file(simple(extent(12 * MIB + 4096, 2 * MIB)))], /multiple/],
    ['a length between units', [file(simple(extent(12 * MIB, 4096)))], /multiple/],
    ['an extent in the log', [file(simple(extent(8 * MIB, 2 * MIB)))], /in use/],
    ['an extent behind the device', [file(simple(extent(SIZE, 2 * MIB)))], /not all/],
    ['an extent twice', [file(simple(extent(12 * MIB, 2 * MIB), extent(12 * MIB, 2 * MIB)))], /in use/],
    ['extents shorter than the file', [file({ size: 3 * MIB, ...simple(extent(12 * MIB, 2 * MIB)) })], /hold/],
    ['an unknown device', [file(simple(extent(12 * MIB, 2 * MIB, 1)))], /no device 1/],
    ['17 extents', [file(simple(...Array.from({ length: 17 }, (_, i) => extent((10 + 2 * i) * MIB, 2 * MIB))))], /16/],
    ['a device out of turn', [{ kind: 'add_daxdev', size: 1, uuid: SYSTEM, index: 2 }], /next slot/],
    ['a device twice', [1, 2].map(() => ({ kind: 'add_daxdev', size: 1, uuid: SYSTEM })), /already/],
    ['buckets of less than 1 GiB', [file({ interleave: { buckets: 2, strips: 1, chunk: 2 * MIB } })], /1 GiB/],
  ] as [string, NewEntry[], RegExp][])('%s', (_, entries, why) => {
    expect(() => createImage({ ...OPTIONS, entries })).toThrow(why)
    expect(() => createImage({ ...OPTIONS, entries })).toThrow(expect.objectContaining({ name: 'WireError' }))
  })

  it.each([
    ['a log of 12 MiB', { logLength: 12 * MIB }],
    ['a log that leaves no device', { logLength: 64 * MIB }],
    ['another unit', { allocUnit: 8192 }],
    ['no uuid', { uuid: 'abc' }],
    ['a layout that is not built', { layout: 'L09' }],
    ['a layout that is none', { layout: 'L99' }],
    ['a device name of 64 bytes', { deviceName: 'd'.repeat(64) }],
  ])('%s', (_, options) => {
    expect(() => createImage({ ...OPTIONS, ...options })).toThrow(expect.objectContaining({ name: 'WireError' }))
  })
})

describe('contents', () => {
  it('lie where the map says, strip by strip', async () => {
    const content = Uint8Array.from({ length: 5 * MIB + 17 }, (_, i) => (i * 7 + (i >> 12)) & 255)
    const strips = [12, 20, 30].map(at => ({ dev_index: 0, offset: BigInt(at * MIB), len: BigInt(2 * MIB) }))
    const map = { ext_type: 'interleaved', extents: [{ nstrips: 3, chunk_size: 65536, nbytes: BigInt(6 * MIB), strips }] } as const
    const seen: bigint[] = []
    const bytes = new Uint8Array(SIZE)
    const built: BuiltImage = createImage({ ...OPTIONS, entries: [{ kind: 'file', path: 'striped', content, map }] })
    await writeImage(memoryDevice(bytes), built, { sparse: true, progress: ({ done }) => seen.push(done) })
    expect(seen.at(-1)).toBe(BigInt(content.length))
    const image = openImageNow(bytes)
    const parts = [...ranges(mapOfEntry(entryAtNow(image, 0)))].map(r => bytes.subarray(Number(r.addr), Number(r.addr + r.length)))
    expect(Buffer.compare(Buffer.concat(parts), content)).toBe(0)
  })

  it('leave pages of zeros out where the medium is zero', async () => {
    const content = new Uint8Array(3 * MIB)
    content[2 * MIB] = 1
    const device = recorder(new Uint8Array(SIZE))
    await writeImage(device, createImage({ ...OPTIONS, entries: [{ kind: 'file', path: 'f', content }] }), { sparse: true })
    const written = device.steps.filter(s => s !== 'flush' && s.offset >= 10 * MIB) as Write[]
    expect(written.map(w => [w.offset, w.bytes.length])).toEqual([[12 * MIB, 4096]])
  })
})

describe('any requests', () => {
  const name = fc.constantFrom('a', 'b', 'ü', 'with space', '-', 'null', 'x'.repeat(30))
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map(names => names.join('/'))
  const request: fc.Arbitrary<NewEntry> = fc.oneof(
    fc.record({ kind: fc.constant('mkdir' as const), path, parents: fc.boolean(), mode: fc.nat(0o777) }),
    fc.record({
      kind: fc.constant('file' as const),
      path,
      parents: fc.boolean(),
      size: fc.integer({ min: 0, max: 20 * MIB }),
      uid: fc.nat(9),
      gid: fc.nat(9),
    }),
    fc.record({
      kind: fc.constant('file' as const),
      path,
      size: fc.integer({ min: 1, max: 20 * MIB }),
      interleave: fc.record({
        buckets: fc.constantFrom(1, 2, 4),
        strips: fc.integer({ min: 1, max: 4 }),
        chunk: fc.constantFrom(2 * MIB, 4 * MIB),
      }),
    }),
  )

  it('that are not refused make an image that the reference accepts, whether built or appended', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(request, { maxLength: 12 }), fc.constantFrom(4096, 2 * MIB), async (requests, allocUnit) => {
        const log = new Uint8Array(18 * MIB)
        const options = { deviceSize: 4 * 1024 * MIB, systemUuid: SYSTEM, allocUnit }
        const device = memoryDevice(log)
        await writeImage(device, createImage(options))
        const taken: NewEntry[] = []
        for (const one of requests) {
          try {
            createImage({ ...options, entries: [...taken, one] })
            taken.push(one)
          } catch (error) {
            expect(error).toMatchObject({ name: 'WireError' })
          }
        }
        for (const one of taken) await appendEntries(device, [one])
        const built = createImage({ ...options, entries: taken })
        const inMemory = log.slice()
        await writeImage(memoryDevice(inMemory), built)
        for (const bytes of [log, inMemory]) {
          const verdicts = referenceVerdictsNow(
            { superblock: memoryDevice(bytes.slice(0, 2 * MIB)), log: memoryDevice(bytes.slice(2 * MIB, 10 * MIB)) },
            SYSTEM,
          )
          expect(
            [verdicts.famfs_fsck_scan, verdicts.famfs_fsck_mmap, verdicts.logplay_shadow, verdicts.famfs_check_super].map(rcOf),
          ).toEqual([0, 0, 0, 0])
          expect([...verdicts.files()].every(f => f.lookup === 0)).toBe(true)
          expect(replayNow(openImageNow(bytes)).errors).toBe(0)
        }
        expect(stateOf(log)).toBe(stateOf(inMemory))
      }),
      { numRuns: 40 },
    )
  })

  it('keep their seal: a slot made by hand is as good as one of the builder', () => {
    const shape = shapeOf(openImageNow(createImageBytes()).layout)
    const entry = entryAtNow(openImageNow(createImageBytes()), 0)
    const slot = entry.bytes.slice()
    slot[200] = 1
    expect(Buffer.compare(sealSlot(shape, entry.bytes.slice(), 0), entry.bytes)).toBe(0)
    expect(Buffer.compare(sealSlot(shape, slot, 0), entry.bytes)).not.toBe(0)
  })

  function createImageBytes(): Uint8Array {
    const { superblock, log } = createImage({ ...OPTIONS, uuid: SYSTEM, devUuid: SYSTEM, entries: [{ kind: 'mkdir', path: 'a' }] })
    const bytes = new Uint8Array(10 * MIB)
    bytes.set(superblock)
    bytes.set(log, 2 * MIB)
    return bytes
  }
})
