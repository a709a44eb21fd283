/** Which dialects a command knows: those of this library, and those that files of the user define. */
import { dialectIn } from '../codec/dialects.ts'
import { type Dialects, dialectsWith } from '../conformance/named.ts'
import type { Dialect } from '../schema/dialect.ts'
import { ioctlDialects } from '../uapi/dialects/ioctl.ts'
import { Failure } from './command.ts'
import { dialectsIn } from './dialect-file.ts'
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

/**
 * The dialects of the library and of the files that `--dialect-file` names.
 * @throws Failure when a file cannot be loaded or exports no dialect, and for an id that two dialects have
 */
export async function dialectsOf({ 'dialect-file': files = [] }: DialectFileArgs): Promise<Dialects> {
  const builtIn = dialectsWith()
  const own = new Map<string, { readonly dialect: Dialect; readonly file: string }>()
  for (const file of files)
    for (const dialect of await dialectsIn(file)) {
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
