/**
 * Looking things up by name: own properties only, so that `toString`, `__proto__` and `constructor` are names of nothing, and one error for
 * names of nothing. Every public function that takes the name of a dialect, message, opcode, code or command looks it up here.
 */
import { WireError } from './errors.ts'

/** What stands in a table under a name; undefined for anything that is no name in it. */
export const named = <T>(table: Readonly<Record<string, T>>, name: unknown): T | undefined =>
  typeof name === 'string' && Object.hasOwn(table, name) ? table[name] : undefined

/** The error for a name of nothing. `path`: the argument; `lack`: such as `there is no dialect`; `known`: the names that there are. */
export const unknownName = (path: string, lack: string, name: unknown, known: readonly string[]): WireError =>
  new WireError({
    code: 'unsupported',
    path,
    offset: 0,
    detail: `${lack} ${typeof name === 'string' ? name : typeof name}; there are ${known.join(', ')}`,
    actual: name,
  })
