/** C for a schema: definitions, and assertions by which a compiler proves that offsets and sizes are those of the schema. */
import { alignmentOf, fixedSize, type Schema } from '../schema/index.ts'
import type { ArrayType, FieldData, RegionType, StructType, Type, UnionType } from '../schema/types.ts'

export interface COptions {
  /** `_Static_assert` lines behind the definitions; default true */
  readonly assertions?: boolean
  /** `#include` lines at the top; default true */
  readonly includes?: boolean
  /** preprocessor condition under which a struct is defined, by its name; undefined: always */
  readonly guard?: (struct: string) => string | undefined
}

type Schemas = Schema<unknown> | readonly Schema<unknown>[]

/**
 * Definitions for C11 and C++17 of the structs of these schemas, those that they contain first, each with assertions on its size and on offset,
 * size and sign of each field. What follows the first part of no fixed length has no place in C and becomes a comment.
 * @throws Error when two schemas define the same struct differently, or a schema is not a struct
 */
export function toC(schemas: Schemas, options: COptions = {}): string {
  const structs = structsIn(schemas)
  const includes = options.includes === false ? [] : ['#include <stddef.h>\n#include <stdint.h>']
  const asserted = options.assertions !== false
  const proofs = asserted ? [CPP] : []
  return `${[...includes, ...proofs, ...structs.map(s => guarded(s, asserted, options.guard?.(s.name)))].join('\n\n')}\n`
}

/** C++ has the same assertion under another name. */
const CPP = '#if defined(__cplusplus) && !defined(_Static_assert)\n#define _Static_assert static_assert\n#endif'

function guarded(type: StructType, asserted: boolean, condition: string | undefined): string {
  const text = [definitionOf(type), ...(asserted ? [assertionsOf(type, () => true)] : [])].join('\n\n')
  return condition === undefined ? text : `#if ${condition}\n${text}\n#endif`
}

/**
 * The assertions alone, to lay a schema beside a header that somebody else wrote.
 * @param knows whether that header has this field of this struct; by default all
 */
export function cAssertions(schemas: Schemas, knows: (struct: string, field: string) => boolean = () => true): string {
  const list = Array.isArray(schemas) ? (schemas as readonly Schema<unknown>[]) : [schemas as Schema<unknown>]
  return `${list.map(s => assertionsOf(structOf(s.type), knows)).join('\n')}\n`
}

/**
 * The schemas of a table, each struct called in C as the table calls it: dialects may have given one C name to several layouts, and one
 * header has room for one. A part that is not in the table has the ending of what it is in.
 */
export function calledAsInTable(table: Readonly<Record<string, Schema<unknown>>>): Schema<unknown>[] {
  const names = new Map(Object.entries(table).map(([name, { type }]) => [type, name]))
  const called = (type: Type, ending: string): Type => {
    if (type.kind === 'array' || type.kind === 'region') return { ...type, of: called(type.of, ending) }
    if (type.kind === 'union') return { ...type, cases: type.cases.map(c => ({ ...c, type: called(c.type, ending) })) }
    if (type.kind !== 'struct') return type
    const name = names.get(type) ?? `${type.name}${ending}`
    const inner = name.startsWith(type.name) ? name.slice(type.name.length) : ending
    return { ...type, name, fields: type.fields.map(f => ({ ...f, type: called(f.type, inner) })) }
  }
  return Object.values(table).map(({ type }) => ({ type: called(type, '') }))
}

function structOf(type: Type): StructType {
  if (type.kind !== 'struct') throw new Error(`a ${type.kind} is not a struct, C has no name for it`)
  return type
}

/** All structs of these schemas, the inner ones first, each once. */
function structsIn(schemas: Schemas): StructType[] {
  const list = Array.isArray(schemas) ? (schemas as readonly Schema<unknown>[]) : [schemas as Schema<unknown>]
  const found = new Map<string, StructType>()
  for (const schema of list) collect(structOf(schema.type), found)
  return [...found.values()]
}

function collect(type: Type, found: Map<string, StructType>): void {
  if (type.kind === 'array' || type.kind === 'region') return collect(type.of, found)
  if (type.kind === 'union') for (const c of type.cases) collect(c.type, found)
  if (type.kind !== 'struct') return
  for (const field of membersOf(type).members) collect(field.type, found)
  const known = found.get(type.name)
  if (known !== undefined && definitionOf(known) !== definitionOf(type)) throw new Error(`two layouts of struct ${type.name}`)
  found.set(type.name, type)
}

