/** Which dialects a command knows: those of this library, and those that files of the user define. */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { dialectIn } from '../codec/dialects.ts'
import { type Dialects, dialectsWith } from '../conformance/named.ts'
import { defineDialect } from '../schema/define.ts'
import type { Dialect } from '../schema/dialect.ts'
import { ioctlDialects } from '../uapi/dialects/ioctl.ts'
import { Failure, REFUSED } from './command.ts'
import { codeOf, fileFailure } from './file-failure.ts'
import { suggestion } from './near.ts'

export type { Dialects } from '../conformance/named.ts'

export const dialectFileOption = {
  'dialect-file': {
    type: 'string',
    multiple: true,
    value: 'FILE',
    help: 'an ES module that exports dialects of your own (docs/dialects.md); its code is run',
  },
} as const

export type DialectFileArgs = { readonly [K in keyof typeof dialectFileOption]?: readonly string[] | undefined }

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

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''

const TYPESCRIPT = /\.[cm]?ts$/

/** Why the code of a file did not come to its end. */
function cannotRun(file: string, error: unknown): Failure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (TYPESCRIPT.test(file) && (code === 'ERR_UNKNOWN_FILE_EXTENSION' || code.startsWith('ERR_UNSUPPORTED_')))
    return new Failure(`${file}: this Node.js (${process.version}) cannot load it: TypeScript`, {
      hint: 'Node.js 22.18 and newer load it as it is; else compile it: npx esbuild FILE --format=esm --outfile=FILE.mjs',
    })
  const text = messageOf(error)
  if (code === 'ERR_MODULE_NOT_FOUND' && text.includes("'famfs-wire'"))
    return new Failure(`${file}: it imports famfs-wire, which is not installed where it stands`, {
      hint: 'npm install famfs-wire in its directory or above',
    })
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION') return new Failure(`${file}: is no JavaScript: expected a file .mjs or .js`)
  const name = error instanceof Error && error.name !== 'Error' ? `${error.name}: ` : ''
  return new Failure(`${file}: its code failed: ${name}${text}`, { exit: REFUSED })
}

async function load(file: string): Promise<readonly Dialect[]> {
  const path = resolve(file)
  const found = await stat(path).catch(error => {
    throw fileFailure(file, codeOf(error) ?? String(error))
  })
  if (found.isDirectory()) throw fileFailure(file, 'EISDIR')
  const module = (await import(pathToFileURL(path).href).catch(error => {
    throw cannotRun(file, error)
  })) as Exports
  const meant = [...new Set(exportsOf(module))].filter(isMeant)
  if (meant.length > 0) return meant.map(dialect => checked(file, dialect))
  const names = Object.keys(module)
  throw new Failure(`${file}: exports no dialect${names.length === 0 ? ', and nothing else' : `, but ${names.join(', ')}`}`, {
    hint: "a dialect is what defineDialect of 'famfs-wire/schema' returns: export it, by default or by any name",
  })
}

function checked(file: string, dialect: Dialect): Dialect {
  try {
    return defineDialect(dialect)
  } catch (error) {
    throw new Failure(`${file}: ${messageOf(error)}`, { exit: REFUSED })
  }
}

/**
 * The dialects of the library and of the files that `--dialect-file` names.
 * @throws Failure when a file cannot be loaded or exports no dialect, and for an id that two dialects have
 */
export async function dialectsOf({ 'dialect-file': files = [] }: DialectFileArgs): Promise<Dialects> {
  const builtIn = dialectsWith()
  const own = new Map<string, { readonly dialect: Dialect; readonly file: string }>()
  for (const file of files)
    for (const dialect of await load(file)) {
      const { id } = dialect
      if (Object.hasOwn(builtIn, id) || Object.hasOwn(ioctlDialects, id))
        throw new Failure(`${file}: ${id} is a dialect of famfs-wire itself`, { hint: 'give yours an id of its own' })
      const before = own.get(id)
      if (before !== undefined && before.dialect !== dialect)
        throw new Failure(
          `${file}: there are two dialects ${id}${before.file === file ? ' in it' : `, the other one is in ${before.file}`}`,
        )
      own.set(id, { dialect, file })
    }
  return dialectsWith([...own.values()].map(({ dialect }) => dialect))
}

/**
 * A dialect by its id.
 * @throws Failure when there is none
 */
export function dialectNamed(id: string, known: Dialects): Dialect {
  const found = dialectIn(known, id)
  if (found !== undefined) return found
  const ids = Object.keys(known)
  throw new Failure(`unknown dialect ${id}`, { hint: suggestion(id, ids, `dialects: ${ids.join(', ')}`) })
}

/** Those whose kernels send this request, oldest first. */
export const askingFor = (message: keyof Dialect['reply'], known: Dialects): Dialect[] =>
  Object.values(known).filter(d => d.reply[message] !== undefined)

export const idsOf = (dialects: readonly { readonly id: string }[]): string => dialects.map(d => d.id).join(', ')

/**
 * A dialect whose kernels have maps.
 * @throws Failure when there is none of that id, or it has no famfs
 */
export function famfsDialectNamed(id: string, known: Dialects): Dialect {
  const dialect = dialectNamed(id, known)
  if (dialect.reply.GET_FMAP === undefined)
    throw new Failure(`--dialect: ${id} has no famfs`, { hint: `dialects with it: ${idsOf(askingFor('GET_FMAP', known))}` })
  return dialect
}

/** Whether two dialects give a map one form: what one of them reads in some bytes the other one reads there, too. */
export const haveOneForm = (a: Dialect, b: Dialect): boolean => a.map === b.map
