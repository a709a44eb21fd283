/** Opens what a person names: a device or image file, a directory with superblock and log, or these two each for itself. */
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { WireError } from '../../codec/errors.ts'
import { longAt } from '../../metadata/bytes.ts'
import { type Image, type OpenOptions, openImage } from '../../metadata/image.ts'
import { type FileArea, fileArea } from '../../metadata/node.ts'
import { shapeOf } from '../../metadata/shape.ts'
import type { Area } from '../../metadata/source.ts'
import { mediaLayouts } from '../../uapi/famfs/layouts/index.ts'
import { FAMFS_SUPERBLOCK_SIZE } from '../../uapi/famfs/superblock.ts'
import { byteCount } from '../args.ts'
import { Failure, REFUSED } from '../command.ts'
import { codeOf, fileFailure } from '../file-failure.ts'
import type { Pulse } from '../progress.ts'
import type { Values } from './sub.ts'

/** An open image, with what messages call it. */
export interface Opened extends Image {
  readonly name: string
  /** the whole device; undefined where only superblock and log were given */
  readonly device: Area | undefined
  /** paths of the files that it is read from */
  readonly reads: readonly string[]
  close(): void
}

type Paths = { readonly device: string } | { readonly superblock: string; readonly log: string }

/** Names under which superblock and log lie in a directory: as this project stores them, and as famfs shows them. */
const PAIRS = [
  ['superblock.bin', 'log.bin'],
  ['.superblock', '.log'],
  ['.meta/.superblock', '.meta/.log'],
] as const

function inDirectory(directory: string): Paths {
  for (const pair of PAIRS) {
    const [superblock, log] = pair.map(file => join(directory, file)) as [string, string]
    if (existsSync(superblock) && existsSync(log)) return { superblock, log }
  }
  throw new Failure(`${directory}: is a directory without superblock.bin and log.bin, and without .meta/.superblock and .meta/.log`, {
    hint: 'name a device or an image file, or --superblock FILE --log FILE',
  })
}

/** Runs it; what the operating system objects to becomes a message. */
export function told<T>(name: string, run: () => T, where = ''): T {
  try {
    return run()
  } catch (error) {
    const code = codeOf(error)
    throw code === undefined ? error : fileFailure(name, code, `cannot be read${where}`)
  }
}

/** The image that an operand names. @throws Failure when it is not there */
export function pathsOf(operand: string): Paths {
  if (operand === '-' && !existsSync(operand))
    throw new Failure('-: an image is read at many places, standard input only once', { hint: 'write it into a file first' })
  return told(operand, () => (statSync(operand).isDirectory() ? inDirectory(operand) : { device: operand }))
}

/** The operands behind the image, and where the image is. */
export function sourceOf(values: Values, operands: readonly string[]): { readonly paths: Paths; readonly rest: readonly string[] } {
  const { superblock, log } = values
  if (superblock !== undefined && log !== undefined) return { paths: { superblock, log }, rest: operands }
  if (superblock !== undefined || log !== undefined) throw new Failure('--superblock and --log belong together', { usage: true })
  const [image, ...rest] = operands
  if (image === undefined)
    throw new Failure('which image? A device, an image file, or a directory with superblock and log', { usage: true })
  return { paths: pathsOf(image), rest }
}

const DAX_HINT =
  'daxio --input DEVICE --output FILE --len 16M copies superblock and an 8 MiB log into a file; of a mounted famfs name the mount point'

/** Hears of every read of a file: where it was, and in which of the two files where there are two. */
type Watch = (offset: number, isLog: boolean) => void

/** Reads at any place: what can only be read from its start to its end has none. */
function checkPlaces(path: string): void {
  const stats = told(path, () => statSync(path))
  if (stats.isFIFO() || stats.isSocket())
    throw new Failure(`${path}: is a ${stats.isFIFO() ? 'pipe' : 'socket'}, and an image is read at many places`, {
      hint: 'write it into a file first',
    })
}

function openArea(path: string, isLog: boolean, watch: Watch): FileArea {
  checkPlaces(path)
  const area = told(path, () => fileArea(path))
  const read = (offset: number, length: number): Uint8Array => {
    try {
      const bytes = told(path, () => area.read(offset, length), ` at byte ${offset}`)
      watch(offset, isLog)
      return bytes
    } catch (error) {
      if (!(error instanceof Failure) || !statSync(path).isCharacterDevice()) throw error
      throw new Failure(`${path}: is a character device, and such as DAX devices can only be mapped`, { hint: DAX_HINT })
    }
  }
  return { ...area, read }
}

/** No log is taken to be longer than this for the sake of its zeros. */
const MOST_ZEROS = 2 ** 32

