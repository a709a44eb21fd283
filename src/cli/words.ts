/** Words for values that mean something only in a dialect or a direction: opcodes, errors, the famfs bit. */
import type { TreeNode } from '../codec/inspect.ts'
import { opcodeName } from '../codec/message.ts'
import type { Dialect } from '../schema/dialect.ts'
import type { FlagTable } from '../schema/types.ts'
import { fuse_notify_code } from '../uapi/fuse/codes.ts'
import { initFlagName } from '../uapi/fuse/init.ts'
import { errnoName, valueWords } from './values.ts'

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

/** The bits of famfs, and those that are younger than the dialect, have other names than in the table of mainline. facts: wire 1.1, today 1 */
function initWords(node: TreeNode, table: FlagTable, dialect: Dialect): string[] {
  const low = table.name === 'fuse_init_flags2' ? 32 : 0
  const named = Array.from({ length: 32 }, (_, bit): [string | undefined, number] => [initFlagName(low + bit, dialect), bit])
  const bits = Object.fromEntries(named.filter((entry): entry is [string, number] => entry[0] !== undefined))
  return valueWords({ ...node, names: { ...table, bits } })
}
