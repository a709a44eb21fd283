/** What every operation comes to under an option bitmap: in the form of fixtures/ioctl/FORMAT.md. */
import type { FileOperationCall } from '../../kernel/index.ts'
import { type IoctlDialectId, ioctlDialects } from '../../uapi/dialects/ioctl.ts'
import { ENOENT } from '../../uapi/errno.ts'
import type { Json } from '../record.ts'
import { wideIn } from './numbers.ts'
import { outcomeUnder } from './operation.ts'

/** Operations that do not depend on each other. */
const ALONE: Readonly<Record<string, FileOperationCall>> = {
  create: { operation: 'create' },
  mkdir: { operation: 'mkdir' },
  mknod: { operation: 'mknod' },
  symlink: { operation: 'symlink' },
  link: { operation: 'link' },
  'unlink-plain': { operation: 'unlink', target: 'unmapped' },
  rmdir: { operation: 'rmdir' },
  chmod: { operation: 'setattr', sets: ['mode'] },
  chown: { operation: 'setattr', sets: ['owner'] },
  truncate: { operation: 'setattr', size: 0x1000n },
  'truncate-same': { operation: 'setattr', size: 0x200000n },
  utimes: { operation: 'setattr', sets: ['times'] },
  write: { operation: 'write', count: 8n },
  'mmap-shared-write': { operation: 'mmap', shared: true, write: true },
  'mmap-shared-read': { operation: 'mmap', shared: true },
  'mmap-private': { operation: 'mmap' },
  'rename-over-mapped': { operation: 'rename', target: 'mapped' },
  'rename-new': { operation: 'rename', target: null },
}

/** The answer to `permitted`: an errno for every operation, in the order of the vectors; undefined: nobody has read what the driver does. */
export function permittedAnswer(request: Json, dialect: IoctlDialectId): Json | undefined {
  if (ioctlDialects[dialect].operations === undefined) return undefined
  const options = wideIn(request, 'options')
  const under = (call: FileOperationCall) => outcomeUnder(dialect, call, options)
  const errnos = Object.fromEntries(Object.entries(ALONE).map(([name, call]) => [name, under(call).errno]))
  const mprotect = under({ operation: 'mmap', shared: true }).mayWrite === true ? 0 : 1
  // the file that is unlinked at last has the name that the renames gave it
  const renamed = errnos['rename-over-mapped'] === 0 || errnos['rename-new'] === 0
  return { ...errnos, mprotect, 'unlink-mapped': renamed ? under({ operation: 'unlink', target: 'mapped' }).errno : ENOENT }
}
