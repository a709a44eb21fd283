/** Where the bytes of a read come from: the look-up says an address, and DAX works by pages. facts: ioctl-44e 6 */
import { ioctlDialectOf } from '../../codec/ioctl/command.ts'
import type { IoctlDialect, IoctlDialectId } from '../../uapi/dialects/ioctl.ts'
import { EIO } from '../../uapi/errno.ts'
import { machineOf, type VerdictOptions, X86_64 } from '../../validate/options.ts'
import type { FileMap } from '../map.ts'
import { resolveIn } from '../resolve.ts'
import type { State } from '../state.ts'
import { fileOperation } from './operation.ts'

/**
 * The byte of the device that is used for a byte of the file: that of the look-up, but for its place in the page, which is that in the file.
 * They differ behind a group whose ie_nbytes is no multiple of the page size.
 *
 * @param addr address of the look-up on the device
 * @param offset byte of the file
 */
export function pageAddress(addr: bigint, offset: bigint, options: VerdictOptions = X86_64): bigint {
  const page = BigInt(machineOf(options).pageSize)
  return addr - ((((addr - offset) % page) + page) % page)
}

/** A read: the byte of a device where its first byte comes from, or an errno. */
export type ReadOutcome = { readonly dev: number; readonly at: bigint } | { readonly errno: number }

/** A read and what it leaves behind. */
export interface ReadResult {
  readonly outcome: ReadOutcome
  readonly state: State
}

/**
 * A read(2) of a file on a mount of KABI 44d or 44e: its gates, the look-up of its first byte, and the page rule. A look-up that fails is EIO.
 *
 * ```ts
 * import { type FileMap, healthy, readFrom } from 'famfs-wire/kernel'
 *
 * const map: FileMap = { ext_type: 'simple', file_size: 0x200000n, extents: [{ dev_index: 0, offset: 0x40000000n, len: 0x200000n }] }
 * readFrom('ioctl-44d', map, 0x1000n, 8n, healthy(map)).outcome     // { dev: 0, at: 0x40001000n }
 * ```
 *
 * @param count bytes asked for; what is behind the end of the file reads nothing, which is told as EIO only where the look-up would be asked
 * @throws WireError code unsupported for an unknown dialect or one whose driver nobody has read
 */
export function readFrom(
  dialect: IoctlDialect | IoctlDialectId,
  map: FileMap,
  offset: bigint,
  count: bigint,
  state: State,
  options: VerdictOptions = X86_64,
): ReadResult {
  const own = ioctlDialectOf(dialect)
  const gates = fileOperation(
    own,
    { operation: 'read', position: offset, count },
    { map, file: state.file, mountFailed: state.mountFailed === true },
  )
  const passed: State = { ...state, file: gates.file }
  if (gates.errno !== 0) return { outcome: { errno: gates.errno }, state: passed }
  const found = resolveIn(map, offset, gates.count ?? 0n, own, passed, options)
  const { result } = found
  if (!('addr' in result) || result.rc !== 0 || result.dev === null) return { outcome: { errno: EIO }, state: found.state }
  return { outcome: { dev: result.dev, at: pageAddress(result.addr, offset, options) }, state: found.state }
}
