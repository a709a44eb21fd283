/** The bytes of a file, read from the device by its map. */
import { type DeviceRange, ranges } from '../../kernel/ranges.ts'
import { type Entry, fileOf } from '../../metadata/entry.ts'
import { mapOfEntry } from '../../metadata/replay/index.ts'
import type { Area } from '../../metadata/source.ts'
import { Failure, REFUSED } from '../command.ts'
import type { Opened } from './open.ts'

/** Bytes that are read at once. */
const PIECE = 1 << 20

const refused = (message: string, hint?: string): Failure => new Failure(message, { exit: REFUSED, hint })

/**
 * The device of the image.
 * @throws Failure when only superblock and log are there
 */
export function deviceOf({ device, name }: Opened): Area {
  if (device !== undefined) return device
  throw refused(
    `${name}: the contents of files are on the device, and only superblock and log were given`,
    'name the device or a whole image file',
  )
}

/** @throws Failure when the range is on another device, or the image ends before it does */
function checkRange(image: Opened, device: Area, { dev, addr, length }: DeviceRange): void {
  if (dev !== 0) throw refused(`bytes lie on device ${dev}, and only device 0 is here`)
  if (addr + length > BigInt(Number.isFinite(device.size) ? device.size : Number.MAX_SAFE_INTEGER))
    throw refused(`${image.name} was cut or is too small: it has ${device.size} bytes, bytes ${addr}..${addr + length} are needed`)
}

/** Chunks smaller than this are read one by one in no time only while they are few. */
const SMALL_CHUNK = 4096n
const MOST_SMALL_CHUNKS = 65536n

/** Time is to grow with the bytes of a file, not with its chunks. @throws Failure for a file of very many very small ones */
function checkChunks(entry: Entry): void {
  const { size = 0n, interleaved = [] } = fileOf(entry) ?? {}
  const chunk = interleaved.find(({ chunkSize }) => chunkSize > 0n && chunkSize < SMALL_CHUNK && size / chunkSize > MOST_SMALL_CHUNKS)
  if (chunk === undefined) return
  throw refused(
    `chunks of ${chunk.chunkSize} bytes: a file of ${size} bytes is read in at most ${MOST_SMALL_CHUNKS} chunks below ${SMALL_CHUNK} bytes`,
    'image map shows where it lies; no kernel takes such a map',
  )
}

/**
 * The bytes of a file, in pieces that stay valid until the next one is asked for.
 * @throws Failure for bytes that are not there, WireError for a map that holds not all of the file
 */
export async function* contentOf(image: Opened, entry: Entry): AsyncGenerator<Uint8Array> {
  const device = deviceOf(image)
  checkChunks(entry)
  for (const range of ranges(mapOfEntry(entry))) {
    checkRange(image, device, range)
    for (let done = 0n; done < range.length; ) {
      const wanted = range.length - done < BigInt(PIECE) ? Number(range.length - done) : PIECE
      const bytes = await device.read(Number(range.addr + done), wanted)
      if (bytes.length < wanted)
        throw refused(`${image.name}: byte ${range.addr + done + BigInt(bytes.length)} cannot be read: the device ends there`)
      yield bytes
      done += BigInt(wanted)
    }
  }
}
