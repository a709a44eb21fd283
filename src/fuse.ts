/**
 * `famfs-wire/fuse`: whole FUSE messages of every opcode, in the version and dialect that were negotiated, and streams of them.
 */
export * from './codec/generated/attr.ts'
export * from './codec/generated/dir.ts'
export * from './codec/generated/file.ts'
export * from './codec/generated/getxattr.ts'
export * from './codec/generated/header.ts'
export * from './codec/generated/init.ts'
export * from './codec/generated/setxattr.ts'
export * from './codec/message.ts'
export { replyOfRing, requestOfRing } from './codec/uring.ts'
export { type FmapView, viewFmap } from './codec/view.ts'
export { notify, reply, request } from './uapi/fuse/message.ts'
export { type FuseMessage, type FuseMessages, type FuseNotifications, fuseMessages, fuseNotifications } from './uapi/fuse/opcodes.ts'
