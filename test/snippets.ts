/** Examples in the documents: blocks of TypeScript, with what they print below them. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatWithOptions } from 'node:util'
import { afterAll, vi } from 'vitest'

const root = join(import.meta.dirname, '..')

export interface Snippet {
  readonly i: number
  readonly code: string
  /** absent: nothing stands below it */
  readonly output: string | undefined
}

/** All blocks of a page, in its order. */
export const snippetsOf = (page: string): readonly Snippet[] =>
  [...page.matchAll(/```ts\n([\s\S]*?)```\n(?:\n```text\n([\s\S]*?)```)?/g)].map(([, code = '', output], i) => ({ i, code, output }))

/** A function that runs code from a file two folders below the root, and gives what it prints; the files are gone after the tests. */
export function runnerOf(name: string): (i: number, code: string) => Promise<string> {
  const work = join(root, '.cache', name)
  afterAll(() => rmSync(work, { recursive: true, force: true }))
  return async (i, code) => {
    mkdirSync(work, { recursive: true })
    const file = join(work, `snippet-${i}.ts`)
    writeFileSync(file, code.replaceAll("'./examples/", "'../../examples/"))
    let printed = ''
    const log = vi.spyOn(console, 'log').mockImplementation((...values: unknown[]) => {
      printed += `${formatWithOptions({ colors: false }, ...values)}\n`
    })
    try {
      await import(file)
    } finally {
      log.mockRestore()
    }
    return printed
  }
}
