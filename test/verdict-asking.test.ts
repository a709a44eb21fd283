/** The bodies of the requests with which a kernel asks, by dialect: written, and read out of whole messages. */
import { describe, expect, it } from 'vitest'
import { pagingDialect } from '../examples/paging-dialect.ts'
import type { Dialect } from '../src/schema/dialect.ts'
import { dialects } from '../src/uapi/dialects/index.ts'
import { fuseBpfSimple } from '../src/uapi/dialects/known.ts'
import { daxdevRequest, daxdevRequestSize, deviceIn, fmapRequest, fmapRequestSize, offeredIn } from '../src/validate/asking.ts'

/** The body behind a header whose nodeid is this. */
function message(node: bigint, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(40 + body.length)
  new DataView(bytes.buffer).setBigUint64(16, node, true)
  bytes.set(body, 40)
  return bytes
}
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const { 'fuse-v1': v1, 'fuse-v2': v2, 'fuse-v10': v10, 'fuse-push': push, fuse } = dialects

describe('a request for a map', () => {
  it.each([
    [v1, ''],
    [v2, '0403020100000000'],
    [v10, ''],
    [push, '0403020100000000'],
    [pagingDialect, '08070605040302010403020100000000'],
  ] as [Dialect, string][])('of $id has a size, and an offset, where it has a field for them', (d, body) => {
    expect(hex(fmapRequest(d, 0x01020304, 0x0102030405060708n))).toBe(body)
    expect(fmapRequestSize(d)).toBe(body.length / 2)
  })

  it('starts at the first page', () => {
    expect(fmapRequest(pagingDialect, 7)).toEqual(fmapRequest(pagingDialect, 7, 0n))
  })

  it('offers what it says, or what the dialect always does', () => {
    const offered = (d: Dialect, size: number) => offeredIn(d, message(1n, fmapRequest(d, size)))
    expect([v1, v2, v10, push, pagingDialect].map(d => offered(d, 0x01020304))).toEqual([4096, 0x01020304, 4096, 0x01020304, 0x01020304])
    expect(offered(fuse, 7)).toBe(0)
  })
})

describe('a request for a device', () => {
  it('has the index in its header, or in its body', () => {
    expect(daxdevRequest(v10, 5)).toEqual({ node: 5n, body: new Uint8Array() })
    const { node, body } = daxdevRequest(fuseBpfSimple, 0x01020304)
    expect([node, hex(body)]).toEqual([0n, '0403020100000000'])
    expect([v10, fuseBpfSimple].map(daxdevRequestSize)).toEqual([0, 8])
  })

  it.each([v1, v10, fuseBpfSimple, push] as Dialect[])('of $id is read as it was written', d => {
    const { node, body } = daxdevRequest(d, 23)
    expect(deviceIn(d, message(node, body))).toBe(23n)
  })
})