/** What C can hold: the fields of fixed size and one tail; the rest is only told. */
function membersOf(type: StructType): { members: FieldData[]; rest: FieldData[] } {
  const end = type.fields.findIndex(f => f.elide === true || fixedSize(withoutTail(f.type)) === undefined)
  if (end === -1) return { members: [...type.fields], rest: [] }
  const tail = type.fields[end] as FieldData
  const count = isTail(tail) && end > 0 ? end + 1 : end
  return { members: type.fields.slice(0, count), rest: type.fields.slice(count) }
}

/** A nested struct with a tail of its own counts with its head, as in C. */
const withoutTail = (type: Type): Type => (type.kind === 'struct' ? { ...headOf(type), align: 1 } : type)

function headOf(type: StructType): StructType {
  const { prefix: _prefix, total: _total, ...plain } = type
  return { ...plain, fields: membersOf(type).members.filter(f => !isTail(f)) }
}

function isTail(field: FieldData): boolean {
  const { type } = field
  if (field.elide === true || fixedSize(type) !== undefined) return false
  return type.kind === 'text' || type.kind === 'bytes' || (type.kind === 'array' && fixedSize(type.of) !== undefined)
}

/** sizeof in C: the head, up to its alignment. */
function sizeOf(type: StructType): number {
  const head = headOf(type)
  const align = alignmentOf(head)
  const sum = head.fields.reduce((n, f) => n + memberSize(f), 0)
  return Math.ceil(sum / align) * align
}

const memberSize = (field: FieldData): number => (field.type.kind === 'struct' ? sizeOf(field.type) : (fixedSize(field.type) as number))

function definitionOf(type: StructType): string {
  const { members, rest } = membersOf(type)
  const lines = members.map(f => `  ${declaration(f.type, f.name)}${f.loose === true ? ' __attribute__((packed))' : ''};`)
  const comments = rest.map(f => `  /* ${f.name} follows */`)
  return [`struct ${type.name} {`, ...lines, ...comments, '};'].join('\n')
}

function declaration(type: Type, name: string): string {
  if (type.kind === 'int') return `${type.signed ? '' : 'u'}int${type.size * 8}_t ${name}`
  if (type.kind === 'struct') return `struct ${type.name} ${name}`
  if (type.kind === 'array') return declaration(type.of, `${name}[${countOf(type)}]`)
  if (type.kind === 'union' || type.kind === 'region') return `${unionOf(type)} ${name}`
  return `${type.kind === 'bytes' ? 'uint8_t' : 'char'} ${name}[${fixedSize(type) ?? ''}]`
}

function countOf(type: ArrayType): string {
  const total = fixedSize(type)
  return total === undefined ? '' : `${total / (fixedSize(type.of) as number)}`
}

/** Bytes of a fixed number, and what they can be read as. */
function unionOf(type: UnionType | RegionType): string {
  const cases = type.kind === 'region' ? [type.of] : type.cases.map(c => c.type)
  return `union { ${cases.map((of, i) => `${declaration(of, `as${i}`)};`).join(' ')} uint8_t bytes[${fixedSize(type)}]; }`
}

function assertionsOf(type: StructType, knows: (struct: string, field: string) => boolean): string {
  const s = `struct ${type.name}`
  const lines = [`_Static_assert(sizeof(${s}) == ${sizeOf(type)}, "size of ${type.name}");`]
  let offset = 0
  for (const field of membersOf(type).members) {
    if (knows(type.name, field.name)) lines.push(...fieldAssertions(type.name, field, offset))
    if (!isTail(field)) offset += memberSize(field)
  }
  return lines.join('\n')
}

function fieldAssertions(struct: string, field: FieldData, offset: number): string[] {
  const where = `${struct}.${field.name}`
  const member = `((struct ${struct} *)0)->${field.name}`
  const place = `_Static_assert(offsetof(struct ${struct}, ${field.name}) == ${offset}, "offset of ${where}");`
  if (isTail(field)) return [place]
  const size = `_Static_assert(sizeof(${member}) == ${memberSize(field)}, "size of ${where}");`
  if (field.type.kind !== 'int') return [place, size]
  const sign = field.type.signed ? '<' : '>'
  return [place, size, `_Static_assert((__typeof__(${member}))-1 ${sign} 0, "sign of ${where}");`]
}
