/** The standalone ioctl ABI: numbers, and arguments in the memory of a process. */
export { commandOf, explainIoctl, findCommand, type IoctlNumber, type IoctlUse, ioctlDialectOf, ioctlText } from './command.ts'
export { type DecodedIoctl, decodeIoctl, type IoctlDecodeOptions, type IoctlRegion } from './decode.ts'
export { encodeIoctl, type IoctlEncodeOptions, type IoctlPayload, rebase } from './encode.ts'
export { type AddressSpace, LOWEST_ADDRESS, UserMemory } from './memory.ts'
export type { IoctlDaxdev, IoctlExtent, IoctlFmap, IoctlGroup, IoctlValue } from './value.ts'
