/** The BPF variant: its layouts, INIT, messages, and maps outside of FUSE. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { toC } from '../src/codec/c.ts'
import { decode, encode, tryDecode } from '../src/codec/index.ts'
import { decodeJson, encodeJson } from '../src/codec/json/index.ts'
import { layoutOf } from '../src/codec/layout.ts'
import { decodeReply, decodeRequest, encodeReply, encodeRequest } from '../src/codec/message.ts'
import { answer } from '../src/conformance/testee.ts'
import { metaSizeOf } from '../src/kernel/form.ts'
import {
  conversation,
  type FileMap,
  fmapReply,
  lookUp,
  mapOf,
  negotiate,
  plan,
  prepare,
  resolve,
  step,
  suggestDialect,
} from '../src/kernel/index.ts'
import { legal } from '../src/kernel/legal.ts'
import { defineDialect } from '../src/schema/define.ts'
import { type AnyField, array, type Dialect, fixedSize, mapFormat, type Schema, steps, struct, u32, u64 } from '../src/schema/index.ts'
import { fuseV10 } from '../src/uapi/dialects/index.ts'
import { fuseBpfInterleave, fuseBpfSimple, knownDialects } from '../src/uapi/dialects/known.ts'
import * as bpf from '../src/uapi/famfs/bpf.ts'
import { fuse_famfs_simple_ext } from '../src/uapi/famfs/fmap.ts'
import { structs } from '../src/uapi/index.ts'
import { verdictBlob } from '../src/validate/blob.ts'
import { verdictErrno } from '../src/validate/errno.ts'
import { findings } from '../src/validate/findings/index.ts'
import { verdict } from '../src/validate/verdict.ts'
import { part, runs } from './part.ts'

const M = 0x20_0000n
const both = [fuseBpfSimple, fuseBpfInterleave] as const

describe('layouts', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'famfs-wire-bpf-'))
  afterAll(() => rmSync(scratch, { recursive: true, force: true }))

  /** Sizes and offsets of facts wire 7.1, 7.2, 7.5, 7.7 and 7.8, as `name size @offset field ...`. */
  const FACTS = [
    'fuse_get_fmap_out_bpf 8 @0 meta_size @4 reserved',
    'fuse_get_daxdev_in_bpf 8 @0 daxdev_index @4 reserved',
    'fuse_get_daxdev_out 256 @0 name',
    'dax_simple_wire_hdr 16 @0 file_size @8 n_extents @12 reserved',
    'dax_simple_wire_ext 24 @0 dev_index @4 reserved @8 offset @16 len',
    'dax_ileave_wire_hdr 16 @0 file_size @8 n_iexts @12 reserved',
    'dax_ileave_wire_iext 24 @0 chunk_size @8 nstrips @12 reserved @16 nbytes',
    'dax_ileave_wire_strip 24 @0 dev_index @4 reserved @8 offset @16 len',
    'dax_simple_meta_hdr 8',
    'dax_simple_meta_ext 24',
    'dax_ileave_meta_hdr 8',
    'dax_ileave_meta_iext 32 @0 chunk_size @8 nstrips @16 nbytes @24 strip_base @28 reserved',
    'dax_ileave_meta_strip 24',
    'fuse_dax_fmap_parse_ctx 24 @0 blob_size @4 meta_buf_size @8 file_size @16 dev_bitmap',
    'fuse_dax_fmap_resolve_ctx 32 @0 meta_buf_size @8 file_offset @16 length @24 file_size',
    'fuse_iomap_io_bpf 32 @0 offset @8 length @16 addr @24 type @26 flags @28 dev_index',
    'fuse_dax_fmap_parse_ctx_xattr 32 @24 n_devices',
    'fuse_dax_fmap_resolve_ctx_xattr 56 @32 dev_index @40 phys_offset @48 mapped_length',
    'fuse_dax_fmap_devinfo 264',
  ]

  it.each(FACTS)('%s', fact => {
    const [name = '', size, ...places] = fact.split(' ')
    const schema = structs[name] as Schema<unknown>
    expect(fixedSize(schema.type)).toBe(Number(size))
    const rows = layoutOf(schema)
    for (let i = 0; i < places.length; i += 2) {
      const row = rows.find(r => r.path.replace(/\[.*/, '') === places[i + 1])
      expect(`@${row?.offset}`).toBe(places[i])
    }
  })

  it('INIT has its name at 48', () => {
    const rows = layoutOf(structs.fuse_init_out_bpf as Schema<unknown>)
    const at = (path: string) => rows.find(r => r.path.replace(/\[.*/, '') === path)
    expect(at('ops_name')).toMatchObject({ offset: 48, size: 16 })
    expect(rows.find(r => r.path.startsWith('unused'))).toMatchObject({ offset: 42 })
  })

  it('a C compiler lays every struct out so, alone and in one header', () => {
    const all = Object.entries<unknown>(bpf).filter(
      (entry): entry is [string, AnyField] =>
        typeof entry[1] === 'object' && entry[1] !== null && 'type' in entry[1] && Object.hasOwn(structs, entry[0]),
    )
    expect(all.length).toBe(20)
    for (const [name, schema] of part(all)) {
      const source = join(scratch, `${name}.c`)
      writeFileSync(source, toC([schema]))
      const run = spawnSync('cc', ['-c', '-std=c11', '-Wall', '-o', join(scratch, 'out.o'), source], { encoding: 'utf8' })
      expect([name, run.stderr, run.status]).toEqual([name, '', 0])
    }
  })

  it('a whole reply is envelope, header and list', () => {
    const extents = [{ dev_index: 1, offset: M, len: M }]
    const value = { meta_size: 32, file_size: 5n, extents }
    const whole = encode(bpf.fuse_bpf_simple_fmap, value)
    expect(whole.subarray(8)).toEqual(encode(bpf.dax_simple_fmap, { file_size: 5n, extents }))
    expect(whole.subarray(0, 8)).toEqual(encode(bpf.fuse_get_fmap_out_bpf, { meta_size: 32 }))
  })
})

