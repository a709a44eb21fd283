/** A blob alone: what its program says, without the steps that the kernel takes before and behind. facts: wire 7.3, 7.6 */
import { expect, it } from 'vitest'
import { encode, WireError } from '../src/codec/index.ts'
import { dialects } from '../src/uapi/dialects/index.ts'
import { fuseBpfInterleave, fuseBpfSimple } from '../src/uapi/dialects/known.ts'
import { dax_simple_fmap } from '../src/uapi/famfs/bpf.ts'
import { verdictBlob } from '../src/validate/blob.ts'

const M = 0x20_0000n
const blobOf = (dev_index: number): Uint8Array => encode(dax_simple_fmap, { file_size: M, extents: [{ dev_index, offset: 0n, len: M }] })

/** Code, path and value of what is thrown. */
function refusal(run: () => unknown): object {
  try {
    run()
  } catch (error) {
    if (error instanceof WireError) return { code: error.code, path: error.path, offset: error.offset, actual: error.actual }
  }
  throw new Error('no WireError')
}

it('the kernel limits meta_size, the program does not', () => {
  for (const room of [32, 65536, 65537, 0xffff_ffff])
    expect(verdictBlob(blobOf(3), fuseBpfSimple, room), `${room}`).toMatchObject({ errno: 0 })
  expect(verdictBlob(blobOf(3), fuseBpfSimple, 32, { kmallocMax: 31 })).toMatchObject({ errno: 0 })
})

it('the program minds a buffer that is too small, down to none', () => {
  for (const room of [0, 8, 31])
    expect(verdictBlob(blobOf(3), fuseBpfSimple, room), `${room}`).toMatchObject({ errno: 22, check: 'metaHolds' })
})

it("the program reports any device; the slots of the table are the kernel's", () => {
  expect(verdictBlob(blobOf(24), fuseBpfSimple, 32)).toMatchObject({ errno: 0, meta: { dev_bitmap: 1n << 24n } })
  expect(verdictBlob(blobOf(67), fuseBpfSimple, 32)).toMatchObject({ errno: 0, meta: { dev_bitmap: 8n } })
})

it('offsets count from the first byte of the blob', () => {
  const many = blobOf(0)
  many[8] = 2
  expect(verdictBlob(many, fuseBpfSimple, 56)).toMatchObject({ errno: 22, check: 'extentFits', path: 'extents[1].dev_index', offset: 40 })
  expect(verdictBlob(many.subarray(0, 5), fuseBpfSimple, 56)).toMatchObject({ errno: 22, check: 'headerFits', offset: 0 })
  expect(verdictBlob(new Uint8Array(0), fuseBpfInterleave, 56)).toMatchObject({ errno: 22, check: 'headerFits', offset: 0 })
})

it('a buffer has a size of 32 bits, a dialect an envelope', () => {
  for (const size of [-1, 0.5, 2 ** 32, Number.NaN])
    expect(refusal(() => verdictBlob(blobOf(0), fuseBpfSimple, size))).toEqual({ code: 'range', path: 'metaSize', offset: 0, actual: size })
  expect(refusal(() => verdictBlob(blobOf(0), dialects['fuse-v10'], 32))).toEqual({ code: 'unsupported', path: 'dialect', offset: 0 })
})
