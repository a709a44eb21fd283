/** JSON Lines as bytes come in: split at line ends, whatever the pieces that they arrive in. */

/** A longer line is not kept: no JSON text of this length could be read anyway. Well above a map of 16 MiB in hex. */
export const MAX_LINE = 0x1000_0000

/** A line that was longer than {@link MAX_LINE}. */
export const TOO_LONG = Symbol('a line that is too long')

const NEWLINE = 10

const join = (parts: readonly Uint8Array[], size: number): Uint8Array => {
  const all = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/**
 * The lines of a stream without their ends, in batches: those that one piece of the stream completes. The last line needs no end.
 * @param most bytes of the longest line that is kept
 */
export async function* lineBatches(
  input: AsyncIterable<Uint8Array>,
  most: number = MAX_LINE,
): AsyncGenerator<(Uint8Array | typeof TOO_LONG)[]> {
  let parts: Uint8Array[] = []
  let size = 0
  const keep = (part: Uint8Array): void => {
    size += part.length
    if (size > most) parts = []
    else if (part.length > 0) parts.push(part)
  }
  const finish = (): Uint8Array | typeof TOO_LONG => {
    const line = size > most ? TOO_LONG : parts.length === 1 ? (parts[0] as Uint8Array) : join(parts, size)
    parts = []
    size = 0
    return line
  }
  for await (const piece of input) {
    const lines: (Uint8Array | typeof TOO_LONG)[] = []
    let start = 0
    for (let end = piece.indexOf(NEWLINE); end !== -1; end = piece.indexOf(NEWLINE, start)) {
      keep(piece.subarray(start, end))
      lines.push(finish())
      start = end + 1
    }
    keep(piece.subarray(start))
    if (lines.length > 0) yield lines
  }
  if (size > 0) yield [finish()]
}