describe('the dialects', () => {
  it.each(both)('$id passes the checks of a definition', d => expect(defineDialect(d)).toBe(d))

  it('are known by their ids', () => {
    expect(Object.entries(knownDialects).filter(([id, d]) => id !== d.id)).toEqual([])
    expect(Object.keys(knownDialects)).toEqual(expect.arrayContaining(['fuse', 'fuse-v10', 'fuse-bpf-simple', 'fuse-bpf-interleave']))
  })
})

describe('INIT', () => {
  it.each(both)('of $id: the right name turns famfs on', d => {
    const found = negotiate({ kernel: { dialect: d } })
    expect(found).toMatchObject({ outcome: 'connected', famfs: { on: true }, ignored: [] })
    expect(found.famfs.reason).toBe(`bit 43 was offered and answered, and ops_name is "${d.init?.named?.value}"`)
    const body = found.reply.subarray(16)
    expect(body.length).toBe(64)
    expect(new TextDecoder().decode(body.subarray(48)).replace(/\0+$/, '')).toBe(d.init?.named?.value)
  })

  it.each([
    ['', 'ops_name is ""'],
    ['dax_interleave', 'ops_name is "dax_interleave"'],
    ['dax_simple2', 'ops_name is "dax_simple2"'],
    ['DAX_SIMPLE', 'ops_name is "DAX_SIMPLE"'],
  ])('the name %s leaves famfs off, and the mount goes on', (named, reason) => {
    const found = negotiate({ kernel: { dialect: fuseBpfSimple }, server: { named } })
    expect(found).toMatchObject({ outcome: 'connected', write: 0, famfs: { on: false } })
    expect(found.famfs.reason).toContain(`${reason}, not "dax_simple": the mount goes on without famfs`)
  })

  it('the name ends at its NUL, and the field at 16 bytes', () => {
    const { reply } = negotiate({ kernel: { dialect: fuseBpfSimple } })
    const dirty = reply.slice()
    dirty.set(new TextEncoder().encode('\0rest'), 16 + 48 + 10)
    expect(negotiate({ kernel: { dialect: fuseBpfSimple }, server: { reply: dirty } }).famfs.on).toBe(true)
    const long = reply.slice()
    long.fill(0x78, 16 + 48)
    expect(negotiate({ kernel: { dialect: fuseBpfSimple }, server: { reply: long } }).famfs.on).toBe(false)
  })

  it('a reply that ends before the name has none', () => {
    const { reply } = negotiate({ kernel: { dialect: fuseBpfSimple } })
    const short = reply.slice(0, 16 + 48)
    new DataView(short.buffer).setUint32(0, short.length, true)
    expect(negotiate({ kernel: { dialect: fuseBpfSimple }, server: { reply: short } })).toMatchObject({
      outcome: 'connected',
      famfs: { on: false },
    })
  })

  it('decides whether maps are asked for', () => {
    const mounted = (named?: string) => {
      const { state } = step(conversation({ dialect: fuseBpfSimple }), { event: 'mount' })
      const { reply } = negotiate({ kernel: { dialect: fuseBpfSimple }, server: named === undefined ? {} : { named } })
      return step(state, { event: 'write', bytes: reply }).state.settled.famfs
    }
    expect([mounted(), mounted('other')]).toEqual([true, false])
  })

  it('is read with its name by the interpreter', () => {
    const { reply } = negotiate({ kernel: { dialect: fuseBpfSimple } })
    expect(decodeReply(reply, { dialect: fuseBpfSimple, opcode: 'INIT' }).body).toMatchObject({ ops_name: 'dax_simple' })
  })
})

