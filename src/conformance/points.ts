/** What this library says about golden vectors and messages, beside what the kernels did. */
import { metaJson } from '../validate/meta.ts'
import { verdict } from '../validate/verdict.ts'
import type { PlacedMessage } from './capture.ts'
import type { Vector } from './golden.ts'
import { parserRefuses } from './opens.ts'
import { type Replay, replay } from './replay.ts'
import { type Point, sameJson } from './tally.ts'

export interface VectorPoint extends Point {
  readonly dialect: string
  readonly set: Vector['set']
}

export interface MessagePoint extends Point {
  readonly kernel: string
  readonly dialect: string
  readonly direction: PlacedMessage['direction']
  readonly outcome: Replay['outcome']
}

const said = (errno: number, reason: string | undefined, meta: unknown): string =>
  [`errno ${errno}`, ...(reason === undefined ? [] : [reason]), ...(meta === undefined ? [] : [JSON.stringify(meta)])].join(', ')

/** Errno, reason and what the kernel keeps, as fixtures/kernel has them. */
export function vectorPoint({ id, dialect, set, bytes, machine, errno, reason, meta }: Vector): VectorPoint {
  const result = verdict(bytes, dialect, machine)
  const found = result.ok
    ? { errno: 0, reason: undefined, meta: metaJson(result.meta) }
    : { errno: result.errno, reason: result.reason, meta: undefined }
  const agree = errno === found.errno && reason === found.reason && sameJson(meta, found.meta)
  const name = `${bytes.length} bytes`
  return {
    id,
    name,
    dialect: dialect.id,
    set,
    agree,
    expected: said(errno, reason, meta),
    found: said(found.errno, found.reason, found.meta),
  }
}

/** What the kernel did with a message, in words. */
function kernelSaid(message: PlacedMessage): string {
  if (message.direction === 'request') return 'sent'
  if (message.writeErrno !== 0) return `refused with errno ${message.writeErrno}`
  return parserRefuses(message) ? 'refused by the parser' : 'accepted'
}

function foundWords(result: Replay, cut: boolean): string {
  if (result.outcome === 'refused') return result.error.message
  if (result.outcome === 'altered') return cut ? 'a header that says another length' : 'other bytes after decoding and encoding'
  return result.outcome === 'header' ? 'a header that says the length' : 'the same bytes'
}

/** A message that a kernel sent or accepted must come back as the same bytes; one that it refused may be refused, never altered. */
export function messagePoint(message: PlacedMessage): MessagePoint {
  const result = replay(message)
  const { id, name, kernel, dialect, direction } = message
  const expected = kernelSaid(message)
  const agree = result.outcome === 'refused' ? expected.startsWith('refused') : result.outcome !== 'altered'
  return {
    id,
    name: `${direction} ${name}`,
    kernel,
    dialect: dialect.id,
    direction,
    outcome: result.outcome,
    agree,
    expected,
    found: foundWords(result, message.fullLength !== undefined),
  }
}
