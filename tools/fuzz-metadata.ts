/**
 * Very many hostile images through all that reads them, in one process: `npm run fuzz:metadata -- [--count N] [--seed S] [--entries N]`. First
 * mutants (`--count`), then images that are cut at every eighth byte or have 2^32-1 everywhere, then logs of a million entries (`--entries`)
 * that are hard on readers; `--only mutants`, `cuts` or `logs` does one of these. Ends with exit code 1 at the first thing thrown that is not a
 * WireError, when memory grows without end, or when time grows faster than the log; prints what did it.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { hex } from '../src/codec/input.ts'
import { seeded } from '../src/corpus/index.ts'
import {
  allocationOf,
  deviceIndex,
  type Image,
  imageFindingsNow,
  indexLogNow,
  openImageNow,
  referenceVerdictsNow,
  replayNow,
  verifyNow,
} from '../src/metadata/index.ts'
import type { MemoryArea } from '../src/metadata/source.ts'
import { cut, cuts, largeCounts, mutated, type Parts, survive } from '../test/metadata-hostile.ts'
import { hardLogs, madeUp } from '../test/metadata-large.ts'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    entries: { type: 'string', default: '1000000' },
    only: { type: 'string' },
  },
})

const root = new URL('../fixtures/metadata/v48/', import.meta.url)
const bytesOf = (path: string): Uint8Array => Uint8Array.from(readFileSync(new URL(path, root)))
const bases: readonly Parts[] = ['good-basic', 'il-good', 'good-multi-extent', 'good-add-daxdev'].map(name => ({
  superblock: bytesOf(`${name}/superblock.bin`),
  log: bytesOf(`${name}/log.bin`),
}))

function fail(what: string, error: unknown, parts?: Parts): never {
  console.error(what, error)
  if (parts !== undefined) console.error(`superblock ${hex(parts.superblock.subarray(0, 256))}\nlog ${hex(parts.log)}`)
  process.exit(1)
}

/** Runs it; whatever it throws ends the program. */
function tried(what: string, run: () => void, parts?: Parts): void {
  try {
    run()
  } catch (error) {
    fail(what, error, parts)
  }
}

function cutsAndCounts(): void {
  const random = seeded('counts')
  let images = 0
  for (const base of bases) {
    for (const [superblock, log] of cuts(base)) {
      tried(`cut at ${superblock} and ${log}`, () => cut(base, superblock, log), base)
      images++
    }
    for (const parts of largeCounts(base)) {
      tried('a large count', () => survive(parts, random, images % 8 === 0), parts)
      images++
    }
  }
  console.log(`${images} images cut at every eighth byte or with 2^32-1 or 2^64-1 at every fourth: nothing but WireError`)
}

const readers: Readonly<Record<string, (image: Image) => void>> = {
  verify: image => verifyNow(image, () => undefined),
  index: image => indexLogNow(image),
  findings: image => imageFindingsNow(image),
  verdicts: ({ superblock, log }) => referenceVerdictsNow({ superblock: superblock as MemoryArea, log: log?.area as MemoryArea }),
  replay: image => allocationOf(replayNow(image)),
  'replay as the reference': image => replayNow(image, { policy: 'reference' }),
  overlaps: image => {
    for (const _ of deviceIndex(replayNow(image)).overlaps());
  },
}

/** Seconds of processor time. */
function secondsOf(run: () => void): number {
  const before = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

/** Ten times the entries may take this many times the time. */
const LINEAR = 25

function largeLogs(entries: number): void {
  for (const [name, change] of Object.entries(hardLogs)) {
    const told: string[] = []
    for (const [job, read] of Object.entries(readers)) {
      const run = (count: number): number => secondsOf(() => tried(`${job}, ${name}`, () => read(openImageNow(madeUp(count, change)))))
      const [some, all] = [run(entries / 10), run(entries)]
      if (all > LINEAR * Math.max(some, 0.05)) fail(`${job}, ${name}: ${some} s for a tenth of the entries, ${all} s for all`, undefined)
      told.push(`${job} ${all.toFixed(1)} s`)
    }
    console.log(`${entries} entries, ${name}: ${told.join(', ')}`)
  }
}

/** Far above what one image needs, far below what a leak of some bytes for each would reach. */
const MOST_GROWTH = 400 * 2 ** 20
const EVERY = 10_000

function mutants(total: number, seed: string): void {
  const random = seeded(seed)
  const before = process.memoryUsage().rss
  let growth = 0
  for (let done = 0; done < total; done++) {
    const parts = mutated(random, bases[done % bases.length] as Parts)
    tried(`mutant ${done} of seed ${seed}`, () => survive(parts, random, done % 50 === 0), parts)
    if (done % EVERY === 0) growth = Math.max(growth, process.memoryUsage().rss - before)
    if (growth > MOST_GROWTH) fail(`memory grew by ${growth} bytes`, undefined)
  }
  console.log(`${total} mutants, seed ${seed}: nothing but WireError, memory grew by at most ${Math.round(growth / 2 ** 20)} MiB`)
}

const parts: Readonly<Record<string, () => void>> = {
  mutants: () => mutants(Number(values.count), values.seed),
  cuts: cutsAndCounts,
  logs: () => largeLogs(Number(values.entries)),
}
const { only } = values
if (only !== undefined && parts[only] === undefined) throw new Error(`--only: there are ${Object.keys(parts).join(', ')}`)
for (const [name, run] of Object.entries(parts)) if (only === undefined || only === name) run()
