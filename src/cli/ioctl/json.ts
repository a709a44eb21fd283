/** The JSON form of an argument, with lists and text where C has pointers. */

import type { IoctlValue } from '../../codec/ioctl/index.ts'
import { decodeJson } from '../../codec/json/index.ts'
import type { Schema } from '../../schema/index.ts'
import type { IoctlArgument, Pointer } from '../../schema/ioctl.ts'
import { Failure, REFUSED } from '../command.ts'

type Json = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A struct whose pointers are said as what they lead to. */
function structFrom(schema: Schema<unknown, unknown>, pointers: readonly Pointer[], json: unknown, path: string): Record<string, unknown> {
  if (!isObject(json)) throw new Failure(`${path === '' ? 'the argument' : path}: expected an object`, { exit: REFUSED })
  const led = new Set(pointers.map(p => p.as))
  const own: Record<string, unknown> = Object.fromEntries(Object.entries(json).filter(([name]) => !led.has(name)))
  for (const { field, count } of pointers) Object.assign(own, { [field]: '0', [count]: json[count] ?? 0 })
  const value = decodeJson(schema, own) as Record<string, unknown>
  for (const pointer of pointers) {
    const { when, as, field, count, to } = pointer
    if (when !== undefined && value[when.field] !== when.equals) continue
    if (json[count] === undefined) delete value[count]
    const given = json[as]
    if (field !== as) delete value[field]
    if (to === undefined) value[as] = given
    else if (!Array.isArray(given)) throw new Failure(`${path}${as}: expected a list`, { exit: REFUSED })
    else value[as] = given.map((e, i) => structFrom(to, pointer.pointers ?? [], e, `${path}${as}[${i}].`))
  }
  return value
}

/** The value that JSON stands for. */
export function valueFrom(
  { schema, whole, pointers = [], early = pointers }: IoctlArgument,
  json: unknown,
  layout: 'early' | 'final',
): IoctlValue {
  const active = layout === 'early' ? early : pointers
  return (active.length === 0 ? decodeJson(whole ?? schema, json) : structFrom(schema, active, json, '')) as IoctlValue
}
