/**
 * Emits the encoder of a message: every field is read once, checked, and laid out on the outgoing block. It answers the size, or NO for
 * everything that is not plainly right: the interpreter then decides.
 */
import type { ArrayType, FieldData, IntType, StructType, Type } from '../../src/schema/types.ts'
import { clear, element, index, type Shared, share, VIEWS, withViews } from './block.ts'
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
  refuse,
  sizeOf,
  stepOf,
  TOP,
} from './model.ts'
import { type Namer, namer } from './text.ts'

interface Emitter {
  readonly lines: string[]
  readonly names: Namer
  /** variables that hold a base divided by 2, 4 or 8 */
  readonly indices: Map<string, string>
  readonly shared: Shared
  /** the message may end before any field: none may lack */
  readonly prefix: boolean
  /** stores of the size of the whole message, for when it is known */
  readonly whole: ((size: string) => string)[]
}

/** Names that the emitted text uses for other things than fields. */
const TAKEN = ['value', 'begin', 'finish', 'CAPACITY', 'NO', 'isRecord', 'putText', ...Object.keys(VIEWS)]
const RESERVED_WORD =
  /^(in|new|default|class|delete|function|var|with|if|for|do|let|const|case|switch|this|void|null|true|false|try|enum|else)$/

function emitter(type: StructType, shared: Shared): Emitter {
  const clash = namesBelow(type).find(name => TAKEN.includes(name) || RESERVED_WORD.test(name))
  if (clash !== undefined) refuse(`a field called ${clash}`)
  return { lines: [], names: namer([...namesBelow(type), ...TAKEN]), indices: new Map(), shared, prefix: type.prefix === true, whole: [] }
}

/** All that is read of the value is read before the first byte is written, so that a getter cannot disturb it. */
const isFlat = (type: StructType): boolean => type.fields.every(f => f.type.kind === 'int' || f.type.kind === 'text')

/** The body of `function write(value)`. */
export function writer({ type }: Message, shared: Shared): string[] {
  const e = emitter(type, shared)
  const started = isFlat(type) ? undefined : e.names.fresh('started')
  e.lines.push('if (!isRecord(value)) return NO')
  if (started !== undefined) e.lines.push(`const ${started} = begin()`)
  if (type.prefix === true) e.lines.push(`if ((value as { trailing?: unknown }).trailing !== undefined) return NO`)
  writeStruct(e, type, 'value', TOP, place => {
    e.lines.push(
      ...e.whole.map(store => store(position(place))),
      started === undefined
        ? `return ${position(place)} > CAPACITY ? NO : ${position(place)}`
        : `return finish(${started}, ${position(place)})`,
    )
  })
  return withViews('out', e.lines)
}

type Finish = (place: Place) => void

/** Where the fields of one struct that count something are stored, and how. */
type Slots = Map<string, { readonly target: string; readonly type: IntType } | undefined>

function writeStruct(e: Emitter, type: StructType, source: string, place: Place, finish: Finish): void {
  const { fields } = type
  const slots: Slots = new Map(fields.flatMap(f => countsIn(f.type)).map(name => [name, undefined]))
  const names = fields.map(f => (hasDefault(type, f, slots) ? `${f.name} = ${zero(f.type)}` : f.name))
  e.lines.push(...destructure(names, source), ...fields.flatMap(f => testsOf(f, slots)))
  writeFields(e, fields.filter(present), place, slots, finish)
}

/** On several lines when it is long. */
function destructure(names: readonly string[], source: string): string[] {
  const line = `const { ${names.join(', ')} } = ${source}`
  return line.length <= LONGEST_LINE ? [line] : ['const {', ...names.map(name => `${name},`), `} = ${source}`]
}

const LONGEST_LINE = 130

const zero = (type: Type): string => (type.kind === 'int' && type.size === 8 ? '0n' : '0')

/** Reserved words have a default; in a struct that may end early a field that is not given is its end. */
const hasDefault = (type: StructType, f: FieldData, slots: Slots): boolean =>
  type.prefix !== true && f.type.kind === 'int' && f.role === 'reserved' && present(f) && !slots.has(f.name)

function countsIn(type: Type): string[] {
  if (type.kind === 'array') return [countOf(type.count)].filter(c => typeof c === 'string')
  return type.kind === 'union' ? type.cases.flatMap(c => countsIn(c.type)) : []
}

