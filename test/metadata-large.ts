/** Logs of a million entries and more, made while they are read. */
import { createImage, sealSlot } from '../src/metadata/build/index.ts'
import { headerBytes, lastIndexOf } from '../src/metadata/build/slots.ts'
import { openImageNow, shapeOf } from '../src/metadata/index.ts'
import type { MemoryArea } from '../src/metadata/source.ts'

const MIB = 1 << 20
const LOG = 1024 * MIB
const base = createImage({ deviceSize: 1n << 44n, logLength: LOG, entries: [{ kind: 'file', path: 'name00000000', size: 4096 }] })
const shape = shapeOf(openImageNow({ superblock: base.superblock, log: base.log }).layout)
const { header, entry } = shape
const template = base.log.subarray(header.size, header.size + entry.size)
const NAME_AT = entry.file.path.at
const EXTENT_AT = (entry.file.simple?.at ?? 0) + (entry.file.simple?.offset ?? 0)

/** Makes an entry out of the one that all start as. */
export type Change = (slot: Uint8Array, view: DataView, index: number) => void

/** A device whose log of that many entries is made while it is read. */
export function madeUp(count: number, change: Change): MemoryArea {
  const head = headerBytes(shape, BigInt(LOG), lastIndexOf(shape, BigInt(LOG)), count)
  const slot = new Uint8Array(entry.size)
  const view = new DataView(slot.buffer)
  const make = (index: number): Uint8Array => {
    slot.set(template)
    change(slot, view, index)
    return sealSlot(shape, slot, index)
  }
  const logByte = (bytes: Uint8Array, from: number): void => {
    bytes.set(head.subarray(from, from + bytes.length))
    const first = Math.max(0, Math.floor((from - header.size) / entry.size))
    for (let i = first; header.size + i * entry.size < from + bytes.length && i < count; i++) {
      const at = header.size + i * entry.size - from
      const made = make(i)
      const cut = at < 0 ? made.subarray(-at) : made
      bytes.set(cut.subarray(0, bytes.length - Math.max(0, at)), Math.max(0, at))
    }
  }
  return {
    size: 2 * MIB + LOG,
    still: true,
    read(offset, length) {
      const bytes = new Uint8Array(length)
      if (offset < base.superblock.length) bytes.set(base.superblock.subarray(offset, offset + length))
      if (offset >= 2 * MIB) logByte(bytes, offset - 2 * MIB)
      return bytes
    },
  }
}

/** A name of its own for each. */
export const numbered: Change = (slot, _, index) => {
  for (let i = 11, rest = index; i >= 4; i--, rest = Math.floor(rest / 10)) slot[NAME_AT + i] = 0x30 + (rest % 10)
}
/** A place of its own for each. */
export const spread: Change = (_, view, index) => view.setBigUint64(EXTENT_AT, (600n + BigInt(index)) << 21n, true)
const both: Change = (slot, view, index) => {
  numbered(slot, view, index)
  spread(slot, view, index)
}
const put = (slot: Uint8Array, path: string): void => {
  slot.fill(0, NAME_AT, NAME_AT + entry.file.path.size)
  new TextEncoder().encodeInto(path, slot.subarray(NAME_AT))
}

/** Logs that a reader without care takes much time for. */
export const hardLogs: Readonly<Record<string, Change>> = {
  'all different': both,
  'one path': spread,
  'one extent': numbered,
  'extents in one another': (slot, view, index) => {
    numbered(slot, view, index)
    view.setBigUint64(EXTENT_AT, (600n + BigInt(index)) << 21n, true)
    view.setBigUint64(EXTENT_AT + 8, BigInt(3_000_000 - 2 * index) << 21n, true)
  },
  'counts of 2^32-1': (slot, view, index) => {
    both(slot, view, index)
    view.setUint32(entry.file.nextents, 0xffff_ffff, true)
  },
  'strips without end': (slot, view, index) => {
    numbered(slot, view, index)
    view.setUint32(entry.file.extType ?? 0, 1, true)
    view.setBigUint64(entry.file.interleaved?.nstrips ?? 0, (1n << 64n) - 1n, true)
  },
  'paths of forty names': (slot, view, index) => {
    spread(slot, view, index)
    put(slot, 'a/'.repeat(39))
  },
  'paths that climb': (slot, view, index) => {
    spread(slot, view, index)
    put(slot, '../'.repeat(26))
  },
  'types of all kinds': (slot, view, index) => {
    both(slot, view, index)
    view.setUint32(entry.type, index % 7, true)
  },
}
