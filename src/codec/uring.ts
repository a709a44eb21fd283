/** A FUSE message that is spread over the header and the payload of a ring entry, as one. facts: fuse-structs.md, today 1 */

import { FUSE_URING_IN_OUT_HEADER_SZ, FUSE_URING_OP_IN_OUT_SZ, fuse_uring_request_header } from '../uapi/fuse/io_uring.ts'
import { decode } from './decode.ts'
import { WireError } from './errors.ts'
import { checkBytes } from './input.ts'

const IN_HEADER = 40
const OUT_HEADER = 16

/**
 * The whole request: fuse_in_header, what of the head of its body stands in `op_in`, and the payload.
 * @param header the 288 bytes of fuse_uring_req_header as the kernel filled them
 * @param payload at least `payload_sz` bytes
 * @throws WireError truncated where one of them is too short, length where `header.len` is not the sum of the parts
 */
export function requestOfRing(header: Uint8Array, payload: Uint8Array): Uint8Array {
  checkBytes(header, 'header')
  checkBytes(payload, 'payload')
  const { header: inHeader, ring_ent_in_out: entry } = decode(fuse_uring_request_header, header)
  const size = entry.payload_sz
  if (payload.length < size)
    throw new WireError({
      code: 'truncated',
      path: 'payload',
      offset: payload.length,
      detail: `needs ${size} bytes, ${payload.length} are there`,
      expected: size,
      actual: payload.length,
    })
  const inHead = inHeader.len - IN_HEADER - size
  if (inHead < 0 || inHead > FUSE_URING_OP_IN_OUT_SZ)
    throw new WireError({
      code: 'length',
      path: 'header.len',
      offset: 0,
      length: 4,
      detail: `says ${inHeader.len} bytes: ${IN_HEADER} of the header, ${size} of the payload and at most ${FUSE_URING_OP_IN_OUT_SZ} of op_in`,
      expected: IN_HEADER + size,
      actual: inHeader.len,
    })
  const message = new Uint8Array(inHeader.len)
  message.set(header.subarray(0, IN_HEADER))
  message.set(header.subarray(FUSE_URING_IN_OUT_HEADER_SZ, FUSE_URING_IN_OUT_HEADER_SZ + inHead), IN_HEADER)
  message.set(payload.subarray(0, size), IN_HEADER + inHead)
  return message
}

/** The whole reply: fuse_out_header at the start of the header buffer, and the payload; nothing of a reply stands in `op_in`. */
export function replyOfRing(header: Uint8Array, payload: Uint8Array): Uint8Array {
  checkBytes(header, 'header')
  checkBytes(payload, 'payload')
  const message = new Uint8Array(OUT_HEADER + payload.length)
  message.set(header.subarray(0, OUT_HEADER))
  message.set(payload, OUT_HEADER)
  return message
}
