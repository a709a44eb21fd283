/** A map in the form of a FUSE reply: the way back from the ioctl ABI, and from one dialect of FUSE to another. */
import { attempt } from '../../codec/errors.ts'
import type { Dialect } from '../../schema/dialect.ts'
import type { DialectName } from '../../uapi/dialects/aliases.ts'
import { dialectOf, type VerdictOptions } from '../../validate/options.ts'
import { saysFileType } from '../form.ts'
import { fmapReply, legal } from '../legal.ts'
import type { FileMap } from '../map.ts'
import { unroll as toSimple } from '../unroll.ts'
import type { Loss } from './from.ts'
import { unrolledLoss } from './to.ts'

/** In which form, and for whom. */
export interface ToFmapOptions extends VerdictOptions {
  /** type of the file, 0 to 255; default 0, regular */
  readonly fileType?: number
  /** says groups as simple extents where kernels of the dialect take none; default false: then it is a refusal */
  readonly unroll?: boolean
  /** refuse what the kernel would refuse; default true */
  readonly legal?: boolean
}

/** A map as the body of a reply. */
export interface FmapForm {
  readonly bytes: Uint8Array
  readonly lost: readonly Loss[]
}

/** The map that the kernel is given: with groups said as extents where that is wanted and needed. */
function chosen(map: FileMap, dialect: Dialect, { unroll = false, legal: asks = true, ...machine }: ToFmapOptions): FileMap {
  const direct = attempt(() => {
    const taken = asks ? legal(map, dialect, machine) : map
    fmapReply(taken, dialect)
    return taken
  })
  if (direct.ok) return direct.value
  if (!unroll || map.ext_type === 'simple') throw direct.error
  return asks ? toSimple(map, dialect, machine) : toSimple(map)
}

/**
 * A map as the body of the GET_FMAP reply that gives it to a kernel of FUSE. With `fromIoctl` in front of it this is the way from the ioctl
 * ABI to FUSE.
 *
 * ```ts
 * import { fromIoctl, toFmap } from 'famfs-wire/kernel'
 *
 * const { map, fileType, lost } = fromIoctl('ioctl-43', 'MAP_CREATE_V2', {
 *   fioc_file_size: 0x200000n, fioc_file_type: 0, fioc_ext_type: 0,
 *   kse: [{ devindex: 0n, offset: 0x40000000n, len: 0x200000n }],
 * })
 * const reply = toFmap(map, 'fuse-v10', { fileType })    // what is lost: lost, and reply.lost
 * ```
 *
 * @throws WireError as `fmapReply`; with `legal` code unsupported for what kernels of the dialect would refuse, or find nothing in
 */
export function toFmap(map: FileMap, dialect: Dialect | DialectName, options: ToFmapOptions = {}): FmapForm {
  const d = dialectOf(dialect, 'GET_FMAP')
  const { fileType = 0 } = options
  const given = chosen(map, d, options)
  const untyped =
    fileType !== 0 && !saysFileType(d) ? [{ path: 'file_type', why: `it is ${fileType}, and ${d.id} has no field for it` }] : []
  return { bytes: fmapReply(given, d, fileType), lost: [...untyped, ...(given === map ? [] : [unrolledLoss(map)])] }
}