describe('messages', () => {
  const header = { unique: 4n, nodeid: 0n, uid: 0, gid: 0, pid: 0 }

  it('a device is asked for by a body, and answered by a name alone', () => {
    const bytes = encodeRequest({ opcode: 'GET_DAXDEV', header, body: { daxdev_index: 3 } }, { dialect: fuseBpfSimple })
    expect(bytes.length).toBe(48)
    expect(decodeRequest(bytes, { dialect: fuseBpfSimple }).body).toEqual({ daxdev_index: 3, reserved: 0 })
    const reply = encodeReply({ opcode: 'GET_DAXDEV', header: { unique: 4n }, body: { name: '/dev/dax0.0' } }, { dialect: fuseBpfSimple })
    expect(reply.length).toBe(16 + 256)
    expect(decodeReply(reply, { dialect: fuseBpfSimple, opcode: 'GET_DAXDEV' }).body).toEqual({ name: '/dev/dax0.0' })
  })

  it('lengths of requests tell the variant from the other series', () => {
    const evidence = {
      requests: [
        { opcode: 54, length: 40 },
        { opcode: 55, length: 48 },
      ],
    }
    const found = suggestDialect(evidence, Object.values(knownDialects)).filter(s => !s.excluded)
    expect(found.map(s => s.dialect).sort()).toEqual(['fuse-bpf-interleave', 'fuse-bpf-simple'])
  })

  it('the testee decodes and encodes them by name', () => {
    const ask = (request: object) => answer({ id: 1, dialect: 'fuse-bpf-interleave', ...request })
    const map: FileMap = {
      ext_type: 'interleaved',
      file_size: M,
      extents: [{ nstrips: 1, chunk_size: M, nbytes: M, strips: [{ dev_index: 2, offset: M, len: M }] }],
    }
    const hex = Buffer.from(fmapReply(map, fuseBpfInterleave)).toString('hex')
    for (const [message, part] of [
      ['fuse_bpf_interleave_fmap', hex],
      ['dax_interleave_fmap', hex.slice(16)],
    ]) {
      const { value } = ask({ op: 'decode', message, hex: part }) as { value: object }
      expect(value).toMatchObject({ file_size: `${M}`, iexts: [{ chunk_size: `${M}`, nbytes: `${M}`, strips: [{ dev_index: 2 }] }] })
      expect(ask({ op: 'encode', message, value })).toEqual({ id: 1, hex: part })
    }
    expect(ask({ op: 'decode', message: 'fuse_get_daxdev_in', hex: '0100000000000000' })).toMatchObject({ value: { daxdev_index: 1 } })
    expect(ask({ op: 'decode', message: 'fuse_get_fmap_out', hex: '2000000000000000' })).toMatchObject({ value: { meta_size: 32 } })
  })
})

