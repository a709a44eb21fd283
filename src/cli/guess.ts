/** What bytes could be, with the reasons: a suggestion to look at, never a decision of the library. */
import type { Context } from '../codec/context.ts'
import { tryDecode } from '../codec/decode.ts'
import { attempt } from '../codec/errors.ts'
import { contextFor, opcodeName, opcodesOf, splitMessages } from '../codec/message.ts'
import { messageNames, schemaNamed } from '../conformance/named.ts'
import { fixedSize, type Schema } from '../schema/index.ts'
import { type DialectId, dialects } from '../uapi/dialects/index.ts'
import { notify, reply, request, structs } from '../uapi/index.ts'
import type { Known } from './subject.ts'
import { errnoName } from './values.ts'

/** One reading of the bytes. */
export interface Guess {
  /** name for `--as`; requests and replies: several messages one after the other */
  readonly as: string
  readonly dialect: DialectId
  readonly opcode?: number
  readonly reasons: readonly string[]
  /** other opcodes whose replies have this form */
  readonly also?: readonly string[]
  /** 0 to 100 */
  readonly score: number
}

/** Mainline first, then the published dialects, the newest first: the first that fits is shown. */
const ORDER: readonly DialectId[] = [
  'fuse',
  'fuse-7.46',
  'fuse-push-il',
  'fuse-push',
  'fuse-v7',
  'fuse-v4',
  'fuse-v3',
  'fuse-v2',
  'fuse-v1',
]

const IN_HEADER = 40
const OUT_HEADER = 16
const FMAP_HEADER = 32

interface Look {
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly about: Known
  readonly order: readonly DialectId[]
}

/** Readings of the bytes, the most likely first; empty when they fit nothing. */
export function guesses(bytes: Uint8Array, about: Known): Guess[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const look: Look = { bytes, view, about, order: about.dialect === undefined ? ORDER : [about.dialect] }
  const found = [requestGuess(look), notifyGuess(look), replyGuess(look), fmapGuess(look), daxdevGuess(look), initGuess(look)]
  return [...found, ...streamGuesses(look), ...sizeGuesses(look)].filter(g => g !== undefined).sort((a, b) => b.score - a.score)
}

const u32 = (look: Look, offset: number): number => (look.bytes.length >= offset + 4 ? look.view.getUint32(offset, true) : -1)
const u64 = (look: Look, offset: number): bigint => (look.bytes.length >= offset + 8 ? look.view.getBigUint64(offset, true) : -1n)

function contextOf(look: Look, dialect: DialectId, opcode?: number): Context {
  const { minor, flags, request: asked } = look.about
  const connection = { dialect, ...(minor === undefined ? {} : { minor }), ...(flags === undefined ? {} : { flags }) }
  return contextFor(opcode === undefined ? connection : { ...connection, opcode, ...(asked === undefined ? {} : { request: asked }) })
}

const fits = (schema: Schema<unknown>, bytes: Uint8Array, context: Context): boolean => tryDecode(schema, bytes, context).ok

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
    `opcode ${opcode} is ${opcodeName(opcode, dialect)}${known.length === look.order.length ? '' : ` in ${dialect}`}`,
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
  const dialect = look.about.dialect ?? 'fuse'
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
  const base = { as: 'reply', dialect: about.dialect ?? 'fuse', reasons: [lengthReason(look)] } as const
  if (u32(look, 0) !== bytes.length) return cutReplyGuess(look, base)
  if (error !== 0)
    return { ...base, reasons: [...base.reasons, `error ${error} is ${errnoName(-error)}`], score: bytes.length === OUT_HEADER ? 90 : 40 }
  const reasons = [...base.reasons, `unique ${u64(look, 8)} answers a request`]
  if (about.opcode !== undefined) return { ...base, opcode: about.opcode, reasons, score: 92 }
  const bodies = bodyGuesses(look)
  const [best] = bodies
  if (best === undefined) return { ...base, reasons: [...reasons, 'its body fits no opcode'], score: 30 }
  const same = bodies.filter(b => b.dialect === best.dialect && b.opcode !== best.opcode && b.score >= Math.min(best.score, 40))
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
  const map = fmapGuess(lookAt(bytes.subarray(OUT_HEADER), look))
  const dialect = map?.dialect ?? about.dialect
  const opcode = about.opcode ?? (dialect === undefined ? undefined : dialects[dialect].opcodes.GET_FMAP)
  if (dialect === undefined || opcode === undefined || !order.includes(dialect)) return undefined
  const reasons = [...base.reasons, ...(map === undefined ? [] : [`its body starts like a map: ${map.reasons.join(', ')}`])]
  return { as: 'reply', dialect, opcode, reasons, score: map === undefined ? 20 : 45 }
}

interface BodyGuess {
  readonly name: string
  readonly opcode: number
  readonly dialect: DialectId
  readonly reason: string
  readonly score: number
}

