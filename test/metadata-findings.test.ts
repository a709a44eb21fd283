/** The rules about images one by one, what moves while it is read, and logs of a million entries. */
import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addExtent, type Extents, extents, overlaps } from '../src/metadata/findings/extents.ts'
import { type ImageFinding, imageFindings, imageFindingsNow } from '../src/metadata/findings/index.ts'
import { add, follow, parentOf, tree, walk } from '../src/metadata/findings/tree.ts'
import { openImage, openImageNow } from '../src/metadata/image.ts'
import { imageRule, imageRules } from '../src/metadata/rules/index.ts'
import { type Area, filled } from '../src/metadata/source.ts'
import { type Case, goldenCases } from './metadata-golden.ts'
import { entryAt, logOf, type Made, sealEntry, sealHeader } from './metadata-made.ts'
import { bytesOf } from './verdict-golden.ts'

interface Vector {
  readonly rule: string
  readonly base: string
  readonly superblock_bytes?: number
  readonly log_bytes?: number
  readonly superblock: readonly (readonly [number, string])[]
  readonly log: readonly (readonly [number, string])[]
  readonly expect: readonly object[]
}

const cases = new Map(goldenCases('v48').map(c => [c.name, c]))
const caseNamed = (name: string): Case => cases.get(name) as Case

const folder = new URL('../fixtures/rules/', import.meta.url)
const ofImages = readdirSync(folder).filter(name => /^(superblock|log)-/.test(name))
const vectors = ofImages.map(name => [name, JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Vector] as const)

/** The bytes with changes made; at least as long as these reach. */
function changed(bytes: Uint8Array, changes: Vector['log']): Uint8Array {
  const edits = changes.map(([offset, hex]) => [offset, bytesOf(hex)] as const)
  const result = new Uint8Array(Math.max(bytes.length, ...edits.map(([offset, edit]) => offset + edit.length)))
  result.set(bytes)
  for (const [offset, edit] of edits) result.set(edit, offset)
  return result
}

const cutTo = (bytes: Uint8Array, size: number): Area & { read(offset: number, length: number): Uint8Array } =>
  filled(bytes.subarray(0, size), size)

function foundIn({ base, superblock, log, superblock_bytes, log_bytes }: Omit<Vector, 'rule' | 'expect'>): ImageFinding[] {
  const { manifest, ...bytes } = caseNamed(base)
  const image = openImageNow({
    superblock: cutTo(changed(bytes.superblock, superblock), superblock_bytes ?? manifest.superblock_file.original_bytes),
    log: cutTo(changed(bytes.log, log), log_bytes ?? manifest.log_file.original_bytes),
  })
  return imageFindingsNow(image)
}

/** Only a source that moves breaks it. */
const MOVING = 'log/changing'

describe('the smallest change that breaks a rule', () => {
  it('exists for every rule, in a file of its name', () => {
    const names = imageRules.filter(rule => rule.id !== MOVING).map(rule => `${rule.id.replace('/', '-')}.json`)
    expect(ofImages).toEqual(names.sort())
    expect(vectors.filter(([name, v]) => name !== `${v.rule.replace('/', '-')}.json`)).toEqual([])
  })

  it.each(vectors)('%s breaks it', (_, vector) => {
    const found = foundIn(vector)
    expect(found).toEqual(vector.expect.map(e => ({ ...e, message: expect.any(String) })))
    expect(found.map(f => f.rule)).toContain(vector.rule)
  })

  it.each([...new Set(vectors.map(([, v]) => v.base))])('%s breaks no rule that its changes break', base => {
    const before = foundIn({ base, superblock: [], log: [] }).map(f => f.rule)
    expect(before.filter(rule => vectors.some(([, v]) => v.base === base && v.rule === rule))).toEqual([])
  })
})

