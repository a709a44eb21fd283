/** Calls of the ioctl ABI through the testee protocol: every vector is asked, and answered as the vector says. */
import { describe, expect, it } from 'vitest'
import { answer } from '../src/conformance/testee.ts'
import { type FileMap, fmapReply, toIoctl } from '../src/kernel/index.ts'
import type { InstalledMap } from '../src/validate/ioctl/types.ts'
import { type IoctlVector, ioctlVectors, parsed } from './ioctl-vectors.ts'

type Json = Readonly<Record<string, unknown>>

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const decimal = (wide: unknown): string => BigInt(String(wide)).toString()

/** 0x strings as decimal strings, everywhere: numbers of 64 bits in the words of the protocol. */
function spoken(value: unknown): unknown {
  if (typeof value === 'string') return /^0x[0-9a-f]+$/.test(value) ? decimal(value) : value
  if (Array.isArray(value)) return value.map(spoken)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, spoken(member)]))
}

const messageOf = (map: InstalledMap): string => hexOf(fmapReply(map, 'fuse-push-il', map.file_type ?? 0))

/** The argument's own region and the others. */
function memoryOf(v: IoctlVector): Json {
  const regions = Object.entries(v.memory as Record<string, string>)
  const own = regions.find(([at]) => BigInt(at) === BigInt(String(v.address)))
  const rest = regions.filter(region => region !== own).map(([at, hex]) => ({ address: decimal(at), hex }))
  return { hex: own?.[1] ?? '', base: decimal(v.address), memory: rest }
}

function stateOf(v: IoctlVector): Json {
  const { map, ...rest } = (v.state ?? {}) as Json
  return { ...(spoken(rest) as Json), ...(map === undefined ? {} : { map: messageOf(parsed(map) as InstalledMap) }) }
}

/** What the testee says to a call, in the words of the vector. */
function expected(v: IoctlVector): Json {
  const { check, path: _, map, ...rest } = v.expect as Json
  const reason = check === undefined ? {} : { reason: check }
  return { ...(spoken(rest) as Json), ...reason, ...(map === undefined ? {} : { meta: spoken(map) }) }
}

const ask = (v: IoctlVector, op: string, more: Json): Json => answer({ id: 1, op, dialect: v.dialect, message: Number(v.command), ...more })
const ofKind = (kind: IoctlVector['kind']): IoctlVector[] => ioctlVectors.filter(v => v.kind === kind)

describe('verdict', () => {
  const calls = ofKind('call').filter(v => v.machine === undefined)

  it('is that of every vector', () => {
    expect(calls.length).toBeGreaterThan(200)
    const wrong = calls.flatMap(v => {
      const said = ask(v, 'verdict', { ...memoryOf(v), state: stateOf(v) })
      const wanted =
        'unread' in (v.expect as Json) ? { id: 1, skipped: 'nobody has read what this driver does' } : { id: 1, ...expected(v) }
      try {
        expect(said).toEqual(wanted)
        return []
      } catch {
        return [{ id: v.id, said, wanted }]
      }
    })
    expect(wrong).toEqual([])
  })
})

