/** What is odd about the shape of a message, whatever a kernel makes of it: for dialects of which no kernel was asked, and for any other. */

import type { Context } from '../codec/context.ts'
import { inspect, leaves, type TreeNode } from '../codec/inspect.ts'
import { type Answered, type Connection, contextFor } from '../codec/message.ts'
import { named, unknownName } from '../codec/names.ts'
import type { Schema } from '../schema/index.ts'
import type { EnumTable, FlagTable } from '../schema/types.ts'
import { notify, reply, request } from '../uapi/fuse/message.ts'
import type { Severity } from './rules/index.ts'

/** Something odd. Offsets count from the first byte given. */
export interface ShapeFinding {
  /** `shape/fault`: the bytes end or contradict themselves there. `shape/reserved`: a reserved word is used. `shape/value`, `shape/bits`: without a name */
  readonly rule: 'shape/fault' | 'shape/reserved' | 'shape/value' | 'shape/bits'
  readonly severity: Severity
  readonly path: string
  readonly offset: number
  readonly length: number
  readonly message: string
}

const schemas = { request, reply, notify } as const

const isUsed = (value: unknown): boolean =>
  value instanceof Uint8Array
    ? value.some(byte => byte !== 0)
    : typeof value === 'bigint'
      ? value !== 0n
      : typeof value === 'number' && value !== 0

/** Bits of a value that no name stands for. */
const unnamedBits = (value: bigint, { bits }: FlagTable): bigint =>
  Object.values<number>(bits).reduce((rest, bit) => rest & ~(1n << BigInt(bit)), value)

function* oddities(node: TreeNode, own: Readonly<Record<string, EnumTable | FlagTable>>): Generator<ShapeFinding> {
  const { path, offset, length, value, reserved } = node
  const place = { path, offset, length }
  const names = node.names === undefined ? undefined : (own[node.names.name] ?? node.names)
  if (reserved && isUsed(value)) yield { rule: 'shape/reserved', severity: 'note', ...place, message: `${path} is reserved, and not zero` }
  if (names === undefined || (typeof value !== 'number' && typeof value !== 'bigint')) return
  if (names.kind === 'enum' && !Object.values(names.values).includes(Number(value)))
    yield { rule: 'shape/value', severity: 'warning', ...place, message: `${path} is ${value}, which is not in ${names.name}` }
  const rest = names.kind === 'flags' ? unnamedBits(BigInt.asUintN(length * 8, BigInt(value)), names) : 0n
  if (rest !== 0n)
    yield {
      rule: 'shape/bits',
      severity: 'warning',
      ...place,
      message: `${path} has bits that ${names.name} does not know: 0x${rest.toString(16)}`,
    }
}

/** Opcodes of the dialect have names that the table of mainline lacks. */
const isOpcode = ({ path }: TreeNode): boolean => path === 'header.opcode'

/**
 * Findings about the shape of a whole message: where it cannot be decoded, reserved words that are used, values and bits without a name. No
 * kernel is asked, so that they are the same for every dialect of one form; nothing of them is a verdict.
 *
 * @param bytes a whole message with its header, as decodeRequest, decodeReply and decodeNotify take it
 * @param connection the dialect, and for a reply the opcode of its request
 * @returns in the order of the bytes, a fault last
 * @throws WireError code unsupported for a dialect or an opcode that is not known; never for the bytes
 */
export function shapeFindings(bytes: Uint8Array, direction: keyof typeof schemas, connection: Connection | Answered = {}): ShapeFinding[] {
  const context: Context = contextFor(connection)
  const schema = named<Schema<unknown>>(schemas, direction)
  if (schema === undefined) throw unknownName('direction', 'there is no direction', direction, Object.keys(schemas))
  const { tree, error } = inspect(schema, bytes, context)
  const own = typeof connection.dialect === 'object' ? (connection.dialect.names ?? {}) : {}
  const odd = [...leaves(tree)].filter(node => !isOpcode(node)).flatMap(node => [...oddities(node, own)])
  if (error === undefined) return odd
  const { path, offset, length = 0, message } = error
  return [...odd, { rule: 'shape/fault', severity: 'error', path, offset, length, message }]
}
