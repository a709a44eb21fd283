/** The three ways to call `famfs-wire resolve`: look-ups, a drawing, owners of addresses. */
import type { FileMap } from '../../kernel/map.ts'
import { renderSvg } from '../../kernel/render-svg.ts'
import type { RenderOptions } from '../../kernel/render-views.ts'
import { integer } from '../args.ts'
import { painter } from '../color.ts'
import { Failure, GOOD, type Io, REFUSED } from '../command.ts'
import { dialectsOf } from '../dialects.ts'
import { writeWhole } from '../output.ts'
import { addressIn, rangesIn } from './ask.ts'
import { imageMaps } from './image-maps.ts'
import { type NamedMap, type Reading, readMap, readMaps } from './maps.ts'
import type { Values } from './options.ts'
import { planOf, printLookups, readingOf } from './print.ts'
import { printOwners } from './reverse.ts'

/** The map that is named first, and the operands behind it. */
async function mapAndRest(
  values: Values,
  operands: readonly string[],
  reading: Reading,
  io: Io,
): Promise<{ map: NamedMap; rest: readonly string[] }> {
  if (values.hex !== undefined) return { map: await readMap(undefined, values, reading, io), rest: operands }
  const [first, ...rest] = operands
  if (values.image === undefined) return { map: await readMap(first, values, reading, io), rest }
  if (first === undefined)
    throw new Failure('--image: which file of the image? A path is missing', { hint: 'famfs-wire image tree shows them' })
  const [map] = await imageMaps(values.image, [first], io)
  return { map: map as NamedMap, rest }
}

/** @throws Failure for bytes that are no map */
function fileMapOf({ name, map }: NamedMap): FileMap {
  if (map.ok) return map.value
  throw new Failure(`${name}: is no map: ${map.error.message}`, { exit: REFUSED, hint: 'famfs-wire inspect shows what the bytes are' })
}

const MOST_CHUNKS = 64n
const MOST_PIECES = 1024n

const pictureOptions = ({ chunks, pieces }: Values): RenderOptions => ({
  ...(chunks === undefined ? {} : { chunks: Number(integer('chunks', chunks, 3n, MOST_CHUNKS)) }),
  ...(pieces === undefined ? {} : { pieces: Number(integer('pieces', pieces, 1n, MOST_PIECES)) }),
})

/** `--svg` */
export async function runSvg(values: Values, operands: readonly string[], io: Io): Promise<number> {
  const { map, rest } = await mapAndRest(values, operands, readingOf(values, await dialectsOf(values)), io)
  if (rest.length > 0) throw new Failure(`--svg draws the whole map; what is ${rest[0]} for?`)
  const svg = renderSvg(fileMapOf(map), { name: map.name, ...pictureOptions(values) })
  if (values.out === undefined || values.out === '-') await io.print(svg)
  else {
    await writeWhole(values.out, Buffer.from(svg), {
      force: values.force,
      reads: [...operands, values.image, ...(values['dialect-file'] ?? [])],
    })
    await io.print(`${values.out}: ${svg.length} bytes of SVG\n`)
  }
  return GOOD
}

/** `--reverse` */
export async function runReverse(values: Values, operands: readonly string[], io: Io): Promise<number> {
  const addresses = (values.reverse ?? []).map(addressIn)
  const paint = painter(values.color, io)
  const reading = readingOf(values, await dialectsOf(values))
  const maps: NamedMap[] = []
  if (values.image !== undefined) maps.push(...(await imageMaps(values.image, operands.length === 0 ? undefined : operands, io)))
  else
    for (const operand of values.hex !== undefined || operands.length === 0 ? [undefined] : operands)
      maps.push(...(await readMaps(operand, values, reading, io)))
  return await printOwners(maps, addresses, values.json === true, paint, io)
}

/** Look-ups of one range of a file, or all of it, or several ranges. */
export async function runLookups(values: Values, operands: readonly string[], io: Io): Promise<number> {
  const among = await dialectsOf(values)
  const plan = planOf(values, among)
  const { map, rest } = await mapAndRest(values, operands, readingOf(values, among), io)
  return await printLookups(map, rangesIn(rest), { ...plan, picture: pictureOptions(values) }, io)
}
