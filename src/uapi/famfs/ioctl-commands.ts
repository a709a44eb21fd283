/** What the commands of the ioctl ABI take: the struct in the number, what its pointers lead to, and what the driver reads of it. facts: wire 9 */
import { fixedSize, type Schema } from '../../schema/index.ts'
import type { CallPart, IoctlArgument, IoctlCommand, Pointer } from '../../schema/ioctl.ts'
import { ioc } from '../fuse/ioctl.ts'
import { fuse_famfs_fmap_header_push, fuse_famfs_fmap_push, fuse_famfs_iext, fuse_famfs_simple_ext } from './fmap.ts'
import {
  FAMFSIOC_MAGIC,
  famfs_extent,
  famfs_ioc_daxdev,
  famfs_ioc_daxdev_fd,
  famfs_ioc_fmap,
  famfs_ioc_fmap_header,
  famfs_ioc_interleaved_ext,
  famfs_ioc_interleaved_ext_early,
  famfs_ioc_opts,
  famfs_ioc_simple_extent,
} from './ioctl.ts'

type Struct = Schema<unknown, unknown>

/** Argument of MAP_CREATE up to KABI 43: everything is in it. */
export const mapArgument = (schema: Struct): IoctlArgument => ({
  schema,
  loads: { ext_type: 'extent_type', file_type: 'file_type', file_size: 'file_size', nextents: 'ext_list_count' },
  extent: { schema: famfs_extent, loads: { se_offset: 'offset', se_len: 'len' }, as: 'ext_list', first: 24 },
})

/** Argument of a command that the kernel only writes to. */
export const answerArgument = (schema: Struct): IoctlArgument => ({ schema, loads: {} })

const wideExtent: CallPart = {
  schema: famfs_ioc_simple_extent,
  loads: { se_devindex: 'devindex', se_offset: 'offset', se_len: 'len' },
}

const stripsPointer: Pointer = { field: 'ie_strips', as: 'ie_strips', to: famfs_ioc_simple_extent, count: 'ie_nstrips' }

const listPointers = (group: Struct): readonly Pointer[] => [
  { field: 'kse', as: 'kse', to: famfs_ioc_simple_extent, count: 'fioc_nextents', when: { field: 'fioc_ext_type', equals: 0 } },
  {
    field: 'kse',
    as: 'kie',
    to: group,
    count: 'fioc_nextents',
    when: { field: 'fioc_ext_type', equals: 1 },
    pointers: [stripsPointer],
  },
]

/** Argument of MAP_CREATE_V2: a head with pointers. Its number says nothing about the groups that they lead to. facts: wire 9.3 */
export const fmapArgument: IoctlArgument = {
  schema: famfs_ioc_fmap,
  pointers: listPointers(famfs_ioc_interleaved_ext),
  early: listPointers(famfs_ioc_interleaved_ext_early),
  loads: {
    ext_type: 'fioc_ext_type',
    file_type: 'fioc_file_type',
    file_size: 'fioc_file_size',
    nextents: 'fioc_nextents',
    padding: 'padding',
  },
  extent: { ...wideExtent, as: 'kse', first: 0 },
  group: {
    schema: famfs_ioc_interleaved_ext,
    loads: { ie_nstrips: 'ie_nstrips', ie_chunk_size: 'ie_chunk_size', ie_nbytes: 'ie_nbytes' },
    as: 'kie',
    first: 0,
  },
}

const messageArgument = (schema: Struct): IoctlArgument => ({
  schema,
  whole: fuse_famfs_fmap_push,
  loads: {
    file_type: 'file_type',
    fmap_version: 'fmap_version',
    ext_type: 'ext_type',
    nextents: 'nextents',
    fmap_size: 'fmap_size',
    file_size: 'file_size',
  },
  extent: {
    schema: fuse_famfs_simple_ext,
    loads: { se_devindex: 'se_devindex', se_offset: 'se_offset', se_len: 'se_len' },
    as: 'extents',
    first: 32,
  },
  group: {
    schema: fuse_famfs_iext,
    loads: { ie_nstrips: 'ie_nstrips', ie_chunk_size: 'ie_chunk_size', ie_nbytes: 'ie_nbytes' },
    as: 'extents',
    first: 32,
  },
})

/** Argument of MAP_CREATE in KABI 44a and 44b: the map message of the push dialects, by the names of FUSE. facts: wire 9.7 */
export const fuseMessageArgument: IoctlArgument = /* @__PURE__ */ messageArgument(fuse_famfs_fmap_header_push)
/** The same by the names of KABI 44c and 44d. facts: wire 9.7 */
export const iocMessageArgument: IoctlArgument = /* @__PURE__ */ messageArgument(famfs_ioc_fmap_header)

/** Argument of DAXDEV_OPEN by file descriptor (44a). facts: wire 9.7 */
export const daxdevFdArgument: IoctlArgument = { schema: famfs_ioc_daxdev_fd, loads: { daxdev_index: 'daxdev_index', flags: 'flags' } }

/** Argument of DAXDEV_OPEN by path (44b to 44d). facts: wire 9.7 */
export const daxdevArgument: IoctlArgument = {
  schema: famfs_ioc_daxdev,
  pointers: [{ field: 'daxdev_path', as: 'daxdev_path', count: 'daxdev_path_len' }],
  loads: { daxdev_index: 'daxdev_index', daxdev_path_len: 'daxdev_path_len', flags: 'flags' },
}

/** Argument of the option commands. */
export const optsArgument: IoctlArgument = { schema: famfs_ioc_opts, loads: {} }

/** A command with its number, which is computed from direction, number and the size of the struct. */
export function ioctl(name: string, direction: number, nr: number, argument?: IoctlArgument): IoctlCommand {
  const size = argument === undefined ? 0 : (fixedSize(argument.schema.type) ?? 0)
  const command = { name, direction, nr, size, number: ioc(direction, FAMFSIOC_MAGIC, nr, size) }
  return argument === undefined ? command : { ...command, argument }
}

const pointedTo = (pointers: readonly Pointer[]): Struct[] =>
  pointers.flatMap(({ to, pointers: inner = [] }) => [...(to === undefined ? [] : [to]), ...pointedTo(inner)])

function* structsIn({ argument }: IoctlCommand): Generator<Struct> {
  if (argument === undefined) return
  yield argument.schema
  if (argument.whole !== undefined) yield argument.whole
  for (const part of [argument.extent, argument.group]) if (part !== undefined) yield part.schema
  yield* pointedTo(argument.pointers ?? [])
}

/** The structs of these commands by their C names, each in the form that these commands take. */
export function structsOfCommands(commands: readonly IoctlCommand[]): ReadonlyMap<string, Schema<unknown>> {
  const found = new Map<string, Schema<unknown>>()
  for (const schema of commands.flatMap(c => [...structsIn(c)])) if (schema.type.kind === 'struct') found.set(schema.type.name, schema)
  return found
}
