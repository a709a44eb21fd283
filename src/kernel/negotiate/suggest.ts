/** Which dialect a peer may speak. INIT cannot tell (facts: wire 1.3): every clue is weighed and named, nothing is decided. */
import { dialectOf } from '../../codec/dialects.ts'
import type { Dialect } from '../../schema/dialect.ts'
import { dialects } from '../../uapi/dialects/index.ts'
import { ENOTTY } from '../../uapi/errno.ts'
import { FAMFS_KERNEL_MINOR } from '../../uapi/famfs/constants.ts'
import { daxdevRequestSize, fmapRequestSize } from '../../validate/asking.ts'
import { hasBit } from './bits.ts'
import { BUFPOOL, CLAIMED_BIT, offersPools } from './claims.ts'
import { minorOf } from './request.ts'

/** What was seen. All parts are optional. */
export interface Evidence {
  /** flag bits that the kernel offered */
  readonly offered?: bigint
  /** minor that the kernel announced */
  readonly minor?: number
  /** requests: opcode, and length of the whole message */
  readonly requests?: readonly { readonly opcode: number; readonly length: number }[]
  /** what FUSE_DEV_IOC_DAXDEV_OPEN returned: 0 or a positive errno */
  readonly daxdevOpen?: number
}

/** How much speaks for a dialect, and what. */
export interface Suggestion {
  /** its id */
  readonly dialect: string
  /** clues for it, less clues against it; no probability */
  readonly score: number
  readonly for: readonly string[]
  readonly against: readonly string[]
  /** something was seen that a kernel of this dialect never does */
  readonly excluded: boolean
}

type Side = 'for' | 'against' | 'never'
type Clue = readonly [side: Side, text: string] | undefined

const HEADER = 40
const COPY_FILE_RANGE_64 = 96

/** Mainline offers bit 43 together with bit 41, from minor 46 on. facts: today 1 */
function mainlineClue({ offered = 0n, minor = 0 }: Evidence): Clue {
  if (!hasBit(offered, CLAIMED_BIT)) return undefined
  return offersPools(offered, minor)
    ? ['for', `bits 41 and 43 are offered with minor ${minor}: ${BUFPOOL}`]
    : ['against', 'bit 43 is offered, which mainline does not have without bit 41, nor below minor 46']
}

function offeredClue(d: Dialect, evidence: Evidence): Clue {
  const { initBit } = d
  const { offered, minor = 0 } = evidence
  if (offered === undefined) return undefined
  if (initBit === undefined) return mainlineClue(evidence)
  if (initBit === CLAIMED_BIT && offersPools(offered, minor))
    return ['against', `bits 41 and 43 are offered with minor ${minor}, as mainline offers ${BUFPOOL}`]
  if (hasBit(offered, initBit)) return ['for', `bit ${initBit} is offered`]
  return ['against', `bit ${initBit} is not offered (without CAP_SYS_RAWIO no later series offers it)`]
}

function minorClue(d: Dialect, { minor }: Evidence): Clue {
  if (minor === undefined || d.initBit === undefined) return undefined
  const own = minorOf(d)
  const early = own < FAMFS_KERNEL_MINOR
  if (early ? minor === own : minor >= own) return ['for', `minor ${minor}`]
  return ['against', `minor ${minor}, the ${early ? 'early' : 'later'} series announce ${own}`]
}

function requestClue(d: Dialect, opcode: number, length: number): Clue {
  const what = `a request ${opcode} of ${length} bytes`
  if (opcode === d.opcodes.GET_FMAP) {
    const expected = HEADER + fmapRequestSize(d)
    return length === expected ? ['for', `${what} is its GET_FMAP`] : ['never', `${what}; its GET_FMAP has ${expected}`]
  }
  if (opcode === d.opcodes.GET_DAXDEV) {
    if (d.reply.GET_DAXDEV === undefined) return ['never', `${what}: it asks for no device`]
    const expected = HEADER + daxdevRequestSize(d)
    return length === expected ? ['for', `${what} is its GET_DAXDEV`] : ['never', `${what}; its GET_DAXDEV has ${expected}`]
  }
  if (opcode === 53)
    return length === COPY_FILE_RANGE_64 ? ['for', `${what} is COPY_FILE_RANGE_64`] : ['never', `${what} is no COPY_FILE_RANGE_64`]
  return opcode === 54 || opcode === 55 ? ['never', `${what}: it has no such opcode`] : undefined
}

function ioctlClue(d: Dialect, { daxdevOpen }: Evidence): Clue {
  if (daxdevOpen === undefined) return undefined
  const has = daxdevOpen !== ENOTTY
  const text = has ? `DAXDEV_OPEN answered ${daxdevOpen === 0 ? 'success' : `errno ${daxdevOpen}`}` : 'DAXDEV_OPEN is unknown (ENOTTY)'
  return [d.push === has ? 'for' : 'never', text]
}

function weigh(d: Dialect, evidence: Evidence): Suggestion {
  const requests = (evidence.requests ?? []).map(r => requestClue(d, r.opcode, r.length))
  const clues = [offeredClue(d, evidence), minorClue(d, evidence), ioctlClue(d, evidence), ...requests].filter(c => c !== undefined)
  const texts = (sides: readonly Side[]): string[] => [...new Set(clues.filter(([side]) => sides.includes(side)).map(([, text]) => text))]
  const [pro, contra] = [texts(['for']), texts(['against', 'never'])]
  return { dialect: d.id, score: pro.length - contra.length, for: pro, against: contra, excluded: clues.some(([side]) => side === 'never') }
}

/**
 * Every dialect with what speaks for and against it, the likeliest first. Nothing is decided: dialects that send the same bytes (fuse-v3 to
 * fuse-v10, or both push dialects) always come with the same score, and the caller has to say which it is.
 *
 * @param among the dialects to weigh; default those of this library whose maps have the famfs form
 */
export function suggestDialect(evidence: Evidence, among: readonly Dialect[] = Object.values(dialects)): Suggestion[] {
  const all = Array.from(among, d => weigh(dialectOf(d), evidence))
  return all.sort((a, b) => Number(a.excluded) - Number(b.excluded) || b.score - a.score)
}
