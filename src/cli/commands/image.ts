/** `famfs-wire image`: everything that is knowable from a famfs device or image, without a famfs kernel. */
import { painter } from '../color.ts'
import { command, Failure } from '../command.ts'
import { cat } from '../image/cat.ts'
import { extract } from '../image/extract.ts'
import { fmap } from '../image/fmap.ts'
import { fsck } from '../image/fsck.ts'
import { info } from '../image/info.ts'
import { log } from '../image/log.ts'
import { ls } from '../image/ls.ts'
import { map } from '../image/map.ts'
import { explained, openNamed, sourceOf } from '../image/open.ts'
import { imageOptions, type OptionName, type Sub, sourceOptions, type Values } from '../image/sub.ts'
import { tree } from '../image/tree.ts'
import { yaml } from '../image/yaml.ts'
import { suggestion } from '../near.ts'

const subs: readonly Sub[] = [info, ls, tree, cat, extract, log, fsck, map, fmap, yaml]

/** Options of the subcommands there are. */
const taken = new Set<string>([...sourceOptions, ...subs.flatMap(sub => sub.options)])
const options = Object.fromEntries(Object.entries(imageOptions).filter(([name]) => taken.has(name))) as typeof imageOptions

function subNamed(name: string | undefined): Sub {
  const names = subs.map(sub => sub.name)
  if (name === undefined) throw new Failure('what to do with the image?', { usage: true, hint: `there are ${names.join(', ')}` })
  const found = subs.find(sub => sub.name === name)
  if (found !== undefined) return found
  throw new Failure(`image: unknown subcommand ${name}`, { hint: suggestion(name, names, `there are ${names.join(', ')}`) })
}

function checkOptions(sub: Sub, values: Values): void {
  const known: readonly OptionName[] = [...sourceOptions, ...sub.options]
  const stray = (Object.keys(options) as OptionName[]).find(name => values[name] !== undefined && !known.includes(name))
  if (stray !== undefined)
    throw new Failure(`image ${sub.name} takes no --${stray}`, { hint: `famfs-wire image ${sub.name} IMAGE ${sub.usage}` })
}

function checkOperands({ name, usage, operands: [least, most] }: Sub, rest: readonly string[]): void {
  const hint = `famfs-wire image ${name} IMAGE ${usage}`
  if (rest.length > most) throw new Failure(`image ${name}: unexpected operand ${rest[most]}`, { hint })
  if (rest.length < least) throw new Failure(`image ${name}: an operand is missing`, { hint })
}

export const image = command({
  name: 'image',
  summary: 'superblock and log of a famfs device or image: read, judged, replayed',
  usage: subs.map(sub => `${sub.name} IMAGE ${sub.usage}`.trimEnd()),
  about: [
    'IMAGE is an image file, a block or DAX device, or a directory with superblock.bin and log.bin (or with the .superblock and .log of a mounted famfs); --superblock FILE --log FILE names the two. Every published layout is told apart and read. Nothing is ever written to an image.',
    `Subcommands: ${subs.map(sub => `${sub.name} - ${sub.summary}`).join('; ')}.`,
    'Names that a terminal could act on are printed with \\xNN escapes, and can be given so. Exit code 1 for what is no image, cannot be found in it, or is found wrong by fsck.',
  ],
  options,
  operands: 4,
  examples: [
    ['famfs-wire image tree /dev/dax0.0', 'what is on the device, whether it is mounted or not'],
    ['famfs-wire image fsck --zeros fixtures/metadata/v48/ext-overlap-files', 'which files share bytes'],
    ['famfs-wire image map /dev/dax0.0 --svg -o device.svg', 'a picture of what lies where on the device'],
    ['famfs-wire image log /dev/dax0.0 --bad', 'entries that every tool refuses'],
  ],
  async run({ values, positionals: [name, ...operands] }, io) {
    const sub = subNamed(name)
    checkOptions(sub, values)
    const { paths, rest } = sourceOf(values, operands)
    checkOperands(sub, rest)
    const opened = await openNamed(paths, values)
    try {
      return await sub.run({ image: opened, values, operands: rest, io, paint: painter(values.color, io) })
    } catch (error) {
      throw explained(error, opened.name)
    } finally {
      opened.close()
    }
  },
})
