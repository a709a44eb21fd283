/** Making images and adding to them. */

import type { DirectoryOptions, DirectoryRequests, FileDevice, FileDeviceOptions } from './node.ts'

export type { BuiltEntry } from './add.ts'
export { type Appended, type AppendOptions, appendEntries } from './append.ts'
export { requestOfEntry } from './carry.ts'
export { type CopyOptions, type CopyTarget, copyContent, type Progress } from './content.ts'
export { type Converted, type ConvertOptions, convertImage, type NotCarried } from './convert.ts'
export { type BuiltImage, type CreateOptions, createImage, writeImage } from './create.ts'
export { type Device, type MemoryDevice, memoryDevice, type Sink } from './device.ts'
export { type ReadOptions, readRequests } from './json.ts'
export type { DirectoryOptions, DirectoryRequests, FileDevice, FileDeviceOptions, LeftOut } from './node.ts'
export type { Interleave, NewDevice, NewDirectory, NewEntry, NewFile, NewMap, NewOwned } from './request.ts'
export { sealSlot } from './slots.ts'

/**
 * Opens an image file or a block device for reading and writing, or makes a file (Node only); `close()` it when done.
 * @throws the error of the operating system
 */
export async function openFileDevice(path: string, options: FileDeviceOptions = {}): Promise<FileDevice> {
  const node = await import('./node.ts')
  return node.fileDevice(path, options)
}

/**
 * Everything below a directory as requests, and what famfs cannot hold of it (Node only).
 * @throws the error of the operating system
 */
export async function readDirectoryRequests(directory: string, options: DirectoryOptions = {}): Promise<DirectoryRequests> {
  const node = await import('./node.ts')
  return node.directoryRequests(directory, options)
}
