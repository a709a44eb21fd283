/** `famfs-wire layout`: where every field of a struct lies. */
import { toC } from '../../codec/c.ts'
import { cHeader } from '../../codec/c-header.ts'
import { type LayoutRow, layoutOf } from '../../codec/layout.ts'
import { messageNames, schemaNamed } from '../../conformance/named.ts'
import { fixedSize, type Schema } from '../../schema/index.ts'
import { minSize } from '../../schema/size.ts'
import { typeAt } from '../../schema/version.ts'
import { structs } from '../../uapi/index.ts'
import { integer } from '../args.ts'
import { clip, type Paint, padEnd, pageWidth, painter, width } from '../color.ts'
import { command, Failure, GOOD, type Io } from '../command.ts'
import { dialectFileOption, dialectsOf } from '../dialects.ts'
import { jsonText } from '../json-text.ts'
import { anyDialectNamed, unknownStruct } from '../subject.ts'
import { table } from '../table.ts'

export const layout = command({
  usage: ['[STRUCT] [--dialect D] [--minor N] [--c | --json]'],
  about: [
    'Shows offset, size and type of every field of a struct by its C name. Without a name all structs are listed. Fields that depend on version, flags or size are shown with their condition.',
    'With --c the struct is printed for C11 and C++17, with assertions on its size and on offset, size and sign of each field. --c without a name prints one header of all structs, constants and enumerations, in which a second layout of a struct has a name of its own; include <linux/fuse.h> before it where both are needed.',
  ],
  options: {
    dialect: { type: 'string', short: 'd', value: 'D', help: 'the form that this dialect gives the struct' },
    ...dialectFileOption,
    minor: { type: 'string', value: 'N', help: 'as the header of this FUSE minor had it; default all fields' },
    c: { type: 'boolean', help: 'C definitions with assertions' },
    json: { type: 'boolean', help: 'the rows as JSON' },
  },
  operands: 1,
  examples: [
    ['famfs-wire layout fuse_famfs_simple_ext', 'an extent, byte by byte'],
    ['famfs-wire layout fuse_famfs_fmap -d fuse-push', 'the map as the push dialects have it'],
    ['famfs-wire layout fuse_init_out --minor 38', 'what was unused then'],
    ['famfs-wire layout --c > famfs_wire.h', 'all structs, constants and enumerations, for a C or C++ compiler'],
  ],
  async run({ values, positionals }, io) {
    const paint = painter(values.color, io)
    const among = await dialectsOf(values)
    const [name] = positionals
    if (name === undefined) {
      if (values.dialect !== undefined) throw new Failure('--dialect chooses the form of one struct: which one?', { usage: true })
      if (values.minor !== undefined) throw new Failure('--minor chooses the form of one struct: which one?', { usage: true })
      await io.print(values.c === true ? cHeader(structs) : listing(values.json === true, paint, io))
      return GOOD
    }
    const found = schemaNamed(name, values.dialect === undefined ? 'fuse' : anyDialectNamed(values.dialect, among))
    if (found === undefined) throw unknownStruct(name)
    const schema = values.minor === undefined ? found : { type: typeAt(found.type, Number(integer('minor', values.minor, 0n, 0xffffn))) }
    const rows = layoutOf(schema)
    if (values.json === true)
      await io.print(`${jsonText({ name, size: sizeOf(schema) ?? null, least: minSize(schema.type), fields: rows })}\n`)
    else await io.print(values.c === true ? toC(schema) : tableOf(name, schema, rows, paint, io))
    return GOOD
  },
})

const sizeOf = (schema: Schema<unknown>): number | undefined => fixedSize(schema.type) ?? prefixSize(schema)

/** A struct that may end early has the size of all its fields. */
function prefixSize(schema: Schema<unknown>): number | undefined {
  const { type } = schema
  return type.kind === 'struct' && type.prefix === true ? fixedSize({ kind: 'struct', name: type.name, fields: type.fields }) : undefined
}

function sizeText(schema: Schema<unknown>): string {
  const size = sizeOf(schema)
  const { type } = schema
  if (size === undefined) return `${minSize(type)} bytes or more`
  return type.kind === 'struct' && type.prefix === true ? `up to ${size} bytes` : `${size} bytes`
}

const LEAST_MEANING = 16

function tableOf(name: string, schema: Schema<unknown>, rows: readonly LayoutRow[], paint: Paint, io: Io): string {
  const columns = [
    { title: 'offset', align: 'right' },
    { title: 'size', align: 'right' },
    { title: 'type' },
    { title: 'field' },
    { title: 'meaning' },
  ] as const
  const cells = rows.map(row => [
    paint('dim', row.offset === undefined ? '…' : String(row.offset)),
    row.size === undefined ? '…' : String(row.size),
    paint('dim', row.type),
    '  '.repeat(row.depth) + paint('name', lastStep(row.path)),
    meaningOf(row),
  ])
  const used = columns.slice(0, 4).reduce((sum, c, i) => sum + 2 + Math.max(width(c.title), ...cells.map(row => width(row[i] ?? ''))), 0)
  const room = Math.max(LEAST_MEANING, pageWidth(io) - used)
  const clipped = cells.map(row => [...row.slice(0, 4), paint('dim', clip(row[4] ?? '', room))])
  return `${[`${paint('strong', name)}, ${sizeText(schema)}`, '', ...table(columns, clipped, paint)].join('\n')}\n`
}

/** Indentation says what the field is part of. */
const lastStep = (path: string): string => path.slice(path.lastIndexOf('.') + 1)

const meaningOf = (row: LayoutRow): string =>
  [row.when, row.names === undefined ? undefined : `[${row.names}]`, row.doc].filter(s => s !== undefined).join(' · ')

function listing(json: boolean, paint: Paint, io: Io): string {
  const names = messageNames()
  const all = names.map(name => ({ name, schema: schemaNamed(name) as Schema<unknown> }))
  if (json) return `${jsonText(all.map(({ name, schema }) => ({ name, size: sizeOf(schema) ?? null, least: minSize(schema.type) })))}\n`
  const cells = all
    .map(({ name, schema }) => ({ name, size: String(sizeOf(schema) ?? `${minSize(schema.type)}+`) }))
    .sort((a, b) => a.name.localeCompare(b.name))
  return `${[...gridOf(cells, paint, pageWidth(io)), '', 'sizes in bytes; + where the value decides; famfs-wire layout NAME shows one'].join('\n')}\n`
}

/** Name and size, in as many columns as the page has. */
function gridOf(cells: readonly { readonly name: string; readonly size: string }[], paint: Paint, columns: number): string[] {
  const name = Math.max(...cells.map(c => c.name.length))
  const size = Math.max(...cells.map(c => c.size.length))
  const across = Math.max(1, Math.floor((columns + 4) / (name + size + 6)))
  const down = Math.ceil(cells.length / across)
  return Array.from({ length: down }, (_, line) =>
    cells
      .filter((_, i) => i % down === line)
      .map(c => `${padEnd(paint('name', c.name), name)}  ${c.size.padStart(size)}`)
      .join('    ')
      .trimEnd(),
  )
}
