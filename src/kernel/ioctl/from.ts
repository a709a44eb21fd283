/** The map that an argument or an answer of the ioctl ABI describes, and what of it a map cannot say. */
import { commandOf, ioctlDialectOf } from '../../codec/ioctl/command.ts'
import type { IoctlExtent, IoctlFmap, IoctlGroup, IoctlValue } from '../../codec/ioctl/index.ts'
import type { Dialect } from '../../schema/dialect.ts'
import type { Input } from '../../schema/index.ts'
import type { IoctlCommand, IoctlDialect } from '../../schema/ioctl.ts'
import { fuseV10 } from '../../uapi/dialects/index.ts'
import type { IoctlDialectId } from '../../uapi/dialects/ioctl.ts'
import { FAMFS_FMAP_VERSION } from '../../uapi/famfs/constants.ts'
import type { fuse_famfs_fmap_push } from '../../uapi/famfs/fmap.ts'
import type { famfs_ioc_map } from '../../uapi/famfs/ioctl.ts'
import type { MetaExtent, MetaGroup } from '../../validate/meta.ts'
import { outOfRange, unsupported } from '../errors.ts'
import { type FileMap, mapOf } from '../map.ts'

/** Something that the other form has no place for, or has to make up. */
export interface Loss {
  /** of the form that was read */
  readonly path: string
  readonly why: string
}

/** A map with the type of its file. */
export interface TypedMap {
  readonly map: FileMap
  /** 0 regular, 1 superblock, 2 log; others mean nothing */
  readonly fileType: number
  readonly lost: readonly Loss[]
}

/** A number of 64 bits that must be exact as a JavaScript number. */
function exact(value: bigint, path: string): number {
  if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value)
  throw outOfRange(path, `${value} is above 2^53, and no map has room for that`, value)
}

const listed = <T>(value: readonly T[] | bigint | undefined, path: string): readonly T[] => {
  if (Array.isArray(value)) return value as readonly T[]
  throw unsupported(path, 'is a raw pointer: decode the argument from the memory that it leads to')
}

const extentOf = ({ devindex, offset, len }: IoctlExtent, path: string): MetaExtent => ({
  dev_index: exact(devindex, `${path}.devindex`),
  offset,
  len,
})

function groupOf(group: IoctlGroup, path: string, nbytes: bigint): MetaGroup {
  const strips = listed(group.ie_strips, `${path}.ie_strips`).map((s, i) => extentOf(s, `${path}.ie_strips[${i}]`))
  return {
    nstrips: strips.length,
    chunk_size: exact(group.ie_chunk_size, `${path}.ie_chunk_size`),
    nbytes: group.ie_nbytes ?? nbytes,
    strips,
  }
}

/** The early layout does not say how much a group holds: one group holds the file. facts: wire 9.3 */
function groupsOf(fmap: Extract<IoctlFmap, { fioc_ext_type: 1 }>): TypedMap {
  const kie = listed(fmap.kie, 'kie')
  const silent = kie.flatMap((g, i) => (g.ie_nbytes === undefined ? [`kie[${i}].ie_nbytes`] : []))
  const [first] = silent
  if (first !== undefined && kie.length > 1)
    throw unsupported(first, `is not said by the early layout, and ${kie.length} groups share the file`)
  const { fioc_file_size: file_size, fioc_file_type: fileType } = fmap
  const lost = silent.map(path => ({ path, why: `the early layout does not say it: taken to be the size of the file, ${file_size}` }))
  return { map: { ext_type: 'interleaved', file_size, extents: kie.map((g, i) => groupOf(g, `kie[${i}]`, file_size)) }, fileType, lost }
}

function ofFmap(fmap: IoctlFmap): TypedMap {
  if (fmap.fioc_ext_type === 1) return groupsOf(fmap as Extract<IoctlFmap, { fioc_ext_type: 1 }>)
  if (fmap.fioc_ext_type !== 0) throw unsupported('fioc_ext_type', `no map has the type ${fmap.fioc_ext_type}`)
  const { fioc_file_size: file_size, fioc_file_type: fileType, kse } = fmap as Extract<IoctlFmap, { fioc_ext_type: 0 }>
  const extents = listed(kse, 'kse').map((e, i) => extentOf(e, `kse[${i}]`))
  return { map: { ext_type: 'simple', file_size, extents }, fileType, lost: [] }
}

/** The old form: everything is a simple extent on the device of the mount. facts: wire 9.4 */
function ofOldMap({ extent_type, file_type, file_size, ext_list }: Input<typeof famfs_ioc_map>, simple: number): TypedMap {
  const lost = extent_type === simple ? [] : [{ path: 'extent_type', why: `it is ${extent_type}, and no driver reads it` }]
  const extents = ext_list.map(({ offset, len }) => ({ dev_index: 0, offset, len }))
  return { map: { ext_type: 'simple', file_size, extents }, fileType: file_type, lost }
}

