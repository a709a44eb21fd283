/** One request, done to a session: the slots that it takes. */
import { WireError } from '../../codec/errors.ts'
import { FAMFS_MAX_PATHLEN } from '../../uapi/famfs/log.ts'
import type { MetaExtent } from '../../validate/meta.ts'
import { DAXDEV_SLOTS } from '../reference/daxdev.ts'
import { resolveStrict } from '../replay/resolve.ts'
import { addChild, DIRECTORY, FILE } from '../replay/tree.ts'
import { areaOf } from '../source.ts'
import { allocate } from './allocate.ts'
import { checkMap, checkPath, noteMap } from './check.ts'
import { bytesOfText, checkList, checkObject, refusal, unsigned, uuidBytes } from './refusal.ts'
import type { NewDevice, NewDirectory, NewEntry, NewFile, NewMap, NewOwned } from './request.ts'
import { type Session, takeSlot } from './session.ts'
import { daxdevSlot, fileSlot, mkdirSlot } from './slots.ts'

/** A slot that a request became. */
export interface BuiltEntry {
  readonly index: number
  readonly bytes: Uint8Array
  /** of a file: its size and where it lies */
  readonly file?: { readonly path: Uint8Array; readonly size: bigint; readonly map: NewMap; readonly request: NewFile }
}

const MODE = { mkdir: 0o755, file: 0o644 } as const
const SLASH = 0x2f
/** Bit 1: all hosts read and write. facts: metadata 3 */
const FLAGS = 2
/** Above this a file's size is negative to a kernel. */
const MOST_SIZE = 1n << 63n

const small = (value: number, path: string): number => Number(unsigned(value, 32, path))

function ownerOf({ mode, uid = 0, gid = 0 }: NewOwned, kind: 'mkdir' | 'file', path: Uint8Array) {
  return { mode: small(mode === undefined ? MODE[kind] : mode, 'mode'), uid: small(uid, 'uid'), gid: small(gid, 'gid'), path }
}

function pathOf({ unchecked }: Session, { path }: NewOwned): Uint8Array {
  const bytes = bytesOfText(path, 'path')
  if (!unchecked) checkPath(bytes)
  if (bytes.length <= FAMFS_MAX_PATHLEN) return bytes
  throw refusal('range', 'path', `an entry has room for ${FAMFS_MAX_PATHLEN} bytes of path, not ${bytes.length}`, bytes.length)
}

function directorySlot(session: Session, request: NewOwned, path: Uint8Array, mode?: number): BuiltEntry {
  const owner = ownerOf(mode === undefined ? request : { ...request, mode }, 'mkdir', path)
  const index = takeSlot(session)
  return { index, bytes: mkdirSlot(session.shape, index, owner) }
}

/** One MKDIR for each directory above the last name that is missing, from the top. facts: metadata 6, mkdir -p */
function* missingParents(session: Session, request: NewOwned, path: Uint8Array): Generator<BuiltEntry> {
  for (let slash = path.indexOf(SLASH); slash >= 0; slash = path.indexOf(SLASH, slash + 1)) {
    const { tree, root, target } = session
    if (resolveStrict(tree, root, path, 0, slash, target) !== 'missing') continue
    const { node, from, to } = target
    const entry = directorySlot(session, request, path.slice(0, slash), MODE.mkdir)
    addChild(tree, DIRECTORY, node, entry.index, path, from, to)
    yield entry
  }
}

const OBJECTIONS = {
  path: ['text', 'has an empty name, . or .. in it'],
  parent: ['missing', 'a directory above it is missing'],
  file: ['range', 'a file is where a directory should be'],
} as const

/**
 * Puts the name into the tree.
 * @returns false when a directory is there that may be there
 * @throws WireError text, missing, range
 */
function place(session: Session, request: NewOwned, path: Uint8Array, kind: number): boolean {
  const { tree, root, target, unchecked } = session
  const outcome = resolveStrict(tree, root, path, 0, path.length, target)
  if (outcome === 'missing') {
    addChild(tree, kind, target.node, session.next, path, target.from, target.to)
    return true
  }
  if (unchecked) return true
  if (outcome !== 'found') throw refusal(OBJECTIONS[outcome][0], 'path', OBJECTIONS[outcome][1], request.path)
  const isDirectory = tree.columns.kind[target.node] === DIRECTORY
  if (kind === DIRECTORY && isDirectory && request.parents === true) return false
  throw refusal('range', 'path', `a ${isDirectory ? 'directory' : 'file'} of that path is there already`, request.path)
}

function* addDirectory(session: Session, request: NewDirectory): Generator<BuiltEntry> {
  const path = pathOf(session, request)
  if (request.parents === true) yield* missingParents(session, request, path)
  if (place(session, request, path, DIRECTORY)) yield directorySlot(session, request, path)
}

