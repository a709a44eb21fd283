/** Where an image is written to: bytes at any place, and a flush that everything before it survives. */
import { checkBytes } from '../../codec/input.ts'
import type { Area, MemoryArea } from '../source.ts'

/** Takes bytes at any place. Writes may be held back until `flush`, in any order among themselves. */
export interface Sink {
  /** bytes that there is room for; Infinity where a device does not tell */
  readonly size: number
  /** writes all of the bytes at this offset */
  write(offset: number, bytes: Uint8Array): void | Promise<void>
  /** returns when everything written before is on the medium */
  flush(): void | Promise<void>
  /** makes bytes zero, where there is a way without writing them all */
  zero?(offset: number, length: number): void | Promise<void>
}

/** What can be read and written. */
export interface Device extends Area, Sink {}

/** A device in memory; `bytes` are what is on it. */
export interface MemoryDevice extends MemoryArea, Sink {
  readonly bytes: Uint8Array
  write(offset: number, bytes: Uint8Array): void
  flush(): void
}

/** A device over these bytes, which are written in place. */
export function memoryDevice(bytes: Uint8Array): MemoryDevice {
  checkBytes(bytes)
  return {
    bytes,
    size: bytes.length,
    read: (offset, length) => bytes.slice(offset, offset + length),
    write: (offset, data) => bytes.set(data, offset),
    flush: () => undefined,
    zero: (offset, length) => {
      bytes.fill(0, offset, offset + length)
    },
  }
}

const PIECE = 1 << 20

/** Zeroes a range, piece by piece where the sink knows no better way. */
export async function zeroRange(sink: Sink, offset: number, length: number): Promise<void> {
  if (sink.zero !== undefined) return sink.zero(offset, length)
  const zeros = new Uint8Array(Math.min(PIECE, length))
  for (let at = 0; at < length; at += PIECE) await sink.write(offset + at, zeros.subarray(0, Math.min(PIECE, length - at)))
}
