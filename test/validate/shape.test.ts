/** Findings of shape: what is odd about a message, without a kernel. */
import { describe, expect, it } from 'vitest'
import { toIomap } from '../../src/kernel/index.ts'
import { fuseIomap } from '../../src/uapi/index.ts'
import { shapeFindings } from '../../src/validate/index.ts'

const [good] = toIomap({ ext_type: 'simple', file_size: 1n, extents: [{ dev_index: 0, offset: 0n, len: 4096n }] }, { nodeid: 2n }).messages
const upsert = (change: (view: DataView) => void = () => {}): Uint8Array => {
  const bytes = Uint8Array.from(good as Uint8Array)
  change(new DataView(bytes.buffer))
  return bytes
}
const told = (bytes: Uint8Array): string[] =>
  shapeFindings(bytes, 'notify', { dialect: fuseIomap }).map(({ rule, path, offset }) => `${rule} ${path} ${offset}`)

describe('a notification of fuse-iomap', () => {
  it('has nothing odd when it is whole', () => {
    expect(told(upsert())).toStrictEqual([])
  })

  it.each([
    ['a type without a name', (v: DataView) => v.setUint16(56, 9, true), 'shape/value body.read.type 56'],
    ['flags without names', (v: DataView) => v.setUint16(58, 0x8001, true), 'shape/bits body.read.flags 58'],
    ['a wrong length', (v: DataView) => v.setUint32(0, 95, true), 'shape/fault header.len 0'],
  ])('%s', (_, change, finding) => {
    expect(told(upsert(change))).toContain(finding)
  })

  it('that ends early', () => {
    const cut = upsert(v => v.setUint32(0, 90, true)).subarray(0, 90)
    expect(told(cut)).toStrictEqual([expect.stringMatching(/^shape\/fault body\.write\.flags 9\d?/) as string])
  })
})

it('a request with a used reserved word, and attributes by the names of the dialect', () => {
  const bytes = new Uint8Array(72)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 72, true)
  view.setUint32(4, 4094, true)
  view.setUint32(44, 7, true)
  expect(shapeFindings(bytes, 'request', { dialect: fuseIomap })).toStrictEqual([
    {
      rule: 'shape/reserved',
      severity: 'note',
      path: 'body.reserved',
      offset: 44,
      length: 4,
      message: 'body.reserved is reserved, and not zero',
    },
  ])
})