function sizeOf({ unchecked }: Session, { size, content }: NewFile): bigint {
  const bytes = size ?? (content === undefined ? undefined : areaOf(content).size)
  if (bytes === undefined) throw refusal('missing', 'size', 'a file needs a size or a content')
  const wide = unsigned(bytes, 64, 'size')
  if (unchecked || (wide > 0n && wide < MOST_SIZE)) return wide
  throw refusal('range', 'size', `a file has 1 to 2^63-1 bytes, not ${wide}`, wide)
}

const checkWide = (piece: object, names: readonly string[], path: string): void => {
  for (const name of names) {
    const value = (piece as Readonly<Record<string, unknown>>)[name]
    if (typeof value !== 'bigint') throw refusal(value === undefined ? 'missing' : 'range', `${path}.${name}`, 'needs a bigint')
  }
}

function checkPieces(list: readonly MetaExtent[], path: string): void {
  checkList(list, path)
  for (const [i, piece] of list.entries()) {
    checkObject(piece, `${path}[${i}]`)
    checkWide(piece, ['offset', 'len'], `${path}[${i}]`)
    small(piece.dev_index, `${path}[${i}].dev_index`)
  }
}

/** That a map has the members of one. */
function checkShape(map: NewMap): void {
  checkObject(map, 'map')
  if (map.ext_type === 'simple') return checkPieces(map.extents, 'map.extents')
  if (map.ext_type !== 'interleaved') throw refusal('tag', 'map.ext_type', 'is simple or interleaved')
  checkList(map.extents, 'map.extents')
  for (const [i, group] of map.extents.entries()) {
    checkObject(group, `map.extents[${i}]`)
    checkWide(group, ['nbytes'], `map.extents[${i}]`)
    for (const name of ['nstrips', 'chunk_size'] as const) unsigned(group[name], 64, `map.extents[${i}].${name}`)
    checkPieces(group.strips, `map.extents[${i}].strips`)
  }
}

function mapOf(session: Session, request: NewFile, size: bigint): NewMap {
  const { map, interleave } = request
  if (map === undefined) return allocate(session, size, interleave)
  checkShape(map)
  if (session.unchecked) noteMap(session, map)
  else checkMap(session, map, size)
  return map
}

function* addFile(session: Session, request: NewFile): Generator<BuiltEntry> {
  const path = pathOf(session, request)
  const size = sizeOf(session, request)
  if (request.parents === true) yield* missingParents(session, request, path)
  place(session, request, path, FILE)
  const map = mapOf(session, request, size)
  const flags = small(request.flags === undefined ? FLAGS : request.flags, 'flags')
  const index = takeSlot(session)
  const bytes = fileSlot(session.shape, index, { ...ownerOf(request, 'file', path), size, flags, map })
  yield { index, bytes, file: { path, size, map, request } }
}

/** The rules of the reference's table, which nothing but its tests asks yet. facts: metadata 4, ADD_DAXDEV */
function checkDevice({ devices }: Session, index: number, uuid: string): void {
  if (devices.length >= DAXDEV_SLOTS) throw refusal('count', 'index', `the device table has ${DAXDEV_SLOTS} slots`, index)
  if (index !== devices.length)
    throw refusal('range', 'index', `the next slot of the device table is ${devices.length}, not ${index}`, index)
  if (devices.some(d => d.uuid === uuid)) throw refusal('range', 'uuid', `device ${uuid} is there already`, uuid)
}

function* addDevice(session: Session, request: NewDevice): Generator<BuiltEntry> {
  const index = small(request.index ?? session.devices.length, 'index')
  const uuid = String(request.uuid).toLowerCase()
  const device = { size: unsigned(request.size, 64, 'size'), uuid: uuidBytes(uuid, 'uuid'), index }
  if (!session.unchecked) checkDevice(session, index, uuid)
  session.devices[index] ??= { uuid, size: device.size }
  const slot = takeSlot(session)
  yield { index: slot, bytes: daxdevSlot(session.shape, slot, device) }
}

/** The slots that a request takes, in order. */
function addEntry(session: Session, request: NewEntry): Generator<BuiltEntry> {
  checkObject(request, '')
  if (request.kind !== 'mkdir' && request.kind !== 'file' && request.kind !== 'add_daxdev')
    throw refusal('tag', 'kind', 'is mkdir, file or add_daxdev')
  if (request.kind === 'mkdir') return addDirectory(session, request)
  return request.kind === 'file' ? addFile(session, request) : addDevice(session, request)
}

/** The refusal of one of many requests. */
const numbered = (error: WireError, i: number): WireError =>
  new WireError({ ...error, path: error.path === '' ? `entries[${i}]` : `entries[${i}].${error.path}` })

/**
 * The slots that requests take, in order.
 * @throws WireError for what is refused, with a path like `entries[3].size`; the session is of no use then
 */
export function* addEntries(session: Session, requests: Iterable<NewEntry>): Generator<BuiltEntry> {
  if (typeof requests?.[Symbol.iterator] !== 'function') throw refusal('range', 'entries', 'needs a list of requests')
  let i = 0
  for (const request of requests) {
    try {
      yield* addEntry(session, request)
    } catch (error) {
      throw error instanceof WireError ? numbered(error, i) : error
    }
    i++
  }
}
