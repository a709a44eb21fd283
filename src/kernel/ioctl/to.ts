/** A map in the forms of the ioctl ABI: what each can say, what gets lost, and what is refused. */
import { commandOf, ioctlDialectOf } from '../../codec/ioctl/command.ts'
import { encodeIoctl, type IoctlEncodeOptions, type IoctlPayload, type IoctlValue } from '../../codec/ioctl/index.ts'
import type { Input, Value } from '../../schema/index.ts'
import type { IoctlDialect } from '../../schema/ioctl.ts'
import type { IoctlDialectId } from '../../uapi/dialects/ioctl.ts'
import { FAMFS_FMAP_VERSION } from '../../uapi/famfs/constants.ts'
import type { fuse_famfs_fmap, fuse_famfs_fmap_push } from '../../uapi/famfs/fmap.ts'
import { verdictOfPayload } from '../../validate/ioctl/verdict.ts'
import type { MetaExtent, MetaGroup } from '../../validate/meta.ts'
import type { VerdictOptions } from '../../validate/options.ts'
import { unsupported } from '../errors.ts'
import { type FileMap, fmapFields } from '../map.ts'
import { piecesOf } from '../state.ts'
import { merged, unroll as toSimple } from '../unroll.ts'
import { fromFmap, type Loss } from './from.ts'

/** In which form, and for whom. */
export interface ToIoctlOptions extends VerdictOptions, Pick<IoctlEncodeOptions, 'base' | 'layout'> {
  /** command that carries the map; default {@link mapCommandOf} */
  readonly command?: string
  /** type of the file; default 0, regular */
  readonly fileType?: number
  /** says groups as simple extents where the form has none; default false: then it is a refusal */
  readonly unroll?: boolean
  /** refuse what the driver would refuse; default true. Nobody has read the drivers of the early layout: they are not asked. */
  readonly legal?: boolean
}

/** A map as an argument. */
export interface IoctlForm {
  readonly command: string
  readonly value: IoctlValue
  readonly payload: IoctlPayload
  readonly lost: readonly Loss[]
}

interface Form {
  readonly value: IoctlValue
  readonly lost: readonly Loss[]
}

/** The old form: two extents on the one device of the mount. facts: wire 9.2 */
function oldMap(map: FileMap, file_type: number, d: IoctlDialect): Form {
  if (map.ext_type !== 'simple') throw unsupported('ext_type', 'famfs_ioc_map has simple extents only; unroll says groups as such')
  const other = map.extents.findIndex(e => e.dev_index !== 0)
  if (other >= 0)
    throw unsupported(
      `extents[${other}].dev_index`,
      `famfs_ioc_map has no device index, and device ${map.extents[other]?.dev_index} is meant`,
    )
  const extent_type = d.headers[0].extentTypes?.values.SIMPLE_DAX_EXTENT ?? 0
  const ext_list = map.extents.map(({ offset, len }) => ({ offset, len }))
  return { value: { extent_type, file_type, file_size: map.file_size, ext_list }, lost: [] }
}

const extentOf = ({ dev_index, offset, len }: MetaExtent) => ({ devindex: BigInt(dev_index), offset, len })

const groupOf = ({ chunk_size, nbytes, strips }: MetaGroup, early: boolean) => ({
  ie_chunk_size: BigInt(chunk_size),
  ...(early ? {} : { ie_nbytes: nbytes }),
  ie_strips: strips.map(extentOf),
})

/** facts: wire 9.3 */
function fmap(map: FileMap, fioc_file_type: number, early: boolean): Form {
  const head = { fioc_file_size: map.file_size, fioc_file_type }
  if (map.ext_type === 'simple') return { value: { ...head, fioc_ext_type: 0, kse: map.extents.map(extentOf) }, lost: [] }
  const lost = map.extents.flatMap(({ nbytes }, i) =>
    early ? [{ path: `extents[${i}].nbytes`, why: `the early layout has no field for it: ${nbytes} is not said` }] : [],
  )
  return { value: { ...head, fioc_ext_type: 1, kie: map.extents.map(g => groupOf(g, early)) }, lost }
}

