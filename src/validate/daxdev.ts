/** What a kernel does with a GET_DAXDEV reply, as far as the bytes decide it. facts: wire 2.3, 4.5 */
import { checkBytes } from '../codec/input.ts'
import { decodeText } from '../codec/text.ts'
import type { DeviceReply, Dialect } from '../schema/dialect.ts'
import { placesOf } from '../schema/layout.ts'
import type { StructType } from '../schema/types.ts'
import type { DialectName } from '../uapi/dialects/aliases.ts'
import { EINVAL, EIO } from '../uapi/errno.ts'
import { daxdevBody } from '../uapi/famfs/messages.ts'
import { dialectOf } from './options.ts'
import type { Refused } from './verdict.ts'

/** The kernel goes on to look the name up. */
export interface DaxdevAccepted {
  readonly ok: true
  readonly errno: 0
  readonly meta: {
    /** the name up to its NUL, or all of it; bytes that are not UTF-8 as lone surrogates, as everywhere in this library */
    readonly name: string
    /** false: no NUL in the field, the kernel reads on behind it */
    readonly terminated: boolean
  }
}

/** What a kernel does with a GET_DAXDEV reply; narrows as `Verdict`. */
export type DaxdevVerdict = DaxdevAccepted | Refused

/** Where the name of a device stands in the reply about it. */
export interface NameSpot {
  readonly field: string
  readonly start: number
  readonly size: number
  /** the kernel puts a NUL into its last byte */
  readonly ends: boolean
}

const spots = /* @__PURE__ */ new WeakMap<Dialect, NameSpot>()

/** Where a kernel of this dialect, one that asks for devices, finds the name. */
export function nameSpot(dialect: Dialect): NameSpot {
  const known = spots.get(dialect)
  if (known !== undefined) return known
  const { name: field = 'name', ends = false } = dialect.reply.GET_DAXDEV as DeviceReply
  // the struct has a text of this name: `defineDialect` has seen to that
  const places = placesOf(daxdevBody(dialect).type as StructType)
  const { offset: start, size } = places.find(p => p.name === field) as (typeof places)[number]
  const spot = { field, start, size, ends }
  spots.set(dialect, spot)
  return spot
}

/** First byte behind the name: its NUL, or the end of the field. */
export function nameEnd(bytes: Uint8Array, { start, size }: NameSpot): number {
  const nul = bytes.subarray(0, start + size).indexOf(0, start)
  return nul < 0 ? start + size : nul
}

/**
 * What a kernel of this dialect does with the body of a GET_DAXDEV reply. Any length but that of the struct (280 bytes in the pull series) is
 * refused by the FUSE device (its write is EINVAL, the waiting request EIO); an empty name is EINVAL. Index and reserved words are not looked
 * at. The caller inside the kernel drops all of these errors, unless the dialect says that they are fatal: open(2) still succeeds, and I/O
 * fails. The path look-up that follows is not the bytes' to decide.
 *
 * @param bytes the body after fuse_out_header
 * @throws WireError code unsupported for a dialect whose kernel never asks (the push dialects); never for the bytes
 */
export function verdictDaxdev(bytes: Uint8Array, dialect: Dialect | DialectName): DaxdevVerdict {
  checkBytes(bytes)
  const d = dialectOf(dialect, 'GET_DAXDEV')
  const { exact } = d.reply.GET_DAXDEV
  if (bytes.length !== exact) return { ok: false, errno: EIO, reason: 'length', check: 'replyExact', path: '', offset: 0, length: exact }
  const spot = nameSpot(d)
  const { start, size, field, ends } = spot
  const end = nameEnd(bytes, spot)
  if (end === start)
    return { ok: false, errno: EINVAL, reason: 'name_empty', check: 'nameNotEmpty', path: field, offset: start, length: size }
  const open = end === start + size
  return { ok: true, errno: 0, meta: { name: decodeText(bytes, start, open && ends ? end - 1 : end), terminated: ends || !open } }
}
