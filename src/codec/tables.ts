/** The integer types, for the stripped tables of generated code. */
import type { IntType } from '../schema/types.ts'

export const u8: IntType = { kind: 'int', size: 1, signed: false }
export const u16: IntType = { kind: 'int', size: 2, signed: false }
export const u32: IntType = { kind: 'int', size: 4, signed: false }
export const u64: IntType = { kind: 'int', size: 8, signed: false }
export const s32: IntType = { kind: 'int', size: 4, signed: true }
export const s64: IntType = { kind: 'int', size: 8, signed: true }
