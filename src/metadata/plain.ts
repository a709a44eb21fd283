/**
 * Superblock, log header and entries as plain JSON, in the two shapes that the golden manifests use: short names for the layout of today,
 * and one flat map of C names for every older one. 64-bit values are decimal strings. Text is one character per byte as the manifests have it,
 * unless the caller brings another way to write it.
 */
import { crc32 } from '../codec/crc32.ts'
import { fixedSize } from '../schema/index.ts'
import type { Type } from '../schema/types.ts'
import type { Renames } from '../uapi/famfs/layouts/index.ts'
import { latin1, u32At, u64At, untilNul, uuidAt } from './bytes.ts'
import { deviceOf, directoryOf, type Entry, type Extent, fileOf, type Owned } from './entry.ts'
import type { LogHeader } from './scan.ts'
import type { LayoutShape, SuperblockShape } from './shape.ts'

export type Plain = string | number | boolean | readonly Plain[] | { readonly [name: string]: Plain }
export type PlainObject = { readonly [name: string]: Plain }

/** How the bytes of a name become text. */
export type TextOf = (bytes: Uint8Array) => string

const hexOf = (bytes: Uint8Array): string => Array.from(bytes, b => b.toString(16).padStart(2, '0')).join('')

/** The superblock of today by short names. */
export function plainSuperblock({ superblock: sb }: LayoutShape, bytes: Uint8Array): PlainObject {
  const need = (name: 'logLen' | 'allocUnit' | 'omf' | 'uuid' | 'devUuid' | 'systemUuid') => placeOf(sb, name)
  const u64 = (at: number) => u64At(bytes, at).toString()
  return {
    magic: u64(0),
    version: u64(8),
    log_offset: u64(sb.logOffset),
    log_len: u64(need('logLen')),
    alloc_unit: u64(need('allocUnit')),
    omf_ver_major: u32At(bytes, need('omf')),
    omf_ver_minor: u32At(bytes, need('omf') + 4),
    uuid: uuidAt(bytes, need('uuid')),
    dev_uuid: uuidAt(bytes, need('devUuid')),
    system_uuid: uuidAt(bytes, need('systemUuid')),
    crc: u64(sb.crc),
    computed_crc: crc32(bytes, 0, sb.crc).toString(),
    sb_flags: u32At(bytes, sb.flags),
    daxdev: {
      size: u64(sb.devSize.at),
      uuid: uuidAt(bytes, sb.devSize.at + sb.devSize.size),
      name: latin1(untilNul(bytes, sb.devName.at, sb.devName.at + sb.devName.size)),
    },
  }
}

function placeOf(sb: SuperblockShape, name: 'logLen' | 'allocUnit' | 'omf' | 'uuid' | 'devUuid' | 'systemUuid'): number {
  const at = sb[name]
  if (at === undefined) throw new Error(`the superblock of this layout has no ${name}`)
  return at
}

/** The log header by short names. */
export function plainHeader(header: LogHeader): PlainObject {
  return {
    magic: header.magic.toString(),
    len: header.length.toString(),
    last_index: header.lastIndex.toString(),
    crc: String(header.crc ?? ''),
    computed_crc: String(header.computedCrc ?? ''),
    next_seqnum: header.nextSeqnum.toString(),
    next_index: header.nextIndex.toString(),
  }
}

const plainExtent = ({ devindex, offset, length }: Extent): PlainObject => ({
  devindex: devindex.toString(),
  offset: offset.toString(),
  len: length.toString(),
})

const plainPath = ({ path, terminated }: Owned, textOf: TextOf): PlainObject => ({
  path_terminated: terminated,
  path: textOf(path),
  path_hex: hexOf(path),
})

const plainOwner = ({ uid = 0, gid = 0, mode = 0 }: Owned): PlainObject => ({ uid, gid, mode })

function plainFile(entry: Entry, textOf: TextOf): PlainObject {
  const file = fileOf(entry)
  if (file === undefined) return {}
  const lists: PlainObject[] = [{ extents: file.extents.map(plainExtent) }, { interleaved: file.interleaved.map(plainInterleaved) }]
  return {
    size: String(file.size ?? 0n),
    flags: file.flags,
    ...plainOwner(file),
    ...plainPath(file, textOf),
    ext_type: file.extType,
    nextents: file.nextents,
    ...lists[file.extType],
  }
}

