/** Small helpers for writing TypeScript text. */

/** `fuse_famfs_simple_ext` as `FuseFamfsSimpleExt`. */
export const pascal = (name: string): string => name.replace(/(?:^|_)([a-z0-9])/g, (_, c: string) => c.toUpperCase())

/** Indents by the brackets that lines open and close; no line may do both for different brackets. */
export function layOut(lines: readonly string[]): string {
  let depth = 0
  const text: string[] = []
  for (const line of lines.flatMap(l => l.split('\n')).map(l => l.trim())) {
    if (/^[\]})]/.test(line)) depth--
    text.push(line === '' ? '' : `${'  '.repeat(depth)}${line.startsWith('*') ? ' ' : ''}${line}`)
    if (/[[{(]$/.test(line)) depth++
  }
  return `${text.join('\n')}\n`
}

/** A comment for the declaration that follows; nothing without text. */
export const comment = (text: string | undefined): string[] => (text === undefined ? [] : [`/** ${text.replaceAll('*/', '* /')} */`])

/** Hands out names for temporaries that no field of the message has. Names given in one branch may be given again in another. */
export interface Namer {
  fresh(name: string): string
  branch<T>(body: () => T): T
}

export function namer(taken: Iterable<string>): Namer {
  let used = new Set(taken)
  return {
    fresh(name) {
      let candidate = name
      for (let n = 2; used.has(candidate); n++) candidate = `${name}${n}`
      used.add(candidate)
      return candidate
    },
    branch(body) {
      const before = new Set(used)
      const result = body()
      used = before
      return result
    },
  }
}
