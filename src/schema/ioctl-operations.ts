/**
 * The notation for what a mount of the ioctl ABI asks before a file operation: gates in the order in which the driver takes them. Pure data,
 * laid beside facts ioctl-44e 4 to 6.
 */

/** Operations on files, in the words of the VFS. */
export type FileOperation =
  | 'create'
  | 'mkdir'
  | 'mknod'
  | 'symlink'
  | 'link'
  | 'unlink'
  | 'rmdir'
  | 'rename'
  | 'setattr'
  | 'read'
  | 'write'
  | 'mmap'

/** What a gate depends on besides the mount. */
export type OperationCase =
  /** unlink: the file has a map */
  | 'mapped'
  /** rename: what is replaced is a directory, or a file with a map; never with RENAME_EXCHANGE */
  | 'replacesDirectory'
  | 'replacesMapped'
  /** setattr: what is to be set; the size only where it differs */
  | 'setsSize'
  | 'setsMode'
  | 'setsOwner'
  | 'setsTimes'
  /** mmap: shared, and writable from the start */
  | 'sharedWritable'

/** One thing that a driver asks. */
export type OperationGate =
  /** no device of the mount has reported a memory error: ENODEV */
  | { readonly gate: 'mountWorks' }
  /** this option bit is set: EPERM */
  | { readonly gate: 'option'; readonly bit: number; readonly when?: OperationCase }
  /** an inode can be had: ENOSPC */
  | { readonly gate: 'inode' }
  /** the state of the file: map, error flag, size, DAX */
  | { readonly gate: 'file' }

/** What a driver asks, by operation, and what it does with shared mappings. */
export interface FileOperations {
  readonly gates: Readonly<Record<FileOperation, readonly OperationGate[]>>
  /** bit without which a shared mapping can never be made writable; absent: mprotect(2) makes any writable */
  readonly sealedWithout?: number
}
