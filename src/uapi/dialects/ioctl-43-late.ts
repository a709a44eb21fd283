/**
 * KABI 43, a later driver with the same header: the end of a map of simple extents and whatever ends every look-up are EIO, the end of a map of
 * groups is 0 as before, and reads behind the end of the file are cut.
 * facts: wire 9.6
 */
import { type IoctlDialect, ioctlDialect } from '../../schema/ioctl.ts'
import { EIO } from '../errno.ts'
import { ioctl43 } from './ioctl-43.ts'

/** KABI 43 in the form of famfs_file.c@145c12aa34dd. */
export const ioctl43Late: IoctlDialect = /* @__PURE__ */ ioctlDialect({
  ...ioctl43,
  id: 'ioctl-43-late',
  title: 'standalone, KABI 43 (a later driver of 2025)',
  headers: [ioctl43.headers[0]],
  resolver: { end: EIO, groupsEnd: 0, endDevice: 0, simple: 'signed', groups: 'smaller', badDevice: 'end', failedMount: true },
})