describe('maps', () => {
  const pieces = fc.array(fc.record({ dev_index: fc.nat(23), offset: fc.bigInt(0n, 1000n), len: fc.bigInt(1n, 9n) }), {
    minLength: 1,
    maxLength: 40,
  })
  const whole = pieces.map(list => list.map(({ dev_index, offset, len }) => ({ dev_index, offset: offset * M, len: len * M })))
  const simple = whole.map((extents): FileMap => ({ ext_type: 'simple', file_size: extents.reduce((sum, e) => sum + e.len, 0n), extents }))
  const interleaved = fc.array(fc.tuple(whole, fc.bigInt(1n, 1n << 60n)), { minLength: 1, maxLength: 16 }).map(
    (groups): FileMap => ({
      ext_type: 'interleaved',
      file_size: M,
      extents: groups.map(([all, chunk]) => {
        const strips = all.slice(0, 32)
        return { nstrips: strips.length, chunk_size: chunk, nbytes: M, strips }
      }),
    }),
  )

  it.each([
    [fuseBpfSimple, simple],
    [fuseBpfInterleave, interleaved],
  ] as const)('$id: what is encoded is what the program keeps, with just as much room as it needs', (d, maps) => {
    fc.assert(
      fc.property(maps, map => {
        const bytes = fmapReply(map, d)
        const { meta } = verdict(bytes, d) as { meta: FileMap }
        expect(meta).toMatchObject(map)
        expect(legal(map, d)).toBe(map)
        const room = new DataView(bytes.buffer).getUint32(0, true)
        expect(room).toBe(metaSizeOf(map, d))
        expect(verdictBlob(bytes.subarray(8), d, room).errno).toBe(0)
        expect(verdictBlob(bytes.subarray(8), d, room - 1)).toMatchObject({ errno: 22, check: 'metaHolds' })
        expect(findings(bytes, d).filter(f => f.rule.startsWith('bpf/meta'))).toEqual([])
        expect(mapOf(decode(d.map?.body as Schema<object>, bytes), d)).toEqual(map)
      }),
      runs(100),
    )
  })

  it('a kind of map that the form has no room for is refused', () => {
    const one: FileMap = { ext_type: 'simple', file_size: M, extents: [{ dev_index: 0, offset: 0n, len: M }] }
    expect(() => fmapReply(one, fuseBpfInterleave)).toThrow('maps of dialect fuse-bpf-interleave are interleaved, not simple')
    expect(() => plan({ size: M, devices: [{ dev_index: 0, size: 8n * M }], strips: 2 }, fuseBpfSimple)).toThrow('take no interleaved maps')
  })

  it('are planned and resolved, fast and slow', () => {
    const devices = [0, 7, 23].map(dev_index => ({ dev_index, size: 64n * M }))
    for (const [d, strips] of [
      [fuseBpfSimple, undefined],
      [fuseBpfInterleave, 3],
    ] as const) {
      const map = plan({ size: 9n * M + 1n, devices, ...(strips !== undefined && { strips }) }, d)
      const prepared = prepare(map, d)
      if (prepared === undefined) throw new Error('not prepared')
      for (let at = 0n; at <= 10n * M; at += M / 2n) {
        const slow = resolve(map, at, 4096n, d)
        const rc = lookUp(prepared, Number(at), 4096)
        expect(slow).toEqual(rc === 0 ? { rc, dev: prepared.dev, addr: BigInt(prepared.addr), length: BigInt(prepared.length) } : { rc })
      }
      expect(resolve(map, 99n * M, 1n, d)).toEqual({ rc: -5 })
    }
  })

  it('a chunk size of 64 bits is not prepared where numbers are not exact', () => {
    const map = (chunk_size: bigint): FileMap => ({
      ext_type: 'interleaved',
      file_size: M,
      extents: [{ nstrips: 1, chunk_size, nbytes: M, strips: [{ dev_index: 0, offset: 0n, len: M }] }],
    })
    expect(prepare(map(1n << 53n), fuseBpfInterleave)).toBeUndefined()
    expect(prepare(map((1n << 53n) - 1n), fuseBpfInterleave)).toBeDefined()
    expect(resolve(map((1n << 64n) - 1n), 5n, 8n, fuseBpfInterleave)).toEqual({ rc: 0, dev: 0, addr: 5n, length: 8n })
  })

  it('the resolver alone takes groups that no parser passes: EIO where a kernel of the other series would oops', () => {
    const map: FileMap = { ext_type: 'interleaved', file_size: M, extents: [{ nstrips: 0, chunk_size: 0n, nbytes: M, strips: [] }] }
    expect(resolve(map, 0n, 1n, fuseBpfInterleave)).toEqual({ rc: -5 })
    expect(resolve(map, 0n, 1n, 'fuse-v2')).toEqual({ oops: 'divide_error' })
  })

  it('a reply that is longer than any buffer is no matter of the program: there is no rule about it', () => {
    const map: FileMap = { ext_type: 'simple', file_size: M, extents: [{ dev_index: 0, offset: 0n, len: M }] }
    const reply = fmapReply(map, fuseBpfSimple)
    const long = new Uint8Array(fuseBpfSimple.reply.GET_FMAP.most + 1)
    long.set(reply)
    expect(findings(reply, fuseBpfSimple)).toEqual([])
    expect(findings(long, fuseBpfSimple)).toMatchObject([{ rule: 'bpf/trailing', offset: reply.length }])
  })

  it('a blob belongs to a dialect with an envelope', () => {
    const refused = (d: Dialect) => () => verdictBlob(new Uint8Array(32), d, 32)
    const unsupported = (id: string) =>
      expect.objectContaining({ code: 'unsupported', path: 'dialect', detail: `maps of dialect ${id} travel without an envelope` })
    expect(refused(knownDialects['fuse-v10'] as Dialect)).toThrow(unsupported('fuse-v10'))
    const head = { file_size: u64, nextents: u32.derived('extents that follow'), meta_size: u32 }
    const form = (envelope: number | undefined, names: object) =>
      mapFormat(struct('own', { ...head, extents: array(fuse_famfs_simple_ext, 'nextents') }), {
        names,
        ...(envelope !== undefined && { envelope }),
      })
    const { headerFits, envelopeFits } = steps
    const own = { ...fuseV10, id: 'own', resolver: fuseBpfSimple.resolver }
    // bytes before the map, none of which says how much room there is; and room in a map that nothing stands before
    const silent = defineDialect({ ...own, map: form(8, { meta_size: 'none' }), checks: [envelopeFits(22), headerFits(22)] })
    const bare = defineDialect({ ...own, map: form(undefined, {}), checks: [headerFits(22)] })
    for (const d of [silent, bare]) expect(refused(d)).toThrow(unsupported('own'))
  })

  it('a blob is given room of a u32, and no step of the kernel comes before', () => {
    const blob = encode(bpf.dax_simple_fmap, { file_size: M, extents: [{ dev_index: 3, offset: M, len: M }] })
    const meta = { file_size: M, ext_type: 'simple', extents: [{ dev_index: 3, offset: M, len: M }], dev_bitmap: 8n }
    expect(verdictBlob(blob, fuseBpfSimple, 32)).toEqual({ ok: true, errno: 0, meta })
    // the kernel refuses so much in a reply
    expect(verdictBlob(blob, fuseBpfSimple, 0xffff_ffff)).toEqual({ ok: true, errno: 0, meta })
    expect(verdictBlob(blob, fuseBpfSimple, 31)).toMatchObject({ errno: 22, check: 'metaHolds', offset: 0 })
    expect(verdictBlob(blob, fuseBpfSimple, 0)).toMatchObject({ errno: 22, check: 'metaHolds', offset: 0 })
    expect(verdictBlob(new Uint8Array(), fuseBpfSimple, 32)).toMatchObject({ errno: 22, check: 'headerFits', offset: 0 })
    expect(verdictBlob(blob.subarray(0, 39), fuseBpfSimple, 32)).toMatchObject({ errno: 22, check: 'extentFits', offset: 16 })
    for (const room of [-1, 2 ** 32, 1.5])
      expect(() => verdictBlob(blob, fuseBpfSimple, room)).toThrow(
        expect.objectContaining({ code: 'range', path: 'metaSize', detail: `a u32, not ${room}`, actual: room }),
      )
  })

  it('JSON has chunk sizes as strings', () => {
    const value = { file_size: 1n, iexts: [{ chunk_size: 1n << 60n, nbytes: 1n, strips: [] }] }
    const json = encodeJson(bpf.dax_interleave_fmap, value)
    expect(json).toMatchObject({ iexts: [{ chunk_size: `${1n << 60n}` }] })
    expect(decodeJson(bpf.dax_interleave_fmap, json)).toMatchObject(value)
  })
})

