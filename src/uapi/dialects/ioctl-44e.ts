/**
 * KABI 44, the header of 44d with a later driver (series of August 2026): 4 KiB are enough where 44d asks for 2 MiB, and a chunk is 4 KiB or
 * 2 MiB. Neither a number nor a struct tells the two apart. facts: ioctl-44e
 */
import { type IoctlDialect, ioctlDialect } from '../../schema/ioctl.ts'
import { chunkIsUnit } from '../../schema/ioctl-steps.ts'
import { EINVAL } from '../errno.ts'
import { createMap } from './ioctl-44.ts'
import { operations44e } from './ioctl-44-operations.ts'
import { ioctl44d, mapPermitted } from './ioctl-44d.ts'

/** KABI 44e. Look-ups and DAXDEV_OPEN are those of 44d: nobody has read the text of this driver that has them. */
export const ioctl44e: IoctlDialect = /* @__PURE__ */ ioctlDialect({
  ...ioctl44d,
  id: 'ioctl-44e',
  title: 'standalone, KABI 44e (August 2026): 4 KiB granularity',
  facts: 'ioctl-44e',
  headers: [{ ...ioctl44d.headers[0], id: '44e', title: 'KABI 44, the header of 44d' }],
  handlers: { ...ioctl44d.handlers, MAP_CREATE: createMap(mapPermitted, { unit: 'page', chunk: [chunkIsUnit(EINVAL)] }) },
  operations: operations44e,
})
