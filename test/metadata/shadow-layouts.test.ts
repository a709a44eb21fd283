/** Shadow files of every layout: made, or refused with the member that its entries do not store. */
import { expect, it } from 'vitest'
import { WireError } from '../../src/index.ts'
import { type Entry, fileOf, mediaLayouts, type ShadowFile, shadowYaml, shapeOf } from '../../src/metadata/index.ts'

it.each(mediaLayouts.map(layout => ({ id: layout.id, layout })))('$id', ({ layout }) => {
  const shape = shapeOf(layout)
  const bytes = new Uint8Array(shape.entry.size)
  const entry: Entry = { index: 0, offset: 0, bytes, layout, shape, seqnum: 0n, type: 0, kind: 'file', faults: [] }
  const file = fileOf(entry)
  expect(file).toBeDefined()
  const lack = (['size', 'mode', 'uid', 'gid'] as const).find(name => file?.[name] === undefined)
  if (lack === undefined) expect(shadowYaml(file as ShadowFile)).toMatchObject({ outcome: 'returned', rc: 0 })
  else
    expect(() => shadowYaml(file as ShadowFile)).toThrow(expect.objectContaining({ name: WireError.name, code: 'unsupported', path: lack }))
})