/** What must hold of a field before anything is written. */
function testsOf(f: FieldData, slots: Slots): string[] {
  if (!present(f)) return [`if (${f.name} !== undefined) return NO`]
  if (f.type.kind !== 'int' || slots.has(f.name)) return []
  const wrong = misfit(f.type, f.name)
  return [`if (${f.fill === 'message' ? `${f.name} !== undefined && (${wrong})` : wrong}) return NO`]
}

/** The test that a value is no integer of this type. Written out: engines inline only so many calls. */
function misfit(type: IntType, name: string): string {
  if (type.size === 8) return `typeof ${name} !== 'bigint' || BigInt.as${type.signed ? 'Int' : 'Uint'}N(64, ${name}) !== ${name}`
  const fitted = type.size < 4 ? `(${name} & ${type.size === 1 ? '0xff' : '0xffff'})` : type.signed ? `(${name} | 0)` : `${name} >>> 0`
  return `typeof ${name} !== 'number' || ${fitted} !== ${name}`
}

function writeFields(e: Emitter, fields: readonly FieldData[], place: Place, slots: Slots, finish: Finish): void {
  const [field, ...after] = fields
  if (field === undefined) return finish(place)
  const { type, name } = field
  if (isRest(field)) return after.length > 0 ? refuse(`fields behind ${name}`) : finish(writeTrailing(e, field, place))
  if (isFixed(field)) {
    if (type.kind === 'int') writeNumber(e, field, type, place, slots)
    else writeFixed(e, type, name, place, field.role === 'reserved')
    return writeFields(e, after, move(place, sizeOf(type) as number), slots, finish)
  }
  if (type.kind === 'array') return writeFields(e, after, writeList(e, name, type, place, slots), slots, finish)
  if (type.kind !== 'union') return refuse(`${name}, a ${type.kind} without a known size`)
  const { tag, cases } = casesOf(type)
  for (const c of cases) {
    e.lines.push(`if (${tag} === ${c.match}) {`)
    e.names.branch(() => writeFields(e, [{ ...field, type: c.type }, ...after], place, slots, finish))
    e.lines.push('}')
    e.indices.clear()
  }
  e.lines.push('return NO')
}

function writeNumber(e: Emitter, f: FieldData, type: IntType, place: Place, slots: Slots): void {
  const target = element(type, index(e, type.size, place))
  if (slots.has(f.name)) slots.set(f.name, { target, type })
  else if (f.fill === 'message') e.whole.push(size => `${target} = ${f.name} ?? ${size}`)
  else e.lines.push(`${target} = ${f.name}`)
}

/** A type of known size that is not an integer. */
function writeFixed(e: Emitter, type: Type, source: string, place: Place, reserved: boolean): void {
  const size = sizeOf(type) as number
  if (type.kind === 'text') e.lines.push(`if (!putText(${source}, ${position(place)}, ${size})) return NO`)
  else if (type.kind === 'bytes')
    e.lines.push(`if (!fits(${source}, ${size}) || ${source}.length !== ${size}) return NO`, `b8.set(${source}, ${position(place)})`)
  else if (type.kind === 'struct') {
    e.lines.push(`if (!isRecord(${source})) return NO`, '{')
    e.names.branch(() => writeStruct(e, type, source, place, () => {}))
    e.lines.push('}')
    e.indices.clear()
  } else if (type.kind === 'array') writeInts(e, type, source, place, reserved && !e.prefix)
  else refuse(`${source}, a ${type.kind}`)
}

/** A constant number of integers; zeros when they may be left out. */
function writeInts(e: Emitter, type: ArrayType, source: string, place: Place, mayLack: boolean): void {
  checkArray(type)
  const { of } = type
  if (of.kind !== 'int' || place.base !== undefined) return refuse(`${source}, an array of known size that does not hold integers`)
  const [i, item] = [e.names.fresh('i'), e.names.fresh('item')]
  if (mayLack) {
    const [from, to] = [index(e, of.size, place), index(e, of.size, move(place, sizeOf(type) as number))]
    e.lines.push(`if (${source} === undefined) ${clear(of, from, to)}`, 'else {')
  }
  e.lines.push(
    `if (!Array.isArray(${source}) || ${source}.length !== ${countOf(type.count)}) return NO`,
    `for (let ${i} = 0; ${i} < ${countOf(type.count)}; ${i}++) {`,
    `const ${item}: unknown = ${source}[${i}]`,
    `if (${misfit(of, item)}) return NO`,
    `${element(of, `${index(e, of.size, place)} + ${i}`)} = ${item}`,
    '}',
    ...(mayLack ? ['}'] : []),
  )
}

