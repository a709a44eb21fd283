/** The lazy view of a map against decoding all of it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { attempt } from '../src/codec/errors.ts'
import { decodeFmapPush, encodeFmapPush, type FuseFamfsFmapPush, tryDecodeFmapPush } from '../src/codec/generated/fmap.ts'
import { viewFmap } from '../src/codec/view.ts'
import { anyValue, codec, told } from './generated-codecs.ts'
import { bodiesOf, goldenMaps } from './golden-bodies.ts'

/** The view and the decoded value tell the same, or refuse with the same error. */
function agree(bytes: Uint8Array): void {
  const [decoded, opened] = [tryDecodeFmapPush(bytes), attempt(() => viewFmap(bytes))]
  if (!decoded.ok || !opened.ok) {
    expect(opened.ok).toBe(decoded.ok)
    if (!decoded.ok && !opened.ok) expect(told(opened.error)).toStrictEqual(told(decoded.error))
    return
  }
  const { count, size, extent, ...header } = opened.value
  const { extents, trailing, ...expected } = decoded.value
  expect(header).toStrictEqual(expected)
  expect(count).toBe(extents.length)
  expect(bytes.length - size).toBe(trailing?.length ?? 0)
  expect(extents).toStrictEqual(Array.from({ length: count }, (_, i) => extent(i)))
}

describe('viewFmap', () => {
  it('tells what decoding tells, for golden maps and every truncation of them', () => {
    for (const bytes of goldenMaps()) agree(bytes)
    for (const bytes of bodiesOf('fuse_famfs_fmap', 'fuse_famfs_fmap_push').filter(b => b.length < 300))
      for (let end = 0; end <= bytes.length; end++) agree(bytes.subarray(0, end))
  })

  it('tells what decoding tells, for any map at any alignment', () => {
    fc.assert(
      fc.property(anyValue(codec('FmapPush').type), fc.nat(7), (value, shift) => {
        const bytes = encodeFmapPush(value as FuseFamfsFmapPush)
        const moved = new Uint8Array(bytes.length + 8).subarray(shift, shift + bytes.length)
        moved.set(bytes)
        agree(moved)
      }),
    )
  })

  it('opens the largest map that a push kernel takes', () => {
    const count = 699_049
    const bytes = new Uint8Array(32 + 24 * count)
    const words = new DataView(bytes.buffer)
    words.setUint32(8, count, true)
    words.setBigUint64(32 + 24 * (count - 1) + 16, 0x200000n, true)
    const view = viewFmap(bytes)
    expect(view.count).toBe(count)
    expect(view.extent(count - 1)).toMatchObject({ se_len: 0x200000n })
    words.setUint32(8, count + 1, true)
    expect(attempt(() => viewFmap(bytes))).toMatchObject({ ok: false, error: { code: 'truncated', path: `extents[${count}].se_devindex` } })
  })

  it('refuses an index that it does not have', () => {
    const view = viewFmap(encodeFmapPush({ file_type: 0, fmap_version: 1, ext_type: 0, file_size: 0n, extents: [] }))
    for (const index of [0, -1, 0.5, Number.NaN])
      expect(attempt(() => view.extent(index))).toMatchObject({ ok: false, error: { code: 'range' } })
  })

  it('narrows by ext_type', () => {
    const bytes = encodeFmapPush({
      file_type: 0,
      fmap_version: 1,
      ext_type: 1,
      file_size: 1n,
      extents: [{ ie_chunk_size: 1, ie_nbytes: 1n, ie_strips: [{ se_devindex: 5, se_offset: 0n, se_len: 1n }] }],
    })
    const view = viewFmap(bytes)
    expect(view.ext_type === 1 && view.extent(0).ie_strips[0]?.se_devindex).toBe(5)
    expect(decodeFmapPush(bytes).extents).toHaveLength(1)
  })
})
