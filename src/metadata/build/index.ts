/** Making images and adding to them. */
export type { BuiltEntry } from './add.ts'
export { type Appended, type AppendOptions, appendEntries } from './append.ts'
export { type CopyOptions, type CopyTarget, copyContent, type Progress } from './content.ts'
export { type BuiltImage, type CreateOptions, createImage, writeImage } from './create.ts'
export { type Device, type MemoryDevice, memoryDevice, type Sink } from './device.ts'
export type { Interleave, NewDevice, NewDirectory, NewEntry, NewFile, NewMap, NewOwned } from './request.ts'
export { sealSlot } from './slots.ts'
