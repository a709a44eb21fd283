/** Everything to object to in a GET_DAXDEV reply. */
import type { DeviceReply } from '../../schema/dialect.ts'
import { placesOf } from '../../schema/layout.ts'
import type { StructType } from '../../schema/types.ts'
import { daxdevBody } from '../../uapi/famfs/messages.ts'
import { numberAt } from '../bytes.ts'
import { nameEnd, nameSpot } from '../daxdev.ts'
import type { Parse, Place } from '../parse.ts'
import { ruleNamed } from '../rules/index.ts'
import { bitsOf, type Collector, report } from './collect.ts'

type Say = (id: string, at: Place, detail?: string) => void

const SLASH = 0x2f
/** Slots in the tables of all kernels that ask. facts: wire 3.6 */
const SLOTS = 24

function name(c: Collector, bytes: Uint8Array, say: Say): void {
  const spot = nameSpot(c.dialect)
  const { start, size, field, ends } = spot
  const at = { path: field, offset: start, length: size }
  const end = nameEnd(bytes, spot)
  if (end === start) say('daxdev/name-empty', at)
  else if (bytes[start] !== SLASH) say('daxdev/name-relative', at)
  if (end === start + size) say(ends ? 'daxdev/name-cut' : 'daxdev/name-unterminated', at, `${size}`)
  const rest = bytes.subarray(end, start + size)
  if (rest.some(byte => byte !== 0)) say('daxdev/name-rest', { path: field, offset: end, length: rest.length })
}

/** What the kernels that ask refuse; a name without end they do not. */
const REFUSED: readonly string[] = ['daxdev/length', 'daxdev/name-empty']

/** Words that no kernel reads: the index, and those that should be 0. */
function words(c: Collector, bytes: Uint8Array, say: Say): void {
  for (const { name: field, offset, size: length, role } of placesOf(daxdevBody(c.dialect).type as StructType)) {
    if (field !== 'index' && role !== 'reserved') continue
    const value = numberAt(bytes, offset, length)
    const at = { path: field, offset, length }
    if (role === 'reserved' && value !== 0n) say('daxdev/reserved', at, `${value}`)
    if (field === 'index' && value >= SLOTS) say('daxdev/index', at, `${value}`)
  }
}

/** Says what there is to say. All dialects that ask for devices have the same rules. */
export function walkDaxdev(c: Collector, p: Parse): void {
  const { bytes } = p
  c.never = bitsOf(c.dialects, d => d.reply.GET_DAXDEV === undefined)
  const say: Say = (id, at, detail = '') => {
    const rule = ruleNamed(id)
    report(
      c,
      rule,
      REFUSED.includes(id) ? ~c.never : 0,
      () => at,
      () => rule.says(p, detail),
    )
  }
  const { exact } = c.dialect.reply.GET_DAXDEV as DeviceReply
  if (bytes.length !== exact) return say('daxdev/length', { path: '', offset: 0, length: bytes.length }, `${exact}`)
  words(c, bytes, say)
  name(c, bytes, say)
}
