/** The lines of fixtures/wire/rules-7.3.jsonl: what was done on a kernel, in order, and what came of it. */
import { goldenLines } from '../goldens.ts'

export interface RuleStep {
  readonly do: string
  readonly result: { readonly rc?: unknown; readonly errno?: number; readonly write_errno?: number }
  readonly requests?: readonly string[]
  /** of rule c: an ioctl that the kernel asked for, or an answer to it */
  readonly ioctls?: readonly {
    readonly cmd?: string
    readonly flags?: number
    readonly in_size?: number
    readonly out_size?: number
    readonly reply_length?: number
    readonly write_errno?: number
  }[]
}

export interface RuleLine {
  readonly id: string
  readonly kernel: string
  readonly rule: string
  readonly case: string
  /** hex; of a long reply only the beginning */
  readonly request?: string
  readonly reply?: string
  /** bytes of the whole reply, where it was cut */
  readonly reply_length?: number
  readonly reply_write_errno?: number
  readonly steps: readonly RuleStep[]
  readonly result?: unknown
  readonly same_on?: readonly string[]
}

/** Minor that each of the kernels announces. */
export const MINORS: Readonly<Record<string, number>> = { '7.3.4': 46, '6.18.44': 45, '6.12.117': 41, '6.1.192': 38 }

export const ruleLines = goldenLines('wire/rules-7.3.jsonl') as RuleLine[]

/** A line once for each kernel that it speaks for, with the minor of that kernel. */
export const ofRule = (letter: string): { readonly line: RuleLine; readonly kernel: string; readonly minor: number }[] =>
  ruleLines
    .filter(({ rule }) => rule.startsWith(letter))
    .flatMap(line => [line.kernel, ...(line.same_on ?? [])].map(kernel => ({ line, kernel, minor: MINORS[kernel] ?? 0 })))

export const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'))

/** The record with a long name, of which the line holds the beginning: node 102, offset 2, a regular file, a name of `n`. */
function longName(reply: Uint8Array, { case: name, request = '' }: RuleLine): void {
  const [, length] = /name of (\d+) bytes/.exec(name) ?? []
  if (length === undefined) return
  const head = bytesOf(request)[4] === 44 ? 128 : 0
  const record = reply.length - Math.ceil(Number(length) / 8) * 8 - 24
  const view = new DataView(reply.buffer)
  view.setBigUint64(record, 102n, true)
  view.setBigUint64(record + 8, 2n, true)
  view.setUint32(record + 16, Number(length), true)
  view.setUint32(record + 20, 8, true)
  reply.fill(0x6e, record + 24, record + 24 + Number(length))
  if (head === 0) return
  view.setBigUint64(record - head, 102n, true)
  view.setUint32(record - head + 100, 0o100644, true)
}

/** A reply with the length that it had; what the line leaves out is zero, but for a long name. */
export function replyOf(line: RuleLine): Uint8Array {
  const { reply = '', reply_length } = line
  const given = bytesOf(reply)
  const whole = new Uint8Array(reply_length ?? given.length)
  whole.set(given.subarray(0, whole.length))
  if (reply_length !== undefined) longName(whole, line)
  return whole
}
