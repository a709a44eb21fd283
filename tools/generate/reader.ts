/** Emits the decoder of a message: typed-array loads from the incoming block, one length check per run of fields of known size. */
import type { ArrayType, FieldData, StructType, Type } from '../../src/schema/types.ts'
import { element, index, type Shared, share, VIEWS, withViews } from './block.ts'
import { interfaceOf } from './interfaces.ts'
import {
  based,
  casesOf,
  checkArray,
  countOf,
  isFixed,
  isRest,
  leastSize,
  type Message,
  move,
  namesBelow,
  type Place,
  position,
  present,
  referred,
  refuse,
  sizeOf,
  stepOf,
  TOP,
} from './model.ts'
import { type Namer, namer } from './text.ts'

/** State of one emission. */
interface Emitter {
  readonly lines: string[]
  readonly names: Namer
  /** variables that hold a base divided by 2, 4 or 8 */
  readonly indices: Map<string, string>
  readonly shared: Shared
  /** what ends the function when the bytes are not this message */
  readonly no: string
}

/** A property of the literal that is built. */
interface Entry {
  readonly name: string
  readonly value: string
}

type Finish = (place: Place, entries: readonly Entry[], trailing: FieldData | undefined) => void

const emitter = (type: Type, shared: Shared): Emitter => ({
  lines: [],
  names: namer([...namesBelow(type), ...Object.keys(VIEWS), 'bytes', 'load', 'getText']),
  indices: new Map(),
  shared,
  no: 'return undefined',
})

/** The body of `function read(bytes)`. */
export function reader(message: Message, shared: Shared): string[] {
  const { type } = message
  const e = emitter(type, shared)
  const end = e.names.fresh('end')
  const size = sizeOf(type)
  e.lines.push(size === undefined ? `const ${end} = load(bytes)` : `if (load(bytes) !== ${size}) ${e.no}`)
  if (type.prefix === true && size === undefined) refuse(`${type.name}, a struct that may end early and has no largest size`)
  readFields(e, type.fields, TOP, [], size === undefined ? end : undefined, (place, entries, trailing) => {
    if (trailing !== undefined) return finishWithTrailing(e, message, place, entries, trailing, end)
    if (size === undefined) e.lines.push(`if (${position(place)} !== ${end}) ${e.no}`)
    e.lines.push(`return {`, ...entries.map(property), '}')
  })
  return withViews('in', e.lines)
}

function finishWithTrailing(e: Emitter, message: Message, place: Place, entries: readonly Entry[], trailing: FieldData, end: string): void {
  const value = e.names.fresh('value')
  const slice = `b8.slice(${position(place)}, ${end})`
  e.lines.push(`const ${value}: ${valueType(message, entries)} = {`, ...entries.map(property), '}')
  e.lines.push(
    trailing.elide === true
      ? `if (${position(place)} < ${end}) ${value}.${trailing.name} = ${slice}`
      : `${value}.${trailing.name} = ${slice}`,
  )
  e.lines.push(`return ${value}`)
}

/** The case of a union type, told by the tag's literal. */
function valueType(message: Message, entries: readonly Entry[]): string {
  const union = message.type.fields.find(f => f.type.kind === 'union')
  if (union === undefined || union.type.kind !== 'union') return message.value
  const { tag } = casesOf(union.type)
  const match = Number(entries.find(entry => entry.name === tag)?.value)
  return `${message.value}${message.cases?.[match] ?? match}`
}

const property = ({ name, value }: Entry): string => (name === value ? `${name},` : `${name}: ${value},`)

/** Reads fields in order and hands on to `finish`; `end` names the variable to check against, undefined when the bytes are known to be there. */
function readFields(
  e: Emitter,
  fields: readonly FieldData[],
  place: Place,
  entries: readonly Entry[],
  end: string | undefined,
  finish: Finish,
): void {
  const here = fields.filter(present)
  const run = here.slice(0, runLength(here))
  const [next, ...after] = here.slice(run.length)
  const size = run.reduce((sum, f) => sum + (sizeOf(f.type) as number), 0)
  if (size > 0 && end !== undefined)
    e.lines.push(`if (${place.base === undefined ? end : `${end} - ${place.base}`} < ${place.offset + size}) ${e.no}`)
  const wanted = referred(here)
  const done = [...entries]
  let at = place
  for (const f of run) {
    const value = expression(e, f.type, at)
    if (wanted.has(f.name)) e.lines.push(`const ${f.name} = ${value}`)
    done.push({ name: f.name, value: wanted.has(f.name) ? f.name : value })
    at = move(at, sizeOf(f.type) as number)
  }
  if (next === undefined) return finish(at, done, undefined)
  if (isRest(next)) return after.length > 0 ? refuse(`fields behind ${next.name}`) : finish(at, done, next)
  if (end === undefined) return refuse(`${next.name} in a struct of known size`)
  readDynamic(e, next, after, at, done, end, finish)
}

const runLength = (fields: readonly FieldData[]): number => {
  const first = fields.findIndex(f => !isFixed(f))
  return first === -1 ? fields.length : first
}

