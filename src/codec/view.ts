/**
 * A map that is not decoded as a whole: its header at once, its extents when they are asked for. A map of the push dialects may have
 * 16 MiB, which is 699,049 extents. facts: wire 2.2
 */

import { WireError } from './errors.ts'
import type { FuseFamfsIext, FuseFamfsSimpleExt } from './generated/fmap.ts'
import { decodeFmapPush } from './generated/fmap.ts'
import {
  decodeFmapHeader,
  decodeIext,
  decodeSimpleExt,
  type FuseFamfsFmapHeader,
  IE_NSTRIPS_OFFSET,
  sizeOfFmapHeader,
  sizeOfIext,
  sizeOfSimpleExt,
} from './generated/parts.ts'
import { checkBytes } from './input.ts'

interface View<Tag extends 0 | 1, Extent> extends Omit<FuseFamfsFmapHeader, 'ext_type'> {
  readonly ext_type: Tag
  /** number of extents, or groups: all of them are there */
  readonly count: number
  /** bytes from the header to the last extent; what is behind them is not looked at */
  readonly size: number
  /**
   * Decodes one extent or group.
   * @throws WireError code range unless `index` is an integer from 0 to `count` - 1
   */
  extent(index: number): Extent
}

/** A map as {@link viewFmap} sees it; `ext_type` tells what `extent` returns. */
export type FmapView = View<0, FuseFamfsSimpleExt> | View<1, FuseFamfsIext>

const HEADER = /* @__PURE__ */ sizeOfFmapHeader()
const GROUP = /* @__PURE__ */ sizeOfIext()
const EXTENT = /* @__PURE__ */ sizeOfSimpleExt()

/**
 * Opens a map of the push dialects (of the others too: their word at byte 12 is `fmap_size` here).
 * All counts are checked against the bytes. Unlike decoding this makes no copy: the bytes must stay as they are while the view is used.
 * @throws WireError truncated or tag, as decodeFmapPush would
 */
export function viewFmap(bytes: Uint8Array): FmapView {
  checkBytes(bytes)
  if (bytes.length < HEADER) refuse(bytes)
  const header = decodeFmapHeader(bytes.subarray(0, HEADER))
  if (header.ext_type === 0) return viewSimple(bytes, header)
  if (header.ext_type === 1) return viewGroups(bytes, header)
  refuse(bytes)
}

/** A view is refused only where decoding is, and with its error; unless the bytes change meanwhile. */
function refuse(bytes: Uint8Array): never {
  decodeFmapPush(bytes)
  throw new WireError({ code: 'unsupported', path: '', offset: 0, detail: 'the bytes changed while they were opened' })
}

function viewSimple(bytes: Uint8Array, header: FuseFamfsFmapHeader): FmapView {
  const count = header.nextents
  const size = HEADER + count * EXTENT
  if (size > bytes.length) refuse(bytes)
  return {
    ...header,
    ext_type: 0,
    count,
    size,
    extent: index => extentAt(bytes, HEADER + EXTENT * checked(index, count)),
  }
}

const extentAt = (bytes: Uint8Array, at: number): FuseFamfsSimpleExt => decodeSimpleExt(bytes.subarray(at, at + EXTENT))

function viewGroups(bytes: Uint8Array, header: FuseFamfsFmapHeader): FmapView {
  const count = header.nextents
  if (count * GROUP > bytes.length - HEADER) refuse(bytes)
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const starts = new Float64Array(count)
  let at = HEADER
  for (let i = 0; i < count; i++) {
    if (bytes.length - at < GROUP) refuse(bytes)
    starts[i] = at
    at += GROUP + EXTENT * words.getUint32(at + IE_NSTRIPS_OFFSET, true)
  }
  if (at > bytes.length) refuse(bytes)
  return {
    ...header,
    ext_type: 1,
    count,
    size: at,
    extent: index => groupAt(bytes, starts[checked(index, count)] as number),
  }
}

function groupAt(bytes: Uint8Array, at: number): FuseFamfsIext {
  const head = decodeIext(bytes.subarray(at, at + GROUP))
  const ie_strips = Array.from({ length: head.ie_nstrips }, (_, i) => extentAt(bytes, at + GROUP + EXTENT * i))
  return { ...head, ie_strips }
}

function checked(index: number, count: number): number {
  if (Number.isInteger(index) && index >= 0 && index < count) return index
  throw new WireError({
    code: 'range',
    path: `extents[${index}]`,
    offset: HEADER,
    detail: `the map has ${count} extents`,
    expected: count,
    actual: index,
  })
}