/** The opcodes whose replies have a body like this. */
function bodyGuesses(look: Look): BodyGuess[] {
  const body = look.bytes.subarray(OUT_HEADER)
  const found: BodyGuess[] = []
  const map = fmapGuess(lookAt(body, look))
  for (const dialect of look.order) {
    const taken = new Set(found.map(f => f.name))
    for (const [name, opcode] of opcodesOf(dialect)) {
      if (taken.has(name) || (dialect !== look.order[0] && name !== 'GET_FMAP' && name !== 'GET_DAXDEV')) continue
      const context = contextOf(look, dialect, opcode)
      const type = context.body?.('reply', opcode)
      const size = type === undefined ? undefined : fixedSize(type)
      if (type === undefined || (size !== undefined && size !== body.length) || !fits(reply, look.bytes, context)) continue
      if (name === 'GET_FMAP') {
        if (map !== undefined && map.score >= 60 && dialects[dialect].push === dialects[map.dialect].push)
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

const lookAt = (bytes: Uint8Array, look: Look): Look => ({
  ...look,
  bytes,
  view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
})

function looksLikeInit(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return bytes.length >= 8 && bytes.length <= 64 && view.getUint32(0, true) === 7 && view.getUint32(4, true) < 256
}

/** A bare GET_FMAP reply: version 1, a known kind of extents, and as many of them as there is room for. */
function fmapGuess(look: Look): Guess | undefined {
  const { bytes } = look
  if (bytes.length < FMAP_HEADER) return undefined
  const [kind, count, size] = [u32(look, 4), u32(look, 8), u32(look, 12)]
  const version = look.view.getUint16(2, true)
  if (kind > 1 || count === 0 || (version !== 1 && bytes[0] !== 0)) return undefined
  const push = size >= FMAP_HEADER
  const dialect = look.order.find(d => d !== 'fuse' && dialects[d].push === push && (kind === 0 || d !== 'fuse-push')) ?? look.about.dialect
  if (dialect === undefined || dialect === 'fuse') return undefined
  const schema = schemaNamed('fuse_famfs_fmap', dialect) as Schema<unknown>
  const decoded = tryDecode(schema, bytes, contextOf(look, dialect))
  const behind = decoded.ok ? ((decoded.value as { trailing?: Uint8Array }).trailing?.length ?? 0) : 0
  const clean = decoded.ok && behind === 0
  const reasons = [
    `version ${version}`,
    `${count} ${kind === 0 ? 'simple extent' : 'interleaved group'}${count === 1 ? '' : 's'}`,
    push ? `fmap_size is ${size}, as push dialects have it` : 'no fmap_size',
    ...(clean ? ['the length fits'] : decoded.ok ? [`${behind} bytes behind the map`] : ['the length does not fit']),
  ]
  return { as: 'fuse_famfs_fmap', dialect, reasons, score: (version === 1 ? 40 : 10) + (clean ? 40 : decoded.ok ? 25 : 0) }
}

const DAXDEV = 280

function daxdevGuess(look: Look): Guess | undefined {
  const { bytes } = look
  if (bytes.length !== DAXDEV || bytes[24] !== 0x2f) return undefined
  return { as: 'fuse_daxdev_out', dialect: look.about.dialect ?? 'fuse-7.46', reasons: [`${DAXDEV} bytes`, 'a path at byte 24'], score: 80 }
}

function initGuess(look: Look): Guess | undefined {
  if (!looksLikeInit(look.bytes)) return undefined
  const { length } = look.bytes
  const asReply = length === 24 || u32(look, 16) > 0xffff || (length === 64 && u32(look, 20) !== 0)
  const as = asReply ? 'fuse_init_out' : 'fuse_init_in'
  return { as, dialect: look.about.dialect ?? 'fuse', reasons: [`starts with version 7.${u32(look, 4)}`, `${length} bytes`], score: 55 }
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
      parts.some(p => opcodeName(new DataView(p.buffer, p.byteOffset).getUint32(4, true), 'fuse-7.46') === undefined)
    )
      return []
    return [
      {
        as: direction === 'request' ? 'requests' : 'replies',
        dialect: look.about.dialect ?? 'fuse',
        reasons: [`the lengths in their headers divide the bytes into ${parts.length} messages`],
        score: direction === 'request' ? 97 : 87,
      },
    ]
  })
}

const SIZE_GUESSES = 4

/** Other dialects in which the same reading holds; empty where the message is no matter of famfs. */
export function alsoIn(best: Guess, bytes: Uint8Array, about: Known): DialectId[] {
  if (about.dialect !== undefined || best.dialect === 'fuse') return []
  const look: Look = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), about, order: ORDER }
  const schema = schemaNamed(best.as, best.dialect)
  const name = best.opcode === undefined ? undefined : opcodeName(best.opcode, best.dialect)
  const same = (d: DialectId): boolean => {
    if (d === best.dialect || d === 'fuse' || dialects[d].push !== dialects[best.dialect].push) return false
    if (best.opcode !== undefined && opcodeName(best.opcode, d) !== name) return false
    const other = schemaNamed(best.as, d)
    if (other === undefined || other !== schema) return false
    return best.opcode === undefined || fits(other, bytes, contextOf(look, d, best.as === 'reply' ? best.opcode : undefined))
  }
  return ORDER.filter(same)
}

/** Structs of just this size, for want of anything better. */
function sizeGuesses(look: Look): Guess[] {
  const { length } = look.bytes
  const dialect = look.about.dialect ?? 'fuse'
  const names = messageNames().filter(name => Object.hasOwn(structs, name) && fixedSize((structs[name] as Schema<unknown>).type) === length)
  return names.slice(0, SIZE_GUESSES).map((as, i) => ({ as, dialect, reasons: [`${as} has ${length} bytes`], score: 10 - i }))
}
