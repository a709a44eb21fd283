/** The JSON form of an argument of the ioctl ABI, with lists and text where C has pointers. */
import type { Schema } from '../../schema/index.ts'
import type { IoctlDialect, Pointer } from '../../schema/ioctl.ts'
import type { IoctlDialectId } from '../../uapi/dialects/ioctl.ts'
import { WireError } from '../errors.ts'
import { commandOf } from '../ioctl/command.ts'
import { inside, join } from '../ioctl/inside.ts'
import type { IoctlValue } from '../ioctl/value.ts'
import { decodeJson } from './codec.ts'

type Object = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Object => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A raw user pointer, which leads nowhere that this form could say. */
const isAddress = (given: unknown): given is string => typeof given === 'string' && /^\d+$/.test(given)

const wanted = (path: string, what: string, given: unknown): WireError =>
  new WireError({
    code: given === undefined ? 'missing' : 'tag',
    path,
    offset: 0,
    detail: `must be ${what}`,
    expected: what,
    actual: given,
  })

/** What a pointer leads to. */
function target({ to, as, pointers = [] }: Pointer, given: unknown, path: string): unknown {
  const at = join(path, as)
  if (to === undefined) {
    if (typeof given !== 'string') throw wanted(at, 'a path', given)
    return given
  }
  if (!Array.isArray(given)) throw wanted(at, 'a list, or an address as a decimal string', given)
  return given.map((element: unknown, i) => structIn(to, pointers, element, `${at}[${i}]`))
}

/** A struct whose pointers are said as what they lead to. */
function structIn(schema: Schema<unknown, unknown>, pointers: readonly Pointer[], json: unknown, path: string): Record<string, unknown> {
  if (!isObject(json)) throw wanted(path, 'an object', json)
  const led = new Set(pointers.map(p => p.as))
  const own: Record<string, unknown> = Object.fromEntries(Object.entries(json).filter(([name]) => !led.has(name)))
  for (const { field, count } of pointers) {
    own[field] = isAddress(json[field]) ? json[field] : '0'
    own[count] ??= 0
  }
  const value = inside(path, () => decodeJson(schema, own)) as Record<string, unknown>
  for (const pointer of pointers) {
    const { when, as, field, count } = pointer
    if (when !== undefined && value[when.field] !== when.equals) continue
    if (json[count] === undefined) delete value[count]
    if (field === as && pointer.to !== undefined && isAddress(json[as])) continue
    if (field !== as) delete value[field]
    value[as] = target(pointer, json[as], path)
  }
  return value
}

/**
 * The argument of a command from its JSON form: what `encodeIoctl` takes. Numbers of 64 bits are decimal strings; lists stand where C has
 * pointers (`kse`, `kie`, `ie_strips`, `daxdev_path`); counts and lengths may be left out. A decimal string in the place of a list is a raw
 * address, with its count beside it.
 *
 * @param layout form of the groups of MAP_CREATE_V2, as in `encodeIoctl`
 * @throws WireError code unsupported for a command that the dialect has not, or that has no argument; as `decodeJson` for the value
 */
export function decodeIoctlJson(
  dialect: IoctlDialect | IoctlDialectId,
  command: string | number,
  json: unknown,
  layout: 'early' | 'final' = 'final',
): IoctlValue {
  const { argument, name } = commandOf(dialect, command)
  if (argument === undefined)
    throw new WireError({
      code: 'unsupported',
      path: 'command',
      offset: 0,
      detail: `${name} has no argument: its number alone is the call`,
    })
  const { schema, whole, pointers = [], early = pointers } = argument
  const active = layout === 'early' ? early : pointers
  return (active.length === 0 ? decodeJson(whole ?? schema, json) : structIn(schema, active, json, '')) as IoctlValue
}
