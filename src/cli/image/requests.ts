/** What builders are asked for, out of options; and what their refusals mean to those who gave these. */
import { statSync } from 'node:fs'
import { WireError } from '../../codec/errors.ts'
import type { Interleave, NewEntry, NewOwned } from '../../metadata/build/index.ts'
import { contentArea } from '../../metadata/build/node.ts'
import { areaOf, type Source } from '../../metadata/index.ts'
import { sizeOf } from '../../metadata/node.ts'
import type { MetaExtent } from '../../validate/meta.ts'
import { byteCount, integer } from '../args.ts'
import { Failure, REFUSED } from '../command.ts'
import { pathBytes, shown } from './nodes.ts'
import { told } from './open.ts'
import type { OptionName, Values } from './sub.ts'

const SLASH = 0x2f

/** The path of a new file or directory: escapes as they are printed are understood; slashes around it say nothing, unless everything goes. */
export function newPath(given: string, { unchecked }: Values): Uint8Array {
  const bytes = pathBytes(given)
  if (unchecked === true) return bytes
  let [from, to] = [0, bytes.length]
  while (bytes[from] === SLASH) from++
  while (to > from && bytes[to - 1] === SLASH) to--
  return bytes.subarray(from, to)
}

const MOST_MODE = 0xffff_ffffn
const MOST_ID = 0xffff_ffffn

function modeOf(given: string): number {
  if (!/^[0-7]{1,11}$/.test(given)) throw new Failure(`--mode: expected permissions in octal, as 0644, found ${given}`)
  return Number(integer('mode', BigInt(`0o${given}`).toString(), 0n, MOST_MODE))
}

/** `--mode`, `--uid` and `--gid`, where they are given. @throws Failure */
export function ownerIn({ mode, uid, gid }: Values): Pick<NewOwned, 'mode' | 'uid' | 'gid'> {
  return {
    ...(mode === undefined ? {} : { mode: modeOf(mode) }),
    ...(uid === undefined ? {} : { uid: Number(integer('uid', uid, 0n, MOST_ID)) }),
    ...(gid === undefined ? {} : { gid: Number(integer('gid', gid, 0n, MOST_ID)) }),
  }
}

/** `--extent D:OFF:LEN`, or without the index of the device. @throws Failure */
export function extentOf(given: string): MetaExtent {
  const parts = given.split(':')
  const [device, offset, length] = parts.length === 2 ? ['0', ...parts] : parts
  if (parts.length > 3 || device === undefined || offset === undefined || length === undefined)
    throw new Failure(`--extent: expected device, offset and length, as 0:64M:2M, found ${given}`)
  const dev_index = Number(integer('extent', device, 0n, MOST_ID))
  return { dev_index, offset: byteCount('extent', offset), len: byteCount('extent', length) }
}

/** Errors of reading become messages that name the file. */
export function namedContent(content: Source, name: string): Source {
  const area = areaOf(content)
  return { ...area, read: (offset, length) => told(name, () => area.read(offset, length)) }
}

const PERMISSIONS = 0o777

/**
 * The content of a new file, with mode and owner of the file that it comes from.
 * @throws Failure when that is not there, is neither file nor block device, or is empty
 */
export function contentFrom(file: string): { readonly content: Source; readonly owner: Pick<NewOwned, 'mode' | 'uid' | 'gid'> } {
  const stats = told(file, () => statSync(file))
  if (!stats.isFile() && !stats.isBlockDevice())
    throw new Failure(`${file}: is ${stats.isDirectory() ? 'a directory' : 'neither a file nor a block device'}`, {
      hint: 'a content comes from a file whose size is known',
    })
  const size = sizeOf(stats)
  if (size === 0) throw new Failure(`${file}: is empty, and a famfs has no empty files`, { exit: REFUSED })
  const { mode, uid, gid } = stats
  return { content: namedContent(contentArea(file, size), file), owner: { mode: mode & PERMISSIONS, uid, gid } }
}

/** `--interleave B:S:CHUNK`. @throws Failure */
export function interleaveOf(given: string): Interleave {
  const [buckets, strips, chunk, ...rest] = given.split(':')
  if (!/^\d+$/.test(buckets ?? '') || !/^\d+$/.test(strips ?? '') || chunk === undefined || rest.length > 0)
    throw new Failure(`--interleave: expected buckets, strips and the bytes of a chunk, as 8:4:2M, found ${given}`)
  return { buckets: Number(buckets), strips: Number(strips), chunk: Number(byteCount('interleave', chunk)) }
}

/** Options that the fields of a builder's options come from. */
const OPTIONS: Readonly<Record<string, OptionName>> = {
  deviceSize: 'size',
  logLength: 'log-length',
  layout: 'layout',
  allocUnit: 'alloc-unit',
  uuid: 'uuid',
  devUuid: 'dev-uuid',
  systemUuid: 'system-uuid',
  deviceName: 'daxdev',
}

const FULL = 'famfs_log_next_index'

const HINTS: Readonly<Record<string, string>> = {
  [FULL]: 'a file system with a longer log has room for more: image mkfs --log-length',
  parent: '--parents makes it, too',
}

function nameOf(entry: NewEntry | undefined, index: string): string {
  if (entry === undefined || entry.kind === 'add_daxdev') return `entry ${index}`
  return typeof entry.path === 'string' ? shown(new TextEncoder().encode(entry.path)) : shown(entry.path)
}

/**
 * A refusal of a builder, as people who gave options and files understand it; every other error as it is.
 * @param entries what the builder was given
 * @param text what they were read from, where it was a text; its places are named as they are there
 */
export function builderFailure(error: unknown, entries: readonly NewEntry[], text?: string): unknown {
  if (!(error instanceof WireError)) return error
  const [, index, field] = /^entries\[(\d+)\]\.(.+)$/.exec(error.path) ?? []
  if (index === undefined || field === undefined) {
    const option = OPTIONS[error.path]
    return option === undefined ? error : new Failure(`--${option}: ${error.detail}`)
  }
  if (text !== undefined) return new Failure(`${text}: ${error.path}: ${error.detail}`, { exit: REFUSED })
  if (field.startsWith('interleave')) return new Failure(`--interleave: ${error.detail}`)
  const where = field === 'path' || field === FULL ? '' : `${field}: `
  return new Failure(`${nameOf(entries[Number(index)], index)}: ${where}${error.detail}`, {
    exit: REFUSED,
    hint: HINTS[error.code === 'missing' && field === 'path' ? 'parent' : field],
  })
}
