/** Assembles the module of a family of messages. */
import { moduleViews } from './block.ts'
import { interfaces } from './interfaces.ts'
import { type Family, isPlain, type Message, sizeOf } from './model.ts'
import { reader } from './reader.ts'
import { addTable, newTables } from './table.ts'
import { layOut } from './text.ts'
import { writer } from './writer.ts'

const SCRATCH = [
  'begin',
  'CAPACITY',
  'deliver',
  'detach',
  'finish',
  'getText',
  'incoming',
  'isRecord',
  'load',
  'NO',
  'outgoing',
  'putText',
] as const

export function moduleOf(family: Family): string {
  const tables = newTables()
  const bodies = family.messages.flatMap(m => functions(m, addTable(tables, m.type, m.from[1])))
  const code = [...moduleViews(bodies), '', ...bodies]
  const used = (names: readonly string[]): string[] => names.filter(name => new RegExp(`\\b${name}\\b`).test(code.join('\n')))
  const sources = [...new Set(family.messages.map(m => `src/uapi/${m.from[0]}`))].join(', ')
  return layOut([
    `/** ${family.title} Made from ${sources} by \`npm run generate\`: change that, not this. */`,
    `import type { Schema } from '../../schema/fields.ts'`,
    `import type { StructType } from '../../schema/types.ts'`,
    `import type { Context } from '../context.ts'`,
    ...(used(['decode']).length > 0 ? [`import { decode } from '../decode.ts'`] : []),
    `import { encode, encodeInto, type EncodeOptions } from '../encode.ts'`,
    `import { attempt, type Result } from '../errors.ts'`,
    ...(used(['plainKinds']).length > 0 ? [`import { plainKinds, readWith } from '../reader.ts'`] : []),
    'import {',
    ...used(SCRATCH).map(name => `${name},`),
    `} from '../scratch.ts'`,
    `import { ${[...tables.ints].sort().join(', ')} } from '../tables.ts'`,
    '',
    ...interfaces(family.messages),
    ...[...tables.structs].flatMap(([name, text]) => [`const ${name}: StructType = ${text}`, '']),
    ...code,
  ])
}

function functions(m: Message, tableName: string): string[] {
  const { name, value } = m
  const schema = `schemaOf${name}`
  const replay = isPlain(m.type)
    ? `(readWith(plainKinds, ${tableName}, bytes, context ?? {}) as ${value})`
    : `decode(${schema}, bytes, context)`
  return [
    `const ${schema}: Schema<${value}, ${value}Input> = { type: ${tableName} }`,
    '',
    `function read${name}(bytes: Uint8Array): ${value} | undefined {`,
    ...reader(m),
    '}',
    '',
    '/**',
    `* Decodes a ${m.type.name}.`,
    '* @throws WireError that names path and byte offset of the fault',
    '*/',
    `export function decode${name}(bytes: Uint8Array, context?: Context): ${value} {`,
    `return (context === undefined ? read${name}(bytes) : undefined) ?? ${replay}`,
    '}',
    '',
    `/** As {@link decode${name}}, but a refusal is returned. */`,
    `export const tryDecode${name} = (bytes: Uint8Array, context?: Context): Result<${value}> => attempt(() => decode${name}(bytes, context))`,
    '',
    `function store${name}(value: ${value}Input): number {`,
    ...writer(m),
    '}',
    '',
    '/**',
    `* Encodes a ${m.type.name} into \`target\` from \`offset\` on; nothing is written when it is refused or does not fit.`,
    '* @returns the number of bytes written',
    '* @throws WireError that names path and byte offset of the fault',
    '*/',
    `export function encode${name}Into(value: ${value}Input, target: Uint8Array, offset = 0, options?: EncodeOptions): number {`,
    `const size = options === undefined ? store${name}(value) : NO`,
    `return deliver(size, target, offset) ? size : encodeInto(${schema}, value, target, offset, options)`,
    '}',
    '',
    `/** As {@link encode${name}Into}, into bytes of its own. */`,
    `export function encode${name}(value: ${value}Input, options?: EncodeOptions): Uint8Array {`,
    `const size = options === undefined ? store${name}(value) : NO`,
    `return size === NO ? encode(${schema}, value, options) : detach(size)`,
    '}',
    '',
    ...sizeOfMessage(m),
  ]
}

function sizeOfMessage(m: Message): string[] {
  const { name, value, type } = m
  const size = type.prefix === true ? undefined : sizeOf(type)
  if (size !== undefined)
    return [`/** Bytes of every ${type.name}. */`, `export const sizeOf${name} = (_value?: ${value}Input): number => ${size}`, '']
  return [
    `/** Bytes that {@link encode${name}} makes of a value; it refuses the same values. */`,
    `export function sizeOf${name}(value: ${value}Input): number {`,
    `const size = store${name}(value)`,
    `return size === NO ? encode(schemaOf${name}, value).length : size`,
    '}',
    '',
  ]
}