/** The area with zeros behind it. */
function extended(area: Area, size: number): Area {
  if (size <= area.size || size > MOST_ZEROS) return area
  return {
    ...area,
    size,
    async read(offset, length) {
      const wanted = Math.max(0, Math.min(length, size - offset))
      const there = await area.read(offset, Math.max(0, Math.min(wanted, area.size - offset)))
      if (there.length === wanted) return there
      const bytes = new Uint8Array(wanted)
      bytes.set(there)
      return bytes
    },
  }
}

/** Bytes of the log as the superblock has it, else as its header has it. */
function logLength(image: Image): number {
  const at = shapeOf(image.layout).superblock.logLen
  const said = at === undefined ? 0n : longAt(image.superblockBytes, { at, size: 8 })
  return Number(said > 0n ? said : (image.log?.header.length ?? 0n))
}

type Areas = { readonly device: Area } | { readonly superblock: Area; readonly log: Area }

const sourceIn = (areas: Areas) => ('device' in areas ? areas.device : areas)

/** The areas of files that were cut, as long as they were. */
function withZeros(areas: Areas, image: Image): Areas {
  if ('device' in areas) return { device: extended(areas.device, image.logOffset + logLength(image)) }
  return { superblock: extended(areas.superblock, FAMFS_SUPERBLOCK_SIZE), log: extended(areas.log, logLength(image)) }
}

function optionsIn(values: Values): OpenOptions {
  const [offset, length] = [values['log-offset'], values['log-length']]
  return {
    ...(values['force-layout'] === undefined ? {} : { layout: values['force-layout'] }),
    ...(offset === undefined ? {} : { logOffset: Number(byteCount('log-offset', offset)) }),
    ...(length === undefined ? {} : { logLength: Number(byteCount('log-length', length)) }),
  }
}

const layoutIds = mediaLayouts.map(layout => layout.id)

/** What to do about bytes that cannot be read as an image. */
function nextStep({ code }: WireError): string {
  if (code === 'truncated')
    return 'the file was cut, or the log lies elsewhere: --log-offset BYTES says where, image info shows the superblock'
  return '--force-layout L24 reads it by the layout of today, --log-offset BYTES finds a log that lies elsewhere'
}

/** Refused bytes as a message with the place and the next step; everything else as it is. */
export function explained(error: unknown, name: string): unknown {
  if (!(error instanceof WireError)) return error
  if (error.path === 'layout') return new Failure(`--force-layout: ${error.detail}`, { hint: `layouts: ${layoutIds.join(', ')}` })
  return new Failure(`${name}: byte ${error.offset}: ${error.detail}`, { exit: REFUSED, hint: nextStep(error) })
}

async function openAreas(areas: Areas, values: Values): Promise<{ readonly image: Image; readonly areas: Areas }> {
  const options = optionsIn(values)
  const image = await openImage(sourceIn(areas), options)
  if (values.zeros !== true) return { image, areas }
  const longer = withZeros(areas, image)
  return { image: await openImage(sourceIn(longer), options), areas: longer }
}

/** Says how far the log is read. */
function progressOf(name: string, pulse: Pulse) {
  let image: Image | undefined
  return {
    watch(offset: number, isLog: boolean) {
      const log = image?.log
      if (image === undefined || log === undefined || (image.logOffset === 0 && !isLog)) return
      const { header, entry } = log.shape
      const index = Math.floor((offset - image.logOffset - header.size) / entry.size)
      if (index >= 0 && index < log.used) pulse.show(() => `${name}: entry ${index} of ${log.used}`)
    },
    know(opened: Image) {
      image = opened
    },
  }
}

/**
 * Opens an image for reading.
 * @param pulse is told how far the log is read, whoever reads it
 * @throws Failure when it cannot be read or is no famfs image
 */
export async function openNamed(paths: Paths, values: Values, pulse: Pulse): Promise<Opened> {
  const files: FileArea[] = []
  const name = 'device' in paths ? paths.device : `${paths.superblock} and ${paths.log}`
  const progress = progressOf(name, pulse)
  const opened = (path: string, isLog: boolean): FileArea => {
    const area = openArea(path, isLog, progress.watch)
    files.push(area)
    return area
  }
  const close = (): void => {
    for (const file of files) file.close()
  }
  try {
    const given =
      'device' in paths
        ? { device: opened(paths.device, false) }
        : { superblock: opened(paths.superblock, false), log: opened(paths.log, true) }
    const { image, areas } = await openAreas(given, values)
    progress.know(image)
    return { ...image, name, device: 'device' in areas ? areas.device : undefined, reads: Object.values(paths), close }
  } catch (error) {
    close()
    throw explained(error, name)
  }
}
