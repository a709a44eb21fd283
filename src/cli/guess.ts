/** What bytes could be, with the reasons: a suggestion to look at, never a decision of the library. */
import { attempt } from '../codec/errors.ts'
import { opcodeName, opcodesOf, splitMessages } from '../codec/message.ts'
import { messageNames, schemaNamed } from '../conformance/named.ts'
import type { Dialect } from '../schema/dialect.ts'
import { fixedSize, type Schema } from '../schema/index.ts'
import { notify, reply, request, structs } from '../uapi/index.ts'
import { type Dialects, haveOneForm } from './dialects.ts'
import { contextOf, fits, type Guess, type Look, lookAt, mainline, u32 } from './guess-look.ts'
import { daxdevGuess, mapGuess } from './guess-maps.ts'
import type { Known } from './subject.ts'
import { errnoName } from './values.ts'

/** Mainline first, then the pull dialects, the newest first, the push ones, and those with a form of the map of their own. */
function orderOf(among: Dialects): Dialect[] {
  const all = Object.values(among)
  const famfs = all.filter(d => d.map === undefined && d.reply.GET_FMAP !== undefined).reverse()
  const [pull, push] = [famfs.filter(d => !d.push), famfs.filter(d => d.push)]
  return [...all.filter(d => d.reply.GET_FMAP === undefined), ...pull, ...push, ...all.filter(d => d.map !== undefined)]
}

const IN_HEADER = 40
const OUT_HEADER = 16

/** Readings of the bytes, the most likely first; empty when they fit nothing. */
export function guesses(bytes: Uint8Array, about: Known, among: Dialects): Guess[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const look: Look = { bytes, view, about, order: about.dialect === undefined ? orderOf(among) : [about.dialect] }
  const found = [requestGuess(look), notifyGuess(look), replyGuess(look), mapGuess(look), daxdevGuess(look), initGuess(look)]
  return [...found, ...streamGuesses(look), ...sizeGuesses(look)].filter(g => g !== undefined).sort((a, b) => b.score - a.score)
}

const u64 = (look: Look, offset: number): bigint => (look.bytes.length >= offset + 8 ? look.view.getBigUint64(offset, true) : -1n)

function requestGuess(look: Look): Guess | undefined {
  const { bytes } = look
  if (bytes.length < IN_HEADER) return undefined
  const opcode = u32(look, 4)
  const known = look.order.filter(d => opcodeName(opcode, d) !== undefined)
  const dialect = known.find(d => fits(request, bytes, contextOf(look, d))) ?? known[0]
  if (dialect === undefined) return undefined
  const whole = u32(look, 0) === bytes.length
  const decodes = known.includes(dialect) && fits(request, bytes, contextOf(look, dialect))
  if (!whole && u64(look, 8) === 0n) return undefined
  const reasons = [
    lengthReason(look),
    `opcode ${opcode} is ${opcodeName(opcode, dialect)}${known.length === look.order.length ? '' : ` in ${dialect.id}`}`,
    ...(decodes ? [] : ['its body does not fit']),
  ]
  return { as: 'request', dialect, opcode, reasons, score: whole ? (decodes ? 100 : 60) : 30 }
}

const lengthReason = (look: Look): string =>
  u32(look, 0) === look.bytes.length
    ? `len is ${look.bytes.length}, the number of bytes`
    : `len is ${u32(look, 0)}, but ${look.bytes.length} bytes are there`

function notifyGuess(look: Look): Guess | undefined {
  const code = u32(look, 4)
  if (look.bytes.length < OUT_HEADER || u64(look, 8) !== 0n || code < 1 || code > 0xff) return undefined
  const dialect = mainline(look)
  const decodes = fits(notify, look.bytes, contextOf(look, dialect))
  const whole = u32(look, 0) === look.bytes.length
  return {
    as: 'notify',
    dialect,
    reasons: [lengthReason(look), `unique is 0 and the code ${code}`],
    score: whole ? (decodes ? 95 : 50) : 15,
  }
}

function replyGuess(look: Look): Guess | undefined {
  const { bytes, about } = look
  const error = u32(look, 4) | 0
  if (bytes.length < OUT_HEADER || u64(look, 8) === 0n || error > 0 || error <= -512) return undefined
  const base = { as: 'reply', dialect: mainline(look), reasons: [lengthReason(look)] } as const
  if (u32(look, 0) !== bytes.length) return cutReplyGuess(look, base)
  if (error !== 0)
    return { ...base, reasons: [...base.reasons, `error ${error} is ${errnoName(-error)}`], score: bytes.length === OUT_HEADER ? 90 : 40 }
  const reasons = [...base.reasons, `unique ${u64(look, 8)} answers a request`]
  if (about.opcode !== undefined) return { ...base, opcode: about.opcode, reasons, score: 92 }
  const bodies = bodyGuesses(look)
  const [best] = bodies
  if (best === undefined) return { ...base, reasons: [...reasons, 'its body fits no opcode'], score: 30 }
  const same = bodies.filter(b => b.name !== best.name && b.score >= Math.min(best.score, 40))
  return {
    as: 'reply',
    dialect: best.dialect,
    opcode: best.opcode,
    reasons: [...reasons, best.reason],
    also: same.map(b => b.name),
    score: 88,
  }
}

