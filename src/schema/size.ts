/** Sizes that a schema has whatever the bytes say. */
import type { Expr, Type } from './types.ts'

const constant = (e: Expr): number | undefined =>
  e.rest === true || (e.terms !== undefined && e.terms.length > 0) ? undefined : (e.plus ?? 0)

/** Bytes that every value of this type takes, or undefined where that depends on the value. Conditional fields count as present. */
export function fixedSize(type: Type): number | undefined {
  switch (type.kind) {
    case 'int':
      return type.size
    case 'text':
    case 'bytes':
      return constant(type.length)
    case 'name':
      return undefined
    case 'region':
      return constant(type.length)
    case 'union':
      return type.size
    case 'array': {
      const count = type.capacity ?? constant(type.count)
      const size = fixedSize(type.of)
      return count === undefined || size === undefined ? undefined : count * size
    }
    case 'struct': {
      if (type.prefix === true || type.total !== undefined) return undefined
      let sum = 0
      for (const f of type.fields) {
        const size = f.elide === true ? 0 : fixedSize(f.type)
        if (size === undefined) return undefined
        sum += size
      }
      return type.align === undefined ? sum : Math.ceil(sum / type.align) * type.align
    }
  }
}

/** Least number of bytes that a value of this type takes. */
export function minSize(type: Type): number {
  const fixed = fixedSize(type)
  if (type.kind === 'struct') {
    if (type.prefix === true) return 0
    return type.fields.reduce((sum, f) => sum + (f.when !== undefined || f.elide === true ? 0 : minSize(f.type)), 0)
  }
  if (fixed !== undefined) return fixed
  if (type.kind === 'name') return 1
  return 0
}

/** Alignment of a type as C lays it out on a 64-bit machine, in bytes. */
export function alignmentOf(type: Type): number {
  if (type.kind === 'int') return type.size
  if (type.kind === 'struct') return Math.max(1, ...type.fields.filter(f => f.loose !== true).map(f => alignmentOf(f.type)))
  if (type.kind === 'array' || type.kind === 'region') return alignmentOf(type.of)
  if (type.kind === 'union') return Math.max(1, ...type.cases.map(c => alignmentOf(c.type)))
  return 1
}
