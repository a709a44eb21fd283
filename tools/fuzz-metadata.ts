/**
 * Very many hostile superblocks, log headers and entries through detection, findings and verdicts, in one process:
 * `npm run fuzz:metadata -- [--count N] [--seed S]`. Ends with exit code 1 at the first thing thrown that is not a WireError or when
 * memory grows without end, and prints the bytes that did it.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { hex } from '../src/codec/errors.ts'
import { seeded } from '../src/corpus/index.ts'
import { mutated, type Parts, survive } from '../test/metadata-hostile.ts'

const { values } = parseArgs({ options: { count: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } } })
const total = Number(values.count)

const root = new URL('../fixtures/metadata/v48/', import.meta.url)
const bytesOf = (path: string): Uint8Array => Uint8Array.from(readFileSync(new URL(path, root)))
const bases: readonly Parts[] = ['good-basic', 'il-good', 'good-multi-extent', 'good-add-daxdev'].map(name => ({
  superblock: bytesOf(`${name}/superblock.bin`),
  log: bytesOf(`${name}/log.bin`),
}))

/** Far above what one image needs, far below what a leak of some bytes for each would reach. */
const MOST_MEMORY = 512 * 2 ** 20
const EVERY = 10_000

const random = seeded(values.seed)
let largest = 0
for (let done = 0; done < total; done++) {
  const parts = mutated(random, bases[done % bases.length] as Parts)
  try {
    survive(parts, random, done % 50 === 0)
    if (done % EVERY === 0) largest = Math.max(largest, process.memoryUsage().rss)
    if (largest > MOST_MEMORY) throw new Error(`${largest} bytes of memory`)
  } catch (error) {
    console.error(`case ${done} of seed ${values.seed}`, error)
    console.error(`superblock ${hex(parts.superblock.subarray(0, 256))}\nlog ${hex(parts.log)}`)
    process.exit(1)
  }
}
console.log(`${total} images, seed ${values.seed}: nothing but WireError, at most ${Math.round(largest / 2 ** 20)} MiB`)
