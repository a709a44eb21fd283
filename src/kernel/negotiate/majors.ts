/** INIT where the major is not 7: what a server and a kernel of Linux do then. facts: wire 10.3; libfuse */
import { FUSE_KERNEL_VERSION } from '../../uapi/fuse/version.ts'

/** errno with which libfuse answers a major below its own. */
export const EPROTO = 71

/** What a server of major 7 does with a request of another one; undefined: it is 7. */
export function majorWhy(offered: number, answered: number): string | undefined {
  if (offered === FUSE_KERNEL_VERSION) return undefined
  const of = `the request has major ${offered}`
  if (offered < FUSE_KERNEL_VERSION) return `${of}: a server of major 7 answers EPROTO, and the mount is dead`
  return answered === FUSE_KERNEL_VERSION
    ? `${of}: a server of major 7 answers with its own, and waits for a second INIT with major 7; no kernel of Linux sends more than 7`
    : `${of}: no server of major 7 answers with it`
}
