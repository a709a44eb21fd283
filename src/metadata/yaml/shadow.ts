/**
 * The shadow YAML of a file, exactly as the reference writes it when it replays a log, and what its daemon makes of that text. facts:
 * metadata 5, shadow YAML
 */
import { WireError } from '../../codec/errors.ts'
import { type Aborted, aborted, type Outcome, returnedWith, type Undefined, undefinedBehaviour } from '../reference/outcome.ts'
import { codePoints, yamlScalar } from './scalar.ts'

/** One extent or strip, as the log has it. */
export interface ShadowExtent {
  readonly devindex: bigint
  readonly offset: bigint
  readonly length: bigint
}

export interface ShadowInterleaved {
  readonly nstrips: bigint
  readonly chunkSize: bigint
  /** as many as can be read without leaving the entry */
  readonly strips: readonly ShadowExtent[]
}

/** A file as the reference hands it to its YAML writer. */
export interface ShadowFile {
  /** bytes up to a NUL */
  readonly path: Uint8Array
  readonly size: bigint
  readonly flags: number
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly extType: number
  readonly nextents: number
  /** as many as can be read without leaving the entry, where there are too many */
  readonly extents: readonly ShadowExtent[]
  readonly interleaved: readonly ShadowInterleaved[]
}

/** Most extents or strips that the daemon reads back. facts: metadata 5, reader */
const MOST_READ = 16
const EINVAL = -22
const EOVERFLOW = -75
const BAD_YAML = -1
const SIMPLE = 0
const INTERLEAVED = 1

/** `  path: ` */
const PATH_COLUMN = 8
const PATH_INDENT = 4

const signed64 = (value: bigint): string => BigInt.asIntN(64, value).toString()
const signed32 = (value: number): string => (value | 0).toString()
const hexOf = (value: bigint): string => `0x${value.toString(16)}`

/** A C int that counts a list: nothing is listed for a negative one. */
const listed = (count: bigint): number => Math.max(0, Number(BigInt.asIntN(32, count)))

function extentLines({ devindex, offset, length }: ShadowExtent, indent: string): string {
  return `${indent}- devindex: ${signed64(devindex)}\n${indent}  offset: ${hexOf(offset)}\n${indent}  length: ${hexOf(length)}\n`
}

function listLines(extents: readonly ShadowExtent[], count: number, indent: string): string {
  if (count === 0) return `${indent}simple_ext_list: []\n`
  return `${indent}simple_ext_list:\n${extents
    .slice(0, count)
    .map(e => extentLines(e, indent))
    .join('')}`
}

function stripedLines(file: ShadowFile): string {
  const [first] = file.interleaved
  if (file.nextents === 0 || first === undefined) return '  striped_ext_list: []\n'
  const head = `  striped_ext_list:\n  - nstrips: ${signed64(first.nstrips)}\n    chunk_size: ${hexOf(first.chunkSize)}\n`
  return head + listLines(first.strips, listed(first.nstrips), '    ')
}

function mapLines(file: ShadowFile): string {
  if (file.extType === SIMPLE) return listLines(file.extents, listed(BigInt(file.nextents)), '  ')
  return file.extType === INTERLEAVED ? stripedLines(file) : ''
}

/** What the writer reads beyond the entry, if it does. */
function strays({ extType, nextents, extents, interleaved }: ShadowFile): string | undefined {
  if (extType === SIMPLE && listed(BigInt(nextents)) > extents.length) return `${nextents} extents`
  if (extType !== INTERLEAVED || nextents === 0) return undefined
  const [first] = interleaved
  if (nextents > 1 || first === undefined) return `${nextents} interleaved extents`
  return listed(first.nstrips) > first.strips.length ? `${first.nstrips} strips` : undefined
}

/** How the writer ends before its end, if it does; much cheaper than writing. */
export function writerFault(file: ShadowFile): Aborted | Undefined | undefined {
  const ascii = file.path.every(byte => byte < 0x80)
  if (!ascii && codePoints(file.path) === undefined) return aborted('assertion: the path is not UTF-8, the YAML library refuses it')
  const beyond = strays(file)
  return beyond === undefined ? undefined : undefinedBehaviour(`${beyond} are written out, the entry has room for fewer`)
}

const STORED = ['size', 'mode', 'uid', 'gid'] as const

/** Entries of the first layouts lack members that the writer prints. */
function checkStored(file: ShadowFile): void {
  const lack = STORED.find(name => file[name] === undefined)
  if (lack === undefined) return
  const detail = 'entries of this layout do not store it, and the writer prints it'
  throw new WireError({ code: 'unsupported', path: lack, offset: 0, detail })
}

/**
 * famfs_emit_file_yaml. A path that is not UTF-8 fails an assertion; counts that lead out of the entry read whatever lies behind it.
 * @returns the text, ASCII only
 * @throws WireError unsupported for a file of a layout whose entries have no size, mode or owner, as in the first ones
 */
export function shadowYaml(file: ShadowFile): Outcome<string> {
  checkStored(file)
  const fault = writerFault(file)
  if (fault !== undefined) return fault
  const path = yamlScalar(file.path, PATH_COLUMN, PATH_INDENT)
  const attributes = [
    `path: ${path}`,
    `size: ${signed64(file.size)}`,
    `flags: ${signed32(file.flags)}`,
    `mode: 0${file.mode.toString(8)}`,
    `uid: ${signed32(file.uid)}`,
    `gid: ${signed32(file.gid)}`,
    `nextents: ${signed32(file.nextents)}`,
  ]
  return returnedWith(0, `---\nfile:\n${attributes.map(line => `  ${line}\n`).join('')}${mapLines(file)}...\n`)
}

/** What the writer escapes and the reader refuses: surrogates, and what lies beyond Unicode. */
const unreadable = (point: number): boolean => (point >= 0xd800 && point <= 0xdfff) || point > 0x10ffff

function simpleListResult(count: number): number {
  if (count === 0) return BAD_YAML
  return count > MOST_READ ? EOVERFLOW : 0
}

function stripedListResult({ nextents, interleaved }: ShadowFile): number {
  const [first] = interleaved
  if (nextents === 0 || first === undefined) return BAD_YAML
  const count = listed(first.nstrips)
  const list = simpleListResult(count)
  if (list !== 0) return list
  return BigInt(count) === first.nstrips ? 0 : EINVAL
}

/**
 * What the daemon's reader says to the text that {@link shadowYaml} wrote for this file: 0, -1 for YAML that it does not expect, or a
 * negative errno. If it is not 0, a lookup of the file fails. facts: metadata 5, reader
 */
export function readBackResult(file: ShadowFile): number {
  if (codePoints(file.path)?.some(unreadable) !== false) return BAD_YAML
  if (file.extType === SIMPLE) return simpleListResult(listed(BigInt(file.nextents)))
  return file.extType === INTERLEAVED ? stripedListResult(file) : BAD_YAML
}
