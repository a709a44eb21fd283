/** Messages of INIT as people hand them over: whole, or the body alone. What is no INIT is refused with the reason. */

import { WireError } from '../../codec/errors.ts'
import { encodeInHeader, encodeOutHeader } from '../../codec/generated/header.ts'
import { checkBytes } from '../../codec/input.ts'
import { opcodeName } from '../../codec/message.ts'
import { fuse_opcode } from '../../uapi/fuse/codes.ts'
import { numberAt, smallAt } from '../../validate/bytes.ts'
import { IN_HEADER_SIZE, inHeaderFields, OUT_HEADER_SIZE } from '../../validate/generated/messages.ts'

const { FUSE_INIT, CUSE_INIT } = fuse_opcode.values
/** Major and minor. */
const VERSION_SIZE = 8
/** Every INIT is the first request of its mount. */
const FIRST_UNIQUE = 2n
/** A major below is a version, not the length of a message with its header. */
const MAJORS = OUT_HEADER_SIZE

const refused = (code: 'length' | 'tag' | 'truncated', path: string, offset: number, detail: string, expected: unknown, actual: unknown) =>
  new WireError({ code, path, offset, detail, expected, actual })

const none = (what: string, path: string): WireError => refused('truncated', path, 0, `is empty; ${what}`, what, 0)

function lengthChecked(bytes: Uint8Array, path: string, least: number): Uint8Array {
  const len = smallAt(bytes, 0, 4)
  if (len !== bytes.length)
    throw refused('length', `${path}.header.len`, 0, `says ${len} bytes, and ${bytes.length} are there`, bytes.length, len)
  if (len < least)
    throw refused('truncated', path, len, `ends after ${len} bytes: no version (major and minor) after the header`, least, len)
  return bytes
}

const WANTED = 'an INIT request: the whole message, or its body, which begins with major and minor'

/**
 * The INIT request in these bytes, with its header: a body alone gets the one that it would have.
 *
 * @throws WireError when they are no INIT: code truncated without a version, length when the header contradicts the bytes, tag when they are
 * something else
 */
export function wholeInitRequest(bytes: Uint8Array): Uint8Array {
  const path = 'request'
  checkBytes(bytes, path)
  if (bytes.length === 0) throw none(WANTED, path)
  if (bytes.length < VERSION_SIZE)
    throw refused(
      'truncated',
      path,
      bytes.length,
      `ends after ${bytes.length} bytes: no version (8 bytes, major and minor)`,
      WANTED,
      bytes.length,
    )
  const first = smallAt(bytes, 0, 4)
  const opcode = smallAt(bytes, ...inHeaderFields.opcode)
  const isWhole = bytes.length >= IN_HEADER_SIZE && first >= MAJORS && (first === bytes.length || opcode === FUSE_INIT)
  if (isWhole) {
    if (opcode === FUSE_INIT) return lengthChecked(bytes, path, IN_HEADER_SIZE + VERSION_SIZE)
    const name = opcode === CUSE_INIT ? 'CUSE_INIT, which has no bits to explain' : `${opcodeName(opcode) ?? `opcode ${opcode}`}, no INIT`
    throw refused('tag', `${path}.header.opcode`, 4, `is ${name}`, FUSE_INIT, opcode)
  }
  if (first >= MAJORS) throw refused('tag', path, 0, `begins with ${first}, which is neither its length nor a major`, WANTED, first)
  const body = { len: IN_HEADER_SIZE + bytes.length, opcode: FUSE_INIT, unique: FIRST_UNIQUE, nodeid: 0n, uid: 0, gid: 0, pid: 0 }
  const message = new Uint8Array(body.len)
  message.set(encodeInHeader({ ...body, total_extlen: 0 }))
  message.set(bytes, IN_HEADER_SIZE)
  return message
}

/**
 * The reply to an INIT request in these bytes, with its header: a body alone, also an empty one, gets the one that it would have. The length in
 * a header is not judged: the device does that.
 *
 * @throws WireError code tag when the bytes are no reply
 */
export function wholeInitReply(bytes: Uint8Array, request: Uint8Array): Uint8Array {
  const path = 'reply'
  checkBytes(bytes, path)
  checkBytes(request, 'request')
  const unique = numberAt(request, ...inHeaderFields.unique)
  if (bytes.length >= OUT_HEADER_SIZE && smallAt(bytes, 0, 4) >= MAJORS) {
    const error = smallAt(bytes, 4, 4) | 0
    if (smallAt(bytes, 0, 4) === bytes.length && error > 0)
      throw refused('tag', `${path}.header.error`, 4, `is ${error}, where a reply has 0 or a negative errno; is it a request?`, 0, error)
    if (smallAt(bytes, 0, 4) === bytes.length || numberAt(bytes, 8, 8) === unique) return bytes
  }
  const first = bytes.length < 4 ? 0 : smallAt(bytes, 0, 4)
  if (first >= MAJORS)
    throw refused('tag', path, 0, `begins with ${first}, which is neither its length nor a major`, 'an INIT reply or its body', first)
  const message = new Uint8Array(OUT_HEADER_SIZE + bytes.length)
  message.set(encodeOutHeader({ len: message.length, error: 0, unique }))
  message.set(bytes, OUT_HEADER_SIZE)
  return message
}
