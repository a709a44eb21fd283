/** `image tree`: all directories and files as a picture. */
import { type Node, nodeOf, type Replay, sortedChildren } from '../../metadata/replay/index.ts'
import type { Paint } from '../color.ts'
import { listed, nodeJson } from './ls.ts'
import { sized } from './modes.ts'
import { count, nodeNamed, replayOf, shown, warnOfRefusals } from './nodes.ts'
import type { Sub, Work } from './sub.ts'

interface Open {
  readonly indent: string
  readonly nodes: Node[]
}

/** Lines of everything below a directory. No recursion: how deep a tree is, the log decides. */
function* linesBelow(tree: Replay, from: Node, paint: Paint, counts: { files: number; directories: number }): Generator<string> {
  const open: Open[] = [{ indent: '', nodes: sortedChildren(tree, from).reverse() }]
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const node = top.nodes.pop()
    if (node === undefined) {
      open.pop()
      continue
    }
    const last = top.nodes.length === 0
    const isDirectory = node.kind === 'directory'
    const text = isDirectory ? `${paint('name', shown(node.name))}/` : `${shown(node.name)}  ${paint('dim', sized(node.size))}`
    counts[isDirectory ? 'directories' : 'files']++
    yield `${top.indent}${last ? '└── ' : '├── '}${text}\n`
    if (isDirectory) open.push({ indent: `${top.indent}${last ? '    ' : '│   '}`, nodes: sortedChildren(tree, node).reverse() })
  }
}

async function run(work: Work): Promise<number> {
  const { image, values, operands, io, paint } = work
  const tree = await replayOf(image, values)
  const from = operands[0] === undefined ? nodeOf(tree, tree.root) : nodeNamed(tree, operands[0])
  if (values.json === true) {
    for (const node of listed(tree, from, true)) await io.print(nodeJson(node))
    return warnOfRefusals(work, tree)
  }
  const counts = { files: 0, directories: 0 }
  await io.print(`${from.path.length === 0 ? '/' : shown(from.path)}\n`)
  if (from.kind === 'directory') for (const line of linesBelow(tree, from, paint, counts)) await io.print(line)
  await io.print(`${count(counts.directories, 'directory', 'directories')}, ${count(counts.files, 'file')}\n`)
  return warnOfRefusals(work, tree)
}

export const tree: Sub = {
  options: ['json', 'policy'],
  meanings: { json: { help: 'as JSON, one line for each' } },
  operands: [0, 1],
  run,
}
