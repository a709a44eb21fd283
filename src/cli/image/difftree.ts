/** Two images compared: directories and files by their paths, and the contents of files. */
import { WireError } from '../../codec/errors.ts'
import { type Entry, entryAt } from '../../metadata/index.ts'
import { lookup, type Node, type Replay, replay, walk } from '../../metadata/replay/index.ts'
import { Failure } from '../command.ts'
import type { Pulse } from '../progress.ts'
import { contentOf } from './content.ts'
import { attributesOf, type Difference, differing, type SameSlots } from './difffields.ts'
import { sized } from './modes.ts'
import { shown } from './nodes.ts'
import type { Opened } from './open.ts'

/** An image with the tree that its log makes. */
interface Side {
  readonly image: Opened
  readonly tree: Replay
}

const whatOf = ({ kind, size }: Node): string => (kind === 'directory' ? 'a directory' : `a file, ${sized(size)}`)

/** Pieces of a content in blocks of one length, so that two of them can be laid side by side. */
async function* blocksOf(image: Opened, entry: Entry): AsyncGenerator<Uint8Array> {
  const block = new Uint8Array(1 << 20)
  let used = 0
  for await (const piece of contentOf(image, entry))
    for (let at = 0; at < piece.length; ) {
      const part = piece.subarray(at, at + block.length - used)
      block.set(part, used)
      used += part.length
      at += part.length
      if (used < block.length) continue
      yield block
      used = 0
    }
  if (used > 0) yield block.subarray(0, used)
}

function count(a: Uint8Array, b: Uint8Array): { readonly first: number; readonly different: number } {
  let [first, different] = [-1, 0]
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    if (a[i] === b[i]) continue
    if (different === 0) first = i
    different++
  }
  return { first, different }
}

/** What is different in the bytes of two files, up to the end of the shorter one; undefined when nothing is. */
async function bytesDifferent(
  a: AsyncGenerator<Uint8Array>,
  b: AsyncGenerator<Uint8Array>,
  beat: (at: number) => unknown,
): Promise<string | undefined> {
  let [at, different, first] = [0, 0, -1]
  for (;;) {
    const [one, other] = [await a.next(), await b.next()]
    if (one.done === true || other.done === true) break
    if (Buffer.compare(one.value, other.value) !== 0) {
      const found = count(one.value, other.value)
      if (different === 0 && found.different > 0) first = at + found.first
      different += found.different
    }
    at += Math.min(one.value.length, other.value.length)
    await beat(at)
  }
  await Promise.all([a.return(undefined), b.return(undefined)])
  return different === 0 ? undefined : `${different} of ${at} bytes differ, the first is byte ${first}`
}

/** What is wrong with reading a content, in words. */
function reasonOf(error: unknown): string {
  if (error instanceof WireError) return error.detail
  if (error instanceof Failure) return error.message
  throw error
}

async function* contentDifferences(
  sides: readonly [Side, Side],
  entries: readonly [Entry, Entry],
  path: string,
  pulse: Pulse,
): AsyncGenerator<Difference> {
  const [a, b] = sides.map(({ image }, i) => blocksOf(image, entries[i] as Entry)) as [
    AsyncGenerator<Uint8Array>,
    AsyncGenerator<Uint8Array>,
  ]
  try {
    const difference = await bytesDifferent(a, b, at => pulse.beat(() => `${path}: ${sized(at)} compared`))
    if (difference !== undefined) yield { part: 'content', name: path, note: difference }
  } catch (error) {
    yield { part: 'content', name: path, note: `not compared: ${reasonOf(error)}` }
  }
}

/** How trees are compared. */
export interface TreeOptions {
  /** slots that hold the same bytes in both: their entries need not be looked at */
  readonly same: SameSlots
  /** compares the bytes of files, too */
  readonly content: boolean
  readonly pulse: Pulse
}

async function* nodeDifferences(
  a: Side,
  b: Side,
  one: Node,
  other: Node,
  { same, content, pulse }: TreeOptions,
): AsyncGenerator<Difference> {
  const path = shown(one.path)
  const equal = one.entry === other.entry && same.has(one.entry)
  if (equal && !content) return
  const entries = [await entryAt(a.image, one.entry), await entryAt(b.image, other.entry)] as const
  yield* differing('tree', `${path}: `, attributesOf(entries[0]), attributesOf(entries[1]))
  if (content && one.kind === 'file') yield* contentDifferences([a, b], entries, path, pulse)
}

/** Everything below the mount points, by its path. */
export async function* treeDifferences(a: Opened, b: Opened, options: TreeOptions): AsyncGenerator<Difference> {
  if (a.log === undefined || b.log === undefined) return
  const [left, right]: [Side, Side] = [
    { image: a, tree: await replay(a) },
    { image: b, tree: await replay(b) },
  ]
  for (const node of walk(left.tree)) {
    const other = lookup(right.tree, node.path)
    if (other?.kind === node.kind) yield* nodeDifferences(left, right, node, other, options)
    else yield { part: 'tree', name: shown(node.path), a: whatOf(node), ...(other === undefined ? {} : { b: whatOf(other) }) }
  }
  for (const node of walk(right.tree))
    if (lookup(left.tree, node.path) === undefined) yield { part: 'tree', name: shown(node.path), b: whatOf(node) }
}
