/** `--dialect-file`: dialects out of modules that users write. Their code is run, and may do anything. */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { types } from 'node:util'
import { defineDialect } from '../schema/define.ts'
import type { Dialect } from '../schema/dialect.ts'
import { Failure, REFUSED } from './command.ts'
import { codeOf, fileFailure } from './file-failure.ts'

type Exports = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Exports => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Something that is meant to be a dialect: `defineDialect` says whether it is one. */
const isMeant = (value: unknown): value is Dialect =>
  isObject(value) && typeof value.id === 'string' && ['checks', 'opcodes', 'limits'].some(key => key in value)

/** What is exported, also from CommonJS, whose exports stand in the default one. */
function* exportsOf(module: Exports): Generator<unknown> {
  for (const value of Object.values(module)) {
    yield value
    if (value === module.default && isObject(value) && !isMeant(value)) yield* Object.values(value)
  }
}

/** What was thrown, which may be anything, and whose parts may throw themselves. */
function thrown(error: unknown): { readonly name: string; readonly code: string; readonly text: string } {
  try {
    const [text = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    return { name: error instanceof Error ? String(error.name) : 'Error', code, text }
  } catch {
    return { name: 'Error', code: '', text: 'what it threw cannot be printed' }
  }
}

const TYPESCRIPT = /\.[cm]?ts$/

/** Why the code of a file did not come to its end. */
function cannotRun(file: string, error: unknown): Failure {
  const { name, code, text } = thrown(error)
  if (TYPESCRIPT.test(file) && (code === 'ERR_UNKNOWN_FILE_EXTENSION' || code.startsWith('ERR_UNSUPPORTED_')))
    return new Failure(`${file}: this Node.js (${process.version}) cannot load it: TypeScript`, {
      hint: 'Node.js 22.18 and newer load it as it is; else compile it: npx esbuild FILE --format=esm --outfile=FILE.mjs',
    })
  if (code === 'ERR_MODULE_NOT_FOUND' && text.includes("'famfs-wire'"))
    return new Failure(`${file}: it imports famfs-wire, which is not installed where it stands`, {
      hint: 'npm install famfs-wire in its directory or above',
    })
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION') return new Failure(`${file}: is no JavaScript: expected a file .mjs or .js`)
  return new Failure(`${file}: its code failed: ${name === 'Error' ? '' : `${name}: `}${text}`, { exit: REFUSED })
}

/** So long may the code of a file take. */
const PATIENCE_SECONDS = 10

/** The module, once its code has come to its end. @throws Failure for one that fails, or waits for something for too long */
async function imported(file: string, path: string): Promise<Exports> {
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<never>((_, reject) => {
    const late = new Failure(`${file}: its code has not come to its end after ${PATIENCE_SECONDS} s`, {
      hint: 'what it awaits at its top level never settles',
    })
    timer = setTimeout(() => reject(late), PATIENCE_SECONDS * 1000)
  })
  try {
    return await Promise.race([import(pathToFileURL(path).href), patience])
  } catch (error) {
    throw error instanceof Failure ? error : cannotRun(file, error)
  } finally {
    clearTimeout(timer)
  }
}

/** Steps to the first member that is code instead of data; undefined where there is none. No recursion: how deep it is, a stranger decides. */
function codeIn(top: object): string | undefined {
  const seen = new Set<object>([top])
  const open: (readonly [string, object])[] = [['', top]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [path, value] = next
    if (types.isProxy(value)) return path === '' ? 'it' : path
    for (const [key, { get, set, value: member }] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
      const step = path === '' ? key : `${path}.${key}`
      if (get !== undefined || set !== undefined) return step
      if ((typeof member !== 'object' && typeof member !== 'function') || member === null || seen.has(member)) continue
      seen.add(member)
      open.push([step, member])
    }
  }
  return undefined
}

function checked(file: string, dialect: Dialect): Dialect {
  const code = codeIn(dialect)
  if (code !== undefined) throw new Failure(`${file}: ${code} is a getter or a proxy, and a dialect is data`, { exit: REFUSED })
  try {
    return defineDialect(dialect)
  } catch (error) {
    throw new Failure(`${file}: ${thrown(error).text}`, { exit: REFUSED })
  }
}

/** What is meant to be a dialect among the exports. @throws Failure where looking at them runs code that fails */
function meantAmong(file: string, module: Exports): readonly Dialect[] {
  try {
    return [...new Set(exportsOf(module))].filter(isMeant)
  } catch (error) {
    throw cannotRun(file, error)
  }
}

/**
 * The dialects that a file exports.
 * @throws Failure when it cannot be loaded, its code fails or does not end, or it exports no dialect
 */
export async function dialectsIn(file: string): Promise<readonly Dialect[]> {
  const found = await stat(file).catch(error => {
    throw fileFailure(file, codeOf(error) ?? String(error))
  })
  if (found.isDirectory()) throw fileFailure(file, 'EISDIR')
  const module = await imported(file, resolve(file))
  const meant = meantAmong(file, module)
  if (meant.length > 0) return meant.map(dialect => checked(file, dialect))
  const names = Object.keys(module)
  throw new Failure(`${file}: exports no dialect${names.length === 0 ? ', and nothing else' : `, but ${names.join(', ')}`}`, {
    hint: "a dialect is what defineDialect of 'famfs-wire/schema' returns: export it, by default or by any name",
  })
}
