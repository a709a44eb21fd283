/** `famfs-wire iomap`: a map as the notifications of fuse-iomap that would carry it, and back. */
import { attempt } from '../../codec/errors.ts'
import { hex } from '../../codec/input.ts'
import type { Loss } from '../../kernel/ioctl/from.ts'
import { toFmap } from '../../kernel/ioctl/reply.ts'
import { decodeUpserts, fromIomap } from '../../kernel/iomap/from.ts'
import { toIomap } from '../../kernel/iomap/to.ts'
import type { Dialect } from '../../schema/dialect.ts'
import { fuseV10 } from '../../uapi/dialects/index.ts'
import { integer } from '../args.ts'
import { type Args, command, Failure, GOOD, type Io, type Options, REFUSED } from '../command.ts'
import { type Dialects, dialectFileOption, dialectNamed, dialectsOf } from '../dialects.ts'
import { inputOptions, readInput } from '../input.ts'
import { warnLosses } from '../ioctl/form.ts'
import { jsonText } from '../json-text.ts'
import { imageMaps } from '../resolve/image-maps.ts'
import { type NamedMap, readMap } from '../resolve/maps.ts'

const ROOT_OF_EXAMPLES = 2n
const U64 = (1n << 64n) - 1n

const options = {
  back: { type: 'boolean', help: 'from notifications to a map' },
  dialect: { type: 'string', short: 'd', value: 'D', help: 'in whose form the map is read, or made; default fuse-v10' },
  ...dialectFileOption,
  node: { type: 'string', value: 'N', help: 'nodeid of the file; default 2' },
  size: { type: 'string', value: 'N', help: 'bytes of the file; default all that is mapped' },
  image: { type: 'string', value: 'IMAGE', help: 'MAP is the path of a file in this famfs image' },
  line: { type: 'string', value: 'N', help: 'captures: the map on line N (N#K: the Kth on it)' },
  format: inputOptions.format,
  json: { type: 'boolean', help: 'as JSON' },
} as const satisfies Options

type Values = Args<typeof options>['values']

export const iomap = command({
  usage: ['[MAP] [--node N] [--image IMAGE] [-d DIALECT] [--json]', '--back [NOTIFICATIONS] [--size N] [-d DIALECT] [--json]'],
  about: [
    'fuse-iomap is a neighbour of famfs: its server tells the kernel where a file lies by notifications. It is experimental, its numbers may change, and no kernel of it was asked. This shows the IOMAP_UPSERT_MAPPINGS notifications that would carry a famfs map: one for each extent, or for each run of chunks.',
    'With --back the input is such notifications, one after the other, and the answer the body of a GET_FMAP reply. What the other form does not say is told on standard error, and is the list lost of --json.',
  ],
  options,
  operands: 1,
  examples: [
    ['famfs-wire iomap fixtures/examples/two-strips.hex', 'what a server of fuse-iomap would send for it'],
    ['famfs-wire iomap fixtures/examples/two-extents.hex 2>/dev/null | famfs-wire iomap --back', 'there and back'],
  ],
  async run({ values, positionals: [operand] }, io) {
    const among = await dialectsOf(values)
    const dialect = values.dialect === undefined ? fuseV10 : dialectNamed(values.dialect, among)
    return values.back === true ? await back(operand, dialect, values, io) : await there(operand, dialect, among, values, io)
  },
})

/** Notes, unless they are part of the JSON. */
const tellLosses = (lost: readonly Loss[], values: Values, io: Io): void => {
  if (values.json !== true) warnLosses(lost, io)
}

async function sourceOf(operand: string | undefined, form: Dialect, among: Dialects, values: Values, io: Io): Promise<NamedMap> {
  if (values.image === undefined) return await readMap(operand, { format: values.format, line: values.line }, { among, form }, io)
  if (operand === undefined)
    throw new Failure('--image: which file of the image? A path is missing', { hint: 'famfs-wire image tree shows them' })
  const [map] = await imageMaps(values.image, [operand], io)
  return map as NamedMap
}

async function there(operand: string | undefined, dialect: Dialect, among: Dialects, values: Values, io: Io): Promise<number> {
  if (values.size !== undefined) throw new Failure('--size goes with --back: a map says its size', { usage: true })
  const source = await sourceOf(operand, dialect, among, values, io)
  if (!source.map.ok) throw new Failure(`${source.name}: no map: ${source.map.error.message}`, { exit: REFUSED })
  const { value: map } = source.map
  const nodeid = values.node === undefined ? ROOT_OF_EXAMPLES : integer('node', values.node, 1n, U64)
  const form = attempt(() => toIomap(map, { nodeid }))
  if (!form.ok) throw new Failure(`${source.name}: has no form as notifications: ${form.error.message}`, { exit: REFUSED })
  const { upserts, messages, lost } = form.value
  tellLosses(lost, values, io)
  if (values.json === true) {
    const notifications = upserts.map((body, i) => ({ body, hex: messages[i] }))
    await io.print(`${jsonText({ dialect: 'fuse-iomap', notification: 'IOMAP_UPSERT_MAPPINGS', map, notifications, lost })}\n`)
    return GOOD
  }
  for (const [i, { read }] of upserts.entries()) {
    const place = `bytes ${read.offset} to ${read.offset + read.length - 1n} at 0x${read.addr.toString(16)} of device ${read.dev}`
    await io.print(`# IOMAP_UPSERT_MAPPINGS of node ${nodeid}: ${place}\n${hex(messages[i] as Uint8Array)}\n`)
  }
  return GOOD
}

async function back(operand: string | undefined, dialect: Dialect, values: Values, io: Io): Promise<number> {
  if (values.image !== undefined || values.node !== undefined || values.line !== undefined)
    throw new Failure('--back takes notifications: --image, --node and --line are about a map', { usage: true })
  const input = await readInput(operand, { format: values.format }, io)
  const size = values.size === undefined ? {} : { fileSize: integer('size', values.size, 0n, U64) }
  const made = attempt(() => {
    const { map, nodeid, lost } = fromIomap(decodeUpserts(input.bytes), size)
    const reply = toFmap(map, dialect, { legal: false })
    return { map, nodeid, bytes: reply.bytes, lost: [...lost, ...reply.lost] }
  })
  if (!made.ok) throw new Failure(`${input.name}: no map: ${made.error.message}`, { exit: REFUSED })
  const { map, nodeid, bytes, lost } = made.value
  tellLosses(lost, values, io)
  if (values.json === true)
    await io.print(`${jsonText({ dialect: dialect.id, message: 'GET_FMAP', node: nodeid, map, hex: bytes, lost })}\n`)
  else await io.print(`# GET_FMAP reply of ${dialect.id} for node ${nodeid}, ${bytes.length} bytes\n${hex(bytes)}\n`)
  return GOOD
}
