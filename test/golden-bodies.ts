/** Bodies of golden messages by the C name of their struct, for tests that look at one struct. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const fixtures = join(import.meta.dirname, '..', 'fixtures')

interface Line {
  readonly direction?: string
  readonly opcode?: number
  readonly hex?: string
  readonly accepted?: boolean
  readonly truncated?: boolean
  readonly op?: string
  readonly request_hex?: string
  readonly reply_hex?: string
}

export const lines = (file: string): Line[] =>
  readFileSync(join(fixtures, file), 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Line)

export const unhex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'))

const IN = 40
const OUT = 16

/** Opcode, struct of the request body and of the reply body. */
const STRUCTS: readonly (readonly [number, string | undefined, string | undefined])[] = [
  [1, undefined, 'fuse_entry_out'],
  [3, 'fuse_getattr_in', 'fuse_attr_out'],
  [14, 'fuse_open_in', 'fuse_open_out'],
  [26, 'fuse_init_in', 'fuse_init_out'],
]

/** Different bodies of every struct that is looked at, at most `most` of each. */
export function goldenBodies(most: number): Map<string, Uint8Array[]> {
  const found = new Map<string, Map<string, Uint8Array>>()
  const keep = (name: string | undefined, bytes: Uint8Array): void => {
    if (name === undefined) return
    const known = found.get(name) ?? new Map<string, Uint8Array>()
    found.set(name, known)
    if (known.size < most) known.set(Buffer.from(bytes).toString('hex'), bytes)
  }
  for (const file of ['wire/fuse-6.18.jsonl', 'wire/fuse-6.1.jsonl', 'wire/fuse-famfs.jsonl']) collect(lines(file), keep)
  for (const { op, request_hex = '', reply_hex = '' } of lines('wire/famfs-7.46.jsonl')) {
    keep('fuse_in_header', unhex(request_hex).subarray(0, IN))
    keep('fuse_out_header', unhex(reply_hex).subarray(0, OUT))
    if (reply_hex.length > OUT * 2) keep(op === 'GET_FMAP' ? 'fuse_famfs_fmap' : 'fuse_daxdev_out', unhex(reply_hex).subarray(OUT))
  }
  for (const { op, reply_hex = '' } of lines('wire/famfs-push.jsonl'))
    if (op === 'GET_FMAP' && reply_hex.length > OUT * 2) keep('fuse_famfs_fmap_push', unhex(reply_hex).subarray(OUT))
  return new Map([...found].map(([name, bodies]) => [name, [...bodies.values()]]))
}

function collect(messages: readonly Line[], keep: (name: string | undefined, bytes: Uint8Array) => void): void {
  const opcodes = new Map<string, number>()
  for (const { direction, hex = '', truncated } of messages) {
    const bytes = unhex(hex)
    const unique = hex.slice(16, 32)
    const opcode = direction === 'request' ? new DataView(bytes.buffer).getUint32(4, true) : opcodes.get(unique)
    if (direction === 'request') opcodes.set(unique, opcode as number)
    const known = STRUCTS.find(([code]) => code === opcode)
    if (known === undefined || truncated === true) continue
    if (direction === 'request') keep(known[1], bytes.subarray(IN))
    if (direction === 'reply' && bytes.length > OUT) keep(known[2], bytes.subarray(OUT))
  }
}