describe('the catalogue', () => {
  it('has ids that are unique and read alike', () => {
    const ids = imageRules.map(rule => rule.id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.filter(id => !/^(superblock|log)\/[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([])
  })

  it('says in every entry what it is, why, and where it was read', () => {
    for (const { title, why, otherwise, facts } of imageRules) {
      expect(title).toMatch(/^[A-Za-z]\S* .*[^.]$/)
      for (const text of [why, otherwise]) expect(text).toMatch(/^(?:[A-Z0-9]|fsck |mkfs ).*\.$/)
      expect(facts).toMatch(/^metadata \d/)
    }
  })

  it('knows its rules by id and no others', () => {
    expect(imageRule('log/stale').title).toMatch(/zero/)
    expect(() => imageRule('log/none')).toThrow('there is no rule log/none')
  })
})

describe('further devices', () => {
  /** d/two-devs has its second extent on device 1, which entry 1 adds; entry 5 is refused for its uuid, entry 6 for its index. */
  const SECOND = entryAt(3) + 160
  const { manifest, superblock, log } = caseNamed('v48/good-add-daxdev')
  const unknown = (change: (made: Made) => void): (readonly [string, number | undefined])[] => {
    const bytes = log.slice()
    change({ bytes, view: new DataView(bytes.buffer) })
    const image = openImageNow({ superblock, log: filled(bytes, manifest.log_file.original_bytes) })
    return imageFindingsNow(image)
      .filter(f => f.severity === 'error')
      .map(f => [f.rule, f.entry] as const)
  }
  const onDevice = (index: number) => (made: Made) => {
    made.bytes[SECOND] = index
    sealEntry(made, 3)
  }

  it.each([1, 2])('%i is in the table', index => expect(unknown(onDevice(index))).toEqual([]))

  it.each([3, 5])('%i is not: the table refuses its entry', index => expect(unknown(onDevice(index))).toEqual([['log/device-unknown', 3]]))

  it('takes no uuid of the primary device', () => {
    const primary = superblock.subarray(64, 80)
    const found = unknown(made => {
      made.bytes.set(primary, entryAt(1) + 24)
      sealEntry(made, 1)
    })
    expect(found).toEqual([
      ['log/device-unknown', 3],
      ['log/device-unknown', 4],
    ])
  })

  it('takes an entry with a wrong crc for what it says', () => {
    const found = unknown(({ bytes }) => bytes.set([1], entryAt(1) + 500))
    expect(found).toEqual([['log/entry-crc', 1]])
  })
})

it.each([
  ['.', 0, ['log/path-root']],
  ['./', 1, ['log/directory-again']],
  ['/', 0, ['log/path-absolute']],
  ['/', 1, ['log/path-absolute']],
])('the root as %s in an entry of type %i', (path, type, rules) => {
  const made = logOf(1, 8 << 20, { path: () => (type === 0 ? path : '') })
  const at = entryAt(0)
  if (type === 1) made.bytes.fill(0, at + 16, at + 536).set(new TextEncoder().encode(path), at + 28)
  made.bytes[at + 8] = type
  sealEntry(made, 0)
  const { superblock } = caseNamed('v48/good-basic')
  const image = openImageNow({ superblock: filled(superblock, 0x200000), log: made.bytes })
  expect(imageFindingsNow(image).map(f => f.rule)).toEqual(rules)
})

describe('the size of a file', () => {
  const LAST = 2n ** 63n - 1n
  const ruleFor = (size: bigint): string[] => {
    const made = logOf(1, 8 << 20)
    made.view.setBigUint64(entryAt(0) + 16, size, true)
    sealEntry(made, 0)
    const { superblock } = caseNamed('v48/good-basic')
    return imageFindingsNow(openImageNow({ superblock: filled(superblock, 0x200000), log: made.bytes })).map(f => f.rule)
  }

  it.each([
    [0x200000n, []],
    [0x200001n, ['log/size-beyond-map']],
    [LAST - 511n, ['log/size-beyond-map']],
    [LAST, ['log/size-beyond-map']],
    [LAST + 1n, ['log/size-signed']],
    [2n ** 64n - 1n, ['log/size-signed']],
  ])('%i', (size, rules) => expect(ruleFor(size)).toEqual(rules))
})

/** Extents by device, start and length. */
type Triple = readonly [device: number, start: number, length: number]

function tableOf(list: readonly Triple[]): Extents {
  const all = extents()
  for (const [i, [device, start, length]] of list.entries())
    addExtent(all, { entry: i, at: 0, element: 0, extType: 0 }, device, start, start + length)
  return all
}

describe('overlaps', () => {
  const triple = fc.tuple(
    fc.constantFrom(0, 1, 70_000),
    fc.oneof(fc.integer({ min: 0, max: 30 }), fc.constantFrom(2 ** 16, 2 ** 32, 2 ** 48, 2 ** 52)),
    fc.integer({ min: 1, max: 8 }),
  )

  it('are found for the very extents that overlap one that starts no later', () => {
    fc.assert(
      fc.property(fc.array(triple, { maxLength: 40 }), list => {
        const pairs: (readonly [number, number])[] = []
        overlaps(tableOf(list), (later, earlier) => pairs.push([later, earlier]))
        const share = (a: Triple, b: Triple) => a[0] === b[0] && a[1] < b[1] + b[2] && b[1] < a[1] + a[2]
        for (const [later, earlier] of pairs) {
          expect(later).toBeGreaterThan(earlier)
          expect(share(list[later] as Triple, list[earlier] as Triple)).toBe(true)
        }
        const before = (j: number, i: number) => ((list[j] as Triple)[1] - (list[i] as Triple)[1] || j - i) < 0
        const inside = list.filter((t, i) => list.some((o, j) => share(t, o) && before(j, i)))
        expect(pairs.length).toBe(inside.length)
      }),
    )
  })
})

describe('the tree of paths', () => {
  const name = fc.constantFrom('a', 'b', 'c', '.', '')
  const path = fc.array(name, { minLength: 1, maxLength: 4 }).map(parts => parts.join('/'))

  it('knows the same paths and parents as a map of strings', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(path, fc.boolean()), { maxLength: 60 }), list => {
        const [t, w, model] = [tree(), walk(), new Map<string, { entry: number; directory: boolean }>()]
        for (const [entry, [text, directory]] of list.entries()) {
          const bytes = new TextEncoder().encode(text)
          follow(t, w, bytes, 0, bytes.length)
          const parts = text.split('/').filter(part => part !== '' && part !== '.')
          expect(w.depth).toBe(parts.length)
          expect(w.spelled).toBe(text.split('/').some(part => part === '' || part === '.'))
          if (parts.length === 0) continue
          expect(parentOf(t, w)).toEqual(parts.length < 2 ? 'root' : model.get(parts.slice(0, -1).join('/')))
          const full = parts.join('/')
          expect(add(t, w, entry, directory)).toEqual(model.get(full))
          if (!model.has(full)) model.set(full, { entry, directory })
        }
      }),
    )
  })
})

