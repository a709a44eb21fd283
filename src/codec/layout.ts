/** Where every field of a schema lies: the table that the command prints and that the tests lay beside the C compiler's answer. */
import { fixedSize, type Schema } from '../schema/index.ts'
import type { Condition, FieldData, Match, Type, UnionType } from '../schema/types.ts'
import { typeAt } from '../schema/version.ts'

/** One line of a layout table: a field, or a struct or union with its own lines behind it. */
export interface LayoutRow {
  /** as C would write it: `attr.ino`, `unused[11]`, `name[]` for a tail of no fixed length; `<…>` names the case of a union */
  readonly path: string
  /** `u8` to `u64`, `s32`, `s64`, `char`, `struct fuse_attr`, `union` */
  readonly type: string
  /** bytes from the first one of the whole; undefined behind a part of no fixed length */
  readonly offset: number | undefined
  /** bytes with all versioned fields; undefined where the value decides */
  readonly size: number | undefined
  /** structs around this field */
  readonly depth: number
  /** table of the names of its values or bits */
  readonly names?: string
  /** when the field is there at all */
  readonly when?: string
  readonly doc?: string
}

/**
 * The layout of a schema, in the order of the bytes.
 * @param minor the FUSE minor whose header is wanted, with its names of words that got a meaning later; absent: all versioned fields are there
 */
export function layoutOf(schema: Schema<unknown>, minor?: number): LayoutRow[] {
  return rowsOf(minor === undefined ? schema.type : typeAt(schema.type, minor), '', 0, 0)
}

const plus = (a: number | undefined, b: number | undefined): number | undefined => (a === undefined || b === undefined ? undefined : a + b)

function rowsOf(type: Type, prefix: string, offset: number | undefined, depth: number): LayoutRow[] {
  if (type.kind === 'union') return casesOf(type, prefix, offset, depth)
  if (type.kind !== 'struct') return []
  const rows: LayoutRow[] = []
  let at = offset
  for (const field of type.fields) {
    rows.push(...fieldRows(field, prefix, at, depth))
    at = plus(at, field.elide === true ? undefined : fixedSize(field.type))
  }
  return rows
}

function fieldRows(field: FieldData, prefix: string, offset: number | undefined, depth: number): LayoutRow[] {
  const path = (prefix === '' ? '' : `${prefix}.`) + field.name
  const { of, suffix, list } = elementOf(field.type)
  const row: LayoutRow = {
    path: path + suffix,
    type: typeName(of),
    offset,
    size: field.elide === true ? undefined : fixedSize(field.type),
    depth,
    ...(field.names === undefined ? {} : { names: field.names.name }),
    ...(field.when === undefined ? {} : { when: conditionText(field.when) }),
    ...(field.doc === undefined ? {} : { doc: field.doc }),
  }
  return [row, ...rowsOf(of, list ? `${path}[0]` : path, offset, depth + 1)]
}

/** What a field consists of, and how C writes how many there are of it. */
function elementOf(type: Type): { of: Type; suffix: string; list?: true } {
  if (type.kind === 'region') return elementOf(type.of)
  if (type.kind === 'array') {
    const total = fixedSize(type)
    const each = fixedSize(type.of)
    return { of: type.of, suffix: total === undefined || each === undefined ? '[]' : `[${total / each}]`, list: true }
  }
  if (type.kind === 'text' || type.kind === 'bytes') return { of: type, suffix: `[${fixedSize(type) ?? ''}]` }
  return { of: type, suffix: type.kind === 'name' ? '[]' : '' }
}

/** Name of a type, without its count. */
function typeName(type: Type): string {
  if (type.kind === 'int') return `${type.signed ? 's' : 'u'}${type.size * 8}`
  if (type.kind === 'struct') return `struct ${type.name}`
  if (type.kind === 'array' || type.kind === 'region') return typeName(type.of)
  if (type.kind === 'union') return 'union'
  return type.kind === 'bytes' ? 'u8' : 'char'
}

function casesOf(type: UnionType, prefix: string, offset: number | undefined, depth: number): LayoutRow[] {
  const named = type.cases.map(c => ({ name: matchText(c.match), of: c.type }))
  const all = type.otherwise === undefined ? named : [...named, { name: 'otherwise', of: type.otherwise }]
  return all.flatMap(({ name, of }) => {
    const { of: element, suffix, list } = elementOf(of)
    const path = `${prefix}<${name}>`
    const row = { path: path + suffix, type: typeName(element), offset, size: fixedSize(of), depth }
    return [row, ...rowsOf(element, list ? `${path}[0]` : path, offset, depth + 1)]
  })
}

export function matchText(match: Match): string {
  if (typeof match !== 'object') return String(match)
  const [first, last] = match
  if (first === last) return String(first)
  return match.join(typeof first === 'number' ? '..' : '|')
}

/** A condition in words. */
export function conditionText(c: Condition): string {
  const parts = [
    c.minor === undefined ? '' : `from minor ${c.minor}`,
    c.belowMinor === undefined ? '' : `below minor ${c.belowMinor}`,
    c.flag === undefined ? '' : `${c.flag < 0 ? 'without' : 'with'} INIT flag ${Math.abs(c.flag)}`,
    c.wordSize === undefined ? '' : `on ${c.wordSize}-bit machines`,
    c.field === undefined ? '' : c.mask === undefined ? `where ${c.field} is ${c.equals}` : `where ${c.field} has a bit of ${c.mask}`,
    c.room === undefined ? '' : 'where bytes are left',
  ]
  return parts.filter(p => p !== '').join(', ')
}
