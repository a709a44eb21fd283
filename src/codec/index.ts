/**
 * `famfs-wire/inspect`: the interpreter over any schema. Decodes, encodes and inspects; every refusal is a {@link WireError} with path and
 * byte offset.
 */
export { ALL_FLAGS, type Context, NEWEST_MINOR } from './context.ts'
export { decode, tryDecode } from './decode.ts'
export { type EncodeOptions, encode, encodeInto, tryEncode } from './encode.ts'
export { type Result, WireError, type WireErrorCode, type WireErrorInit } from './errors.ts'
export { hex } from './input.ts'
export { type Inspection, inspect, leaves, nodes, type TreeNode } from './inspect.ts'
export { text } from './text.ts'
