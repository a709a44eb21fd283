/** `image ls`: what is in a directory. */
import { type Node, nodeOf, type Replay, sortedChildren, walk } from '../../metadata/replay/index.ts'
import { padStart } from '../color.ts'
import { jsonText } from '../json-text.ts'
import { rights } from './modes.ts'
import { nodeNamed, replayOf, shown, warnOfRefusals } from './nodes.ts'
import type { Sub, Work } from './sub.ts'

const OWNER_COLUMNS = 11
const SIZE_COLUMNS = 12

/** A file, or what is in a directory. */
export function* listed(tree: Replay, from: Node, recursive: boolean): Generator<Node> {
  if (from.kind === 'file') yield from
  else if (recursive) yield* walk(tree, from)
  else yield* sortedChildren(tree, from)
}

/** One node; columns of constant width, so that a million of them can go by. */
function lineOf(node: Node, whole: boolean, { values, paint }: Work): string {
  const isDirectory = node.kind === 'directory'
  const text = shown(whole ? node.path : node.name)
  const name = isDirectory ? `${paint('name', text)}/` : text
  if (values.long !== true) return `${name}\n`
  const owner = padStart(`${node.uid}:${node.gid}`, OWNER_COLUMNS)
  return `${isDirectory ? 'd' : '-'}${rights(node.mode)} ${owner} ${padStart(isDirectory ? '-' : String(node.size), SIZE_COLUMNS)}  ${name}\n`
}

/** A node as one line of JSON. */
export const nodeJson = (node: Node): string => `${jsonText(jsonOf(node), 0)}\n`

const jsonOf = ({ kind, path, entry, size, allocated, mode, uid, gid }: Node) => ({
  path: shown(path),
  kind,
  entry,
  size,
  allocated,
  mode,
  uid,
  gid,
})

async function run(work: Work): Promise<number> {
  const { image, values, operands, io } = work
  const tree = await replayOf(image, values)
  const from = operands[0] === undefined ? nodeOf(tree, tree.root) : nodeNamed(tree, operands[0])
  const recursive = values.recursive === true
  for (const node of listed(tree, from, recursive)) {
    const whole = recursive || from.kind === 'file'
    await io.print(values.json === true ? nodeJson(node) : lineOf(node, whole, work))
  }
  return warnOfRefusals(work, tree)
}

export const ls: Sub = {
  options: ['long', 'recursive', 'json', 'policy'],
  operands: [0, 1],
  run,
}