describe('encode, decode and roundtrip', () => {
  it.each(ofKind('encoding').map(v => [v.id, v] as const))('%s', (_, v) => {
    const about = { base: decimal(v.base), ...(v.layout === undefined ? {} : { layout: v.layout }) }
    expect(ask(v, 'encode', { ...about, value: spoken(v.value) })).toEqual({ id: 1, hex: v.hex, relocations: v.relocations })
    expect(ask(v, 'roundtrip', { ...about, hex: v.hex })).toEqual({ id: 1, hex: v.hex })
    const { value } = ask(v, 'decode', { ...about, hex: v.hex })
    expect(ask(v, 'encode', { ...about, value })).toEqual({ id: 1, hex: v.hex, relocations: v.relocations })
  })

  it('refuses values with the place of what is wrong', () => {
    const error = (value: unknown, dialect = 'ioctl-43', message = 'MAP_CREATE_V2'): unknown => {
      const said = answer({ id: 1, op: 'encode', dialect, message, value }) as { error?: { code: string; path: string } }
      return said.error === undefined ? said : `${said.error.code} ${said.error.path}`
    }
    const head = { fioc_file_size: '1', fioc_file_type: 0 }
    const strip = { devindex: '0', offset: '0', len: '1' }
    expect(error(undefined)).toBe('missing value')
    expect(error([])).toBe('tag ')
    expect(error({ ...head, fioc_ext_type: 0 })).toBe('missing kse')
    expect(error({ ...head, fioc_ext_type: 0, kse: 5 })).toBe('tag kse')
    expect(error({ ...head, fioc_ext_type: 0, kse: [strip, { ...strip, len: '-1' }] })).toBe('range kse[1].len')
    expect(error({ ...head, fioc_ext_type: 0, fioc_nextents: 3, kse: [strip] })).toBe('count fioc_nextents')
    const group = { ie_chunk_size: '1', ie_nbytes: '1' }
    expect(error({ ...head, fioc_ext_type: 1, kie: [{ ...group, ie_strips: {} }] })).toBe('tag kie[0].ie_strips')
    expect(error({ ...head, fioc_ext_type: 1, kie: [{ ...group, ie_strips: [null] }] })).toBe('tag kie[0].ie_strips[0]')
    expect(error({}, 'ioctl-43', 'NOP')).toBe('unsupported command')
    expect(error({ daxdev_index: '1', daxdev_path: 'a\u0000b', flags: 0 }, 'ioctl-44d', 'DAXDEV_OPEN')).toBe('text daxdev_path')
    expect(error({ offset: '1', len: '2' }, 'ioctl-rfc', 'famfs_extent')).toEqual({ id: 1, hex: '01000000000000000200000000000000' })
  })
})

describe('resolve', () => {
  /** Look-ups in maps that a driver takes, on files and devices to which nothing has happened but to device 0. */
  const lookups = ofKind('lookup').flatMap(v => {
    const { devices = {}, file } = v as { devices?: Readonly<Record<string, string>>; file?: unknown }
    if (file !== undefined || Object.keys(devices).some(index => index !== '0')) return []
    try {
      return [{ v, state: devices[0], payload: toIoctl(parsed(v.map) as FileMap, v.dialect).payload }]
    } catch {
      return []
    }
  })

  it('finds what every vector finds', () => {
    // those of 43 and 44d are answered by the drivers' own code: fixtures/ioctl/ioctl-*.jsonl
    expect(new Set(lookups.map(({ v }) => v.dialect)).size).toBe(5)
    for (const { v, state, payload } of lookups) {
      const queries = [{ offset: decimal(v.offset), len: decimal(v.len) }]
      const about = {
        base: payload.base.toString(),
        hex: hexOf(payload.bytes),
        queries,
        ...(state === undefined ? {} : { dev_state: state }),
      }
      const said = answer({ id: 1, op: 'resolve', dialect: v.dialect, message: payload.number, ...about })
      expect(said, v.id).toEqual({ id: 1, errno: 0, results: [spoken(v.expect)] })
    }
  })

  it('makes the call first', () => {
    const refused = ofKind('call').filter(v => {
      const { errno, residue, oops } = v.expect as { errno?: number; residue?: string; oops?: string }
      return v.machine === undefined && (errno !== 0 || residue !== undefined || oops !== undefined) && !('unread' in (v.expect as Json))
    })
    for (const v of refused)
      expect(ask(v, 'resolve', { ...memoryOf(v), state: stateOf(v), queries: [] }), v.id).toEqual({ id: 1, ...expected(v), results: [] })
    const unread = { id: 1, skipped: 'nobody has read what this driver does' }
    expect(answer({ id: 1, op: 'resolve', dialect: 'ioctl-44a', message: 'DAXDEV_OPEN', hex: '', queries: [] })).toEqual(unread)
    const nop = answer({ id: 1, op: 'resolve', dialect: 'ioctl-44a', message: 'NOP', hex: '', queries: [] }) as { error: { path: string } }
    expect(nop.error.path).toBe('message')
  })
})
