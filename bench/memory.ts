/**
 * `npm run bench -- --memory`: the most memory that jobs over a large log take. Each runs in a Node of its own, out of one bundled file, over
 * an image in a file that the library has made before; what a Node that does nothing has is taken away from its peak.
 */
import { execFileSync } from 'node:child_process'
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { headerBytes, lastIndexOf } from '../src/metadata/build/slots.ts'
import { openImageNow, shapeOf } from '../src/metadata/index.ts'
import { HEADER_BYTES, SLOT_BYTES, sampleImage } from './log.ts'
import { figure, table } from './report.ts'

const MIB = 2 ** 20
const LOG = 2 ** 30
const SLOTS = Math.floor((LOG - HEADER_BYTES) / SLOT_BYTES)
const MILLION = 1_000_000

/** A job of memory-job.ts, over how many entries, and what it must come to. */
interface Row {
  readonly what: string
  readonly job: string
  readonly entries: number
  readonly result: number
}

const rows: readonly Row[] = [
  { what: 'the library loaded', job: 'nothing', entries: 0, result: 0 },
  { what: 'opened', job: 'open', entries: SLOTS, result: SLOTS },
  { what: 'validated', job: 'verify', entries: SLOTS, result: SLOTS },
  { what: 'every entry as an object, one by one', job: 'entries', entries: SLOTS, result: SLOTS },
  { what: 'indexed, validated', job: 'index', entries: SLOTS, result: SLOTS },
  { what: 'findings', job: 'findings', entries: SLOTS, result: 0 },
  { what: 'replayed to a tree', job: 'replay', entries: MILLION, result: MILLION + 1 },
  { what: 'replayed, allocation map, who overlaps whom', job: 'overlaps', entries: MILLION, result: 0 },
]

/** What a run of a job says of itself. */
interface Told {
  /** bytes */
  readonly peak: number
  readonly seconds: number
  readonly result: number
}

export interface Measured extends Row {
  /** bytes beyond those of a Node that does nothing: median, least and most of the runs */
  readonly bytes: number
  readonly least: number
  readonly most: number
  readonly seconds: number
}

const RUNS = 3
const EMPTY = `const { peak } = await import(process.argv[1]); console.log(JSON.stringify({ peak: peak(), seconds: 0, result: 0 }))`

const sorted = (values: readonly number[]): readonly [least: number, median: number, most: number] => {
  const all = [...values].sort((a, b) => a - b)
  return [all[0] ?? Number.NaN, all[all.length >> 1] ?? Number.NaN, all.at(-1) ?? Number.NaN]
}

const tell = (args: readonly string[]): Told => JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))

/** Bundles the jobs and their measuring, each for itself, so that neither a compiler nor a loader is in the process that is measured. */
async function bundle(folder: string): Promise<void> {
  const entryPoints = ['memory-job.ts', 'peak.ts'].map(file => join(import.meta.dirname, file))
  await build({
    entryPoints,
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
  })
}

/** Runs all jobs. Takes about two minutes, and 3 GiB in the temporary folder and in memory. */
export async function measureMemory(told: (row: Row) => void): Promise<Measured[]> {
  const folder = mkdtempSync(join(tmpdir(), 'famfs-wire-memory-'))
  try {
    await bundle(folder)
    const path = join(folder, 'image')
    const image = sampleImage(SLOTS)
    const { layout } = openImageNow({ superblock: image.superblock, log: image.log })
    const file = openSync(path, 'w')
    writeSync(file, image.superblock, 0, image.superblock.length, 0)
    writeSync(file, image.log, 0, image.log.length, image.logOffset)
    ftruncateSync(file, image.logOffset + LOG)
    const empty = sorted(Array.from({ length: RUNS }, () => tell(['-e', EMPTY, join(folder, 'peak.mjs')]).peak))[1]
    const measured = rows.map(row => {
      told(row)
      const head = headerBytes(shapeOf(layout), BigInt(LOG), lastIndexOf(shapeOf(layout), BigInt(LOG)), row.entries)
      writeSync(file, head, 0, head.length, image.logOffset)
      const runs = Array.from({ length: RUNS }, () => tell([join(folder, 'memory-job.mjs'), row.job, path]))
      if (runs.some(run => run.result !== row.result)) throw new Error(`${row.what}: ${runs[0]?.result} instead of ${row.result}`)
      const [least, bytes, most] = sorted(runs.map(run => run.peak - empty))
      return { ...row, bytes, least, most, seconds: sorted(runs.map(run => run.seconds))[1] }
    })
    closeSync(file)
    return measured
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** As a Markdown table. */
export function memoryTable(measured: readonly Measured[]): string {
  const line = ({ what, entries, bytes, least, most, seconds }: Measured): string[] => [
    what,
    entries.toLocaleString('en-US'),
    figure((entries * SLOT_BYTES) / MIB),
    figure(bytes / MIB),
    `${figure(least / MIB)} to ${figure(most / MIB)}`,
    figure(seconds),
  ]
  return table(['a log in a file', 'entries', 'MiB of log', 'MiB of memory', 'of three runs', 's'], measured.map(line)).join('\n')
}
