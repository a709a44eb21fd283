/** Copying the contents of files to where their maps put them. */
import { segments } from '../../kernel/ranges.ts'
import { areaOf, type Source } from '../source.ts'
import type { Sink } from './device.ts'
import { refusal } from './refusal.ts'
import type { NewMap } from './request.ts'

/** How far a copy has come. */
export interface Progress {
  readonly path: Uint8Array
  /** bytes of this file */
  readonly done: bigint
  readonly size: bigint
}

/** How contents are copied into an image. */
export interface CopyOptions {
  /** is told after each piece of about a MiB; the copy goes on when what it returns is done */
  readonly progress?: (progress: Progress) => unknown
  /** the medium is zero where nothing was written: pages of zeros are left out. Default false */
  readonly sparse?: boolean
  /** sinks of the devices behind the primary, by index */
  readonly devices?: ReadonlyMap<number, Sink>
}

/** A file to copy into. */
export interface CopyTarget {
  readonly path: Uint8Array
  readonly size: bigint
  readonly map: NewMap
}

const PIECE = 1 << 20
const PAGE = 4096

const ALIGNED = 4

/** Bytes of whole words at the start that are zero. */
function zeroStart({ buffer, byteOffset, length }: Uint8Array): number {
  if (byteOffset % ALIGNED !== 0) return 0
  const words = new Int32Array(buffer, byteOffset, Math.floor(length / ALIGNED))
  let i = 0
  while (i < words.length && words[i] === 0) i++
  return i * ALIGNED
}

function isZero(bytes: Uint8Array): boolean {
  for (let i = zeroStart(bytes); i < bytes.length; i++) if (bytes[i] !== 0) return false
  return true
}

/** The parts of `bytes` that are not zero, page by page: first byte and the one behind the last. */
export function* filledParts(bytes: Uint8Array): Generator<readonly [number, number]> {
  let open = -1
  for (let at = zeroStart(bytes) & -PAGE; at < bytes.length; at += PAGE) {
    const zero = isZero(bytes.subarray(at, at + PAGE))
    if (!zero && open < 0) open = at
    if (zero && open >= 0) {
      yield [open, at]
      open = -1
    }
  }
  if (open >= 0) yield [open, bytes.length]
}

async function writePart(sink: Sink, offset: number, bytes: Uint8Array, sparse: boolean): Promise<void> {
  if (!sparse) return sink.write(offset, bytes)
  for (const [from, to] of filledParts(bytes)) await sink.write(offset + from, bytes.subarray(from, to))
}

function sinkOf(primary: Sink, { devices }: CopyOptions, index: number): Sink {
  const sink = index === 0 ? primary : devices?.get(index)
  if (sink === undefined) throw refusal('missing', 'devices', `a part of the file is on device ${index}, which is not given`, index)
  return sink
}

/**
 * Copies a source into the place of a file: as many bytes as the file has, fewer when the source ends before. In pieces of a MiB; nothing is
 * flushed, and bytes between the file's end and that of its extents are left alone.
 * @throws WireError missing for a device that is not given; what the source or the sink throws
 */
export async function copyContent(sink: Sink, target: CopyTarget, content: Source, options: CopyOptions = {}): Promise<void> {
  const { path, size, map } = target
  const source = areaOf(content)
  const fileMap = { ...map, file_size: size } as Parameters<typeof segments>[0]
  const end = BigInt(Math.min(Number(size), source.size))
  for (let at = 0n; at < end; ) {
    const to = at + BigInt(PIECE) < end ? at + BigInt(PIECE) : end
    const bytes = await source.read(Number(at), Number(to - at))
    if (bytes.length === 0) return
    const got = at + BigInt(bytes.length)
    for (const { dev, addr, length, offset } of segments(fileMap, { from: at, to: got })) {
      const from = Number(offset - at)
      await writePart(sinkOf(sink, options, dev), Number(addr), bytes.subarray(from, from + Number(length)), options.sparse === true)
    }
    at = got
    await options.progress?.({ path, done: at, size })
  }
}
