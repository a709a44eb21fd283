/** Everything to object to in a GET_DAXDEV reply. */
import { numberAt } from '../bytes.ts'
import { nameEnd } from '../daxdev.ts'
import { DAXDEV_SIZE, daxdevFields } from '../generated/messages.ts'
import { type Parse, type Place, placeOf } from '../parse.ts'
import { ruleNamed } from '../rules/index.ts'
import { bitsOf, type Collector, report } from './collect.ts'

type Word = readonly [offset: number, size: number]
type Say = (id: string, at: Place, detail?: string) => void

const SLASH = 0x2f
/** Slots in the tables of all kernels that ask. facts: wire 3.6 */
const SLOTS = 24

function name(bytes: Uint8Array, say: Say): void {
  const [start, size] = daxdevFields.name
  const at = placeOf(daxdevFields.name, 'name', 0)
  const end = nameEnd(bytes)
  if (end === start) say('daxdev/name-empty', at)
  else if (bytes[start] !== SLASH) say('daxdev/name-relative', at)
  if (end === start + size) say('daxdev/name-unterminated', at)
  const rest = bytes.subarray(end)
  if (rest.some(byte => byte !== 0)) say('daxdev/name-rest', { path: 'name', offset: end, length: rest.length })
}

/** What the kernels that ask refuse; a name without end they do not. */
const REFUSED: readonly string[] = ['daxdev/length', 'daxdev/name-empty']

/** Says what there is to say. All dialects that ask for devices have the same rules. */
export function walkDaxdev(c: Collector, p: Parse): void {
  const { bytes } = p
  const asking = bitsOf(c.dialects, d => d.reply.GET_DAXDEV !== undefined)
  c.never = bitsOf(c.dialects, d => d.reply.GET_DAXDEV === undefined)
  const say: Say = (id, at, detail = '') => {
    const rule = ruleNamed(id)
    report(
      c,
      rule,
      REFUSED.includes(id) ? asking : 0,
      () => at,
      () => rule.says(p, detail),
    )
  }
  if (bytes.length !== DAXDEV_SIZE) return say('daxdev/length', { path: '', offset: 0, length: bytes.length })
  const word = ([offset, size]: Word): bigint => numberAt(bytes, offset, size)
  const index = word(daxdevFields.index)
  if (index >= SLOTS) say('daxdev/index', placeOf(daxdevFields.index, 'index', 0), `${index}`)
  for (const field of ['reserved', 'reserved2', 'reserved3', 'reserved4'] as const) {
    const value = word(daxdevFields[field])
    if (value !== 0n) say('daxdev/reserved', placeOf(daxdevFields[field], field, 0), `${value}`)
  }
  name(bytes, say)
}