const IDLE = /^(reserved\d?|padding|gap|pad)$/

function* numbered(list: Iterable<unknown>): Generator<[string, unknown]> {
  let i = 0
  for (const element of list) yield [String(i++), element]
}

/** Words that no map has room for, wherever they stand, and say something. */
function* idleIn(value: object, path: string): Generator<Loss> {
  const isList = Symbol.iterator in value
  for (const [name, member] of isList ? numbered(value as Iterable<unknown>) : Object.entries(value)) {
    const at = isList ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`
    if (IDLE.test(name) && (typeof member === 'number' || typeof member === 'bigint') && BigInt(member) !== 0n)
      yield { path: at, why: `it is ${member}: no map has room for reserved words` }
    if (typeof member === 'object' && member !== null && !(member instanceof Uint8Array)) yield* idleIn(member, at)
  }
}

/** What of a message is no part of its map. */
export function idleOf(message: object, padded = false): Loss[] {
  const { fmap_version: version = FAMFS_FMAP_VERSION, trailing = new Uint8Array() } = message as {
    readonly fmap_version?: number
    readonly trailing?: Uint8Array
  }
  const lost: Loss[] = []
  if (version !== FAMFS_FMAP_VERSION) lost.push({ path: 'fmap_version', why: `it is ${version}: what is made says ${FAMFS_FMAP_VERSION}` })
  lost.push(...idleIn(message, ''))
  if (trailing.length > 0 && !(padded && trailing.every(b => b === 0)))
    lost.push({ path: 'trailing', why: `${trailing.length} bytes behind the map` })
  return lost
}

/**
 * The map of a decoded GET_FMAP reply with its file type, taken as it stands, and what of the reply is no part of it.
 *
 * @param fmap the decoded body; of the famfs form pull or push
 * @param dialect whose form it has, default that of every dialect without one of its own. Zeros behind the map are no loss where replies of
 * the dialect have one length.
 */
export function fromFmap(fmap: object, dialect: Dialect = fuseV10): TypedMap {
  const { file_type: fileType = 0 } = fmap as { readonly file_type?: number }
  return { map: mapOf(fmap, dialect), fileType, lost: idleOf(fmap, dialect.reply.GET_FMAP?.exact !== undefined) }
}

/** The answer of MAP_GET_V2 as an argument of MAP_CREATE_V2. */
interface Answer {
  readonly iocmap: { readonly fioc_file_size: bigint; readonly fioc_file_type: number; readonly fioc_ext_type: number }
  readonly map: { readonly ikse?: readonly IoctlExtent[]; readonly ikie?: IoctlGroup; readonly kie_strips?: readonly IoctlExtent[] }
}

function ofAnswer({ iocmap, map }: Answer): TypedMap {
  const { ikse, ikie, kie_strips = [] } = map
  if (ikie === undefined) return ofFmap({ ...iocmap, fioc_ext_type: 0, kse: ikse ?? [] })
  return ofFmap({ ...iocmap, fioc_ext_type: 1, kie: [{ ...ikie, ie_strips: kie_strips }] })
}

const READERS: Readonly<Record<string, (value: IoctlValue, d: IoctlDialect) => TypedMap>> = {
  MAP_CREATE: (value, { headers }) => ofOldMap(value as Input<typeof famfs_ioc_map>, headers[0].extentTypes?.values.SIMPLE_DAX_EXTENT ?? 0),
  MAP_CREATE_V2: value => ofFmap(value as IoctlFmap),
  MAP_GET_V2: value => ofAnswer(value as unknown as Answer),
}

/** Whether the argument or the answer of a command is a map that {@link fromIoctl} reads. */
export const carriesMap = ({ argument, name }: IoctlCommand): boolean => argument?.whole !== undefined || Object.hasOwn(READERS, name)

/**
 * The map that the argument of a command describes, or the answer of MAP_GET_V2, taken as it stands: no driver is asked whether it would take
 * it. Use the `map` of an `ioctlVerdict` for what a driver keeps.
 *
 * @param value of `decodeIoctl`
 * @throws WireError code unsupported for a command whose argument is no map, and for what no map can say
 */
export function fromIoctl(dialect: IoctlDialect | IoctlDialectId, command: string | number, value: IoctlValue): TypedMap {
  const d = ioctlDialectOf(dialect)
  const { name, argument } = commandOf(d, command)
  if (argument?.whole !== undefined) return fromFmap(value as Input<typeof fuse_famfs_fmap_push>)
  const read = Object.hasOwn(READERS, name) ? READERS[name] : undefined
  if (read === undefined) throw unsupported('command', `${name} carries no map`)
  const typed = read(value, d)
  return { ...typed, lost: [...idleIn(value ?? {}, ''), ...typed.lost] }
}