function message(map: FileMap, file_type: number): Form {
  const value = { file_type, fmap_version: FAMFS_FMAP_VERSION, ...fmapFields(map) } as Input<typeof fuse_famfs_fmap_push>
  return { value, lost: [] }
}

/** The map, with groups said as extents where that is wanted and needed. */
function unrolled(map: FileMap, hasGroups: boolean, { unroll = false }: ToIoctlOptions): FileMap {
  if (!unroll || hasGroups || map.ext_type === 'simple') return map
  const simple = toSimple(map)
  return { ...simple, extents: merged(simple.extents) }
}

/** What the driver says to it. */
function refusal(d: IoctlDialect, { payload, command }: IoctlForm, options: VerdictOptions): string | undefined {
  const judged = verdictOfPayload(d, payload, {}, options)
  if (!judged.ok && judged.errno !== undefined)
    return `the driver of ${d.id} refuses ${command} with errno ${judged.errno}: ${judged.check} at ${judged.path}`
  const [hazard] = judged.hazards
  return hazard === undefined ? undefined : `the driver of ${d.id} takes ${command} and suffers from it: ${hazard.rule}`
}

/** The command that gives a file its map: MAP_CREATE_V2 where the version has it, else MAP_CREATE. */
export const mapCommandOf = ({ handlers }: IoctlDialect): string => ('MAP_CREATE_V2' in handlers ? 'MAP_CREATE_V2' : 'MAP_CREATE')

/**
 * A map as the argument of the command that gives it to a file, in the form of a version of the ioctl ABI.
 *
 * @param map of `mapOf`, of a verdict, or of an image
 * @param dialect a version of the ioctl ABI or its id
 * @returns the command, its argument as value and as bytes, and what the form has no place for
 * @throws WireError code unsupported for what the form cannot say (groups, devices) and, with `legal`, for what the driver would refuse or
 * suffer from; code count for more extents than the form has room for; code range for numbers that do not fit
 */
export function toIoctl(map: FileMap, dialect: IoctlDialect | IoctlDialectId, options: ToIoctlOptions = {}): IoctlForm {
  const d = ioctlDialectOf(dialect)
  const { fileType = 0, layout = 'final', base, legal = true } = options
  const { name, argument } = commandOf(d, options.command ?? mapCommandOf(d))
  if (d.handlers[name]?.effect !== 'map') throw unsupported('command', `${name} gives no map to a file`)
  const given = unrolled(map, argument?.group !== undefined, options)
  const early = layout === 'early' && argument?.early !== undefined
  const { value, lost } =
    argument?.whole !== undefined
      ? message(given, fileType)
      : argument?.group === undefined
        ? oldMap(given, fileType, d)
        : fmap(given, fileType, early)
  const payload = encodeIoctl(d, name, value, { layout, ...(base === undefined ? {} : { base }) })
  const form = { command: name, value, payload, lost: given === map ? lost : [...lost, unrolledLoss(map)] }
  const objection = legal && !early ? refusal(d, form, options) : undefined
  if (objection !== undefined) throw unsupported('', objection)
  return form
}

/** What is lost of groups that are said as extents. */
export const unrolledLoss = (map: FileMap): Loss => ({
  path: 'extents',
  why: `${piecesOf(map).length} strips are said as simple extents, chunk by chunk`,
})

/**
 * A decoded GET_FMAP reply, pull or push, as the argument of an ioctl: {@link toIoctl}, with the file type of the reply, and with what of the
 * reply is no part of its map among the losses.
 * @throws WireError as {@link toIoctl}
 */
export function ioctlOfFmap(
  fmap: Value<typeof fuse_famfs_fmap> | Value<typeof fuse_famfs_fmap_push>,
  dialect: IoctlDialect | IoctlDialectId,
  options: Omit<ToIoctlOptions, 'fileType'> = {},
): IoctlForm {
  const { map, fileType, lost } = fromFmap(fmap)
  const form = toIoctl(map, dialect, { ...options, fileType })
  return { ...form, lost: [...lost, ...form.lost] }
}
