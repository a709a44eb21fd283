/** `ioctl convert`: a map from one form into another, and what gets lost on the way. */
import { attempt } from '../../codec/errors.ts'
import { hex } from '../../codec/input.ts'
import type { Loss } from '../../kernel/ioctl/from.ts'
import { type FmapForm, toFmap } from '../../kernel/ioctl/reply.ts'
import { type IoctlForm, toIoctl } from '../../kernel/ioctl/to.ts'
import type { IoctlDialect } from '../../schema/ioctl.ts'
import { ioctlDialects } from '../../uapi/dialects/ioctl.ts'
import { Failure, GOOD, REFUSED } from '../command.ts'
import { dialectsOf } from '../dialects.ts'
import { jsonText } from '../json-text.ts'
import { machineOf } from '../machine.ts'
import { writeWhole } from '../output.ts'
import { formJson, formText, warnLosses } from './form.ts'
import { baseIn } from './payload.ts'
import { type Form, formNamed, mapFrom, type NamedTypedMap } from './source.ts'
import { type Call, machineNames, memoryNames, type Sub, type Values } from './sub.ts'

interface Made {
  readonly bytes: Uint8Array
  readonly lost: readonly Loss[]
  readonly json: object
  readonly text: string
}

const ofCall = (dialect: string, { command, payload, lost }: IoctlForm): Made => ({
  bytes: payload.bytes,
  lost,
  json: formJson(dialect, command, payload),
  text: formText(dialect, command, payload),
})

const ofReply = (dialect: string, { bytes, lost }: FmapForm): Made => ({
  bytes,
  lost,
  json: { dialect, message: 'GET_FMAP', hex: bytes },
  text: `# GET_FMAP reply of ${dialect}, ${bytes.length} bytes\n${hex(bytes)}\n`,
})

function made(to: Form, { map, fileType }: NamedTypedMap, values: Values): Made {
  const options = { fileType, unroll: values.unroll === true, legal: values.unchecked !== true, ...machineOf(values) }
  if ('dialect' in to) return ofReply(to.dialect.id, toFmap(map, to.dialect, options))
  const { id, command, layout } = to
  return ofCall(id, toIoctl(map, id, { ...options, command, layout, ...baseIn(values) }))
}

const nameOf = (to: Form): string => ('dialect' in to ? `a GET_FMAP reply of ${to.dialect.id}` : `${to.command} of ${to.id}`)

/** @throws Failure for a command that a kernel answers */
function demandTarget(to: Form): void {
  if ('dialect' in to || (ioctlDialects[to.id] as IoctlDialect).handlers[to.command]?.effect === 'map') return
  throw new Failure(`--to: ${to.command} of ${to.id} gives no map to a file`, {
    hint: `famfs-wire ioctl verdict ${to.command} -d ${to.id} --map MAP shows what its driver answers`,
  })
}

/** What would make it after all. */
function nextStep(to: Form, source: NamedTypedMap, values: Values): string | undefined {
  const possible = (more: Values): boolean => attempt(() => made(to, source, { ...values, ...more })).ok
  if (possible({ unroll: true })) return '--unroll says groups as simple extents'
  if (possible({ unchecked: true }))
    return `--unchecked makes it all the same${'id' in to ? `; famfs-wire ioctl list ${to.id} shows the rules` : ''}`
  return undefined
}

async function run({ values, operands: [operand], io }: Call): Promise<number> {
  if (values.to === undefined)
    throw new Failure('into which form? --to says it', { hint: '--to ioctl-44d, --to ioctl-43:MAP_CREATE, --to fuse-v10' })
  if (values.out === '') throw new Failure('--out FILE: the name is empty', { usage: true })
  const known = await dialectsOf(values)
  const to = formNamed('to', values.to, known)
  demandTarget(to)
  const from = values.from === undefined ? undefined : formNamed('from', values.from, known)
  const source = await mapFrom(operand, from, known, values, io)
  const result = attempt(() => made(to, source, values))
  if (!result.ok) {
    const { code, path, detail } = result.error
    const where = path === '' ? '' : ` at ${path}`
    throw new Failure(`${source.name}: has no form as ${nameOf(to)}: ${code}${where}: ${detail}`, {
      exit: REFUSED,
      hint: nextStep(to, source, values),
    })
  }
  const { bytes, json, text } = result.value
  const lost = [...source.lost, ...result.value.lost]
  warnLosses(lost, io)
  if (values.out !== undefined)
    await writeWhole(values.out, bytes, { force: values.force, reads: [operand, values.image, ...(values['dialect-file'] ?? [])] })
  if (values.json === true) await io.print(`${jsonText({ ...json, file_type: source.fileType, map: source.map, lost })}\n`)
  else await io.print(values.out === undefined ? text : `${values.out}: ${bytes.length} bytes, ${nameOf(to)}\n`)
  return GOOD
}

export const convert: Sub = {
  options: [
    'from',
    'to',
    'dialect-file',
    'image',
    'line',
    'format',
    ...memoryNames,
    'unroll',
    'unchecked',
    ...machineNames,
    'out',
    'force',
    'json',
  ],
  about: [
    'FORM is a dialect of FUSE (fuse-v10: the body of its GET_FMAP reply) or a version of the ioctl ABI, which may be followed by a command (ioctl-43:MAP_CREATE; without it the one that gives a file its map) and by early (ioctl-43:early: groups as in the headers of 2024). The answer of ioctl-43:MAP_GET_V2 can be read, not made: verdict MAP_GET_V2 --map makes it.',
    'What the new form has no place for is said on standard error, and is the list lost of --json. What its kernel would refuse, or suffer from, is refused here; --unchecked makes it all the same.',
    'Without --from the bytes are the body of a GET_FMAP reply, bare or with its fuse_out_header: a file, hex, JSON, or a line of a capture. Those of a call are memory of its caller from --base on; what is made starts there, too.',
  ],
  examples: [
    ['famfs-wire ioctl convert fixtures/examples/two-strips.hex --to ioctl-43', 'the same map as the argument of MAP_CREATE_V2'],
    ['famfs-wire ioctl convert file1 --image fixtures/metadata/v48/good-basic --to ioctl-44d -o file1.bin', 'a file of an image'],
    ['famfs-wire ioctl convert call.hex --from ioctl-43:early --to fuse-v10', 'what a program of 2024 says, for a server of today'],
  ],
  operands: [0, 1],
  run,
}
