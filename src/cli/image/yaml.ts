/** `image yaml`: the shadow YAML of a file, byte for byte as the reference writes it. */
import { type Entry, fileOf } from '../../metadata/entry.ts'
import { FAMFS_CLIENT, FAMFS_MASTER } from '../../metadata/reference/superblock.ts'
import { metaFiles } from '../../metadata/yaml/meta.ts'
import { type ShadowFile, shadowYaml } from '../../metadata/yaml/shadow.ts'
import { currentLayout } from '../../uapi/famfs/layouts/index.ts'
import { Failure, GOOD, REFUSED } from '../command.ts'
import { fileNamed } from './nodes.ts'
import type { Sub, Work } from './sub.ts'

function shadowOf(entry: Entry): ShadowFile | undefined {
  const file = fileOf(entry)
  if (file === undefined) return undefined
  const { size = 0n, mode = 0, uid = 0, gid = 0 } = file
  return { ...file, size, mode, uid, gid }
}

/** `.meta/.superblock` and `.meta/.log` have no entry; who owns the file system may write its log. */
function metaYaml({ image, values }: Work, path: string): string | undefined {
  if (image.layout.superblock !== currentLayout.superblock || image.superblockBytes.length < 200) return undefined
  const role = values.owner === true ? FAMFS_MASTER : FAMFS_CLIENT
  return metaFiles(image.superblockBytes, role).find(file => file.path === path)?.yaml
}

async function run(work: Work): Promise<number> {
  const { operands, io } = work
  const path = operands[0] ?? ''
  const meta = metaYaml(work, path)
  if (meta !== undefined) {
    await io.print(meta)
    return GOOD
  }
  const shadow = shadowOf(await fileNamed(work))
  const outcome = shadow === undefined ? undefined : shadowYaml(shadow)
  if (outcome?.outcome === 'returned') {
    await io.print(outcome.result)
    return GOOD
  }
  throw new Failure(`${path}: the reference writes no YAML for it: ${outcome?.why ?? 'it is no file'}`, { exit: REFUSED })
}

export const yaml: Sub = {
  options: ['owner', 'policy'],
  operands: [1, 1],
  run,
}
