/** Stripped tables: the schema of a message as a literal without docs and names of values, for the interpreter that replays a no. */
import type { Expr, FieldData, StructType, Type } from '../../src/schema/types.ts'
import { intName } from './model.ts'

/** Tables of a family: structs that several messages contain are written once. */
export interface Tables {
  /** name of the constant and its literal, in the order in which they need each other */
  readonly structs: Map<string, string>
  /** names of the integer types in them */
  readonly ints: Set<string>
}

export const newTables = (): Tables => ({ structs: new Map(), ints: new Set() })

/** Adds a struct, and what it contains; the result is the name of its constant. */
export function addTable(tables: Tables, type: StructType, name = type.name): string {
  const text = struct(type, tables)
  for (let n = 1; ; n++) {
    const candidate = `${name}${n === 1 ? '' : n}`
    const known = tables.structs.get(candidate)
    if (known === undefined) tables.structs.set(candidate, text)
    if (known === undefined || known === text) return candidate
  }
}

function literal(type: Type, uses: Tables): string {
  switch (type.kind) {
    case 'int':
      uses.ints.add(intName(type))
      return intName(type)
    case 'text':
    case 'bytes':
      return `{ kind: '${type.kind}', length: ${expression(type.length)} }`
    case 'array':
      return `{ kind: 'array', of: ${literal(type.of, uses)}, count: ${expression(type.count)} }`
    case 'union': {
      const cases = type.cases.map(c => `{ match: ${JSON.stringify(c.match)}, type: ${literal(c.type, uses)} },`)
      return `{\nkind: 'union',\non: ${plain(type.on)},\ncases: [\n${cases.join('\n')}\n],\n}`
    }
    case 'struct':
      return addTable(uses, type)
    default:
      throw new Error(`no table for a ${type.kind}`)
  }
}

function struct(type: StructType, uses: Tables): string {
  const more = type.prefix === true ? 'prefix: true,\n' : ''
  return `{\nkind: 'struct',\nname: '',\n${more}fields: [\n${type.fields.map(f => `${field(f, uses)},`).join('\n')}\n],\n}`
}

function field(f: FieldData, uses: Tables): string {
  const { role, when, fill, elide } = f
  const more = Object.entries({ role, when, fill, elide }).filter(([, value]) => value !== undefined)
  return `{ name: '${f.name}', type: ${literal(f.type, uses)}${more.map(([key, value]) => `, ${key}: ${plain(value)}`).join('')} }`
}

const expression = (e: Expr): string => plain(e)

/** JSON with the spelling of this code base. */
function plain(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`
  if (Array.isArray(value)) return `[${value.map(plain).join(', ')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  return `{ ${Object.entries(value)
    .map(([key, inner]) => `${key}: ${plain(inner)}`)
    .join(', ')} }`
}