function readDynamic(
  e: Emitter,
  field: FieldData,
  after: readonly FieldData[],
  place: Place,
  entries: readonly Entry[],
  end: string,
  finish: Finish,
): void {
  const { type, name } = field
  if (type.kind === 'array') {
    const at = readList(e, name, type, place, end)
    return readFields(e, after, at, [...entries, { name, value: name }], end, finish)
  }
  if (type.kind !== 'union') return refuse(`${name}, a ${type.kind} without a known size`)
  const { tag, cases } = casesOf(type)
  for (const c of cases) {
    e.lines.push(`if (${tag} === ${c.match}) {`)
    const told = entries.map(entry => (entry.name === tag ? { name: tag, value: String(c.match) } : entry))
    e.names.branch(() => readFields(e, [{ ...field, type: c.type }, ...after], place, told, end, finish))
    e.lines.push('}')
    e.indices.clear()
  }
  e.lines.push(e.no)
}

/** A counted array: bytes left are compared before anything is made. The result is the place behind it. */
function readList(e: Emitter, name: string, type: ArrayType, place: Place, end: string): Place {
  checkArray(type)
  const count = countOf(type.count)
  const size = sizeOf(type.of)
  const least = leastSize(type.of)
  if (least === 0) refuse(`${name}, whose elements may have no size`)
  const at = place.base ?? e.names.fresh('at')
  e.lines.push(...(place.base === undefined ? [`let ${at} = ${place.offset}`] : place.offset === 0 ? [] : [`${at} += ${place.offset}`]))
  e.lines.push(`if (${count} * ${least} > ${end} - ${at}) ${e.no}`)
  const behind = based(place, at, size ?? stepOf(type.of))
  if (size !== undefined && type.of.kind === 'struct') {
    e.lines.push(`const ${name} = ${listReader(type.of, behind, e.shared)}(${at}, ${count})`, `${at} += ${count} * ${size}`)
    return behind
  }
  const i = e.names.fresh('i')
  e.lines.push(`const ${name} = new Array<${interfaceOf(type.of, '')}>(${count})`, `for (let ${i} = 0; ${i} < ${count}; ${i}++) {`)
  e.indices.clear()
  readElement(e, type.of, behind, `${name}[${i}] =`, end)
  e.lines.push('}')
  e.indices.clear()
  return behind
}

/** The function that reads such structs one behind the other, where they are known to be. */
function listReader(type: StructType, place: Place, shared: Shared): string {
  const value = interfaceOf(type, '')
  const e = emitter(type, shared)
  e.lines.push(`const list = new Array<${value}>(count)`, 'for (let i = 0; i < count; i++) {')
  e.lines.push(...`list[i] = ${literal(e, type, { ...place, base: 'at' })}`.split('\n'), `at += ${sizeOf(type)}`, '}', 'return list')
  const name = `read${value}List`
  share(shared, name, [`function ${name}(at: number, count: number): ${value}[] {`, ...withViews('in', e.lines), '}', ''])
  return name
}

function readElement(e: Emitter, type: Type, place: Place, target: string, end: string): void {
  if (type.kind !== 'struct') return refuse(`an element of kind ${type.kind} without a known size`)
  readFields(e, type.fields, place, [], end, (at, entries, trailing) => {
    if (trailing !== undefined) refuse('an element with trailing bytes')
    if (at.offset > 0) e.lines.push(`${at.base} += ${at.offset}`)
    e.lines.push(`${target} {`, ...entries.map(property), '}')
  })
}

const LONGEST_LITERAL = 16
const LONGEST_LINE = 100

/** An array literal, on several lines when it is long. */
function list(items: readonly string[]): string {
  const line = `[${items.join(', ')}]`
  return line.length <= LONGEST_LINE ? line : `[\n${items.map(item => `${item},`).join('\n')}\n]`
}

/** The value of a type of known size, as an expression. */
function expression(e: Emitter, type: Type, place: Place): string {
  switch (type.kind) {
    case 'int':
      return `${element(type, index(e, type.size, place))} as ${type.size === 8 ? 'bigint' : 'number'}`
    case 'text': {
      const end = move(place, sizeOf(type) as number)
      if (place.align < 4 || (place.offset | end.offset) % 4 !== 0) refuse('a char array that is not aligned')
      const [from, to] = [position(place), position(end)]
      return `getText(${from}, ${to})`
    }
    case 'bytes':
      return `b8.slice(${position(place)}, ${position(move(place, sizeOf(type) as number))})`
    case 'struct':
      return literal(e, type, place)
    case 'array': {
      const count = countOf(type.count)
      if (typeof count !== 'number' || count > LONGEST_LITERAL) return refuse('a long array inside a struct of known size')
      const each = sizeOf(type.of) as number
      return list(Array.from({ length: count }, (_, i) => expression(e, type.of, move(place, i * each))))
    }
    default:
      return refuse(`a ${type.kind} of known size`)
  }
}

function literal(e: Emitter, type: StructType, place: Place): string {
  let at = place
  const lines: string[] = []
  for (const f of type.fields.filter(present)) {
    lines.push(property({ name: f.name, value: expression(e, f.type, at) }))
    at = move(at, sizeOf(f.type) as number)
  }
  return `{\n${lines.join('\n')}\n}`
}
