/**
 * The main entry: decode and encode what famfs adds to FUSE, and say what each published kernel does with it. No third-party package,
 * no code made at run time. The generated verdicts are in `famfs-wire/validate`, to keep this entry below 12 KiB: `verdictErrno`, which
 * allocates nothing, and a `verdict` that gives the same answers as the one here in a tenth of the time.
 */
export { ALL_FLAGS, type Context, NEWEST_MINOR } from './codec/context.ts'
export type { EncodeOptions } from './codec/encode.ts'
export { type Result, WireError, type WireErrorCode, type WireErrorInit } from './codec/errors.ts'
export * from './codec/generated/daxdev.ts'
export * from './codec/generated/fmap.ts'
export * from './codec/generated/getxattr.ts'
export * from './codec/generated/header.ts'
export * from './codec/generated/init.ts'
export { hex } from './codec/input.ts'
export { text } from './codec/text.ts'
export { type DialectAlias, type DialectName, dialectAliases } from './uapi/dialects/aliases.ts'
export { type DialectId, dialects } from './uapi/dialects/index.ts'
export * from './uapi/famfs/constants.ts'
export type { Meta, MetaExtent, MetaGroup } from './validate/meta.ts'
export type { VerdictOptions } from './validate/options.ts'
export { type Accepted, type Refused, type Verdict, walkedVerdict as verdict } from './validate/walk.ts'
