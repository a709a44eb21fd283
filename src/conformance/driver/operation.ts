/** What a file operation on a mount comes to: in the form of fixtures/ioctl/FORMAT.md. */
import {
  type FileMap,
  type FileOperationCall,
  fileOperation,
  healthy,
  type OperationOutcome,
  type OperationState,
  type OperationTarget,
} from '../../kernel/index.ts'
import { type IoctlDialectId, ioctlDialects } from '../../uapi/dialects/ioctl.ts'
import { bad, type Json, list, object, oneOf, optional } from '../record.ts'
import { hexNumbers, wideIn } from './numbers.ts'

/** The file of every operation: one extent of 2 MiB. */
const SIZE = 0x200000n
const MAP: FileMap = { file_size: SIZE, ext_type: 'simple', extents: [{ dev_index: 0, offset: 0x40000000n, len: SIZE }] }

const TARGETS = ['directory', 'mapped', 'unmapped'] as const satisfies readonly OperationTarget[]

/** Names of attributes of setattr, and what they are to a mount. */
const ATTRIBUTES: Readonly<Record<string, 'mode' | 'owner' | 'times'>> = {
  mode: 'mode',
  uid: 'owner',
  gid: 'owner',
  atime: 'times',
  mtime: 'times',
}

function textsIn(record: Json, key: string): string[] {
  return list(record, key).map(value => {
    if (typeof value !== 'string') throw bad('tag', key, 'must be a list of names', 'names', value)
    return value.toLowerCase()
  })
}

const flag = (record: Json, key: string): boolean => record[key] === true

function callIn(request: Json, dialect: IoctlDialectId): FileOperationCall {
  const known = Object.keys(ioctlDialects[dialect].operations?.gates ?? {}) as FileOperationCall['operation'][]
  const attributes = optional(request, 'attributes', textsIn) ?? []
  const size = optional(request, 'size', wideIn)
  const target = request.target === null ? null : optional(request, 'target', (r, key) => oneOf(r, key, TARGETS))
  return {
    operation: oneOf(request, 'operation', known),
    exchange: (optional(request, 'flags', textsIn) ?? []).includes('exchange'),
    sets: attributes.flatMap(name => ATTRIBUTES[name] ?? []),
    position: optional(request, 'position', wideIn) ?? 0n,
    count: optional(request, 'count', wideIn) ?? 0n,
    shared: flag(request, 'shared'),
    write: flag(request, 'write'),
    ...(target === undefined ? {} : { target }),
    ...(size === undefined ? {} : { size }),
  }
}

function stateIn(request: Json): OperationState {
  const file = optional(request, 'file', (r, key) => object(r[key])) ?? {}
  const options = optional(request, 'options', wideIn)
  const { i_size } = healthy(MAP).file
  return {
    map: file.mapped === false ? undefined : MAP,
    file: { error: flag(file, 'error'), i_size: optional(file, 'i_size', wideIn) ?? i_size, dax: file.dax !== false },
    mountFailed: optional(request, 'device', (r, key) => oneOf(r, key, ['works', 'failed'] as const)) === 'failed',
    outOfMemory: flag(request, 'outOfMemory'),
    ...(options === undefined ? {} : { options }),
  }
}

/** What an operation on a healthy file comes to under these options. */
export const outcomeUnder = (dialect: IoctlDialectId, call: FileOperationCall, options: bigint): OperationOutcome =>
  fileOperation(dialect, call, { map: MAP, file: healthy(MAP).file, options })

/** The answer to `operation`; undefined: nobody has read what the driver does. */
export function operationAnswer(request: Json, dialect: IoctlDialectId): Json | undefined {
  if (ioctlDialects[dialect].operations === undefined) return undefined
  const state = stateIn(request)
  const { errno, count, mayWrite, file } = fileOperation(dialect, callIn(request, dialect), state)
  return {
    errno,
    ...(count === undefined ? {} : { count: hexNumbers(count) }),
    ...(mayWrite === undefined ? {} : { may_write: mayWrite }),
    ...(file.error && !state.file.error ? { flag: true } : {}),
  }
}
