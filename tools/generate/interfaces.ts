/** The interfaces of the values of a family: what decoding gives, and what encoding takes. */
import type { FieldData, StructType, Type } from '../../src/schema/types.ts'
import { casesOf, type Message } from './model.ts'
import { comment, pascal } from './text.ts'

/** `Input` for what encoding takes, empty for what decoding gives. */
type Side = '' | 'Input'

/** Interfaces by name; one name has one text. */
type Found = Map<string, string[]>

/** All interfaces of these messages, in the order in which they are needed. */
export function interfaces(messages: readonly Message[]): string[] {
  const found: Found = new Map()
  for (const message of messages)
    for (const side of ['', 'Input'] as const) declare(found, message.type, message.value, side, message.cases)
  return [...found.values()].flat()
}

function declare(found: Found, type: StructType, name: string, side: Side, cases: Message['cases']): void {
  const union = type.fields.find(f => f.type.kind === 'union')
  const doc =
    side === ''
      ? (type.doc ?? `Value of a ${type.name}.`)
      : `What a ${type.name} is encoded from: counts, lengths and reserved words may be left out.`
  if (union === undefined || union.type.kind !== 'union')
    return add(found, `${name}${side}`, body(found, type, `${name}${side}`, side, type.fields, doc))
  const { tag, cases: list } = casesOf(union.type)
  const parts = list.map(c => {
    const part = `${name}${cases?.[c.match] ?? c.match}${side}`
    const fields = type.fields.map(f => (f.name === union.name ? { ...f, type: c.type } : f))
    add(found, part, body(found, type, part, side, fields, `${doc} With ${tag} ${c.match}.`, { [tag]: String(c.match) }))
    return part
  })
  add(found, `${name}${side}`, [...comment(doc), `export type ${name}${side} = ${parts.join(' | ')}`, ''])
}

function add(found: Found, name: string, text: string[]): void {
  const before = found.get(name)
  if (before !== undefined && before.join('\n') !== text.join('\n')) throw new Error(`two different interfaces would be called ${name}`)
  found.set(name, text)
}

function body(
  found: Found,
  type: StructType,
  name: string,
  side: Side,
  fields: readonly FieldData[],
  doc: string,
  literals: Record<string, string> = {},
): string[] {
  const lines = fields.flatMap(f => {
    const optional = literals[f.name] === undefined && isOptional(type, f, side)
    return [...comment(f.doc), `${f.name}${optional ? '?' : ''}: ${literals[f.name] ?? typeName(found, f.type, side)}`]
  })
  return [...comment(doc), `export interface ${name} {`, ...lines, '}', '']
}

const isOptional = (type: StructType, f: FieldData, side: Side): boolean =>
  type.prefix === true || f.elide === true || f.when !== undefined || (side === 'Input' && f.role !== undefined)

function typeName(found: Found, type: Type, side: Side): string {
  switch (type.kind) {
    case 'int':
      return type.size === 8 ? 'bigint' : 'number'
    case 'text':
    case 'name':
      return 'string'
    case 'bytes':
      return 'Uint8Array'
    case 'array':
      return `${side === '' ? '' : 'readonly '}${typeName(found, type.of, side)}[]`
    case 'struct':
      declare(found, type, pascal(type.name), side, undefined)
      return `${pascal(type.name)}${side}`
    default:
      throw new Error(`no interface for a ${type.kind}`)
  }
}

export const interfaceOf = (type: Type, side: Side): string => typeName(new Map(), type, side)
