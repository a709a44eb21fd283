/** The argument of an ioctl out of the memory of a process: the struct, and everything that its pointers lead to. facts: wire 9.2, 9.3, 9.7 */
import { array, type Schema, struct } from '../../schema/index.ts'
import type { IoctlArgument, IoctlDialect, Pointer } from '../../schema/ioctl.ts'
import type { IoctlDialectId } from '../../uapi/dialects/ioctl.ts'
import { read } from '../decode.ts'
import { WireError } from '../errors.ts'
import { decodeText } from '../text.ts'
import { commandOf } from './command.ts'
import { placeOf, sizeOf } from './fields.ts'
import { join } from './inside.ts'
import type { AddressSpace } from './memory.ts'
import type { IoctlValue } from './value.ts'

/** How an argument is read. */
export interface IoctlDecodeOptions {
  /** form of the groups of MAP_CREATE_V2, as in `encodeIoctl`: nothing in memory tells which. facts: wire 9.3 */
  readonly layout?: 'early' | 'final'
  /** most bytes that pointers may lead to, all in all; default 16 MiB. Lists may share memory, so that a few bytes could stand for many. */
  readonly most?: number
}

/** A stretch of memory that belongs to an argument. */
export interface IoctlRegion {
  /** what it is in the value: empty for the argument itself, `kse`, `kie[0].ie_strips` ... */
  readonly path: string
  readonly address: bigint
  readonly bytes: Uint8Array
  /** what it holds; absent: text that ends with a NUL */
  readonly schema?: Schema<unknown, unknown>
}

/** An argument as a whole. */
export interface DecodedIoctl {
  readonly number: number
  readonly name: string
  /** as `encodeIoctl` takes it */
  readonly value: IoctlValue
  /** the memory that it lies in, in the order in which pointers were followed */
  readonly regions: readonly IoctlRegion[]
}

interface Walk {
  readonly memory: AddressSpace
  readonly regions: IoctlRegion[]
  readonly most: number
  taken: bigint
}

const MOST = 0x100_0000

type Values = Record<string, unknown>

const text = (address: bigint): string => `0x${address.toString(16)}`

/** Memory that must be there. */
function take(w: Walk, address: bigint, length: bigint, path: string): Uint8Array {
  const room = BigInt(w.most) - w.taken
  const bytes = w.memory.read(address, length < room ? length : room)
  w.taken += BigInt(bytes.length)
  if (BigInt(bytes.length) === length) return bytes
  const about = { path, offset: 0, expected: length, actual: bytes.length }
  const needed = `${length} bytes at ${text(address)} are needed`
  if (BigInt(bytes.length) < room) throw new WireError({ ...about, code: 'fault', detail: `${needed}, ${bytes.length} are mapped` })
  throw new WireError({ ...about, code: 'count', detail: `${needed}, and no more than ${w.most} are followed in all` })
}

const isActive = ({ when }: Pointer, value: Values): boolean => when === undefined || Number(value[when.field]) === when.equals

/** Follows the pointers of a struct; what they lead to takes their place. */
function follow(w: Walk, value: Values, pointers: readonly Pointer[], path: string): Values {
  const result = { ...value }
  for (const pointer of pointers) {
    if (!isActive(pointer, value)) continue
    const at = join(path, pointer.as)
    const address = value[pointer.field] as bigint
    const count = BigInt(value[pointer.count] as number | bigint)
    if (pointer.field !== pointer.as) delete result[pointer.field]
    result[pointer.as] = pointer.to === undefined ? readPath(w, address, count, at) : readList(w, pointer, pointer.to, address, count, at)
  }
  return result
}

/** Text up to its NUL, for which there is one byte behind the length. */
function readPath(w: Walk, address: bigint, length: bigint, path: string): string {
  const bytes = take(w, address, length + 1n, path)
  const end = bytes.indexOf(0)
  if (end === -1)
    throw new WireError({
      code: 'text',
      path,
      offset: 0,
      length: bytes.length,
      detail: `no NUL within ${bytes.length} bytes at ${text(address)}`,
    })
  w.regions.push({ path, address, bytes: bytes.subarray(0, end + 1) })
  return decodeText(bytes, 0, end)
}

function readList(
  w: Walk,
  { pointers = [] }: Pointer,
  to: Schema<unknown, unknown>,
  address: bigint,
  count: bigint,
  path: string,
): Values[] {
  const size = sizeOf(to)
  const bytes = take(w, address, count * BigInt(size), path)
  const name = path.slice(path.lastIndexOf('.') + 1)
  const schema = struct(name, { [name]: array(to, Number(count)) })
  w.regions.push({ path, address, bytes, schema })
  const elements = (read(schema.type, bytes) as Values)[name] as Values[]
  return elements.map((element, i) => follow(w, element, pointers, `${path}[${i}]`))
}

/** A message says its own length behind its header. */
function readMessage(w: Walk, { schema, whole = schema }: IoctlArgument, address: bigint): unknown {
  const head = take(w, address, BigInt(sizeOf(schema)), '')
  const [offset] = placeOf(schema, 'fmap_size')
  const size = new DataView(head.buffer).getUint32(offset, true)
  const bytes = size <= head.length ? head : take(w, address, BigInt(size), '')
  w.regions.push({ path: '', address, bytes, schema: whole })
  return read(whole.type, bytes)
}

/**
 * The argument of a command, with what its pointers lead to in their place: what `encodeIoctl` takes. No kernel is asked; a count that is
 * too large for a driver is followed as far as memory is mapped.
 *
 * @param dialect a version of the ioctl ABI or its id
 * @param command name or number; an older number of a command chooses the older form
 * @param memory of the process; what is read is a copy
 * @param address what the caller passes as argument
 * @throws WireError code fault where a pointer leads to memory that is not mapped (`path` says which), code count where there is too much of
 * it, code unsupported for a command that the dialect has not, and as `decode` for the bytes
 */
export function decodeIoctl(
  dialect: IoctlDialect | IoctlDialectId,
  command: string | number,
  memory: AddressSpace,
  address: bigint,
  { layout = 'final', most = MOST }: IoctlDecodeOptions = {},
): DecodedIoctl {
  const { name, number, argument } = commandOf(dialect, command)
  const w: Walk = { memory, regions: [], most, taken: 0n }
  const done = (value: unknown): DecodedIoctl => ({ number, name, value: value as IoctlValue, regions: w.regions })
  if (argument === undefined) return done(undefined)
  if (argument.whole !== undefined) return done(readMessage(w, argument, address))
  const { schema, pointers = [], early = pointers } = argument
  const bytes = take(w, address, BigInt(sizeOf(schema)), '')
  w.regions.push({ path: '', address, bytes, schema })
  return done(follow(w, read(schema.type, bytes) as Values, layout === 'early' ? early : pointers, ''))
}
