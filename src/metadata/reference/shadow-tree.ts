/**
 * The directory tree that the reference's replay leaves under its shadow root, with the C library's way of resolving paths that do not
 * exist. facts: metadata 5, shadow replay
 */

/** A file or directory of the shadow. */
export interface ShadowNode<T> {
  readonly name: string
  readonly parent: ShadowNode<T> | undefined
  /** undefined for a file */
  readonly children: Map<string, ShadowNode<T>> | undefined
  /** what a file was made from */
  content: T | undefined
}

/** Longest name that a Linux file system takes. */
const NAME_MAX = 255

const directory = <T>(name: string, parent: ShadowNode<T> | undefined): ShadowNode<T> => {
  const node: ShadowNode<T> = { name, parent, children: new Map(), content: undefined }
  parent?.children?.set(name, node)
  return node
}

/** An empty `root` in a shadow directory that holds nothing else. What lies above that is taken to be empty, too. */
export const shadowRoot = <T>(): ShadowNode<T> => directory('root', directory('shadow', directory('', undefined)))

/** Where a path leads: to something that is there, or to the first name that is not. */
type Target<T> = { readonly node: ShadowNode<T> } | { readonly missing: string; readonly parent: ShadowNode<T>; readonly rest: string }

/**
 * What realpath leaves in its buffer, whether it succeeds or not: it stops behind the first component that does not exist, or that is a
 * file where the path goes on. facts: metadata 5, missing parent of a FILE
 */
function resolve<T>(root: ShadowNode<T>, path: string): Target<T> {
  let at = root
  for (let start = 0; start < path.length; ) {
    const slash = path.indexOf('/', start)
    const end = slash === -1 ? path.length : slash
    const name = path.slice(start, end)
    start = end + 1
    if (name === '' || name === '.') continue
    if (name === '..') {
      at = at.parent ?? at
      continue
    }
    const child = at.children?.get(name)
    if (child === undefined) return { missing: name, parent: at, rest: path.slice(end) }
    if (child.children === undefined) return { node: child }
    at = child
  }
  return { node: at }
}

/** What became of an entry. `failed` counts as an error of the replay. */
export type Made<T> = { readonly made: ShadowNode<T> } | { readonly existed: ShadowNode<T> } | { readonly failed: string }

/** Makes the file of a FILE entry; the first entry of a path wins. */
export function makeFile<T>(root: ShadowNode<T>, path: string): Made<T> {
  const target = resolve(root, path)
  if ('node' in target) return target.node.children === undefined ? { existed: target.node } : { failed: 'a directory is there' }
  if (target.missing.length > NAME_MAX) return { failed: 'the name is too long' }
  const node: ShadowNode<T> = { name: target.missing, parent: target.parent, children: undefined, content: undefined }
  target.parent.children?.set(node.name, node)
  return { made: node }
}

/** Makes the directory of a MKDIR entry. */
export function makeDirectory<T>(root: ShadowNode<T>, path: string): Made<T> {
  const target = resolve(root, path)
  if ('node' in target) return target.node.children === undefined ? { failed: 'a file is there' } : { existed: target.node }
  if (target.missing.length > NAME_MAX) return { failed: 'the name is too long' }
  if (/[^/]/.test(target.rest)) return { failed: 'a parent is missing' }
  return { made: directory(target.missing, target.parent) }
}

const byName = <T>(a: ShadowNode<T>, b: ShadowNode<T>): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

/** All files below a directory with their paths: those of a directory by name, then its directories by name. */
export function* filesBelow<T>(root: ShadowNode<T>): Generator<{ readonly path: string; readonly node: ShadowNode<T> }> {
  const open = [{ node: root, prefix: '' }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, prefix } = next
    const children = [...(node.children?.values() ?? [])].sort(byName)
    for (const child of children) if (child.children === undefined) yield { path: prefix + child.name, node: child }
    const directories = children.filter(c => c.children !== undefined).reverse()
    for (const child of directories) open.push({ node: child, prefix: `${prefix}${child.name}/` })
  }
}
