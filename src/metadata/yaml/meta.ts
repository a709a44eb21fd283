/** The two files that every famfs has without an entry in its log. facts: metadata 5, end of shadow YAML */
import { checkBytes } from '../../codec/input.ts'
import { FAMFS_SUPERBLOCK_SIZE } from '../../uapi/famfs/superblock.ts'
import { u64At } from '../bytes.ts'
import { fusedMessage } from '../message.ts'
import { FAMFS_MASTER, today } from '../reference/superblock.ts'
import { type ShadowFile, shadowYaml } from './shadow.ts'

/** A meta file, as the reference writes it under its shadow root. */
export interface MetaFile {
  readonly path: '.meta/.superblock' | '.meta/.log'
  readonly yaml: string
  /** the GET_FMAP reply of its daemon */
  readonly message: Uint8Array
}

const READ_ONLY = 0o444
const OWNERS = 0o644

function metaFile(path: MetaFile['path'], mode: number, offset: bigint, length: bigint): MetaFile {
  const file: ShadowFile = {
    path: Uint8Array.from(path, c => c.charCodeAt(0)),
    size: length,
    flags: 0,
    mode,
    uid: 0,
    gid: 0,
    extType: 0,
    nextents: 1,
    extents: [{ devindex: 0n, offset, length }],
    interleaved: [],
  }
  const yaml = shadowYaml(file)
  return { path, yaml: yaml.outcome === 'returned' ? yaml.result : '', message: fusedMessage(file) ?? new Uint8Array(0) }
}

/**
 * `.meta/.log` and `.meta/.superblock`.
 * @param superblock at least 200 bytes of a superblock of today
 * @param role only the owner of the file system may write the log
 */
export function metaFiles(superblock: Uint8Array, role: number): MetaFile[] {
  checkBytes(superblock, 'superblock')
  const { superblock: sb } = today
  const logLen = u64At(superblock, sb.logLen as number)
  return [
    metaFile('.meta/.log', role === FAMFS_MASTER ? OWNERS : READ_ONLY, u64At(superblock, sb.logOffset), logLen),
    metaFile('.meta/.superblock', READ_ONLY, 0n, BigInt(FAMFS_SUPERBLOCK_SIZE)),
  ]
}
