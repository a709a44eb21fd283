/** Assembles the module of a family of messages. */

import type { StructType } from '../../src/schema/types.ts'
import { moduleViews, type Shared } from './block.ts'
import { interfaces } from './interfaces.ts'
import { type Family, type Message, offsetOf, reachOf, sizeOf } from './model.ts'
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
  'fits',
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
  const shared: Shared = new Map()
  const own = family.messages.flatMap(m => functions(m, addTable(tables, m.type, m.from[1]), shared))
  const bodies = [...[...shared.values()].flat(), ...own]
  const code = [...moduleViews(bodies), '', ...bodies]
  const used = (names: readonly string[]): string[] => names.filter(name => new RegExp(`\\b${name}\\b`).test(code.join('\n')))
  const sources = [...new Set(family.messages.map(m => `src/uapi/${m.from[0]}`))].join(', ')
  return layOut([
    `/** ${family.title} Made from ${sources} by \`npm run generate\`: change that, not this. */`,
    `import type { StructType } from '../../schema/types.ts'`,
    ...importOf(used, 'common', ['commonKinds', 'commonWriters']),
    `import type { Context } from '../context.ts'`,
    ...importOf(used, 'decode', ['read']),
    ...importOf(used, 'encode', ['write']),
    `import { attempt, type Result } from '../errors.ts'`,
    ...importOf(used, 'reader', ['plainKinds', 'readWith']),
    'import {',
    ...used(SCRATCH).map(name => `${name},`),
    `} from '../scratch.ts'`,
    `import { ${[...tables.ints].sort().join(', ')} } from '../tables.ts'`,
    `import { type EncodeOptions, ${used(['plainWriters', 'put', 'writeWith']).join(', ')} } from '../writer.ts'`,
    '',
    ...interfaces(family.messages),
    ...[...tables.structs].flatMap(([name, text]) => [`const ${name}: StructType = ${text}`, '']),
    ...(family.offsets ?? []).flatMap(([name, type, field]) => [
      `/** Byte offset of ${field} in a ${type.name}. */`,
      `export const ${name} = ${offsetOf(type, field)}`,
      '',
    ]),
    ...code,
  ])
}

const importOf = (used: (names: readonly string[]) => readonly string[], file: string, names: readonly string[]): string[] => {
  const wanted = used(names)
  return wanted.length === 0 ? [] : [`import { ${wanted.join(', ')} } from '../${file}.ts'`]
}

/** Calls of the interpreter with no more of it than the message needs, so that a bundle carries no more. */
function replays(type: StructType, table: string): { readonly read: string; readonly write: string } {
  const reach = reachOf(type)
  return reach === 'all'
    ? { read: `read(${table}, bytes, context)`, write: `write(${table}, value, options)` }
    : {
        read: `readWith(${reach}Kinds, ${table}, bytes, context)`,
        write: `writeWith(${reach}Writers, ${table}, value, options)`,
      }
}

function functions(m: Message, table: string, shared: Shared): string[] {
  const { name, value } = m
  const { read, write } = replays(m.type, table)
  return [
    `function read${name}(bytes: Uint8Array): ${value} | undefined {`,
    ...reader(m, shared),
    '}',
    '',
    '/**',
    `* Decodes a ${m.type.name}.`,
    '* @throws WireError that names path and byte offset of the fault',
    '*/',
    `export function decode${name}(bytes: Uint8Array, context?: Context): ${value} {`,
    `return (context === undefined ? read${name}(bytes) : undefined) ?? (${read} as ${value})`,
    '}',
    '',
    `/** As {@link decode${name}}, but a refusal is returned. */`,
    `export const tryDecode${name} = (bytes: Uint8Array, context?: Context): Result<${value}> => attempt(() => decode${name}(bytes, context))`,
    '',
    `function store${name}(value: ${value}Input): number {`,
    ...writer(m, shared),
    '}',
    '',
    '/**',
    `* Encodes a ${m.type.name} into \`target\` from \`offset\` on; nothing is written when it is refused or does not fit.`,
    '* @returns the number of bytes written',
    '* @throws WireError that names path and byte offset of the fault',
    '*/',
    `export function encode${name}Into(value: ${value}Input, target: Uint8Array, offset = 0, options?: EncodeOptions): number {`,
    `const size = options === undefined ? store${name}(value) : NO`,
    `return deliver(size, target, offset) ? size : put(${write}, target, offset)`,
    '}',
    '',
    `/** As {@link encode${name}Into}, into bytes of its own. */`,
    `export function encode${name}(value: ${value}Input, options?: EncodeOptions): Uint8Array {`,
    `const size = options === undefined ? store${name}(value) : NO`,
    `return size === NO ? ${write} : detach(size)`,
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
    `export const sizeOf${name} = (value: ${value}Input, options?: EncodeOptions): number => encode${name}(value, options).length`,
    '',
  ]
}