describe('what moves while it is read', () => {
  /** A log that is given by `bytes`, and that others may write. */
  const moving = (bytes: () => Uint8Array): Area => ({
    size: bytes().length,
    read: (offset, length) => bytes().slice(offset, offset + length),
  })

  const { superblock } = caseNamed('v48/good-basic')
  const open = (log: Area) => openImage({ superblock: filled(superblock, 0x200000), log })

  function damaged({ bytes }: Made, value: number): Uint8Array {
    const other = bytes.slice()
    other[48 + 544 + 500] = value
    return other
  }

  it('a slot that is good when it is read again is good', async () => {
    const made = logOf(4, 8 << 20)
    let badReads = 100
    const image = await open(moving(() => (badReads-- > 0 ? damaged(made, 7) : made.bytes)))
    badReads = 1
    expect(await imageFindings(image)).toEqual([])
    expect(badReads).toBeLessThan(0)
  })

  it('a slot that is bad in another way is still changing', async () => {
    const made = logOf(4, 8 << 20)
    let reads = 0
    const found = await imageFindings(await open(moving(() => damaged(made, 1 + (reads++ & 127)))))
    expect(found.map(f => [f.rule, f.entry])).toContainEqual([MOVING, 1])
  })

  it('a header that moves on is told', async () => {
    const made = logOf(4, 8 << 20)
    const image = await open(moving(() => made.bytes))
    made.view.setBigUint64(32, 9n, true)
    const [first] = await imageFindings(image)
    expect(first).toMatchObject({ rule: MOVING, offset: 0, length: 48 })
  })

  it('a log that is gone is told, too', async () => {
    const made = logOf(4, 8 << 20)
    let bytes = made.bytes
    const area: Area = { size: bytes.length, read: (offset, length) => bytes.slice(offset, offset + length) }
    const image = await open(area)
    bytes = new Uint8Array(0)
    expect((await imageFindings(image)).map(f => f.rule)).toEqual([MOVING])
  })
})

describe('options', () => {
  it('keeps as many of a rule as asked, and counts the rest', () => {
    const { bytes } = logOf(100, 1 << 20, { path: () => 'same' })
    const image = openImageNow({ superblock: filled(caseNamed('v48/good-basic').superblock, 0x200000), log: bytes })
    const found = imageFindingsNow(image, { limit: 3 }).filter(f => f.rule === 'log/path-duplicate')
    expect(found.map(f => [f.entry, f.more])).toEqual([
      [1, undefined],
      [2, undefined],
      [3, 96],
    ])
    expect(found[0]?.message).toBe('entry 0 made a file of the same path ("same")')
  })

  it('takes the size of the device that is really there', () => {
    const { superblock, log } = caseNamed('v48/good-basic')
    const image = openImageNow({ superblock: filled(superblock, 0x200000), log: filled(log, 8 << 20) })
    expect(imageFindingsNow(image, { deviceSize: 0xe00000n }).map(f => [f.rule, f.entry])).toEqual([['log/extent-beyond', 2]])
  })
})

describe('a million entries', () => {
  const COUNT = 1_000_000
  const superblock = filled(caseNamed('v48/good-basic').superblock, 0x200000)

  it('of one path and with one extent for all', { timeout: 300_000 }, () => {
    const { bytes } = logOf(COUNT, 48 + 544 * COUNT, { path: () => 'same', unit: () => 1000 })
    const found = imageFindingsNow(openImageNow({ superblock, log: bytes }))
    const more = Object.fromEntries(found.filter(f => f.more !== undefined).map(f => [f.rule, f.more]))
    expect(more).toEqual({ 'log/path-duplicate': COUNT - 21, 'log/extent-overlap': COUNT - 21 })
  })
})

it('whatever is sealed anew is as good as before', () => {
  const made = logOf(3, 1 << 20)
  const before = made.bytes.slice()
  sealHeader(made)
  for (let i = 0; i < 3; i++) sealEntry(made, i)
  expect(made.bytes).toEqual(before)
})