const plainInterleaved = (ie: { nstrips: bigint; chunkSize: bigint; strips: readonly Extent[] }): PlainObject => ({
  nstrips: ie.nstrips.toString(),
  chunk_size: ie.chunkSize.toString(),
  strips: ie.strips.map(plainExtent),
})

function plainBody(entry: Entry, textOf: TextOf): PlainObject {
  const directory = directoryOf(entry)
  if (directory !== undefined) return { ...plainOwner(directory), ...plainPath(directory, textOf) }
  const device = deviceOf(entry)
  if (device !== undefined) return { dd_size: device.size.toString(), dd_uuid: uuidAt(device.uuid, 0), dd_index: device.index }
  return plainFile(entry, textOf)
}

/** An entry of today's layout by short names. */
export function plainEntry(entry: Entry, textOf: TextOf = latin1): PlainObject {
  const { crc } = entry.shape.entry
  return {
    index: entry.index,
    seqnum: entry.seqnum.toString(),
    type: entry.type,
    crc: String(entry.crc ?? ''),
    computed_crc: crc === undefined ? '' : crc32(entry.bytes, 0, crc.at).toString(),
    ...plainBody(entry, textOf),
  }
}

/** Widths of the fields that are numbers, at a place in the bytes. */
function flatValue(type: Type, { bytes, textOf }: Flat, at: number): string | undefined {
  if (type.kind === 'int') return numberAt(type.size, bytes, at).toString()
  const size = fixedSize(type) as number
  if (type.kind === 'text') return textOf(untilNul(bytes, at, at + size))
  return type.kind === 'bytes' ? uuidAt(bytes, at) : undefined
}

function numberAt(size: number, bytes: Uint8Array, at: number): bigint {
  let value = 0n
  for (let i = size - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[at + i] ?? 0)
  return value
}

interface Flat {
  readonly bytes: Uint8Array
  readonly into: Record<string, string>
  readonly textOf: TextOf
  /** the case of a union without a name that is wanted; undefined: all of them */
  readonly wanted: (field: string) => number | undefined
}

/** Notes every field below `type`, arrays with all the room they have; unions that nobody chose with all their cases. */
function flatten(flat: Flat, type: Type, at: number, path: string): void {
  const value = flatValue(type, flat, at)
  if (value !== undefined) {
    flat.into[path] = value
    return
  }
  if (type.kind === 'array') {
    const size = fixedSize(type.of) as number
    for (let i = 0; i < (fixedSize(type) as number) / size; i++) flatten(flat, type.of, at + i * size, `${path}[${i}]`)
  } else if (type.kind === 'struct') flattenFields(flat, type.fields, at, path)
}

type Fields = Extract<Type, { kind: 'struct' }>['fields']

function flattenFields(flat: Flat, fields: Fields, at: number, path: string): void {
  let place = at
  for (const field of fields) {
    const name = path === '' ? field.name : `${path}.${field.name}`
    if (field.type.kind === 'union') {
      const match = flat.wanted(field.name)
      for (const c of field.type.cases) if (match === undefined || c.match === match) flatten(flat, c.type, place, path)
    } else if (field.role !== 'reserved') flatten(flat, field.type, place, name)
    place += fixedSize(field.type) as number
  }
}

/** A struct as one flat map of C names. */
export function flatStruct(type: Type, bytes: Uint8Array, textOf: TextOf = latin1): Record<string, string> {
  const into: Record<string, string> = {}
  flatten({ bytes, into, textOf, wanted: () => undefined }, type, 0, '')
  return into
}

function renamedPath(path: string, renames: Renames): string {
  const [member = '', ...rest] = path.split('.')
  const names = renames[member]
  return names === undefined ? path : [member, ...rest.map(step => step.replace(/^\w+/, name => names[name] ?? name))].join('.')
}

/**
 * An entry as one flat map of C names: the member of its type, and a map both ways to read it.
 * @param late the log was made after its layout's fields took other names
 */
export function flatEntry({ index, type, bytes, layout }: Entry, late: boolean, textOf: TextOf = latin1): PlainObject {
  const into: Record<string, string> = {}
  flatten({ bytes, into, textOf, wanted: field => (field === 'body' ? type : undefined) }, layout.entry.type, 0, '')
  const { renamed } = layout
  if (renamed === undefined || !late) return { index, ...into }
  return { index, ...Object.fromEntries(Object.entries(into).map(([path, value]) => [renamedPath(path, renamed), value])) }
}
