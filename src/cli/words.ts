/** Words for values that mean something only in a dialect or a direction: opcodes, errors, the famfs bit. */
import type { LargeNode } from '../codec/inspect.ts'
import { notificationsOf, opcodeName } from '../codec/message.ts'
import type { Dialect } from '../schema/dialect.ts'
import type { FlagTable } from '../schema/types.ts'
import { fuse } from '../uapi/dialects/fuse.ts'
import { initFlagName } from '../uapi/fuse/init.ts'
import { errnoName, valueWords } from './values.ts'

/** The words for a node of a message, or undefined where the schema knows all about it. */
export const wordsIn =
  (as: string, dialect: Dialect) =>
  (node: LargeNode): string[] | undefined => {
    if (as === 'request' && node.path === 'header.opcode') {
      const name = opcodeName(Number(node.value), dialect)
      return name === undefined ? [`${node.value}`, `(no opcode of ${dialect.id})`] : [`${node.value}`, name]
    }
    if (node.path === 'header.error' && typeof node.value === 'number') {
      if (as === 'notify') return [`${node.value}`, notifyName(node.value, dialect) ?? '(no notification)']
      if (node.value < 0) return [`${node.value}`, errnoName(-node.value)]
    }
    if (node.names?.kind === 'flags' && node.names.name.startsWith('fuse_init_flags')) return initWords(node, node.names, dialect)
    const names = node.names === undefined ? undefined : dialect.names?.[node.names.name]
    return names === undefined ? undefined : valueWords({ ...node, names })
  }

/** Name of a notification by its code; undefined where the dialect has none. */
export const notifyName = (code: number, dialect: Dialect = fuse): string | undefined =>
  notificationsOf(dialect).find(([, { code: known }]) => known === code)?.[0]

/** The bits of famfs, and those that are younger than the dialect, have other names than in the table of mainline. facts: wire 1.1, today 1 */
function initWords(node: LargeNode, table: FlagTable, dialect: Dialect): string[] {
  const low = table.name === 'fuse_init_flags2' ? 32 : 0
  const named = Array.from({ length: 32 }, (_, bit): [string | undefined, number] => [initFlagName(low + bit, dialect), bit])
  const bits = Object.fromEntries(named.filter((entry): entry is [string, number] => entry[0] !== undefined))
  return valueWords({ ...node, names: { ...table, bits } })
}
