/** Everything to object to in a GET_DAXDEV reply. */
import { numberAt } from '../bytes.ts'
import { nameEnd } from '../daxdev.ts'
import { DAXDEV_SIZE, daxdevFields } from '../generated/messages.ts'
import { type Parse, type Place, placeOf } from '../parse.ts'
import { ruleNamed } from '../rules/index.ts'
import { type Collector, report } from './collect.ts'

type Word = readonly [offset: number, size: number]
type Say = (id: string, at: Place, detail?: string) => void

const SLASH = 0x2f

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

/** Says what there is to say. All compared dialects that ask for devices have the same rules. */
export function walkDaxdev(c: Collector, p: Parse, slots: number): void {
  const { bytes } = p
  const asking = c.dialects.reduce((bits, d, i) => (d.reply.GET_DAXDEV === undefined ? bits : bits | (1 << i)), 0)
  const say: Say = (id, at, detail = '') => {
    const rule = ruleNamed(id)
    report(
      c,
      rule,
      rule.severity === 'error' ? asking : 0,
      () => at,
      () => rule.says(p, detail),
    )
  }
  if (bytes.length !== DAXDEV_SIZE) return say('daxdev/length', { path: '', offset: 0, length: bytes.length })
  const word = ([offset, size]: Word): bigint => numberAt(bytes, offset, size)
  const index = word(daxdevFields.index)
  if (index >= slots) say('daxdev/index', placeOf(daxdevFields.index, 'index', 0), `${index}`)
  for (const field of ['reserved', 'reserved2', 'reserved3', 'reserved4'] as const) {
    const value = word(daxdevFields[field])
    if (value !== 0n) say('daxdev/reserved', placeOf(daxdevFields[field], field, 0), `${value}`)
  }
  name(bytes, say)
}
