/** `famfs-wire ioctl`: the standalone ioctl ABI, its numbers, arguments and verdicts, and maps in its forms. */
import { painter } from '../color.ts'
import { command, Failure, loaded } from '../command.ts'
import { explain, list, subs } from '../ioctl/index.ts'
import { typed } from '../ioctl/names.ts'
import { checkCall, ioctlOptions, pageOf, type SubRow, usageOf } from '../ioctl/sub.ts'
import { suggestion } from '../near.ts'

/** More operands than any subcommand takes are counted by the subcommand. */
const MANY = Number.MAX_SAFE_INTEGER

/** The subcommand that the operands name, and its operands; a number alone is explained. */
function chosen(positionals: readonly string[]): { readonly row: SubRow; readonly operands: readonly string[] } {
  const [first, ...rest] = positionals
  if (first === undefined) return { row: list, operands: [] }
  const found = subs.find(({ name }) => name === first)
  if (found !== undefined) return { row: found, operands: rest }
  if (typeof typed(first) === 'number') return { row: explain, operands: positionals }
  const names = subs.map(({ name }) => name)
  throw new Failure(`ioctl: unknown subcommand ${first}`, { hint: suggestion(first, names, `there are ${names.join(', ')}, or a number`) })
}

export const ioctl = command({
  usage: ['[list [DIALECT]] [--json]', 'NUMBER [--json]', ...subs.filter(sub => sub !== list).flatMap(usageOf)],
  about: [
    'Without an operand, or with list, the commands of all seven versions side by side. A number is taken apart, and everybody who means something by it is named.',
    'famfs-wire ioctl SUBCOMMAND --help explains one, with its options.',
  ],
  options: ioctlOptions,
  operands: MANY,
  parts: subs.map(row => ({ ...row, name: `ioctl ${row.name}`, load: async () => pageOf(await loaded(row)) })),
  examples: [
    ['famfs-wire ioctl', 'all numbers of all versions'],
    ['famfs-wire ioctl 0x40387550', 'what is this number?'],
    ['famfs-wire ioctl verdict MAP_GETEXT 00 -d ioctl-43', 'a null pointer in the kernel'],
    ['famfs-wire ioctl convert fixtures/examples/two-strips.hex --to ioctl-43', 'a FUSE map as the argument of MAP_CREATE_V2'],
  ],
  async run({ values, positionals }, io) {
    const { row, operands } = chosen(positionals)
    const sub = await loaded(row)
    const call = { values, operands, io, paint: painter(values.color, io) }
    checkCall(sub, call)
    return await sub.run(call)
  },
})
