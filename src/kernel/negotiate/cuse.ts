/** CUSE_INIT: whether a character device comes of it. fixtures/wire/rules-7.3.jsonl (g) */
import { decode } from '../../codec/decode.ts'
import { decodeText } from '../../codec/text.ts'
import { fixedSize } from '../../schema/index.ts'
import { ENODEV } from '../../uapi/errno.ts'
import { cuse_init_out } from '../../uapi/fuse/init.ts'
import { FUSE_KERNEL_VERSION } from '../../uapi/fuse/version.ts'
import type { Ending } from '../../validate/reply.ts'

/** How CUSE_INIT ended: a device of that name, or none and why. */
export type CuseEnd =
  | { readonly up: true; readonly minor: number; readonly device: string }
  | { readonly up: false; readonly errno: number; readonly why: 'error' | 'version' | 'names' }

/** First minor of a server that the kernel talks CUSE with. */
const CUSE_SINCE = 11
const CUSE_OUT_SIZE = fixedSize(cuse_init_out.type) ?? 0
const dead = (why: 'error' | 'version' | 'names'): CuseEnd => ({ up: false, errno: ENODEV, why })

/** A key and its value, both without white space around them. */
function pairIn(text: string): readonly [key: string, value: string] {
  const at = text.indexOf('=')
  return at < 0 ? [text.trim(), ''] : [text.slice(0, at).trim(), text.slice(at + 1).trim()]
}

/** The name of the device in `KEY=VALUE` texts with a NUL after each; the last DEVNAME counts, other keys are passed over. */
function deviceName(info: Uint8Array): string | undefined {
  const end = info.findLastIndex(byte => byte !== 0) + 1
  if (end === info.length && end > 0) return undefined
  const pairs = decodeText(info, 0, end)
    .split('\0')
    .filter(text => text !== '')
    .map(pairIn)
  return pairs.some(([key]) => key === '') ? undefined : pairs.findLast(([key]) => key === 'DEVNAME')?.[1]
}

/** What a kernel makes of the end of CUSE_INIT. A reply that it took has the whole struct. */
export function settleCuse(announced: number, ending: Exclude<Ending, { kind: 'pending' }>): CuseEnd {
  if (ending.kind === 'errno') return dead('error')
  const { major, minor } = decode(cuse_init_out, ending.body.subarray(0, CUSE_OUT_SIZE))
  if (major !== FUSE_KERNEL_VERSION || minor < CUSE_SINCE) return dead('version')
  const device = deviceName(ending.body.subarray(CUSE_OUT_SIZE))
  return device === undefined || device === '' ? dead('names') : { up: true, minor: Math.min(announced, minor), device }
}
