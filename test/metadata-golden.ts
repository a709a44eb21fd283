/** The images of the C reference, with what it says about them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

const root = new URL('../fixtures/metadata/', import.meta.url)

interface StoredFile {
  readonly file: string
  readonly original_bytes: number
  readonly remaining_bytes_all: string
}

export interface Verdict {
  readonly rc?: number
  readonly signal?: number
  readonly result?: Readonly<Record<string, unknown>>
  readonly json?: unknown
}

export interface ShadowFileGolden {
  readonly shadow_path: string
  readonly yaml: string
  readonly shadow_to_stat_rc?: number
  readonly msg_rc?: number
  readonly msg_hex?: string
  readonly undefined?: true
}

export interface Manifest {
  readonly name: string
  readonly host_system_uuid?: string
  readonly superblock_file: StoredFile
  readonly log_file: StoredFile
  readonly expected_superblock: Readonly<Record<string, unknown>>
  readonly expected_log_header: Readonly<Record<string, unknown>>
  readonly expected_entries: readonly Readonly<Record<string, unknown>>[] | { readonly file: string }
  readonly shadow_files?: readonly ShadowFileGolden[] | { readonly file: string }
  readonly shadow_meta_files_by_role?: Readonly<Record<string, { readonly files: readonly ShadowFileGolden[] }>>
  readonly verdicts: Readonly<Record<string, Verdict>>
  readonly sanitizer_findings?: Readonly<Record<string, readonly string[]>>
  readonly layout?: Readonly<Record<string, readonly { readonly offset: number; readonly size: number; readonly name: string }[]>>
}

export interface Case {
  /** `v48/good-basic` */
  readonly name: string
  readonly folder: string
  readonly manifest: Manifest
  readonly wellDefined: boolean
  readonly superblock: Uint8Array
  readonly log: Uint8Array
}

const read = (path: string): Uint8Array => {
  const bytes = readFileSync(path)
  return Uint8Array.from(path.endsWith('.gz') ? gunzipSync(bytes) : bytes)
}

/** Lines of a `.jsonl.gz`, where a manifest sends one there. */
export function listOf<T>(folder: string, list: readonly T[] | { readonly file: string }): readonly T[] {
  if (!('file' in list)) return list
  const text = gunzipSync(readFileSync(`${folder}/${list.file}`)).toString('utf8')
  return text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as T)
}

interface IndexLine {
  readonly case: string
  readonly well_defined?: boolean
}

const index = new Map((JSON.parse(readFileSync(new URL('index.json', root), 'utf8')) as IndexLine[]).map(line => [line.case, line]))

export function goldenCases(group: 'v48' | 'older'): Case[] {
  return readdirSync(new URL(group, root)).map(folderName => {
    const folder = new URL(`${group}/${folderName}`, root).pathname
    const manifest = JSON.parse(readFileSync(`${folder}/manifest.json`, 'utf8')) as Manifest
    const name = `${group}/${folderName}`
    if (!existsSync(`${folder}/${manifest.log_file.file}`)) throw new Error(`${name} has no log`)
    return {
      name,
      folder,
      manifest,
      wellDefined: index.get(name)?.well_defined !== false,
      superblock: read(`${folder}/${manifest.superblock_file.file}`),
      log: read(`${folder}/${manifest.log_file.file}`),
    }
  })
}
