/**
 * What every public function takes as bytes: a Uint8Array, `Buffer` and other subclasses included, over memory of any kind (shared and
 * resizable, too). Everything else is refused with WireError `unsupported` at the name of the argument: an ArrayBuffer, a DataView or an
 * array of other numbers (wrap it: `new Uint8Array(buffer)`), text, lists of numbers, nothing at all, and a view whose memory is gone.
 * What is given out is always a plain Uint8Array.
 */
import { hexOf, WireError } from './errors.ts'

/** Whether these are bytes whose memory is there; a view of a buffer that was detached, or has shrunk below it, has none. */
export function isBytes(bytes: unknown): bytes is Uint8Array {
  try {
    // those of another realm, too: a frame, a worker of tests
    return (
      ArrayBuffer.isView(bytes) &&
      (bytes as Uint8Array)[Symbol.toStringTag] === 'Uint8Array' &&
      // not `length`: optimized code of Node 20 reads the old one of a detached view here
      ((bytes as Uint8Array).byteLength > 0 || Uint8Array.prototype.at.call(bytes, 0) === undefined)
    )
  } catch {
    return false
  }
}

/** @throws WireError unsupported for anything but a Uint8Array; `path`: the argument */
export function checkBytes(bytes: unknown, path = 'bytes'): asserts bytes is Uint8Array {
  if (isBytes(bytes)) return
  throw new WireError({ code: 'unsupported', path, offset: 0, detail: 'needs a Uint8Array whose memory is there' })
}

/**
 * A copy, so that what is checked is what is used even while another host writes to the memory; a plain Uint8Array whatever was given.
 * @throws WireError as {@link checkBytes}
 */
export function snapshotOf(bytes: unknown, path?: string): Uint8Array {
  checkBytes(bytes, path)
  return new Uint8Array(bytes)
}

/**
 * Bytes as lower-case hex.
 * @throws WireError unsupported for anything but a Uint8Array
 */
export function hex(bytes: Uint8Array): string {
  checkBytes(bytes)
  return hexOf(bytes)
}
