/** What builders are asked for, out of options; and what their refusals mean to those who gave these. */
import { WireError } from '../../codec/errors.ts'
import type { Interleave, NewEntry } from '../../metadata/build/index.ts'
import { byteCount } from '../args.ts'
import { Failure, REFUSED } from '../command.ts'
import { shown } from './nodes.ts'
import type { OptionName } from './sub.ts'

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
 */
export function builderFailure(error: unknown, entries: readonly NewEntry[] = []): unknown {
  if (!(error instanceof WireError)) return error
  const [, index, field] = /^entries\[(\d+)\]\.(.+)$/.exec(error.path) ?? []
  if (index === undefined || field === undefined) {
    const option = OPTIONS[error.path]
    return option === undefined ? error : new Failure(`--${option}: ${error.detail}`)
  }
  if (field.startsWith('interleave')) return new Failure(`--interleave: ${error.detail}`)
  const where = field === 'path' || field === FULL ? '' : `${field}: `
  return new Failure(`${nameOf(entries[Number(index)], index)}: ${where}${error.detail}`, {
    exit: REFUSED,
    hint: HINTS[error.code === 'missing' && field === 'path' ? 'parent' : field],
  })
}
