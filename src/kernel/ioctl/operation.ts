/** What a file operation on a mount of the ioctl ABI comes to, before any data moves. facts: ioctl-44e 4 to 6 */
import { ioctlDialectOf } from '../../codec/ioctl/command.ts'
import type { FileOperation, OperationCase, OperationGate } from '../../schema/ioctl-operations.ts'
import type { IoctlDialect, IoctlDialectId } from '../../uapi/dialects/ioctl.ts'
import { ENODEV, ENOSPC, EPERM } from '../../uapi/errno.ts'
import { unsupported } from '../errors.ts'
import type { FileMap } from '../map.ts'
import { type FileState, fileBad } from '../state.ts'
import { cutToFile } from './access.ts'

/** What there is at the new name of a rename, or what an unlink removes; null: nothing. */
export type OperationTarget = 'directory' | 'mapped' | 'unmapped' | null

/** A file operation. */
export interface FileOperationCall {
  readonly operation: FileOperation
  /** rename: what is replaced; default nothing */
  readonly target?: OperationTarget
  /** rename: RENAME_EXCHANGE is set, so that nothing is removed; default false */
  readonly exchange?: boolean
  /** setattr: what is to be set; default nothing */
  readonly sets?: readonly ('mode' | 'owner' | 'times')[]
  /** setattr: the new size in bytes; absent: it is not set */
  readonly size?: bigint
  /** read, write: first byte, 0 to 2^63-1, and bytes asked for; default 0 */
  readonly position?: bigint
  readonly count?: bigint
  /** mmap: MAP_SHARED, and PROT_WRITE; default false */
  readonly shared?: boolean
  readonly write?: boolean
}

/** Mount and file. */
export interface OperationState {
  /** map of the file; undefined: none */
  readonly map: FileMap | undefined
  readonly file: FileState
  /** a device of the mount has reported a memory error; default false */
  readonly mountFailed?: boolean
  /** option bits; default those that the header calls the default */
  readonly options?: bigint
  /** the kernel has no memory left; default false */
  readonly outOfMemory?: boolean
}

/** What it comes to. */
export interface OperationOutcome {
  /** 0, or a positive Linux errno */
  readonly errno: number
  /** state of the file after it */
  readonly file: FileState
  /** read, write: bytes that are left of the count behind the cut to the size of the file */
  readonly count?: bigint
  /** mmap: a later mprotect(2) may make the mapping writable */
  readonly mayWrite?: boolean
}

type Asked = FileOperationCall & OperationState

const cases: { readonly [K in OperationCase]: (asked: Asked) => boolean } = {
  mapped: ({ target, map }) => (target === undefined ? map !== undefined : target === 'mapped'),
  replacesDirectory: ({ target, exchange }) => exchange !== true && target === 'directory',
  replacesMapped: ({ target, exchange }) => exchange !== true && target === 'mapped',
  setsSize: ({ size, file }) => size !== undefined && size !== file.i_size,
  setsMode: ({ sets = [] }) => sets.includes('mode'),
  setsOwner: ({ sets = [] }) => sets.includes('owner'),
  setsTimes: ({ sets = [] }) => sets.includes('times'),
  sharedWritable: ({ shared, write }) => shared === true && write === true,
}

const isClear = (options: bigint, bit: number): boolean => ((options >> BigInt(bit)) & 1n) === 0n

/** What one gate comes to: 0 or an errno, and the state of the file after it. */
function ask(gate: OperationGate, asked: Asked, options: bigint): Pick<OperationOutcome, 'errno' | 'file'> {
  const { map, file } = asked
  switch (gate.gate) {
    case 'file':
      return fileBad(map, file)
    case 'mountWorks':
      return { errno: asked.mountFailed === true ? ENODEV : 0, file }
    case 'inode':
      return { errno: asked.outOfMemory === true ? ENOSPC : 0, file }
    case 'option':
      return { errno: (gate.when === undefined || cases[gate.when](asked)) && isClear(options, gate.bit) ? EPERM : 0, file }
  }
}

/**
 * What a file operation on a mount of KABI 44d or 44e comes to, as far as famfs decides it before any data moves: option bits, a failed mount,
 * the state of the file, and the cut of read and write to its size.
 *
 * ```ts
 * import { type FileMap, fileOperation, healthy } from 'famfs-wire/kernel'
 *
 * const map: FileMap = { ext_type: 'simple', file_size: 0x200000n, extents: [{ dev_index: 0, offset: 0x40000000n, len: 0x200000n }] }
 * const { file } = healthy(map)
 * fileOperation('ioctl-44e', { operation: 'rename', target: 'directory' }, { map, file, options: 0x80n }).errno   // 1: needs RMDIR as well
 * ```
 *
 * @param dialect a version of the ioctl ABI or its id
 * @throws WireError code unsupported for an unknown dialect or one whose driver nobody has read
 */
export function fileOperation(dialect: IoctlDialect | IoctlDialectId, call: FileOperationCall, state: OperationState): OperationOutcome {
  const own = ioctlDialectOf(dialect)
  const { operations } = own
  if (operations === undefined) throw unsupported('dialect', `nobody has read what a driver of ${own.id} asks before a file operation`)
  const asked = { ...call, ...state }
  const options = state.options ?? own.options?.initial ?? 0n
  let { file } = state
  for (const gate of operations.gates[call.operation]) {
    const { errno, file: after } = ask(gate, asked, options)
    file = after
    if (errno !== 0) return { errno, file }
  }
  return { errno: 0, file, ...passed(own, asked, options) }
}

/** What is known of an operation that goes on. */
function passed(dialect: IoctlDialect, asked: Asked, options: bigint): Pick<OperationOutcome, 'count' | 'mayWrite'> {
  const { operation, position = 0n, count = 0n, file, shared } = asked
  if (operation === 'read' || operation === 'write') return { count: cutToFile(position, count, file.i_size, dialect) }
  if (operation !== 'mmap') return {}
  const sealing = dialect.operations?.sealedWithout
  return { mayWrite: shared !== true || sealing === undefined || !isClear(options, sealing) }
}
