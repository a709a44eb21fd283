/**
 * Names that a kernel has in memory, as far as messages tell. It may drop a name, and with it an inode, whenever it likes; of an inode FORGET
 * tells, of a name nothing does.
 */
import { drop, get, put } from './files.ts'
import { type Named, taken } from './inodes.ts'
import type { Turn } from './turn.ts'
import type { KnownName } from './types.ts'

const FNV_START = 0x811c9dc5
const FNV_PRIME = 0x01000193

/** Names of few directories share a slot of the table, rarely. */
function slotOf(parent: bigint, name: string): bigint {
  let hash = Math.imul(FNV_START ^ Number(BigInt.asUintN(32, parent)), FNV_PRIME)
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), FNV_PRIME)
  return BigInt(hash >>> 0)
}

const isIt =
  (parent: bigint, name: string) =>
  (known: KnownName): boolean =>
    known.parent === parent && known.name === name

/** What a name stands for: a node, 0 for one that is known not to be there, undefined for one that the kernel does not have. */
export function nodeNamed({ state }: Turn, parent: bigint, name: string): bigint | undefined {
  const known = get(state.dentries, slotOf(parent, name))?.find(isIt(parent, name))
  if (known === undefined || known.node === 0n) return known?.node
  // a name of an inode that another one has replaced leads to nothing any more
  return get(state.nodes, known.node)?.serial === known.serial ? known.node : undefined
}

/** From now on the name stands for this; undefined: the kernel has it no more. */
export function nameSet({ state }: Turn, parent: bigint, name: string, node: bigint | undefined): void {
  const slot = slotOf(parent, name)
  const is = isIt(parent, name)
  const others = (get(state.dentries, slot) ?? []).filter(known => !is(known))
  const all = node === undefined ? others : [...others, { parent, name, node, serial: get(state.nodes, node)?.serial }]
  state.dentries = all.length === 0 ? drop(state.dentries, slot) : put(state.dentries, slot, all)
}

/** The kernel takes an entry, under a name where it has one. */
export function entered(turn: Turn, parent: bigint, name: string | undefined, entry: Named): void {
  taken(turn, entry)
  if (name !== undefined) nameSet(turn, parent, name, entry.node)
}
