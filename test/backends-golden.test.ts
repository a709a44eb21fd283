/** binary-parser and restructure against the interpreter, on golden, random and disturbed bytes: same values, same acceptance, same errors. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parserFor } from '../src/codec/backends/parser.ts'
import { structFor } from '../src/codec/backends/struct.ts'
import { tryDecode } from '../src/codec/decode.ts'
import { fixedSize } from '../src/schema/index.ts'
import { fuse_famfs_fmap, fuse_famfs_fmap_push } from '../src/uapi/famfs/fmap.ts'
import { famfs_log_entry, famfs_log_header } from '../src/uapi/famfs/log.ts'
import { famfs_superblock } from '../src/uapi/famfs/superblock.ts'
import { structs } from '../src/uapi/index.ts'
import { goldenBodies, lines, unhex } from './golden-bodies.ts'
import { type AnySchema, ways } from './ways.ts'

/** Structs of the table that are not for the back ends: padded records, and those whose union is chosen inside of another part or by a command. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  fuse_dirent: /^unsupported at fuse_dirent /,
  fuse_direntplus: /^unsupported at fuse_dirent /,
  fuse_uring_cmd_req: /^unsupported at fuse_uring_cmd_req\.arg /,
  famfs_ioc_get_fmap: /^unsupported at famfs_ioc_get_fmap\.map /,
  famfs_ioc_get_fmap_440: /^unsupported at famfs_ioc_get_fmap\.map /,
  famfs_ioc_get_fmap_104: /^unsupported at famfs_ioc_get_fmap\.map /,
}
const onMedia = { famfs_superblock, famfs_log_header, famfs_log_entry }
const carriedStructs = Object.entries<AnySchema>({ ...structs, ...onMedia }).filter(([name]) => !Object.hasOwn(REFUSED, name))
const carriedSchemas: Record<string, AnySchema> = { ...structs, fuse_famfs_fmap, fuse_famfs_fmap_push }
const bodies = goldenBodies(12)

test('every struct of the table is carried but a few', () => {
  for (const [name, schema] of Object.entries(structs)) {
    const build = () => [parserFor(schema), structFor(schema)]
    const refused = REFUSED[name]
    if (refused !== undefined) expect(build).toThrow(refused)
    else expect(build).not.toThrow()
  }
})

describe('golden bytes', () => {
  test('the parse vectors of all kernels', () => {
    const way = ways(fuse_famfs_fmap)
    let accepted = 0
    for (const { hex = '' } of lines('kernel/fmap-verdicts.jsonl')) {
      way.check(unhex(hex), true)
      const decoded = tryDecode(fuse_famfs_fmap, unhex(hex))
      if (!decoded.ok) continue
      way.write(decoded.value, true)
      accepted++
    }
    expect(accepted).toBeGreaterThan(1900)
  })

  const names = [...bodies.keys()]
  test('there is something of each', () => {
    expect(names.sort()).toEqual(
      [
        'fuse_attr_out',
        'fuse_daxdev_out',
        'fuse_entry_out',
        'fuse_famfs_fmap',
        'fuse_famfs_fmap_push',
        'fuse_getattr_in',
        'fuse_getxattr_in',
        'fuse_in_header',
        'fuse_init_in',
        'fuse_init_out',
        'fuse_open_in',
        'fuse_open_out',
        'fuse_out_header',
      ].sort(),
    )
  })

  test.each(names)('%s: whole, cut at every byte, and longer', name => {
    const schema = carriedSchemas[name] as AnySchema
    const way = ways(schema)
    for (const body of bodies.get(name) as Uint8Array[])
      way.check(body, body.length === (fixedSize(schema.type) ?? body.length) && !name.includes('init'))
    for (const body of (bodies.get(name) as Uint8Array[]).slice(0, 3)) {
      for (let end = 0; end < body.length; end++) way.check(body.slice(0, end), false)
      way.check(Uint8Array.from([...body, 1]), false)
    }
  })
})

describe('random bytes', () => {
  test.each(carriedStructs)('%s', (_name, schema) => {
    const way = ways(schema)
    const size = fixedSize(schema.type)
    const exact = fc.uint8Array({ minLength: size ?? 0, maxLength: size ?? 96 })
    fc.assert(
      fc.property(exact, input => {
        way.check(input, size !== undefined)
        const decoded = tryDecode(schema, input)
        if (decoded.ok) way.write(decoded.value, size !== undefined)
      }),
      { numRuns: 20 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: (size ?? 64) + 8 }), input => way.check(input, false)),
      { numRuns: 20 },
    )
  })
})

describe('log entries of known types', () => {
  const entry = famfs_log_entry as AnySchema
  const size = fixedSize(entry.type) as number
  const way = ways(entry)
  const small = fc.nat(18)
  test('file, directory and device, with counts in and out of their range', () => {
    const body = fc.uint8Array({ minLength: size, maxLength: size })
    fc.assert(
      fc.property(
        body,
        fc.constantFrom(0, 1, 3, 4),
        fc.constantFrom(0, 1, 2),
        small,
        small,
        fc.boolean(),
        (image, type, extType, count, strips, clean) => {
          if (clean) image.fill(0, 16 + 8 + 4 * 4 + 80)
          const view = new DataView(image.buffer, image.byteOffset, size)
          view.setUint32(8, type, true)
          const map = 16 + 8 + 4 * 4 + 80
          view.setUint32(map, extType, true)
          view.setUint32(map + 8, count, true)
          view.setBigUint64(map + 16, BigInt(strips), true)
          way.check(image, true)
          const decoded = tryDecode(entry, image)
          if (decoded.ok) way.write(decoded.value, true)
        },
      ),
    )
  })
})
