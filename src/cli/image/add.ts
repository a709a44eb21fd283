/** `image add`: a file in an image that is there. */
import type { NewFile, NewMap } from '../../metadata/build/index.ts'
import { byteCount } from '../args.ts'
import { Failure } from '../command.ts'
import { contentFrom, extentOf, interleaveOf, newPath, ownerIn } from './requests.ts'
import type { Tool, Values } from './sub.ts'
import { ABOUT_WRITING, appendTo, writerMeanings, writerOptions } from './write.ts'

/** Where the options say that the file lies; undefined: it is to be allocated. */
function mapIn({ extent, chunk, interleave }: Values): NewMap | undefined {
  if (extent === undefined) {
    if (chunk !== undefined) throw new Failure('--chunk is for strips that are given: --extent DEV:OFF:LEN for each of them')
    return undefined
  }
  if (interleave !== undefined)
    throw new Failure('--interleave allocates, --extent says where: one of them', { hint: '--chunk makes strips of extents' })
  const extents = extent.map(extentOf)
  if (chunk === undefined) return { ext_type: 'simple', extents }
  const nbytes = (extents[0]?.len ?? 0n) * BigInt(extents.length)
  const group = { nstrips: extents.length, chunk_size: Number(byteCount('chunk', chunk)), nbytes, strips: extents }
  return { ext_type: 'interleaved', extents: [group] }
}

function fileIn(path: string, values: Values): NewFile {
  const { from, size, interleave } = values
  if (from === undefined && size === undefined)
    throw new Failure('what is in the file? --from FILE, or --size BYTES for one with the bytes that are there', { usage: true })
  const map = mapIn(values)
  const given = from === undefined ? undefined : contentFrom(from)
  return {
    kind: 'file',
    path: newPath(path, values),
    ...given?.owner,
    ...ownerIn(values),
    ...(given === undefined ? {} : { content: given.content }),
    ...(size === undefined ? {} : { size: byteCount('size', size) }),
    ...(map === undefined ? {} : { map }),
    ...(interleave === undefined ? {} : { interleave: interleaveOf(interleave) }),
    parents: values.parents === true,
  }
}

export const add: Tool = {
  options: ['from', 'size', 'extent', 'chunk', 'interleave', 'parents', 'mode', 'uid', 'gid', ...writerOptions],
  meanings: {
    ...writerMeanings,
    from: { value: 'FILE', help: 'the content, and its size; mode and owner are those of FILE unless they are given' },
    size: { value: 'BYTES', help: 'bytes of the file; without --from its content is what is there on the device' },
    interleave: {
      value: 'B:S:CHUNK',
      help: 'allocates S strips in B buckets (equal parts of the device, 1 GiB or more), CHUNK bytes at a time, as 8:4:2M',
    },
    parents: { help: 'makes the directories above that are missing' },
    mode: { value: 'MODE', help: 'permissions, octal; default 0644, or those of FILE' },
  },
  about: [
    'Without --extent and --interleave the file gets one extent, the first free place that is large enough. A file that is spread with --interleave but smaller than a chunk gets one extent, too.',
    ABOUT_WRITING,
  ],
  examples: [
    ['famfs-wire image add data.img models/weights --from weights.bin -p --write', 'a file, and its directory where that is missing'],
    ['famfs-wire image add data.img there --size 4M --extent 0:64M:4M --write', 'at byte 64 MiB of the device'],
    ['famfs-wire image add wide.img striped --size 4M --extent 0:1G:2M --extent 0:2G:2M --chunk 2M --write', 'two strips'],
  ],
  operands: [2, 2],
  start({ operands, ...call }) {
    const [, path = ''] = operands
    return appendTo({ operands, ...call }, async () => ({ entries: [fileIn(path, call.values)] }))
  },
}
