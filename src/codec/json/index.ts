/**
 * `famfs-wire/json`: the JSON form of every schema, in and out, as io-ts codecs and as plain functions. Nothing here generates code.
 */
export {
  type CheckedFmap,
  type ChunkSize,
  chunkSize,
  type DevIndex,
  devIndex,
  fmapJson,
  type PageAligned,
  type PmdAligned,
  pageAligned,
  pmdAligned,
  type Units,
  u32Json,
  u64Json,
} from './brands.ts'
export { decodeJson, encodeJson, type JsonOptions, jsonCodec, tryDecodeJson, tryEncodeJson } from './codec.ts'
export { decodeIoctlJson } from './ioctl.ts'
export type { Json } from './leaf.ts'
export type { Brands } from './read.ts'
export { wireErrorOf } from './report.ts'
export { type JsonMessage, jsonSchemaOf, jsonSchemasOf } from './schema.ts'
