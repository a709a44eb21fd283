/** The one place where a dialect is looked up by name: own properties only, aliases included, and one error for names of no dialect. */
import type { Dialect } from '../schema/dialect.ts'
import { type DialectName, dialectIdOf } from '../uapi/dialects/aliases.ts'
import { dialects } from '../uapi/dialects/index.ts'
import { WireError } from './errors.ts'

/** The entry of a table under a dialect's id or alias; undefined where the table has none of its own. */
export function dialectIn<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  const id = Object.hasOwn(table, name) ? name : dialectIdOf(name)
  return Object.hasOwn(table, id) ? table[id] : undefined
}

/** The error for a name that stands for no dialect of a table. */
export const unknownDialect = (name: unknown, table: object): WireError =>
  new WireError({
    code: 'unsupported',
    path: 'dialect',
    offset: 0,
    detail: `there is no dialect ${String(name)}; there are ${Object.keys(table).join(', ')}`,
    actual: name,
  })

/**
 * The built-in dialect of that id or alias, or the value given.
 * @throws WireError code unsupported when there is none
 */
export function dialectOf(dialect: Dialect | DialectName): Dialect {
  const found = typeof dialect === 'string' ? dialectIn<Dialect>(dialects, dialect) : dialect
  if (typeof found !== 'object' || found === null) throw unknownDialect(dialect, dialects)
  return found
}
