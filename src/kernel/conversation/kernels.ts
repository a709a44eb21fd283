/**
 * What differs among kernels of mainline in ways that messages show, by the minor that a kernel announces. Measured on Linux 7.3.4 (minor 46),
 * 6.18.44 (45), 6.12.117 (41) and 6.1.192 (38): fixtures/wire/rules-7.3.jsonl and notify-6.18.jsonl.
 */
import type { Dialect } from '../../schema/dialect.ts'
import { minorOf } from '../negotiate/request.ts'
import type { Conversation } from './types.ts'

/** How one kernel behaves where kernels differ. */
export interface KernelTraits {
  /** STORE and RETRIEVE at this offset or above are EINVAL, before their node is looked for */
  readonly pagesEnd: bigint
  /** every notification is EINVAL until INIT is answered */
  readonly deafBeforeInit: boolean
  /** bytes of the longest name, where more than a page a request was settled */
  readonly longestName: number
  /** INVAL_ENTRY has the flag that keeps the name */
  readonly keepsExpired: boolean
  /** the kernel makes FS_IOC_GETFLAGS and its kin by itself: their answers have one length */
  readonly ownAttributeIoctls: boolean
}

const NO_END = 1n << 64n
/** Bytes of the longest name, where one page a request was settled, or the kernel is older than the longer ones. */
export const NAME_MOST = 1024

const OLDEST: KernelTraits = {
  pagesEnd: NO_END,
  deafBeforeInit: false,
  longestName: NAME_MOST,
  keepsExpired: false,
  ownAttributeIoctls: false,
}

/** Which minor brought what, oldest first. Between two measured kernels the change is put where its source has it. */
const CHANGES: readonly (readonly [since: number, change: Partial<KernelTraits>])[] = [
  [34, { ownAttributeIoctls: true }],
  [38, { keepsExpired: true }],
  [43, { longestName: 4095 }],
  [46, { pagesEnd: (1n << 63n) - 1n, deafBeforeInit: true }],
]

/** The traits of a mainline kernel that announces this minor. */
export const traitsOf = (announced: number): KernelTraits =>
  Object.assign({}, OLDEST, ...CHANGES.filter(([since]) => announced >= since).map(([, change]) => change))

/** A kernel of famfs that announces more than its series did: a port to some other kernel, of which the minor says nothing. facts: wire 1.1 */
export const isPort = ({ dialect, announced }: Pick<Conversation, 'dialect' | 'announced'>): boolean =>
  dialect.initBit !== undefined && announced > minorOf(dialect)

/** The traits of a kernel of this dialect that announces this minor. */
export const traitsIn = (dialect: Dialect, announced: number): KernelTraits =>
  traitsOf(isPort({ dialect, announced }) ? minorOf(dialect) : announced)

const MAX_PAGES = 22n

/** Bytes of the longest name that this kernel takes. */
export const longestName = ({ settled, traits }: Pick<Conversation, 'settled' | 'traits'>): number =>
  ((settled.flags >> MAX_PAGES) & 1n) === 1n ? traits.longestName : NAME_MOST
