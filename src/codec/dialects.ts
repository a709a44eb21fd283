/** The one place where a dialect is looked up by name: own properties only, aliases included, and one error for names of no dialect. */
import type { Dialect } from '../schema/dialect.ts'
import { type DialectName, dialectIdOf } from '../uapi/dialects/aliases.ts'
import { dialects } from '../uapi/dialects/index.ts'
import type { WireError } from './errors.ts'
import { named, unknownName } from './names.ts'

/** The entry of a table under a dialect's id or alias; undefined where the table has none of its own. */
export const dialectIn = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  named(table, name) ?? named(table, dialectIdOf(name))

/** The error for a name that stands for no dialect of a table. */
export const unknownDialect = (name: unknown, table: object): WireError =>
  unknownName('dialect', 'there is no dialect', name, Object.keys(table))

/**
 * The built-in dialect of that id or alias, or the value given.
 * @throws WireError code unsupported when there is none
 */
export function dialectOf(dialect: Dialect | DialectName): Dialect {
  const found = typeof dialect === 'string' ? dialectIn<Dialect>(dialects, dialect) : dialect
  if (typeof found !== 'object' || found === null) throw unknownDialect(dialect, dialects)
  return found
}