/** A reply that is shorter or longer than it says, when it starts like a map. */
function cutReplyGuess(look: Look, base: Pick<Guess, 'as' | 'dialect' | 'reasons'>): Guess | undefined {
  const { bytes, about, order } = look
  const map = mapGuess(lookAt(bytes.subarray(OUT_HEADER), look))
  const dialect = map?.dialect ?? about.dialect
  const opcode = about.opcode ?? (dialect === undefined ? undefined : dialect.opcodes.GET_FMAP)
  if (dialect === undefined || opcode === undefined || !order.includes(dialect)) return undefined
  const reasons = [...base.reasons, ...(map === undefined ? [] : [`its body starts like a map: ${map.reasons.join(', ')}`])]
  return { as: 'reply', dialect, opcode, reasons, score: map === undefined ? 20 : 45 }
}

interface BodyGuess {
  readonly name: string
  readonly opcode: number
  readonly dialect: Dialect
  readonly reason: string
  readonly score: number
}

/** The opcodes whose replies have a body like this. */
function bodyGuesses(look: Look): BodyGuess[] {
  const body = look.bytes.subarray(OUT_HEADER)
  const found: BodyGuess[] = []
  const map = mapGuess(lookAt(body, look))
  for (const dialect of look.order) {
    const taken = new Set(found.map(f => f.name))
    for (const [name, opcode] of opcodesOf(dialect)) {
      if (taken.has(name) || (dialect !== look.order[0] && name !== 'GET_FMAP' && name !== 'GET_DAXDEV')) continue
      const context = contextOf(look, dialect, opcode)
      const type = context.body?.('reply', opcode)
      const size = type === undefined ? undefined : fixedSize(type)
      if (type === undefined || (size !== undefined && size !== body.length) || !fits(reply, look.bytes, context)) continue
      if (name === 'GET_FMAP') {
        if (map !== undefined && map.score >= 60 && haveOneForm(dialect, map.dialect) && dialect.push === map.dialect.push)
          found.push({ name, opcode, dialect, reason: `its body is a map: ${map.reasons.join(', ')}`, score: map.score + 10 })
      } else if (name.endsWith('INIT')) {
        if (looksLikeInit(body))
          found.push({
            name,
            opcode,
            dialect,
            reason: `its body starts with version 7.${u32(lookAt(body, look), 4)}`,
            score: name === 'INIT' ? 85 : 20,
          })
      } else if (size === body.length) found.push({ name, opcode, dialect, reason: `its body of ${size} bytes fits ${name}`, score: 70 })
      else if (size === undefined) found.push({ name, opcode, dialect, reason: `its body could be one of ${name}`, score: 10 })
    }
  }
  return found.sort((a, b) => b.score - a.score)
}

function looksLikeInit(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return bytes.length >= 8 && bytes.length <= 64 && view.getUint32(0, true) === 7 && view.getUint32(4, true) < 256
}

function initGuess(look: Look): Guess | undefined {
  if (!looksLikeInit(look.bytes)) return undefined
  const { length } = look.bytes
  const asReply = length === 24 || u32(look, 16) > 0xffff || (length === 64 && u32(look, 20) !== 0)
  const as = asReply ? 'fuse_init_out' : 'fuse_init_in'
  return { as, dialect: mainline(look), reasons: [`starts with version 7.${u32(look, 4)}`, `${length} bytes`], score: 55 }
}

function streamGuesses(look: Look): Guess[] {
  const first = u32(look, 0)
  if (first < OUT_HEADER || first >= look.bytes.length) return []
  return (['request', 'reply'] as const).flatMap(direction => {
    const split = attempt(() => [...splitMessages(look.bytes, direction)])
    const parts = split.ok ? split.value : []
    if (parts.length < 2) return []
    if (
      direction === 'request' &&
      parts.some(p => look.order.every(d => opcodeName(new DataView(p.buffer, p.byteOffset).getUint32(4, true), d) === undefined))
    )
      return []
    return [
      {
        as: direction === 'request' ? 'requests' : 'replies',
        dialect: mainline(look),
        reasons: [`the lengths in their headers divide the bytes into ${parts.length} messages`],
        score: direction === 'request' ? 97 : 87,
      },
    ]
  })
}

const SIZE_GUESSES = 4

/** Other dialects in which the same reading holds; empty where the message is no matter of famfs. */
export function alsoIn(best: Guess, bytes: Uint8Array, about: Known, among: Dialects): Dialect[] {
  if (about.dialect !== undefined || best.dialect.reply.GET_FMAP === undefined) return []
  const order = orderOf(among)
  const look: Look = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), about, order }
  const schema = schemaNamed(best.as, best.dialect)
  const name = best.opcode === undefined ? undefined : opcodeName(best.opcode, best.dialect)
  const same = (d: Dialect): boolean => {
    if (d === best.dialect || d.reply.GET_FMAP === undefined || !haveOneForm(d, best.dialect) || d.push !== best.dialect.push) return false
    if (best.opcode !== undefined && opcodeName(best.opcode, d) !== name) return false
    const other = schemaNamed(best.as, d)
    if (other === undefined || other !== schema) return false
    return best.opcode === undefined || fits(other, bytes, contextOf(look, d, best.as === 'reply' ? best.opcode : undefined))
  }
  return order.filter(same)
}

/** Structs of just this size, for want of anything better. */
function sizeGuesses(look: Look): Guess[] {
  const { length } = look.bytes
  const dialect = mainline(look)
  const names = messageNames().filter(name => Object.hasOwn(structs, name) && fixedSize((structs[name] as Schema<unknown>).type) === length)
  return names.slice(0, SIZE_GUESSES).map((as, i) => ({ as, dialect, reasons: [`${as} has ${length} bytes`], score: 10 - i }))
}
