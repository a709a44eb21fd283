/** FUSE over io_uring: the commands that a server submits and the headers of its queue entries. facts: fuse-structs.md, today 1 */
import { byCommand, bytes, enumeration, flagSet, message, nested, REST, struct, u16, u32, u64 } from '../../schema/index.ts'
import { fuse_in_header } from './header.ts'

/** Bytes for fuse_in_header or fuse_out_header in {@link fuse_uring_req_header}. */
export const FUSE_URING_IN_OUT_HEADER_SZ = 128
/** Bytes for the struct at the head of a request body in {@link fuse_uring_req_header}. */
export const FUSE_URING_OP_IN_OUT_SZ = 128
/** Bytes of the command area of a submission entry of 128 bytes, of which fuse_uring_cmd_req takes the first 24 or 40. */
export const FUSE_URING_CMD_AREA_SZ = 80

/** Commands that a server submits: the word `cmd_op` of the submission entry. facts: today 1 */
export const fuse_uring_cmd = enumeration(
  'fuse_uring_cmd',
  {
    FUSE_IO_URING_CMD_INVALID: 0,
    FUSE_IO_URING_CMD_REGISTER: 1,
    FUSE_IO_URING_CMD_COMMIT_AND_FETCH: 2,
    FUSE_IO_URING_CMD_ADD_QUEUE: 3,
    FUSE_IO_URING_CMD_ADD_BUFPOOL: 4,
  },
  {
    since: {
      FUSE_IO_URING_CMD_INVALID: 42,
      FUSE_IO_URING_CMD_REGISTER: 42,
      FUSE_IO_URING_CMD_COMMIT_AND_FETCH: 42,
      FUSE_IO_URING_CMD_ADD_QUEUE: 46,
      FUSE_IO_URING_CMD_ADD_BUFPOOL: 46,
    },
  },
)

/** `flags` of ADD_QUEUE. facts: today 1 */
export const fuse_uring_queue_flags = flagSet(
  'fuse_uring_queue_flags',
  { FUSE_URING_ZERO_COPY: 0 },
  { since: { FUSE_URING_ZERO_COPY: 46 } },
)
/** `flags` of {@link fuse_uring_ent_in_out}. facts: today 1 */
export const fuse_uring_ent_flags = flagSet(
  'fuse_uring_ent_flags',
  { FUSE_URING_ENT_ZERO_COPY: 0 },
  { since: { FUSE_URING_ENT_ZERO_COPY: 46 } },
)

/** What an entry tells beside the message. facts: today 1 */
export const fuse_uring_ent_in_out = struct(
  'fuse_uring_ent_in_out',
  {
    flags: u64.flags(fuse_uring_ent_flags),
    commit_id: u64.doc('for COMMIT_AND_FETCH'),
    payload_sz: u32.doc('bytes of the payload in use'),
    offset: u32.doc('where the payload starts in the buffer pool').was('padding', 46),
    reserved: u64.reserved(),
  },
  { since: 42 },
)

/** Header buffer of a queue entry; the message itself is spread over it and the payload. facts: fuse-structs.md */
export const fuse_uring_req_header = struct(
  'fuse_uring_req_header',
  {
    in_out: bytes(FUSE_URING_IN_OUT_HEADER_SZ).doc('fuse_in_header or fuse_out_header'),
    op_in: bytes(FUSE_URING_OP_IN_OUT_SZ).doc('the struct of fixed size at the head of the request body'),
    ring_ent_in_out: nested(fuse_uring_ent_in_out),
  },
  { since: 42 },
)

/** Buffers that a queue shares. */
const bufpool = struct('fuse_uring_cmd_req_bufpool', {
  uaddr: u64.doc('address of the buffers, or offset in the registered buffer'),
  len: u32.doc('bytes'),
  reserved: u32.reserved(),
})

const { FUSE_IO_URING_CMD_REGISTER, FUSE_IO_URING_CMD_ADD_BUFPOOL } = fuse_uring_cmd.values

/** What a command says besides the queue: the C union, by the name of its member. COMMIT_AND_FETCH and ADD_QUEUE use none. */
const ofCommand = {
  [FUSE_IO_URING_CMD_REGISTER]: struct('fuse_uring_cmd_req_register', {
    ent_zero_copy_buf_index: u16.doc('registered buffer of the entry; only on a queue with FUSE_URING_ZERO_COPY'),
  }),
  [FUSE_IO_URING_CMD_ADD_BUFPOOL]: struct('fuse_uring_cmd_req_add_bufpool', { bufpool: nested(bufpool) }),
}

/** What a command of the ring says, 40 bytes; 24 below minor 46. Which command it is stands beside it, in `cmd_op`. facts: today 1 */
export const fuse_uring_cmd_req = struct(
  'fuse_uring_cmd_req',
  {
    flags: u64.flags(fuse_uring_queue_flags, 'only ADD_QUEUE knows any'),
    commit_id: u64.doc('COMMIT_AND_FETCH: that of the request that is answered'),
    qid: u16.doc('queue'),
    padding: bytes(6).reserved(),
    arg: byCommand(16, ofCommand).since(46),
  },
  { since: 42 },
)

/** The whole command area of a submission entry, 80 bytes. The kernel does not look at `rest`. */
export const fuse_uring_cmd_area = message('fuse_uring_cmd_area', { ...fuse_uring_cmd_req.fields, rest: bytes(REST) })

/** {@link fuse_uring_req_header} of a request, with the fields of its header. What `in_out_rest` and `op_in` do not use is left from before. */
export const fuse_uring_request_header = message('fuse_uring_request_header', {
  header: nested(fuse_in_header),
  in_out_rest: bytes(FUSE_URING_IN_OUT_HEADER_SZ - 40),
  op_in: fuse_uring_req_header.fields.op_in,
  ring_ent_in_out: nested(fuse_uring_ent_in_out),
})
