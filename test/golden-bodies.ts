/** Heads and bodies of golden messages by the C name of their struct, for tests that look at one struct. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { opcodeName } from '../src/codec/message.ts'
import { type PlacedMessage, walk } from '../src/conformance/capture.ts'
import { goldenConversations } from './goldens.ts'

const fixtures = join(import.meta.dirname, '..', 'fixtures')

export const lines = (file: string): { readonly hex?: string }[] =>
  readFileSync(join(fixtures, file), 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))

export const unhex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'))

const IN = 40
const OUT = 16

/** Struct of the request body and of the reply body. */
const STRUCTS: Readonly<Record<string, { readonly request?: string; readonly reply: string }>> = {
  LOOKUP: { reply: 'fuse_entry_out' },
  GETATTR: { request: 'fuse_getattr_in', reply: 'fuse_attr_out' },
  OPEN: { request: 'fuse_open_in', reply: 'fuse_open_out' },
  INIT: { request: 'fuse_init_in', reply: 'fuse_init_out' },
  GET_FMAP: { request: 'fuse_getxattr_in', reply: 'fuse_famfs_fmap' },
  GET_DAXDEV: { reply: 'fuse_daxdev_out' },
}

/** The messages with which famfs is negotiated, and maps and devices are asked for. */
const FAMFS = ['INIT', 'GET_FMAP', 'GET_DAXDEV']

function nameOf({ direction, bytes, connection, dialect }: PlacedMessage): string | undefined {
  if (direction === 'notify') return undefined
  if (direction === 'request') return opcodeName(new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true), dialect)
  return 'opcode' in connection ? opcodeName(Number(connection.opcode), dialect) : undefined
}

function structOf(name: string, { direction, dialect }: PlacedMessage): string | undefined {
  if (direction === 'request') return STRUCTS[name]?.request
  return name === 'GET_FMAP' && dialect.push ? 'fuse_famfs_fmap_push' : STRUCTS[name]?.reply
}

/** Different ones of every struct that is looked at, at most `most` of each; headers are those of the famfs messages. */
export function goldenBodies(most = Number.POSITIVE_INFINITY): Map<string, Uint8Array[]> {
  const found = new Map<string, Map<string, Uint8Array>>()
  const keep = (struct: string | undefined, bytes: Uint8Array): void => {
    if (struct === undefined || bytes.length === 0) return
    const known = found.get(struct) ?? new Map<string, Uint8Array>()
    found.set(struct, known)
    if (known.size < most) known.set(Buffer.from(bytes).toString('hex'), bytes)
  }
  for (const [, messages] of goldenConversations())
    for (const message of walk(messages)) {
      const name = nameOf(message)
      if (name === undefined || message.fullLength !== undefined) continue
      const [head, size] = message.direction === 'request' ? ['fuse_in_header', IN] : ['fuse_out_header', OUT]
      if (FAMFS.includes(name)) keep(head, message.bytes.slice(0, size))
      keep(structOf(name, message), message.bytes.slice(size))
    }
  return new Map([...found].map(([struct, bodies]) => [struct, [...bodies.values()]]))
}

/** All golden bodies of some structs. */
export function bodiesOf(...structs: readonly string[]): Uint8Array[] {
  const bodies = goldenBodies()
  return structs.flatMap(struct => bodies.get(struct) ?? [])
}

/** The maps of the parser vectors, each once. */
export const goldenMaps = (): Uint8Array[] => [...new Set(lines('kernel/fmap-verdicts.jsonl').map(({ hex = '' }) => hex))].map(unhex)
