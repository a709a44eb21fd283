/** Words for values that mean something only in a dialect or a direction: opcodes, errors, the famfs bit. */
import type { TreeNode } from '../codec/inspect.ts'
import { opcodeName } from '../codec/message.ts'
import type { Dialect } from '../schema/dialect.ts'
import type { FlagTable } from '../schema/types.ts'
import { fuse_notify_code } from '../uapi/fuse/codes.ts'
import { errnoName, valueWords } from './values.ts'

const FAMFS_BIT = 'FUSE_DAX_FMAP'

/** The words for a node of a message, or undefined where the schema knows all about it. */
export const wordsIn =
  (as: string, dialect: Dialect) =>
  (node: TreeNode): string[] | undefined => {
    if (as === 'request' && node.path === 'header.opcode') {
      const name = opcodeName(Number(node.value), dialect)
      return name === undefined ? [`${node.value}`, `(no opcode of ${dialect.id})`] : [`${node.value}`, name]
    }
    if (node.path === 'header.error' && typeof node.value === 'number') {
      if (as === 'notify') return [`${node.value}`, notifyName(node.value) ?? '(no notification)']
      if (node.value < 0) return [`${node.value}`, errnoName(-node.value)]
    }
    return node.names?.kind === 'flags' && node.names.name.startsWith('fuse_init_flags') ? initWords(node, node.names, dialect) : undefined
  }

export const notifyName = (code: number): string | undefined =>
  Object.entries(fuse_notify_code.values)
    .find(([, value]) => value === code)?.[0]
    .replace(/^FUSE_NOTIFY_/, '')

/** fuse-v1 and fuse-v2 negotiate famfs by a bit that mainline gave to something else. facts: wire 1.1 */
function initWords(node: TreeNode, table: FlagTable, dialect: Dialect): string[] | undefined {
  const bit = dialect.initBit
  if (bit === undefined || table.name !== 'fuse_init_flags2') return undefined
  const others = Object.entries(table.bits).filter(([name, at]) => name !== FAMFS_BIT && at !== bit - 32)
  const bits = Object.fromEntries([...others, [FAMFS_BIT, bit - 32]])
  return valueWords({ ...node, names: { ...table, bits } })
}
