/** `famfs-wire ioctl`: the standalone ioctl ABI, its numbers, arguments and verdicts. */

import { inspect } from '../../codec/inspect.ts'
import { decodeIoctl, encodeIoctl, explainIoctl, ioctlText } from '../../codec/ioctl/index.ts'
import { ioctlDialects } from '../../uapi/dialects/ioctl.ts'
import { integer, oneOf } from '../args.ts'
import { pageWidth, painter } from '../color.ts'
import { type Args, command, Failure, GOOD, type Io, REFUSED } from '../command.ts'
import { hexView } from '../hexview.ts'
import { readText } from '../input.ts'
import { valueFrom } from '../ioctl/json.ts'
import { explained, full, overview } from '../ioctl/list.ts'
import { addressText, commandOfDialect, dialectIds, ioctlDialectNamed, names, typed } from '../ioctl/names.ts'
import { memoryOf, memoryOptions, stateOf, stateOptions } from '../ioctl/payload.ts'
import { isGood, judge, verdictLines } from '../ioctl/verdict.ts'
import { suggestion } from '../near.ts'
import { jsonText, safe } from '../values.ts'

const options = {
  dialect: { type: 'string', short: 'd', value: 'D', help: 'ioctl-rfc, ioctl-42, ioctl-43, ioctl-44a to ioctl-44d' },
  layout: { type: 'string', value: 'L', help: 'early or final (the default): groups of MAP_CREATE_V2' },
  ...memoryOptions,
  ...stateOptions,
  json: { type: 'boolean', help: 'as JSON' },
} as const

type Call = Args<typeof options>

const SUBS = ['list', 'decode', 'encode', 'verdict'] as const

const dialectIn = ({ values }: Call) => {
  if (values.dialect === undefined) throw new Failure('which version? --dialect says it', { hint: `there are ${dialectIds.join(', ')}` })
  return ioctlDialectNamed(values.dialect)
}

const layoutIn = ({ values }: Call) => oneOf('layout', values.layout ?? 'final', ['early', 'final'])

async function list({ values, positionals: [, id] }: Call, io: Io): Promise<number> {
  const paint = painter(values.color, io)
  const own = id === undefined ? undefined : ioctlDialects[ioctlDialectNamed(id)]
  if (values.json === true) await io.print(`${jsonText(own ?? Object.values(ioctlDialects).map(tableJson))}\n`)
  else await io.print(`${(own === undefined ? overview(paint) : full(own, paint)).join('\n')}\n`)
  return GOOD
}

/** Numbers and sizes without the checks. */
const tableJson = (d: (typeof ioctlDialects)[keyof typeof ioctlDialects]) => ({
  id: d.id,
  title: d.title,
  headers: d.headers.map(h => ({
    id: h.id,
    title: h.title,
    commands: h.commands.map(({ name, number, direction, nr, size }) => ({ name, number: ioctlText(number), direction, nr, size })),
  })),
})

async function explain({ values }: Call, number: number, io: Io): Promise<number> {
  const paint = painter(values.color, io)
  const about = explainIoctl(number)
  if (values.json === true) await io.print(`${jsonText(about)}\n`)
  else await io.print(`${explained(number, paint).join('\n')}\n`)
  return about.uses.length > 0 ? GOOD : REFUSED
}

async function decode(call: Call, name: string, io: Io): Promise<number> {
  const { values, positionals } = call
  const id = dialectIn(call)
  const { number } = commandOfDialect(name, id)
  const { memory, address } = await memoryOf(positionals[2], values, io)
  const decoded = decodeIoctl(id, number, memory, address, { layout: layoutIn(call) })
  if (values.json === true) {
    const regions = decoded.regions.map(({ path, address: at, bytes }) => ({ path, address: addressText(at), hex: bytes }))
    await io.print(
      `${jsonText({ dialect: id, command: decoded.name, number: ioctlText(number), value: decoded.value ?? null, regions })}\n`,
    )
    return GOOD
  }
  const paint = painter(values.color, io)
  const view = { paint, columns: pageWidth(io), all: false }
  const lines = decoded.regions.flatMap(({ path, address: at, bytes, schema }) => [
    '',
    `${paint('strong', path === '' ? 'argument' : path)} at ${addressText(at)}, ${bytes.length} bytes`,
    ...(schema === undefined
      ? [`  ${safe(JSON.stringify(new TextDecoder().decode(bytes.subarray(0, -1))))}`]
      : hexView(inspect(schema, bytes), bytes, view)),
  ])
  await io.print(`${[`${paint('strong', `${decoded.name} of ${id}`)}, ${ioctlText(number)}`, ...lines].join('\n')}\n`)
  return GOOD
}

