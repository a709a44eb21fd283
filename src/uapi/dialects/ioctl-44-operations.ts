/** What mounts of KABI 44d and 44e ask before a file operation. facts: ioctl-44e 4 to 6 */
import type { FileOperations, OperationCase, OperationGate } from '../../schema/ioctl-operations.ts'
import { famfs_opts } from '../famfs/ioctl.ts'

const { bits } = famfs_opts

const option = (bit: number, when?: OperationCase): OperationGate =>
  when === undefined ? { gate: 'option', bit } : { gate: 'option', bit, when }
const mountWorks: OperationGate = { gate: 'mountWorks' }
const inode: OperationGate = { gate: 'inode' }
const file: OperationGate = { gate: 'file' }

/** KABI 44d. */
export const operations44d: FileOperations = {
  gates: {
    create: [mountWorks, option(bits.FAMFS_OPT_CREATE), inode],
    mkdir: [mountWorks, option(bits.FAMFS_OPT_MKDIR), inode],
    mknod: [option(bits.FAMFS_OPT_MKNOD), mountWorks, inode],
    symlink: [mountWorks, option(bits.FAMFS_OPT_SYMLINK), inode],
    link: [option(bits.FAMFS_OPT_LINK)],
    unlink: [option(bits.FAMFS_OPT_UNLINK, 'mapped')],
    rmdir: [option(bits.FAMFS_OPT_RMDIR)],
    rename: [option(bits.FAMFS_OPT_RENAME)],
    setattr: [
      option(bits.FAMFS_OPT_TRUNCATE, 'setsSize'),
      option(bits.FAMFS_OPT_CHMOD, 'setsMode'),
      option(bits.FAMFS_OPT_CHOWN, 'setsOwner'),
      option(bits.FAMFS_OPT_UTIMES, 'setsTimes'),
    ],
    read: [mountWorks, file],
    write: [option(bits.FAMFS_OPT_WRITE), mountWorks, file],
    mmap: [mountWorks, option(bits.FAMFS_OPT_WRITE, 'sharedWritable'), file],
  },
}

/** KABI 44e: a rename that replaces something needs the bit of what it removes, and a shared mapping keeps the bit that it was made with. */
export const operations44e: FileOperations = {
  gates: {
    ...operations44d.gates,
    rename: [
      option(bits.FAMFS_OPT_RENAME),
      option(bits.FAMFS_OPT_RMDIR, 'replacesDirectory'),
      option(bits.FAMFS_OPT_UNLINK, 'replacesMapped'),
    ],
  },
  sealedWithout: bits.FAMFS_OPT_WRITE,
}
