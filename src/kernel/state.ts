/** What a kernel remembers besides the map: the slots of its device table and the file's error flag. Plain values. facts: wire 6 */
import type { Dialect, Resolver } from '../schema/dialect.ts'
import type { DialectName } from '../uapi/dialects/aliases.ts'
import { type IoctlDialect, type IoctlDialectId, ioctlDialects } from '../uapi/dialects/ioctl.ts'
import { EHWPOISON, EIO, ENXIO } from '../uapi/errno.ts'
import type { MetaExtent } from '../validate/meta.ts'
import { dialectOf } from '../validate/options.ts'
import { unsupported } from './errors.ts'
import type { FileMap } from './map.ts'

/**
 * One slot of the device table. `ready`: works. `missing`: not in the table. `busy`: could not be acquired. `error`: reported a memory
 * error. facts: wire 6.2
 */
export type DeviceState = 'ready' | 'missing' | 'busy' | 'error'

/** Slots by device index; one that is not named is ready. */
export type Devices = Readonly<Record<number, DeviceState>>

/** A file as famfs sees it. facts: wire 6.1 */
export interface FileState {
  /** set by the first failure; from then on everything is EIO until the inode goes away */
  readonly error: boolean
  /** size of the inode in bytes; anything else than the map's file_size is a failure */
  readonly i_size: bigint
  /** the inode is a DAX inode */
  readonly dax: boolean
}

/** Everything that a look-up depends on besides map and kernel. */
export interface State {
  readonly devices: Devices
  readonly file: FileState
  /** some device of the mount has reported a memory error: where `failedMount` says so, that ends every look-up. Default false */
  readonly mountFailed?: boolean
}

/** Every device works, and nothing happened to the file yet. */
export const healthy = (map: FileMap): State => ({ devices: {}, file: { error: false, i_size: map.file_size, dax: true } })

/** Every extent or strip of a map, in order. */
export const piecesOf = (map: FileMap): readonly MetaExtent[] =>
  map.ext_type === 'simple' ? map.extents : map.extents.flatMap(group => group.strips)

/** How the kernels of a dialect resolve, and how many slots their device table has. */
export interface Rules extends Resolver {
  readonly id: string
  readonly slots: number
}

/** A dialect of FUSE or a version of the ioctl ABI, or its id: everything whose kernels resolve offsets. */
export type ResolvingDialect = Dialect | DialectName | IoctlDialect | IoctlDialectId

/** The dialect where it is a version of the ioctl ABI. */
function ioctlIn(dialect: ResolvingDialect): IoctlDialect | undefined {
  if (typeof dialect !== 'string') return 'handlers' in dialect ? dialect : undefined
  return Object.hasOwn(ioctlDialects, dialect) ? ioctlDialects[dialect as IoctlDialectId] : undefined
}

/** @throws WireError code unsupported when the kernels of the dialect have no maps, or its definition does not say how they resolve */
export function rulesOf(dialect: ResolvingDialect): Rules {
  const { resolver, limits, id } = ioctlIn(dialect) ?? dialectOf(dialect as Dialect | DialectName, 'GET_FMAP')
  if (resolver === undefined) throw unsupported('dialect', `dialect ${id} does not say how its kernels resolve offsets`)
  return { ...resolver, id, slots: limits.devSlots ?? Number.POSITIVE_INFINITY }
}

/**
 * The state right after a kernel installed the map: the push dialects install a map with its error flag set while one of its devices has
 * not been pushed, the others install it and fail later. facts: wire 4.4
 *
 * @throws WireError code unsupported for a dialect without maps
 */
export function installed(map: FileMap, dialect: ResolvingDialect, devices: Devices = {}): State {
  const rules = rulesOf(dialect)
  const flagged = rules.installFlags === true && piecesOf(map).some(piece => devices[piece.dev_index] === 'missing')
  const state = healthy(map)
  return { devices, file: { ...state.file, error: flagged } }
}

/** What a look at a file comes to: 0 or an errno, and the file's state after it. */
interface Looked {
  readonly errno: number
  readonly file: FileState
}

/**
 * What read, write and mmap return before anything else is looked at, and the file's state after it: no map EIO, error flag EIO, changed
 * size ENXIO (and the flag, so EIO from then on), no DAX inode ENXIO. facts: wire 6.1
 *
 * @param map undefined: the inode has none
 * @param order `sizeFirst` of the RFC's resolver: size and DAX are looked at before the flag and both set it, so that a changed size stays
 * ENXIO. facts: wire 9.4. `anySize`: the size is not compared. facts: wire 7.4
 * @returns errno 0 when the file is good
 */
export function fileBad(map: FileMap | undefined, file: FileState, order: Pick<Resolver, 'sizeFirst' | 'anySize'> = {}): Looked {
  if (map === undefined) return { errno: EIO, file }
  const sized = order.anySize === true || file.i_size === map.file_size
  if (order.sizeFirst === true) {
    if (!sized || !file.dax) return { errno: ENXIO, file: { ...file, error: true } }
    return { errno: file.error ? EIO : 0, file }
  }
  if (file.error) return { errno: EIO, file }
  if (!sized) return { errno: ENXIO, file: { ...file, error: true } }
  return { errno: file.dax ? 0 : ENXIO, file }
}

/** errno of an access to a device. facts: wire 6.2 */
export const deviceErrno: { readonly [K in DeviceState]: number } = { ready: 0, missing: EIO, busy: EIO, error: EHWPOISON }
