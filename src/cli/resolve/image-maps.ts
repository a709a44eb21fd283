/** The maps of files in a famfs image, as their log entries have them. */
import { attempt, type Result } from '../../codec/errors.ts'
import { encodeFmap } from '../../codec/generated/fmap.ts'
import { fmapFields } from '../../kernel/map.ts'
import { entryAt } from '../../metadata/index.ts'
import { mapOfEntry, type Node, walk } from '../../metadata/replay/index.ts'
import { fuseV10 } from '../../uapi/dialects/index.ts'
import { FAMFS_FMAP_VERSION, FUSE_FAMFS_FILE_REG } from '../../uapi/famfs/constants.ts'
import { Failure, type Io, REFUSED } from '../command.ts'
import { nodeNamed, replayOf, shown } from '../image/nodes.ts'
import { explained, type Opened, openNamed, sourceOf } from '../image/open.ts'
import { pulseOf } from '../progress.ts'
import { type NamedMap, namedMap } from './maps.ts'

async function mapOfFile(image: Opened, { path, entry: slot }: Node): Promise<Result<NamedMap>> {
  const entry = await entryAt(image, slot)
  return attempt(() => {
    const fields = fmapFields(mapOfEntry(entry)) as Parameters<typeof encodeFmap>[0]
    const bytes = encodeFmap({ ...fields, file_type: FUSE_FAMFS_FILE_REG, fmap_version: FAMFS_FMAP_VERSION })
    return namedMap(shown(path), { message: 'GET_FMAP', bytes, base: 0 }, fuseV10)
  })
}

async function allIn(image: Opened, io: Io): Promise<NamedMap[]> {
  const maps: NamedMap[] = []
  for (const node of walk(await replayOf(image, {}))) {
    if (node.kind !== 'file') continue
    const map = await mapOfFile(image, node)
    if (map.ok) maps.push(map.value)
    else io.warn(`note: ${shown(node.path)} is left out: ${map.error.message}\n`)
  }
  return maps
}

async function named(image: Opened, paths: readonly string[]): Promise<NamedMap[]> {
  const tree = await replayOf(image, {})
  const maps: NamedMap[] = []
  for (const path of paths) {
    const node = nodeNamed(tree, path)
    if (node.kind !== 'file') throw new Failure(`${path}: is a directory`, { exit: REFUSED, hint: 'name a file' })
    const map = await mapOfFile(image, node)
    if (!map.ok) throw new Failure(`${path}: no message can carry its map: ${map.error.message}`, { exit: REFUSED })
    maps.push(map.value)
  }
  return maps
}

/**
 * The maps of files in an image.
 * @param paths of files; undefined: all of them
 * @throws Failure when the image cannot be read, or has no such file
 */
export async function imageMaps(operand: string, paths: readonly string[] | undefined, io: Io): Promise<NamedMap[]> {
  const pulse = pulseOf(io)
  const image = await openNamed(sourceOf({}, [operand]).paths, {}, pulse)
  try {
    return paths === undefined ? await allIn(image, io) : await named(image, paths)
  } catch (error) {
    throw explained(error, image.name)
  } finally {
    pulse.end()
    image.close()
  }
}
