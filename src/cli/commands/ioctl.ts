/** `famfs-wire ioctl`: the standalone ioctl ABI, its numbers, arguments and verdicts, and maps in its forms. */
import { painter } from '../color.ts'
import { command, Failure } from '../command.ts'
import { convert } from '../ioctl/convert.ts'
import { decode } from '../ioctl/decode.ts'
import { encode } from '../ioctl/encode.ts'
import { explain, list } from '../ioctl/listing.ts'
import { typed } from '../ioctl/names.ts'
import { checkCall, ioctlOptions, pageOf, type Sub, usageOf } from '../ioctl/sub.ts'
import { verdict } from '../ioctl/verdict.ts'
import { suggestion } from '../near.ts'

const subs: readonly Sub[] = [list, decode, encode, verdict, convert]

/** More operands than any subcommand takes are counted by the subcommand. */
const MANY = Number.MAX_SAFE_INTEGER

/** The subcommand that the operands name, and its operands; a number alone is explained. */
function chosen(positionals: readonly string[]): { readonly sub: Sub; readonly operands: readonly string[] } {
  const [first, ...rest] = positionals
  if (first === undefined) return { sub: list, operands: [] }
  const found = subs.find(({ name }) => name === first)
  if (found !== undefined) return { sub: found, operands: rest }
  if (typeof typed(first) === 'number') return { sub: explain, operands: positionals }
  const names = subs.map(({ name }) => name)
  throw new Failure(`ioctl: unknown subcommand ${first}`, { hint: suggestion(first, names, `there are ${names.join(', ')}, or a number`) })
}

export const ioctl = command({
  name: 'ioctl',
  summary: 'the standalone ioctl ABI: numbers, arguments, and what each driver does with them',
  usage: ['[list [DIALECT]] [--json]', 'NUMBER [--json]', ...subs.filter(sub => sub !== list).flatMap(usageOf)],
  about: [
    'Without an operand, or with list, the commands of all seven versions side by side. A number is taken apart, and everybody who means something by it is named.',
    'famfs-wire ioctl SUBCOMMAND --help explains one, with its options.',
  ],
  options: ioctlOptions,
  operands: MANY,
  parts: subs.map(pageOf),
  examples: [
    ['famfs-wire ioctl', 'all numbers of all versions'],
    ['famfs-wire ioctl 0x40387550', 'what is this number?'],
    ['famfs-wire ioctl verdict MAP_GETEXT 00 -d ioctl-43', 'a null pointer in the kernel'],
    ['famfs-wire ioctl convert fixtures/examples/two-strips.hex --to ioctl-43', 'a FUSE map as the argument of MAP_CREATE_V2'],
  ],
  async run({ values, positionals }, io) {
    const { sub, operands } = chosen(positionals)
    const call = { values, operands, io, paint: painter(values.color, io) }
    checkCall(sub, call)
    return await sub.run(call)
  },
})
