/** The 64 flag bits of INIT with names and, where bits alone do not decide, what else a kernel asks for. facts: wire 1.1, 10.4 */
import type { Dialect } from '../../schema/dialect.ts'
import { initFlagName } from '../../uapi/fuse/init.ts'
import { BUFPOOL, CLAIMED_BIT, offersPools } from './claims.ts'
import { type InitOut, offerCounts } from './settle.ts'

/**
 * Name of a bit in a dialect: 42 and 43 are not the same thing everywhere. Where the offer may be that of another kernel, both names. facts:
 * wire 1.1, today 1
 *
 * @param announced minor of the kernel; default that of the dialect, or the newest
 * @param offered the flag bits that it offers, as far as they are known
 */
export function bitName(bit: number, dialect: Dialect, announced?: number, offered = 0n): string {
  const name = initFlagName(bit, dialect, announced) ?? `bit ${bit}`
  return bit === CLAIMED_BIT && name !== BUFPOOL && offersPools(offered, announced ?? 0) ? `${name} or ${BUFPOOL}` : name
}

export const hasBit = (flags: bigint, bit: number): boolean => ((flags >> BigInt(bit)) & 1n) === 1n

/** What became of one INIT flag. */
export type BitVerdict = 'granted' | 'declined' | 'unread' | 'refused' | 'unoffered' | 'idle'

/** One bit of an INIT exchange. */
export interface BitReport {
  readonly bit: number
  readonly name: string
  /** the kernel set it in its request */
  readonly offered: boolean
  /** the server set it in its reply, whether or not the kernel reads it there */
  readonly wanted: boolean
  readonly granted: boolean
  /**
   * `granted`: both sides set it. `declined`: the server left an offer. `unread`: it stands where the kernel does not look. `refused`: the
   * kernel looks and says no. `unoffered`: set without an offer; the kernel does not compare. `idle`: set, but what belongs to it is missing
   */
  readonly verdict: BitVerdict
  readonly reason: string
}

const WRITEBACK_CACHE = 16

/** Bits that come to nothing without another member of the reply: why, or undefined. facts: fuse-structs.md */
const needs: Readonly<Record<number, (out: InitOut, flags: bigint) => string | undefined>> = {
  37: (out, flags) => {
    const depth = out.max_stack_depth ?? 0
    if (depth < 1 || depth > 2) return `max_stack_depth is ${depth}, must be 1 or 2`
    return hasBit(flags, WRITEBACK_CACHE) ? 'does not go with FUSE_WRITEBACK_CACHE' : undefined
  },
}

interface Exchange {
  readonly dialect: Dialect
  readonly offered: bigint
  /** both flag words of the reply as they stand */
  readonly raw: bigint
  /** as the kernel reads them */
  readonly read: bigint
  readonly minor: number
  /** minor that the kernel announced */
  readonly announced: number
  readonly out: InitOut
}

type Said = readonly [BitVerdict, string]

function famfsBit({ dialect, offered }: Exchange, bit: number): Said | undefined {
  if (bit !== dialect.initBit || hasBit(offered, bit)) return undefined
  return offerCounts(dialect)
    ? [
        'refused',
        'the kernel had not offered it (CAP_SYS_RAWIO in the first user namespace, CONFIG_FUSE_FAMFS_DAX), and goes by its own offer',
      ]
    : ['granted', 'the kernel had not offered it; this series goes by the reply alone']
}

function say(x: Exchange, bit: number): Said {
  const wanted = hasBit(x.raw, bit)
  if (!wanted) return ['declined', 'offered; the server did not take it']
  if (!hasBit(x.read, bit))
    return ['unread', x.minor < 6 ? `below minor 6 a reply has no flags` : 'stands in flags2, and flags lacks FUSE_INIT_EXT (bit 30)']
  const famfs = famfsBit(x, bit)
  if (famfs !== undefined) return famfs
  if (!hasBit(x.offered, bit)) return ['unoffered', 'set without an offer; the kernel does not compare, and takes it if it knows it']
  const missing = bit === x.dialect.initBit ? undefined : needs[bit]?.(x.out, x.read)
  return missing === undefined ? ['granted', 'offered and taken'] : ['idle', missing]
}

/** Every bit that one of both sides set, lowest first. */
export function bitReports(x: Exchange): BitReport[] {
  const reports: BitReport[] = []
  for (let bit = 0; bit < 64; bit++) {
    const [offered, wanted] = [hasBit(x.offered, bit), hasBit(x.raw, bit)]
    if (!offered && !wanted) continue
    const [verdict, reason] = say(x, bit)
    reports.push({
      bit,
      name: bitName(bit, x.dialect, x.announced, x.offered),
      offered,
      wanted,
      granted: verdict === 'granted',
      verdict,
      reason,
    })
  }
  return reports
}
