/** The part of a message that a kernel's parser judges: the body of a GET_FMAP or GET_DAXDEV reply, wherever it stands. */
import { opcodeName } from '../codec/message.ts'
import type { DialectId } from '../uapi/dialects/index.ts'
import {
  type DaxdevVerdict,
  type Finding,
  type FindingOptions,
  findings,
  findingsDaxdev,
  type Verdict,
  verdict,
  verdictDaxdev,
} from '../validate/index.ts'
import type { Subject } from './subject.ts'

export type Judgeable = 'GET_FMAP' | 'GET_DAXDEV'

export interface Body {
  readonly message: Judgeable
  readonly bytes: Uint8Array
  /** first byte of the body in what was given */
  readonly base: number
}

const OUT_HEADER = 16

/** A whole reply that carries a body: its length, an error of 0 and a unique that answers something. */
export function isReply(bytes: Uint8Array): boolean {
  if (bytes.length < OUT_HEADER) return false
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const error = view.getInt32(4, true)
  return view.getUint32(0, true) === bytes.length && error <= 0 && error > -512 && view.getBigUint64(8, true) !== 0n
}

/** The error of a whole reply. */
export const errorOf = (bytes: Uint8Array): number => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getInt32(4, true)

export const bodyIn = (message: Judgeable, reply: Uint8Array): Body => ({ message, bytes: reply.subarray(OUT_HEADER), base: OUT_HEADER })

/** What of these bytes a kernel's parser judges; undefined where that is nothing. */
export function judgedPart(subject: Subject, bytes: Uint8Array): Body | undefined {
  if (/^fuse_famfs_fmap(_push)?$/.test(subject.as)) return { message: 'GET_FMAP', bytes, base: 0 }
  if (subject.as === 'fuse_daxdev_out') return { message: 'GET_DAXDEV', bytes, base: 0 }
  const { opcode } = subject.context
  if (subject.as !== 'reply' || opcode === undefined || bytes.length < OUT_HEADER || errorOf(bytes) !== 0) return undefined
  const name = opcodeName(opcode, subject.dialect)
  return name === 'GET_FMAP' || name === 'GET_DAXDEV' ? bodyIn(name, bytes) : undefined
}

export const findingsOf = (body: Body, dialect: DialectId, options: FindingOptions): Finding[] =>
  body.message === 'GET_FMAP' ? findings(body.bytes, dialect, options) : findingsDaxdev(body.bytes, dialect)

export const verdictOf = (body: Body, dialect: DialectId, options: FindingOptions): Verdict | DaxdevVerdict =>
  body.message === 'GET_FMAP' ? verdict(body.bytes, dialect, options) : verdictDaxdev(body.bytes, dialect)
