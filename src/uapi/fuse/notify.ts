/** What a server sends unasked, and the answer to RETRIEVE. facts: wire 10.6, fuse-structs.md */
import { array, bytes, chars, message, REST, type Schema, s64, struct, u8, u32, u64 } from '../../schema/index.ts'
import { fuse_inval_entry_flags } from './flags.ts'

/** NOTIFY_POLL: wake up who polls. */
export const fuse_notify_poll_wakeup_out = struct('fuse_notify_poll_wakeup_out', { kh: u64.doc('from the POLL request') })

/** NOTIFY_INVAL_INODE: forget attributes and cached pages. */
export const fuse_notify_inval_inode_out = struct('fuse_notify_inval_inode_out', {
  ino: u64.doc('nodeid'),
  off: s64.doc('first byte; negative: attributes only'),
  len: s64.doc('bytes; 0 or less: to the end'),
})

/** NOTIFY_INVAL_ENTRY: forget a name, which follows with a NUL. */
export const fuse_notify_inval_entry_out = struct('fuse_notify_inval_entry_out', {
  parent: u64.doc('nodeid of the directory'),
  namelen: u32.derived('bytes of the name without its NUL'),
  flags: u32.flags(fuse_inval_entry_flags),
})

/** NOTIFY_DELETE: a name is gone; it follows with a NUL. */
export const fuse_notify_delete_out = struct('fuse_notify_delete_out', {
  parent: u64.doc('nodeid of the directory'),
  child: u64.doc('nodeid that the name stood for'),
  namelen: u32.derived('bytes of the name without its NUL'),
  padding: u32.reserved(),
})

/** NOTIFY_STORE: put the bytes that follow into the page cache. */
export const fuse_notify_store_out = struct('fuse_notify_store_out', {
  nodeid: u64,
  offset: u64,
  size: u32.derived('bytes that follow'),
  padding: u32.reserved(),
})

/** NOTIFY_RETRIEVE: send what the page cache holds, as NOTIFY_REPLY. */
export const fuse_notify_retrieve_out = struct('fuse_notify_retrieve_out', {
  notify_unique: u64.doc('unique of the NOTIFY_REPLY request'),
  nodeid: u64,
  offset: u64,
  size: u32.doc('bytes'),
  padding: u32.reserved(),
})

/** Head of a NOTIFY_REPLY request, followed by `size` bytes; laid out as fuse_write_in. */
export const fuse_notify_retrieve_in = struct('fuse_notify_retrieve_in', {
  dummy1: u64.reserved(),
  offset: u64,
  size: u32.derived('bytes that follow'),
  dummy2: u32.reserved(),
  dummy3: u64.reserved(),
  dummy4: u64.reserved(),
})

/** NOTIFY_PRUNE: drop inodes that nobody uses; `count` nodeids follow. */
export const fuse_notify_prune_out = struct(
  'fuse_notify_prune_out',
  {
    count: u32.derived(),
    padding: u32.reserved(),
    spare: u64.reserved(),
  },
  { since: 45 },
)

/** One kind of notification: its code, in the `error` word of the header, and what follows the header. */
export interface FuseNotification {
  readonly code: number
  readonly doc: string
  readonly body: Schema<unknown, unknown>
}

const note = <const N extends number, B extends Schema<unknown, unknown>>(code: N, doc: string, body: B) => ({ code, doc, body })
const name = { name: chars('namelen'), nul: u8.reserved('the kernel puts a NUL here whatever was sent') }

/** These two have no length of their own. Measured on Linux 6.18. */
const trailing = bytes(REST).elided().doc('never looked at')

/** All notifications by name; famfs adds none. */
export const fuseNotifications = {
  POLL: note(1, 'a file became ready', fuse_notify_poll_wakeup_out),
  INVAL_INODE: note(2, 'attributes or pages of a file changed', fuse_notify_inval_inode_out),
  INVAL_ENTRY: note(3, 'a name changed', message('INVAL_ENTRY', { ...fuse_notify_inval_entry_out.fields, ...name })),
  STORE: note(4, 'data for the page cache', message('STORE', { ...fuse_notify_store_out.fields, data: bytes('size') })),
  RETRIEVE: note(5, 'send data of the page cache', fuse_notify_retrieve_out),
  DELETE: note(6, 'a name is gone', message('DELETE', { ...fuse_notify_delete_out.fields, ...name })),
  RESEND: note(7, 'send the requests again that are being worked on', message('RESEND', { trailing })),
  INC_EPOCH: note(8, 'all cached names are out of date', message('INC_EPOCH', { trailing })),
  PRUNE: note(9, 'drop unused inodes', message('PRUNE', { ...fuse_notify_prune_out.fields, nodeids: array(u64, 'count') })),
} as const satisfies Readonly<Record<string, FuseNotification>>

/** Type of {@link fuseNotifications}. */
export type FuseNotifications = typeof fuseNotifications
