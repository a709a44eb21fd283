/** Bytes of a struct that no field has: what a shorter case of a union, or a list that is not full, leaves over. */
import type { LargeNode } from '../codec/inspect.ts'

/** A run of bytes. */
export interface Run {
  readonly start: number
  readonly end: number
}

function* leavesOf(node: LargeNode): Generator<Run> {
  if (node.children.length === 0 && node.length > 0) yield { start: node.offset, end: node.offset + node.length }
  for (const child of node.children) yield* leavesOf(child)
}

/** The run without zeros at its ends; undefined where there are only zeros. */
function trimmed(bytes: Uint8Array, { start, end }: Run): Run | undefined {
  let [from, to] = [start, end]
  while (from < to && bytes[from] === 0) from++
  while (to > from && bytes[to - 1] === 0) to--
  return from < to ? { start: from, end: to } : undefined
}

/** Runs of bytes between the fields of a tree that are not all zero. */
export function* unusedRuns(tree: LargeNode, bytes: Uint8Array): Generator<Run> {
  let at = tree.offset
  for (const { start, end } of leavesOf(tree)) {
    const run = start > at ? trimmed(bytes, { start: at, end: start }) : undefined
    if (run !== undefined) yield run
    at = Math.max(at, end)
  }
}
