/** Bytes that could be a map, or the answer about a device, in one of the forms that dialects give them. */
import { tryDecodeLarge } from '../codec/large.ts'
import { schemaNamed } from '../conformance/named.ts'
import { metaSizeOf } from '../kernel/form.ts'
import type { Dialect } from '../schema/dialect.ts'
import { fixedSize, type Schema } from '../schema/index.ts'
import { placesOf } from '../schema/layout.ts'
import { fuse_daxdev_out } from '../uapi/famfs/daxdev.ts'
import { type Verdict, verdict } from '../validate/verdict.ts'
import { contextOf, type Guess, type Look, u32 } from './guess-look.ts'

const FMAP_HEADER = 32

const count = (n: number, kind: 'simple' | 'interleaved'): string =>
  `${n} ${kind === 'simple' ? 'simple extent' : 'interleaved group'}${n === 1 ? '' : 's'}`

/** Bytes behind the map; undefined when the bytes are none. */
function behind(schema: Schema<unknown>, dialect: Dialect, look: Look): number | undefined {
  const decoded = tryDecodeLarge(schema, look.bytes, contextOf(look, dialect))
  return decoded.ok ? ((decoded.value as { readonly trailing?: Uint8Array }).trailing?.length ?? 0) : undefined
}

const lengthReason = (rest: number | undefined): string =>
  rest === undefined ? 'the length does not fit' : rest === 0 ? 'the length fits' : `${rest} bytes behind the map`

/** In the form of famfs: version 1, a known kind of extents, and as many of them as there is room for. */
function famfsMap(look: Look): Guess | undefined {
  const { bytes, order } = look
  if (bytes.length < FMAP_HEADER) return undefined
  const [kind, n, size] = [u32(look, 4), u32(look, 8), u32(look, 12)]
  const version = look.view.getUint16(2, true)
  if (kind > 1 || n === 0 || (version !== 1 && bytes[0] !== 0)) return undefined
  const push = size >= FMAP_HEADER
  const famfs = order.filter(d => d.map === undefined && d.reply.GET_FMAP !== undefined)
  const said = look.about.dialect === undefined ? undefined : famfs[0]
  const dialect = famfs.find(d => d.push === push && (kind === 0 || d.limits.strips !== undefined)) ?? said
  if (dialect === undefined) return undefined
  const rest = behind(schemaNamed('fuse_famfs_fmap', dialect) as Schema<unknown>, dialect, look)
  const reasons = [
    `version ${version}`,
    count(n, kind === 0 ? 'simple' : 'interleaved'),
    push ? `fmap_size is ${size}, as push dialects have it` : 'no fmap_size',
    lengthReason(rest),
  ]
  return { as: 'fuse_famfs_fmap', dialect, reasons, score: (version === 1 ? 40 : 10) + (rest === 0 ? 40 : rest === undefined ? 0 : 25) }
}

type Accepted = Extract<Verdict, { readonly meta: unknown }>

/** What of a map in an own form is no accident: a kernel takes it, nothing is left over, and its buffer has just the size that it needs. */
function ownMap(dialect: Dialect, look: Look): Guess | undefined {
  const body = dialect.map?.body
  if (body === undefined || body.type.kind !== 'struct') return undefined
  const said = verdict(look.bytes, dialect)
  const rest = behind(body, dialect, look)
  // a page alone is no whole map, and one that is refused is one all the same where its dialect was named
  if (!said.ok)
    return look.about.dialect !== undefined && rest === 0
      ? { as: body.type.name, dialect, reasons: [`named ${dialect.id}`, lengthReason(rest)], score: 50 }
      : undefined
  const room = dialect.map?.layout.header.fields.meta_size
  const exact = room !== undefined && u32(look, room[0]) === metaSizeOf(said.meta, dialect)
  const reasons = [
    `a kernel of ${dialect.id} takes it`,
    count(said.meta.extents.length, said.meta.ext_type),
    ...(exact ? ['meta_size is just what it needs'] : []),
    lengthReason(rest),
  ]
  return { as: body.type.name, dialect, reasons, score: scoreOf(said, rest === 0, exact) }
}

const scoreOf = ({ meta }: Accepted, whole: boolean, exact: boolean): number =>
  meta.extents.length === 0 ? 5 : 20 + (whole ? 30 : 10) + (exact ? 41 : 0)

/** The likeliest reading as a map. */
export function mapGuess(look: Look): Guess | undefined {
  const own = look.order.map(dialect => ownMap(dialect, look))
  return [famfsMap(look), ...own].filter(g => g !== undefined).sort((a, b) => b.score - a.score)[0]
}

/** An answer about a device: of the one length that it has, with a path in the place of the name. */
export function daxdevGuess(look: Look): Guess | undefined {
  for (const dialect of look.order) {
    const device = dialect.reply.GET_DAXDEV
    const { type } = device?.body ?? fuse_daxdev_out
    if (device === undefined || type.kind !== 'struct' || fixedSize(type) !== look.bytes.length) continue
    const at = placesOf(type).find(place => place.name === (device.name ?? 'name'))?.offset
    if (at === undefined || look.bytes[at] !== 0x2f) continue
    return { as: type.name, dialect, reasons: [`${look.bytes.length} bytes`, `a path at byte ${at}`], score: 80 }
  }
  return undefined
}
