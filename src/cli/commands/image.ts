/** `famfs-wire image`: everything that is knowable from a famfs device or image, without a famfs kernel; and making images. */
import { painter } from '../color.ts'
import { command, Failure, loaded } from '../command.ts'
import { subs } from '../image/index.ts'
import { warnOfGuess } from '../image/nodes.ts'
import { explained, openNamed, sourceOf } from '../image/open.ts'
import {
  type Call,
  imageOptions,
  type OptionName,
  optionsOf,
  pageOf,
  type Sub,
  type Subcommand,
  type SubRow,
  usageOf,
  type Values,
} from '../image/sub.ts'
import { suggestion } from '../near.ts'
import { pulseOf } from '../progress.ts'

/** More operands than any subcommand takes are counted by the subcommand. */
const MANY = Number.MAX_SAFE_INTEGER

function rowNamed(name: string | undefined): SubRow {
  const names = subs.map(sub => sub.name)
  if (name === undefined) throw new Failure('what to do with the image?', { usage: true, hint: `there are ${names.join(', ')}` })
  const found = subs.find(sub => sub.name === name)
  if (found !== undefined) return found
  throw new Failure(`image: unknown subcommand ${name}`, { hint: suggestion(name, names, `there are ${names.join(', ')}`) })
}

function checkOptions(sub: Subcommand, values: Values): void {
  const known = optionsOf(sub)
  const stray = (Object.keys(imageOptions) as OptionName[]).find(name => values[name] !== undefined && !known.includes(name))
  if (stray !== undefined) throw new Failure(`image ${sub.name} takes no --${stray}`, { hint: `famfs-wire image ${usageOf(sub)}` })
}

function checkOperands(sub: Subcommand, rest: readonly string[]): void {
  const [least, most] = sub.operands
  const hint = `famfs-wire image ${usageOf(sub)}`
  if (rest.length > most) throw new Failure(`image ${sub.name}: unexpected operand ${rest[most]}`, { hint })
  if (rest.length < least) throw new Failure(`image ${sub.name}: an operand is missing`, { hint })
}

/** Opens the image and runs the subcommand on it. */
async function onImage(sub: Subcommand & Sub, call: Call): Promise<number> {
  const { paths, rest } = sourceOf(call.values, call.operands)
  checkOperands(sub, rest)
  const pulse = pulseOf(call.io)
  const opened = await openNamed(paths, call.values, pulse)
  try {
    if (sub.tellsGuess !== true) warnOfGuess(opened, call.values, call.io)
    return await sub.run({ ...call, image: opened, operands: rest })
  } catch (error) {
    throw explained(error, opened.name)
  } finally {
    pulse.end()
    opened.close()
  }
}

export const image = command({
  usage: subs.map(usageOf),
  about: [
    'IMAGE is an image file, a block device, or a directory with superblock.bin and log.bin (or with the .superblock and .log of a mounted famfs); --superblock FILE --log FILE names the two. Every published layout is told apart and read. mkfs and convert make a new one; mkdir, add and append write to one that is there, with --write only; every other subcommand leaves it as it is.',
    'famfs-wire image SUBCOMMAND --help explains one, with its options.',
    'Names are printed, in JSON too, by one escape, and can be given so: \\xNN for a control or a byte that is not UTF-8, \\u{NNNN} for other characters that a terminal could act on or that show nothing, \\n, \\t, \\0, " and \\\\. Exit code 1 for what is no image, cannot be found in it, or is found wrong by fsck.',
  ],
  options: imageOptions,
  operands: MANY,
  parts: subs.map(row => ({ ...row, name: `image ${row.name}`, load: async () => pageOf(await loaded(row)) })),
  examples: [
    ['famfs-wire image tree /dev/pmem0', 'what is on the device, whether it is mounted or not'],
    ['famfs-wire image fsck --zeros fixtures/metadata/v48/ext-overlap-files', 'which files share bytes'],
    ['famfs-wire image map /dev/pmem0 --svg -o device.svg', 'a picture of what lies where on the device'],
    ['famfs-wire image log /dev/pmem0 --bad', 'entries that every tool refuses'],
    ['famfs-wire image mkfs new.img --size 4G --copy-from DIR', 'an image with everything below DIR in it'],
  ],
  async run({ values, positionals: [name, ...operands] }, io) {
    const sub = await loaded(rowNamed(name))
    checkOptions(sub, values)
    const call = { values, operands, io, paint: painter(values.color, io) }
    if ('run' in sub) return onImage(sub, call)
    checkOperands(sub, operands)
    return sub.start(call)
  },
})
