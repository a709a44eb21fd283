/** The part of a message that a kernel's parser judges, and what it answers. */
import { opcodeName } from '../codec/message.ts'
import type { Dialect } from '../schema/dialect.ts'
import {
  type DaxdevAccepted,
  type Finding,
  type FindingOptions,
  findings,
  findingsDaxdev,
  type Meta,
  type Refused,
  verdict,
  verdictDaxdev,
} from '../validate/index.ts'
import { Failure, REFUSED } from './command.ts'
import type { Subject } from './subject.ts'
import { errnoName } from './values.ts'

export type Judgeable = 'GET_FMAP' | 'GET_DAXDEV'

/** The body of a GET_FMAP or GET_DAXDEV reply, wherever it stands. */
export interface Body {
  readonly message: Judgeable
  readonly bytes: Uint8Array
  /** first byte of the body in what was given */
  readonly base: number
}

const OUT_HEADER = 16

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** A whole reply: its length, an error of 0 or below, and a unique that answers something. */
export function isReply(bytes: Uint8Array): boolean {
  if (bytes.length < OUT_HEADER) return false
  const view = viewOf(bytes)
  const error = view.getInt32(4, true)
  return view.getUint32(0, true) === bytes.length && error <= 0 && error > -512 && view.getBigUint64(8, true) !== 0n
}

/** Shortest and longest `len` of a reply that no map begins with: its first word would be of no file type, and of version 0. */
const LEAST_LEN = 4
const MOST_LEN = 0xffff
const MAP_VERSION = 1

/** Whether a body that begins like a map follows a header that a map does not begin with. */
function mapFollows(view: DataView): boolean {
  if (view.byteLength < OUT_HEADER + 8) return false
  const begins = (at: number): boolean => view.getUint16(at + 2, true) === MAP_VERSION && view.getUint32(at + 4, true) <= 1
  return begins(OUT_HEADER) && !begins(0)
}

/**
 * What `len` says, where it is not the number of bytes and the bytes are a reply all the same: write(2) of them gives EINVAL.
 * facts: wire 10.2
 * @param dialect whose maps begin with words of their own where it has a form of its own: then only a person can tell
 */
export function wrongLength(bytes: Uint8Array, dialect: Dialect | undefined): number | undefined {
  if (bytes.length < OUT_HEADER || dialect?.map !== undefined) return undefined
  const view = viewOf(bytes)
  const [len, error] = [view.getUint32(0, true), view.getInt32(4, true)]
  if (len === bytes.length || error > 0 || error <= -512 || view.getBigUint64(8, true) === 0n) return undefined
  return (len >= LEAST_LEN && len <= MOST_LEN) || mapFollows(view) ? len : undefined
}

/**
 * What `len` says, where somebody says that the bytes are a reply; undefined where it is right.
 * @throws Failure when they are shorter than a header
 */
export function claimedLength(bytes: Uint8Array, name: string): number | undefined {
  if (bytes.length < OUT_HEADER)
    throw new Failure(`${name}: no reply: ${bytes.length} bytes, its header alone has ${OUT_HEADER}`, { exit: REFUSED })
  const len = viewOf(bytes).getUint32(0, true)
  return len === bytes.length ? undefined : len
}

/** `its header says 80 bytes, and 96 are there: write(2) of it gives EINVAL`. */
export const lengthText = (len: number, bytes: Uint8Array): string =>
  `its header says ${len} bytes, and ${bytes.length} are there: write(2) of it gives EINVAL`

/** The error of a whole reply. */
export const errorOf = (bytes: Uint8Array): number => viewOf(bytes).getInt32(4, true)

export const bodyIn = (message: Judgeable, reply: Uint8Array): Body => ({ message, bytes: reply.subarray(OUT_HEADER), base: OUT_HEADER })

