/** Bytes under a guesser's eyes. */
import type { Context } from '../codec/context.ts'
import { tryDecodeLarge } from '../codec/large.ts'
import { contextFor } from '../codec/message.ts'
import type { Dialect } from '../schema/dialect.ts'
import type { Schema } from '../schema/index.ts'
import { fuse } from '../uapi/dialects/fuse.ts'
import type { Known } from './subject.ts'

/** One reading of the bytes. */
export interface Guess {
  /** name for `--as`; requests and replies: several messages one after the other */
  readonly as: string
  readonly dialect: Dialect
  readonly opcode?: number
  readonly reasons: readonly string[]
  /** other opcodes whose replies have this form */
  readonly also?: readonly string[]
  /** 0 to 100 */
  readonly score: number
}

export interface Look {
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly about: Known
  readonly order: readonly Dialect[]
}

export const u32 = (look: Look, offset: number): number => (look.bytes.length >= offset + 4 ? look.view.getUint32(offset, true) : -1)

export function contextOf(look: Look, dialect: Dialect, opcode?: number): Context {
  const { minor, flags, request: asked } = look.about
  const connection = { dialect, ...(minor === undefined ? {} : { minor }), ...(flags === undefined ? {} : { flags }) }
  return contextFor(opcode === undefined ? connection : { ...connection, opcode, ...(asked === undefined ? {} : { request: asked }) })
}

/** Where nothing says more: no matter of famfs. */
export const mainline = ({ about }: Pick<Look, 'about'>): Dialect => about.dialect ?? fuse

export const fits = (schema: Schema<unknown>, bytes: Uint8Array, context: Context): boolean => tryDecodeLarge(schema, bytes, context).ok

export const lookAt = (bytes: Uint8Array, look: Look): Look => ({
  ...look,
  bytes,
  view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
})
