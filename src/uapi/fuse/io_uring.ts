/** FUSE over io_uring: the headers that a queue entry and a command carry. facts: fuse-structs.md */
import { bytes, enumeration, nested, struct, u16, u32, u64 } from '../../schema/index.ts'

/** Bytes for fuse_in_header or fuse_out_header in {@link fuse_uring_req_header}. */
export const FUSE_URING_IN_OUT_HEADER_SZ = 128
/** Bytes for the struct at the head of a request body in {@link fuse_uring_req_header}. */
export const FUSE_URING_OP_IN_OUT_SZ = 128

/** Commands that a server submits. */
export const fuse_uring_cmd = enumeration('fuse_uring_cmd', {
  FUSE_IO_URING_CMD_INVALID: 0,
  FUSE_IO_URING_CMD_REGISTER: 1,
  FUSE_IO_URING_CMD_COMMIT_AND_FETCH: 2,
})

/** What an entry tells beside the message. facts: fuse-structs.md */
export const fuse_uring_ent_in_out = struct('fuse_uring_ent_in_out', {
  flags: u64,
  commit_id: u64.doc('for COMMIT_AND_FETCH'),
  payload_sz: u32.doc('bytes of the payload buffer in use'),
  padding: u32.reserved(),
  reserved: u64.reserved(),
})

/** Header buffer of a queue entry; the message itself is spread over it and the payload buffer. facts: fuse-structs.md */
export const fuse_uring_req_header = struct('fuse_uring_req_header', {
  in_out: bytes(FUSE_URING_IN_OUT_HEADER_SZ).doc('fuse_in_header or fuse_out_header'),
  op_in: bytes(FUSE_URING_OP_IN_OUT_SZ).doc('the struct of fixed size at the head of the request body'),
  ring_ent_in_out: nested(fuse_uring_ent_in_out),
})

/** The 80-byte command area of a submission. facts: fuse-structs.md */
export const fuse_uring_cmd_req = struct('fuse_uring_cmd_req', {
  flags: u64,
  commit_id: u64,
  qid: u16.doc('queue; one per CPU'),
  padding: bytes(6).reserved(),
})
