/** Looking at drawings. */

/** Tags in order, closed in order; text without bare < and &. */
export function wellFormed(svg: string): boolean {
  const open: string[] = []
  for (const [, close, name, inside] of svg.matchAll(/<(\/?)([a-z]+)((?:[^<>"]|"[^"<]*")*)>/gi)) {
    if (close === '/') {
      if (open.pop() !== name) return false
    } else if (!inside?.endsWith('/')) open.push(name as string)
  }
  const rest = svg.replace(/<(?:[^<>"]|"[^"<]*")*>/g, '')
  return open.length === 0 && !/[<>]|&(?!#\d+;)/.test(rest)
}