async function encode(call: Call, name: string, io: Io): Promise<number> {
  const { values, positionals } = call
  const id = dialectIn(call)
  const { number, argument, name: own } = commandOfDialect(name, id)
  if (argument === undefined) throw new Failure(`${own} has no argument`)
  const { name: from, text } = await readText(positionals[2], io)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new Failure(`${from}: no JSON: ${error instanceof Error ? error.message : String(error)}`, { exit: REFUSED })
  }
  const layout = layoutIn(call)
  const base = values.base === undefined ? {} : { base: integer('base', values.base, 0n, (1n << 63n) - 1n) }
  const payload = encodeIoctl(id, number, valueFrom(argument, json, layout), { layout, ...base })
  const about = { dialect: id, command: own, number: ioctlText(number), base: addressText(payload.base), relocations: payload.relocations }
  if (values.json === true) await io.print(`${jsonText({ ...about, hex: payload.bytes })}\n`)
  else {
    const pointers = payload.relocations.length === 0 ? 'no pointers' : `pointers at ${payload.relocations.join(', ')}`
    const head = `# ${about.number} ${own} of ${id}, ${payload.bytes.length} bytes at ${about.base}, ${pointers}`
    await io.print(`${head}\n${Buffer.from(payload.bytes).toString('hex')}\n`)
  }
  return GOOD
}

async function verdict(call: Call, name: string, io: Io): Promise<number> {
  const { values, positionals } = call
  const what = typed(name)
  if (typeof what === 'string' && !names.includes(what))
    throw new Failure(`unknown command ${name}`, { hint: suggestion(what, names, `there are ${names.join(', ')}`) })
  const ids = values.dialect === undefined ? dialectIds : [ioctlDialectNamed(values.dialect)]
  const asked = { command: what, ...(await memoryOf(positionals[2], values, io)), state: stateOf(values) }
  const all = judge(ids, asked)
  if (values.json === true) await io.print(`${jsonText(all)}\n`)
  else await io.print(`${verdictLines(all, asked, pageWidth(io), painter(values.color, io)).join('\n')}\n`)
  return all.every(isGood) ? GOOD : REFUSED
}

const subs: Readonly<Record<string, (call: Call, name: string, io: Io) => Promise<number>>> = { decode, encode, verdict }

export const ioctl = command({
  name: 'ioctl',
  summary: 'the standalone ioctl ABI: numbers, arguments, and what each driver does with them',
  usage: [
    '[list [DIALECT]] [--json]',
    'NUMBER [--json]',
    'decode COMMAND [FILE | HEX | -] --dialect D [--base ADDR] [--memory ADDR=HEX] [--layout early] [--json]',
    'encode COMMAND [FILE | JSON | -] --dialect D [--base ADDR] [--layout early] [--json]',
    'verdict COMMAND [FILE | HEX | -] [--dialect D] [--memory ADDR=HEX] [STATE] [--json]',
  ],
  about: [
    'Without an operand, or with list, the commands of all seven versions side by side; list DIALECT shows one with its checks in the order of its driver. A number is taken apart, and everybody who means something by it is named.',
    'COMMAND is a name (MAP_CREATE_V2) or a number. The bytes are the memory of the caller from --base on: first the argument, then what its pointers lead to, as encode makes it. In JSON lists stand where C has pointers: kse, kie, ie_strips, daxdev_path.',
    'verdict answers for every version unless --dialect names one: the errno, or the positive rest of a copy, or an oops; then the findings. What the bytes do not decide is said by options. Exit code 1 unless all accept it without an error among the findings.',
  ],
  options,
  operands: 3,
  examples: [
    ['famfs-wire ioctl', 'all numbers of all versions'],
    ['famfs-wire ioctl 0x40387550', 'what is this number?'],
    ['famfs-wire ioctl verdict MAP_GETEXT 00 -d ioctl-43', 'a null pointer in the kernel'],
    ['famfs-wire ioctl list ioctl-44d', 'one version with its checks'],
  ],
  async run(call, io) {
    const [first, name] = call.positionals
    if (first === undefined || first === 'list') return list(call, io)
    const sub = Object.hasOwn(subs, first) ? subs[first] : undefined
    if (sub !== undefined) {
      if (name === undefined) throw new Failure(`ioctl ${first}: which command?`, { usage: true })
      return sub(call, name, io)
    }
    const number = typed(first)
    if (typeof number === 'number' && call.positionals.length === 1) return explain(call, number, io)
    throw new Failure(`ioctl: unknown subcommand ${first}`, { hint: suggestion(first, SUBS, `there are ${SUBS.join(', ')}, or a number`) })
  },
})
