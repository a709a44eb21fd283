/** `ioctl decode`: the memory of a caller as the argument of a command. */
import { attempt, type WireError } from '../../codec/errors.ts'
import { inspect } from '../../codec/inspect.ts'
import { type DecodedIoctl, decodeIoctl, ioctlText } from '../../codec/ioctl/index.ts'
import type { IoctlDialectId } from '../../uapi/dialects/ioctl.ts'
import { type Paint, pageWidth } from '../color.ts'
import { Failure, GOOD, REFUSED } from '../command.ts'
import { hexView } from '../hexview.ts'
import { jsonText } from '../json-text.ts'
import { safe } from '../values.ts'
import { addressText, commandOfDialect, dialectIn, layoutIn } from './names.ts'
import { memoryOf } from './payload.ts'
import { type Call, memoryNames, type Sub } from './sub.ts'

/** What to do about bytes that are no argument. */
function nextStep({ code }: WireError): string | undefined {
  if (code === 'fault') return '--memory ADDR=HEX maps more, --base ADDR says where the bytes given lie'
  return code === 'count' ? 'a count or length says more than any driver takes: famfs-wire ioctl verdict tells what they do' : undefined
}

/**
 * The argument that lies in memory.
 * @param name of the bytes, for messages
 * @throws Failure that names the place, and the next step
 */
export function decoded(name: string, id: IoctlDialectId, decode: () => DecodedIoctl): DecodedIoctl {
  const result = attempt(decode)
  if (result.ok) return result.value
  throw new Failure(`${name}: no argument of ${id}: ${result.error.message}`, { exit: REFUSED, hint: nextStep(result.error) })
}

/** Everything that belongs to an argument, field by field. */
export const regionLines = ({ regions }: Pick<DecodedIoctl, 'regions'>, columns: number, paint: Paint): string[] =>
  regions.flatMap(({ path, address, bytes, schema }) => [
    '',
    `${paint('strong', path === '' ? 'argument' : path)} at ${addressText(address)}, ${bytes.length} bytes`,
    ...(schema === undefined
      ? [`  ${safe(JSON.stringify(new TextDecoder().decode(bytes.subarray(0, -1))))}`]
      : hexView(inspect(schema, bytes), bytes, { paint, columns, all: false })),
  ])

async function run({ values, operands: [name = '', operand], io, paint }: Call): Promise<number> {
  const id = dialectIn(values)
  const { number } = commandOfDialect(name, id)
  const { name: input, memory, address } = await memoryOf(operand, values, io)
  const argument = decoded(input, id, () => decodeIoctl(id, number, memory, address, { layout: layoutIn(values) }))
  if (values.json === true) {
    const regions = argument.regions.map(({ path, address: at, bytes }) => ({ path, address: addressText(at), hex: bytes }))
    const about = { dialect: id, command: argument.name, number: ioctlText(number), value: argument.value ?? null, regions }
    await io.print(`${jsonText(about)}\n`)
    return GOOD
  }
  const head = `${paint('strong', `${argument.name} of ${id}`)}, ${ioctlText(number)}`
  await io.print(`${[head, ...regionLines(argument, pageWidth(io), paint)].join('\n')}\n`)
  return GOOD
}

export const decode: Sub = {
  options: ['dialect', 'layout', ...memoryNames, 'format', 'json'],
  about: [
    'COMMAND is a name (MAP_CREATE_V2) or a number. The bytes are the memory of the caller from --base on: first the argument, then what its pointers lead to, as encode makes it. No driver is asked.',
  ],
  examples: [
    [
      'famfs-wire ioctl decode DAXDEV_OPEN -d 44d 010000000000000018000100000000000b000000000000002f6465762f646178312e3000',
      'a device by path',
    ],
  ],
  operands: [1, 2],
  run,
}
