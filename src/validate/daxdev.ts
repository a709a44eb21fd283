/** What a kernel does with a GET_DAXDEV reply, as far as the bytes decide it. facts: wire 2.3, 4.5 */
import { decodeText } from '../codec/text.ts'
import type { Dialect } from '../schema/dialect.ts'
import type { DialectId } from '../uapi/dialects/index.ts'
import { EINVAL, EIO } from '../uapi/errno.ts'
import { DAXDEV_SIZE, daxdevFields } from './generated/messages.ts'
import { dialectOf } from './options.ts'
import type { Refused } from './verdict.ts'

/** The kernel goes on to look the name up. */
export interface DaxdevAccepted {
  readonly errno: 0
  readonly meta: {
    /** the name up to its NUL, or all of it; bytes that are not UTF-8 as lone surrogates, as everywhere in this library */
    readonly name: string
    /** false: no NUL in the field, the kernel reads on behind it */
    readonly terminated: boolean
  }
}

/** What a kernel does with a GET_DAXDEV reply. */
export type DaxdevVerdict = DaxdevAccepted | Refused

const [NAME, NAME_SIZE] = daxdevFields.name

/** First byte behind the name: its NUL, or the end of the bytes. */
export function nameEnd(bytes: Uint8Array): number {
  const nul = bytes.indexOf(0, NAME)
  return nul < 0 ? bytes.length : nul
}

/**
 * What a kernel of this dialect does with the body of a GET_DAXDEV reply. Any length but 280 is refused by the FUSE device (its write is
 * EINVAL, the waiting request EIO); an empty name is EINVAL. Index and reserved words are not looked at. The caller inside the kernel
 * drops all of these errors: open(2) still succeeds, and I/O fails. The path look-up that follows is not the bytes' to decide.
 *
 * @param bytes the body after fuse_out_header
 * @throws WireError code unsupported for a dialect whose kernel never asks (the push dialects); never for the bytes
 */
export function verdictDaxdev(bytes: Uint8Array, dialect: Dialect | DialectId): DaxdevVerdict {
  dialectOf(dialect, 'GET_DAXDEV')
  if (bytes.length !== DAXDEV_SIZE) return { errno: EIO, reason: 'length', check: 'replyExact', path: '', offset: 0, length: DAXDEV_SIZE }
  const end = nameEnd(bytes)
  if (end === NAME) return { errno: EINVAL, reason: 'name_empty', check: 'nameNotEmpty', path: 'name', offset: NAME, length: NAME_SIZE }
  return { errno: 0, meta: { name: decodeText(bytes, NAME, end), terminated: end < DAXDEV_SIZE } }
}