/** A counted array: fills or checks what counts it. The result is the place behind it. */
function writeList(e: Emitter, name: string, type: ArrayType, place: Place, slots: Slots): Place {
  checkArray(type)
  const given = countOf(type.count)
  const slot = slots.get(String(given))
  if (typeof given === 'number' || slot === undefined) return refuse(`${name}, whose count is not a field of the same struct`)
  const [list, count] = [e.names.fresh('list'), e.names.fresh('count')]
  e.lines.push(
    `const ${list} = ${name} as readonly ${interfaceOf(type.of, 'Input')}[]`,
    `if (!Array.isArray(${list})) return NO`,
    `const ${count}: number = ${list}.length`,
    `if (${given} !== undefined && ${given} !== ${count}) return NO`,
    ...(slot.type.size < 4 ? [`if (${count} > ${2 ** (8 * slot.type.size) - 1}) return NO`] : []),
    `${slot.target} = ${slot.type.size === 8 ? refuse(`${given}, a count of 64 bits`) : count}`,
  )
  const at = place.base ?? e.names.fresh('at')
  e.lines.push(...(place.base === undefined ? [`let ${at} = ${place.offset}`] : place.offset === 0 ? [] : [`${at} += ${place.offset}`]))
  const size = sizeOf(type.of)
  const behind = based(place, at, size ?? stepOf(type.of))
  if (type.of.kind !== 'struct') return refuse(`${name}, a counted array of ${type.of.kind}`)
  e.lines.push(`if (${count} * ${leastSize(type.of)} > CAPACITY - ${at}) return NO`)
  if (size !== undefined)
    e.lines.push(`${at} = ${listWriter(type.of, behind, e.shared)}(${list}, ${count}, ${at})`, `if (${at} === NO) return NO`)
  else writeElements(e, type.of, list, count, behind)
  e.indices.clear()
  return behind
}

function writeElements(e: Emitter, type: StructType, list: string, count: string, place: Place): void {
  const [i, item] = [e.names.fresh('i'), e.names.fresh('item')]
  e.lines.push(
    `for (let ${i} = 0; ${i} < ${count}; ${i}++) {`,
    `const ${item} = ${list}[${i}] as ${interfaceOf(type, 'Input')}`,
    `if (!isRecord(${item})) return NO`,
  )
  e.indices.clear()
  writeStruct(e, type, item, place, end => e.lines.push(...(end.offset === 0 ? [] : [`${place.base} += ${end.offset}`])))
  e.lines.push('}')
}

/** The function that writes such structs one behind the other, where there is room; it answers the place behind them, or NO. */
function listWriter(type: StructType, place: Place, shared: Shared): string {
  const e = emitter(type, shared)
  writeElements(e, type, 'list', 'count', { ...place, base: 'at' })
  const name = `store${interfaceOf(type, '')}List`
  const head = `function ${name}(list: readonly ${interfaceOf(type, 'Input')}[], count: number, at: number): number {`
  share(shared, name, [head, ...withViews('out', e.lines), 'return at', '}', ''])
  return name
}

/** All other bytes of the message. */
function writeTrailing(e: Emitter, field: FieldData, place: Place): Place {
  const { name } = field
  const at = place.base ?? e.names.fresh('at')
  e.lines.push(...(place.base === undefined ? [`let ${at} = ${place.offset}`] : place.offset === 0 ? [] : [`${at} += ${place.offset}`]))
  e.lines.push(
    ...(field.elide === true ? [`if (${name} !== undefined) {`] : []),
    `if (!fits(${name}, CAPACITY - ${at})) return NO`,
    `b8.set(${name}, ${at})`,
    `${at} += ${name}.length`,
    ...(field.elide === true ? ['}'] : []),
  )
  return { base: at, offset: 0, align: 1 }
}
