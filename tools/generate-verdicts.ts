/** Writes what src/validate needs to know of the layouts, and the fast form of every list of checks. */
import { fixedSize, type StructType } from '../src/schema/index.ts'
import { fuse_famfs_fmap_header, fuse_famfs_iext, fuse_famfs_simple_ext } from '../src/uapi/famfs/fmap.ts'

export interface GeneratedFile {
  readonly path: string
  readonly text: string
}

const NOTE = '// Made by `npm run generate`; do not edit.\n'

export interface FieldPlace {
  readonly name: string
  readonly offset: number
  readonly size: number
}

/** Offset and size of every field of a struct of fixed size. */
export function places(type: StructType): FieldPlace[] {
  let offset = 0
  return type.fields.map(field => {
    const size = fixedSize(field.type) ?? 0
    offset += size
    return { name: field.name, offset: offset - size, size }
  })
}

const PARTS: readonly (readonly [string, string, StructType])[] = [
  ['headerFields', 'HEADER', fuse_famfs_fmap_header.type],
  ['groupFields', 'GROUP', fuse_famfs_iext.type],
  ['extentFields', 'EXTENT', fuse_famfs_simple_ext.type],
]

function fieldsText(): string {
  const tables = PARTS.map(([table, prefix, type]) => {
    const rows = places(type).map(f => `  ${f.name}: [${f.offset}, ${f.size}],`)
    return `export const ${prefix}_SIZE = ${fixedSize(type)}\n/** ${type.name}: offset and size of each field */\nexport const ${table} = {\n${rows.join('\n')}\n} as const\n`
  })
  return `${NOTE}${tables.join('\n')}`
}

/** All files that this generator owns. */
export function generateVerdicts(): GeneratedFile[] {
  return [{ path: 'src/validate/generated/fields.ts', text: fieldsText() }]
}