describe('hostile bytes', () => {
  it.each(both)('$id: any bytes have an answer, and the fast call gives the same', d => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(255), (bytes, small) => {
        // a head that often passes
        if (bytes.length > 20) bytes.set([small, 0, 0, 0, 0, 0, 0, 0, ...bytes.subarray(8, 16), small % 5, 0, 0, 0].slice(0, 20))
        const found = verdict(bytes, d)
        expect(verdictErrno(bytes, d)).toBe(found.errno)
        for (const f of findings(bytes, d)) expect(f.offset).toBeLessThanOrEqual(bytes.length + 24)
        if (found.errno !== 0) expect(findings(bytes, d).some(f => f.severity === 'error')).toBe(true)
        else expect(tryDecode(d.map?.body as Schema<unknown>, bytes).ok).toBe(true)
      }),
      runs(3000),
    )
  })

  it.each(both)('$id: cut at every byte, and every bit flipped', d => {
    const map = plan({ size: 5n * M, devices: [{ dev_index: 3, size: 64n * M }], ...(d === fuseBpfInterleave && { strips: 3 }) }, d)
    const bytes = fmapReply(map, d)
    for (let cut = 0; cut < bytes.length; cut++) expect(verdict(bytes.subarray(0, cut), d).errno).toBe(22)
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = bytes.slice()
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      const { errno } = verdict(flipped, d)
      expect([0, 22]).toContain(errno)
      if (errno !== 0) expect(findings(flipped, d).some(f => f.severity === 'error')).toBe(true)
    }
  })
})