/** What of these bytes a kernel's parser judges; undefined where that is nothing. */
export function judgedPart(subject: Subject, bytes: Uint8Array): Body | undefined {
  const { map, reply } = subject.dialect
  if (/^fuse_famfs_fmap(_push)?$/.test(subject.as) || subject.schema === map?.body) return { message: 'GET_FMAP', bytes, base: 0 }
  if (subject.as === 'fuse_daxdev_out' || subject.schema === reply.GET_DAXDEV?.body) return { message: 'GET_DAXDEV', bytes, base: 0 }
  const { opcode } = subject.context
  if (subject.as !== 'reply' || opcode === undefined || bytes.length < OUT_HEADER || errorOf(bytes) !== 0) return undefined
  const name = opcodeName(opcode, subject.dialect)
  return name === 'GET_FMAP' || name === 'GET_DAXDEV' ? bodyIn(name, bytes) : undefined
}

export const findingsOf = (body: Body, dialect: Dialect, options: FindingOptions): Finding[] =>
  body.message === 'GET_FMAP' ? findings(body.bytes, dialect, options) : findingsDaxdev(body.bytes, dialect, options)

interface Placed {
  /** `extents[1].se_len, bytes 40..48` */
  readonly place: string
}

/** Everything that is said about one body for one dialect; offsets count from the first byte given. */
export interface Answer {
  readonly dialect: Dialect
  readonly message: Judgeable
  readonly base: number
  readonly errno: number
  readonly refusal: (Omit<Refused, 'ok' | 'errno'> & Placed) | undefined
  readonly meta: Meta | DaxdevAccepted['meta'] | undefined
  readonly findings: readonly (Finding & Placed)[]
  /** accepted, and no finding of severity error */
  readonly good: boolean
}

export function answer(body: Body, dialect: Dialect, options: FindingOptions): Answer {
  const { message, base } = body
  const { deviceSizes, against, ...machine } = options
  const said = message === 'GET_FMAP' ? verdict(body.bytes, dialect, machine) : verdictDaxdev(body.bytes, dialect)
  const found = findingsOf(body, dialect, options).map(f => placed(f, body))
  const { errno } = said
  const refusal = said.ok ? undefined : placed(reasonOf(said), body)
  const meta = said.ok ? said.meta : undefined
  return { dialect, message, base, errno, refusal, meta, findings: found, good: errno === 0 && !found.some(f => f.severity === 'error') }
}

const reasonOf = ({ ok, errno, ...rest }: Refused): Omit<Refused, 'ok' | 'errno'> => rest

/** The same with its place in what was given; of a field that is not whole, how much of it is there. */
export function placed<T extends { readonly path: string; readonly offset: number; readonly length: number }>(
  at: T,
  { base, bytes }: Pick<Body, 'base' | 'bytes'>,
): T & Placed {
  const offset = at.offset + base
  const there = Math.max(0, bytes.length - at.offset)
  const missing = there < at.length ? ` (${there === 0 ? 'none' : there} of them there)` : ''
  const range = at.length === 0 ? `byte ${offset}` : `bytes ${offset}..${offset + at.length}${missing}`
  return { ...at, offset, place: at.path === '' ? range : `${at.path}, ${range}` }
}

/** `accepts it`, `refuses it: EINVAL`. */
export const verdictText = ({ errno }: Pick<Answer, 'errno'>): string => (errno === 0 ? 'accepts it' : `refuses it: ${errnoName(errno)}`)

const DAXDEV = 280
const NAME = 24
const FMAP_SIZE = 12

/** What somebody should know who judges these bytes as a map: they are a device, or ask for a larger buffer. */
export function mistaken({ message, bytes }: Body, asked: readonly Dialect[]): string | undefined {
  if (message !== 'GET_FMAP') return undefined
  if (bytes.length === DAXDEV && bytes[NAME] === 0x2f) return 'looks like the reply to GET_DAXDEV: --message GET_DAXDEV judges it as that'
  const wanted = (offset: number): number => viewOf(bytes).getUint32(offset, true)
  for (const { id, map, sizeProbe, reply } of asked) {
    const { buffer = 0 } = reply.GET_FMAP ?? {}
    if (sizeProbe === 'hint' && bytes.length === 4) return `4 bytes ask ${id} to come back with a buffer of ${wanted(0)}; no map yet`
    if (sizeProbe === 'header' && map === undefined && bytes.length === 32 && wanted(FMAP_SIZE) > buffer)
      return `a header alone asks ${id} to come back with a buffer of ${wanted(FMAP_SIZE)}; no map yet`
  }
  return undefined
}
