/** Every struct, constant and enumeration of the headers of four kernels, as the compiler sees them. fixtures/uapi/FORMAT.md */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type LayoutRow, layoutOf } from '../../src/codec/layout.ts'
import { alignmentOf, type Schema } from '../../src/schema/index.ts'
import { typeAt } from '../../src/schema/version.ts'
import { FUSE_KERNEL_MINOR_VERSION, linuxFuse } from '../../src/uapi/index.ts'

interface Place {
  readonly offset: number
  readonly size?: number
  readonly flexible?: true
}
interface Header {
  readonly structs: Readonly<
    Record<string, { readonly size: number; readonly align: number; readonly fields: Readonly<Record<string, Place>> }>
  >
  readonly constants: Readonly<Record<string, string>>
  readonly enums: Readonly<Record<string, Readonly<Record<string, number>>>>
}

const MINORS = [38, 41, 45, 46]
const read = (minor: number): Header =>
  JSON.parse(readFileSync(new URL(`../../fixtures/uapi/fuse-7.${minor}.json`, import.meta.url), 'utf8')) as Header

const FIELD = /^(\w+)(\[\d*\])?$/

/** The members of an anonymous union stand beside the other fields, those of a named struct inside it as `outer.inner`. */
function placesOf(schema: Schema<unknown>, minor: number): Record<string, Place> {
  const rows = layoutOf(schema, minor)
  const unions = rows.filter(row => row.type === 'union').map(row => row.path)
  const places: Record<string, Place> = {}
  for (const row of rows) {
    const path = plain(row, unions)
    if (path === undefined) continue
    const size = row.size ?? headOf(row, rows)
    places[path] = size === undefined ? { offset: row.offset ?? -1, flexible: true } : { offset: row.offset ?? -1, size }
  }
  return places
}

/** C counts a struct with a tail by what stands before the tail. */
function headOf({ path, type, offset = 0 }: LayoutRow, rows: readonly LayoutRow[]): number | undefined {
  const tail = rows.find(row => row.path.startsWith(`${path}.`) && row.size === undefined)
  return type.startsWith('struct ') && tail?.offset !== undefined ? tail.offset - offset : undefined
}

/** The name that FORMAT.md gives a row; undefined for rows that C has no name for, and for those inside a named struct. */
function plain({ path, depth, type }: LayoutRow, unions: readonly string[]): string | undefined {
  if (type === 'union') return undefined
  const union = unions.find(u => path.startsWith(`${u}<`))
  if (union === undefined) return depth > 0 ? undefined : FIELD.exec(path)?.[1]
  return path.split('>.')[1]
}

const endOf = (places: Readonly<Record<string, Place>>, align: number): number =>
  Math.ceil(Math.max(...Object.values(places).map(p => p.offset + (p.size ?? 0))) / align) * align

describe.each(MINORS)('<linux/fuse.h> 7.%i', minor => {
  const golden = read(minor)
  const ours = linuxFuse(minor)

  it('has the structs that the schema has', () => {
    expect(Object.keys(ours.structs).sort()).toStrictEqual(Object.keys(golden.structs).sort())
  })

  it.each(Object.entries(golden.structs))('%s', (name, { size, align, fields }) => {
    const schema = ours.structs[name] as Schema<unknown>
    const places = placesOf(schema, minor)
    expect(places).toStrictEqual(fields)
    expect(alignmentOf(typeAt(schema.type, minor))).toBe(align)
    expect(endOf(places, align)).toBe(size)
  })

  it('has the constants that the library has', () => {
    expect(Object.fromEntries(Object.entries(ours.constants).map(([name, value]) => [name, value.toString()]))).toStrictEqual(
      golden.constants,
    )
  })

  it('has the enumerations that the library has', () => {
    expect(ours.enums).toStrictEqual(golden.enums)
  })
})

it('the newest of them is the newest that the library knows', () => {
  expect(Math.max(...MINORS)).toBe(FUSE_KERNEL_MINOR_VERSION)
})
