/** A layout as the header of an older FUSE minor had it. */
import { fixedSize } from './size.ts'
import type { FieldData, Type } from './types.ts'

const isAt = ({ when }: FieldData, minor: number): boolean =>
  (when?.minor === undefined || minor >= when.minor) && (when?.belowMinor === undefined || minor < when.belowMinor)

/** Words that had no meaning yet have the reserved name that the header gave them. */
const calledAt = ({ was, ...field }: FieldData, minor: number): FieldData => {
  if (was === undefined || minor >= was.before) return was === undefined ? field : { ...field, was }
  const { doc: _doc, names: _names, ...plain } = field
  return { ...plain, name: was.name, role: 'reserved' }
}

/** Reserved words of one name that follow each other are one array: `unused` shrank from version to version. */
function joined(fields: readonly FieldData[]): FieldData[] {
  const list: FieldData[] = []
  for (const field of fields) {
    const last = list.at(-1)
    if (last?.name === field.name) list[list.length - 1] = { ...field, type: wordsOf(last.type, field.type) }
    else list.push(field)
  }
  return list
}

function wordsOf(first: Type, second: Type): Type {
  const size = (fixedSize(first) ?? 0) + (fixedSize(second) ?? 0)
  const of = first.kind === 'array' ? first.of : first
  const each = fixedSize(of) ?? 1
  return size % each === 0 ? { kind: 'array', of, count: { plus: size / each } } : { kind: 'bytes', length: { plus: size } }
}

/** The type with the fields, and the names of its fields, that it had at a minor. */
export function typeAt(type: Type, minor: number): Type {
  switch (type.kind) {
    case 'struct':
      return {
        ...type,
        fields: joined(type.fields.filter(f => isAt(f, minor)).map(f => calledAt({ ...f, type: typeAt(f.type, minor) }, minor))),
      }
    case 'array':
    case 'region':
      return { ...type, of: typeAt(type.of, minor) }
    case 'union':
      return { ...type, cases: type.cases.map(c => ({ ...c, type: typeAt(c.type, minor) })) }
    default:
      return type
  }
}
