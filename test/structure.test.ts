/** The house rules that a program can check: who may import whom, and what must not be in a source file. docs/design.md 3 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'

const src = join(import.meta.dirname, '..', 'src')
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts') && !name.endsWith('.d.ts'))

/** Each folder may import from itself and from those before it. */
const ORDER = ['schema', 'uapi', 'codec', 'validate', 'kernel', 'metadata', 'server', 'conformance', 'corpus', 'cli']

const IMPORT = /(?:from|import)\s*\(?\s*'([^']+)'/g
/** Examples in comments import what a reader of them has. */
const codeOf = (file: string): string => readFileSync(join(src, file), 'utf8').replace(/^ *\*.*$/gm, '')
const importsOf = (file: string): string[] => [...codeOf(file).matchAll(IMPORT)].map(match => match[1] as string)
const folderOf = (file: string): string => file.split('/')[0] as string

/** Everything that a file reaches, itself included. */
function reach(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  for (const target of importsOf(file)) if (target.startsWith('.')) reach(relative(src, join(src, dirname(file), target)), seen)
  return seen
}

const packagesOf = (file: string): string[] => [...reach(file)].flatMap(importsOf).filter(target => !target.startsWith('.'))

describe('the order of the folders', () => {
  test.each(files.filter(file => file.includes('/')))('%s imports only from before', file => {
    const rank = ORDER.indexOf(folderOf(file))
    expect(rank).not.toBe(-1)
    const local = importsOf(file).filter(target => target.startsWith('.'))
    const folders = local.map(target => folderOf(relative(src, join(src, dirname(file), target))))
    expect(folders.filter(folder => ORDER.indexOf(folder) > rank)).toEqual([])
  })
})

describe('what an entry drags in', () => {
  test('the main entry: no package at all', () => {
    expect(packagesOf('index.ts')).toEqual([])
  })

  test.each(['fuse.ts', 'uapi/index.ts', 'schema/index.ts', 'codec/index.ts', 'validate/index.ts', 'kernel/index.ts', 'corpus/index.ts'])(
    '%s: no package at all',
    entry => {
      expect(packagesOf(entry)).toEqual([])
    },
  )

  test('each library only behind its own subpath', () => {
    expect(new Set(packagesOf('codec/backends/parser.ts'))).toEqual(new Set(['binary-parser']))
    expect(new Set(packagesOf('codec/backends/struct.ts'))).toEqual(new Set(['restructure']))
    expect(new Set(packagesOf('metadata/yaml/read/index.ts'))).toEqual(new Set(['yaml']))
    expect(packagesOf('metadata/index.ts')).not.toContain('yaml')
    expect(new Set(packagesOf('codec/json/index.ts').map(name => name.split('/')[0]))).toEqual(new Set(['io-ts', 'fp-ts']))
  })
})
