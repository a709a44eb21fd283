/**
 * The notation in which every layout is written once. A struct is a table of fields with the names of the C header; layout, decoder,
 * encoder, static types, JSON form, docs and C assertions are derived from it. And the notation of dialects: the checks of a kernel, step by
 * step, and everything else that tells one kernel from another.
 */
export type { Check, Step, Unit } from './check.ts'
export * as steps from './check.ts'
export { defineDialect } from './define.ts'
export type {
  DeviceReply,
  Dialect,
  FmapReply,
  Habits,
  InitShape,
  Limits,
  OwnMessage,
  OwnNotification,
  RequestShape,
  Resolver,
} from './dialect.ts'
export type { Errno } from './errno.ts'
export type { AnyField, ArrayOptions, Count, Field, Fields, Presence, Schema, Tagged, UnionOptions } from './fields.ts'
export {
  array,
  byBits,
  byCommand,
  byDialect,
  byLength,
  byRange,
  byRequest,
  bytes,
  chars,
  cstring,
  expr,
  field,
  nested,
  REST,
  region,
  s32,
  s64,
  tagged,
  u8,
  u16,
  u32,
  u64,
} from './fields.ts'
export type { Input, StructInput, StructValue, Value } from './infer.ts'
export {
  type ExtentRole,
  type FormatNames,
  type GroupRole,
  type HeaderRole,
  type LayoutPart,
  type MapFormat,
  type MapLayout,
  type MapRole,
  mapFormat,
  type Spot,
} from './layout.ts'
export { alignmentOf, fixedSize, minSize } from './size.ts'
export type { NamesOptions, Struct, StructOptions } from './struct.ts'
export { byOpcode, enumeration, flagSet, message, prefix, struct } from './struct.ts'
export type {
  ArrayType,
  BytesType,
  Condition,
  Direction,
  EnumTable,
  Expr,
  FieldData,
  FlagTable,
  IntType,
  Match,
  NameType,
  RegionType,
  Role,
  Selector,
  Since,
  StructType,
  TextType,
  Type,
  UnionType,
} from './types.ts'
