/** What can be done with a log of 100,000 entries, against one crc32 call for every entry. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  allocationOf,
  type BadSlot,
  deviceIndex,
  type Image,
  indexLogNow,
  openImageNow,
  replayNow,
  verifyNow,
} from '../src/metadata/index.ts'
import { fileArea } from '../src/metadata/node.ts'
import { byZlib, ENTRIES, sampleImage, sliced, sumsBy } from './log.ts'
import type { Race } from './race.ts'

const { superblock, log } = sampleImage()

/** The log in a file of its own, whose bytes the system has in memory. */
function openFile(): Image {
  const folder = mkdtempSync(join(tmpdir(), 'famfs-wire-bench-'))
  process.once('exit', () => rmSync(folder, { recursive: true }))
  const path = join(folder, 'log')
  writeFileSync(path, log)
  return openImageNow({ superblock, log: fileArea(path) })
}

const inMemory = openImageNow({ superblock, log })
const inFile = openFile()

const ignore = (): void => undefined

function overlapsOf(image: Image): number {
  let pairs = 0
  for (const _ of deviceIndex(replayNow(image)).overlaps()) pairs++
  return pairs
}

const zlib = byZlib(log)
const inJavaScript = sliced(log)

const runs = {
  'one crc32 per entry, zlib': () => sumsBy(zlib),
  'one crc32 per entry, JavaScript': () => sumsBy(inJavaScript),
  'validate in memory': () => verifyNow(inMemory, ignore),
  'validate from a file': () => verifyNow(inFile, ignore),
  'index without crc': () => indexLogNow(inMemory, { check: false }),
  'index, validated': () => indexLogNow(inMemory),
  'replay to a tree': () => replayNow(inMemory),
  'replay, and the allocation map': () => allocationOf(replayNow(inMemory)),
  'replay, and who overlaps whom': () => overlapsOf(inMemory),
} satisfies Race['runs']

const BASE = ['one crc32 per entry, zlib', 'one crc32 per entry, JavaScript'] as const

const unexpected = ({ index }: BadSlot): never => {
  throw new Error(`slot ${index} is not valid`)
}

function check(): void {
  const index = runs['index without crc']()
  const tree = runs['replay to a tree']()
  const sums = BASE.map(name => runs[name]())
  const facts: Readonly<Record<string, boolean>> = {
    'both sums agree': sums[0] === sums[1],
    'all entries are valid': [inMemory, inFile].every(image => verifyNow(image, unexpected) === ENTRIES),
    'the index has all entries': index.count === ENTRIES && Number(index.seqnum[ENTRIES - 1]) === ENTRIES - 1,
    'the tree has all entries': tree.tree.count === ENTRIES + 1 && tree.errors === 0,
    'nothing overlaps': overlapsOf(inMemory) === 0 && allocationOf(tree).collisions === 0n,
  }
  for (const [fact, holds] of Object.entries(facts)) if (!holds) throw new Error(`it is not so that ${fact}`)
}

export const races: readonly Race[] = [
  {
    name: `a log of ${ENTRIES} entries`,
    runs,
    ours: 'validate in memory',
    ratios: Object.fromEntries(Object.keys(runs).map(name => [name, [name, BASE] as const])),
    rows: 'one crc32 per entry',
    rounds: 41,
    check,
  },
]
