/** A corpus as files. The only part that needs Node.js. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { dialectOf, machineOf } from '../validate/options.ts'
import { type CorpusCase, corpus } from './corpus.ts'
import { dictionary } from './dictionary.ts'
import { readme } from './readme.ts'
import { type CorpusOrigin, type Manifest, type ManifestCase, NODEID, type Sidecar, sidecarOf, UNIQUE } from './sidecar.ts'
import { replyOf, requestOf } from './transport.ts'

export type { Manifest, ManifestCase } from './sidecar.ts'

export interface WriteOptions extends CorpusOrigin {
  readonly count: number
  /** called after every case; a promise that it returns is waited for */
  readonly progress?: (done: number, count: number) => unknown
}

/** Directories of a corpus: three of them hold inputs and nothing else, as fuzzers want them. */
const DIRECTORIES = ['fmap', 'reply', 'request', 'sidecar'] as const

const json = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`

/** Writes bytes under the sha1 of their content. */
function keep(directory: string, bytes: Uint8Array): string {
  const name = createHash('sha1').update(bytes).digest('hex')
  const path = join(directory, name)
  if (!existsSync(path)) writeFileSync(path, bytes)
  return name
}

function writeCase(top: string, case_: CorpusCase, options: WriteOptions): ManifestCase {
  const { bytes, category } = case_
  const fmap = keep(join(top, 'fmap'), bytes)
  const reply = keep(join(top, 'reply'), replyOf(bytes, UNIQUE))
  const request = keep(join(top, 'request'), requestOf(options.dialect, bytes.length, UNIQUE, NODEID))
  const about: Sidecar = sidecarOf(case_, options)
  writeFileSync(join(top, 'sidecar', `${fmap}.json`), json({ fmap, reply, request, ...about }))
  return { fmap, reply, request, category, errno: about.verdicts[case_.dialect]?.errno ?? 0 }
}

async function fill(top: string, options: WriteOptions): Promise<Manifest> {
  const { dialect, seed, count, progress } = options
  for (const name of DIRECTORIES) mkdirSync(join(top, name), { recursive: true })
  const cases: ManifestCase[] = []
  const categories: Record<string, number> = {}
  let bytes = 0
  for (const case_ of corpus(dialect, seed, count, options)) {
    cases.push(writeCase(top, case_, options))
    categories[case_.category] = (categories[case_.category] ?? 0) + 1
    bytes += case_.bytes.length
    await progress?.(cases.length, count)
  }
  const { id } = dialectOf(dialect, 'GET_FMAP')
  const { pageSize, pmdSize } = machineOf(options)
  const about = { format: 'famfs-wire corpus', version: 1, dialect: id, seed: String(seed), count, pageSize, pmdSize } as const
  const manifest: Manifest = { ...about, bytes, categories, cases }
  writeFileSync(join(top, 'fmap.dict'), dictionary(dialect, options))
  writeFileSync(join(top, 'manifest.json'), json(manifest))
  writeFileSync(join(top, 'README.txt'), readme(manifest))
  return manifest
}

/** An error of the kind that the file system makes, with a message for a person. */
const refusal = (code: string, message: string): Error => Object.assign(new Error(message), { code })

function refuseUnlessFree(directory: string): void {
  if (!existsSync(directory)) return
  if (!statSync(directory).isDirectory()) throw refusal('ENOTDIR', `${directory} is there and is no directory`)
  if (readdirSync(directory).length > 0) throw refusal('ENOTEMPTY', `${directory} is not empty; a corpus wants a directory of its own`)
}

/** Where a corpus comes into being before it takes its name. */
export const partialOf = (directory: string): string => `${resolve(directory)}.partial-${process.pid}`

/**
 * Writes a corpus into a directory that is new or empty. It comes into being whole: everything is written to a directory beside it
 * ({@link partialOf}), which takes the name at the end and is removed when anything fails; a caller that is interrupted removes it itself.
 * Equal options give equal files, byte for byte.
 *
 * @returns what was written, as in manifest.json
 * @throws WireError code unsupported for a dialect without GET_FMAP, code range for impossible page sizes; otherwise an Error with `code`, as
 * the file system makes them: ENOTEMPTY and ENOTDIR for a directory that cannot be had, EACCES, ENOSPC ...
 */
export async function writeCorpus(directory: string, options: WriteOptions): Promise<Manifest> {
  dialectOf(options.dialect, 'GET_FMAP')
  const target = resolve(directory)
  refuseUnlessFree(target)
  const partial = partialOf(target)
  mkdirSync(dirname(target), { recursive: true })
  mkdirSync(partial)
  try {
    const manifest = await fill(partial, options)
    renameSync(partial, target)
    return manifest
  } catch (error) {
    rmSync(partial, { recursive: true, force: true })
    throw error
  }
}
