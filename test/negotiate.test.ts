/** INIT as the captured kernels did it, and as the fact sheet has it for those that nobody captured. */
import { describe, expect, it } from 'vitest'
import { tryDecode } from '../src/codec/decode.ts'
import { buildInitRequest, libfuseGenerations, type Negotiation, negotiate, suggestDialect } from '../src/kernel/negotiate/index.ts'
import { famfsDialectIds } from '../src/uapi/dialects/index.ts'
import { fuse_init_in } from '../src/uapi/fuse/init.ts'
import { goldenLines, goldenTraces, messageFiles } from './goldens.ts'
import { bytesOf } from './verdict-golden.ts'

interface Line {
  readonly direction: string
  readonly name?: string
  readonly note: string
  readonly hex: string
  readonly write_errno?: number
  readonly kernel: string
  readonly result?: { readonly rc?: { readonly rc?: number; readonly errno?: number } }
}

interface Exchange {
  readonly note: string
  readonly request: Uint8Array
  readonly reply: Uint8Array
  readonly write: number
  /** what a first system call on the mount returned; undefined where it was not tried */
  readonly errno: number | undefined
}

/** Every INIT of a file with its reply and the first result behind it. */
function exchangesOf(file: string): Exchange[] {
  const lines = goldenLines(`wire/${file}.jsonl`) as readonly Line[]
  return lines.flatMap((line, i) => {
    const reply = lines[i + 1]
    if (line.direction !== 'request' || line.name !== 'INIT' || reply === undefined) return []
    const observed = lines.slice(i, i + 6).find(l => l.direction === 'observed' && l.note === line.note && l.note.startsWith('init'))
    const rc = observed?.result?.rc
    return [
      {
        note: line.note,
        request: bytesOf(line.hex),
        reply: bytesOf(reply.hex),
        write: reply.write_errno ?? 0,
        errno: rc === undefined ? undefined : (rc.errno ?? 0),
      },
    ]
  })
}

const ECONNREFUSED = 111
const bit = (n: Negotiation, number: number): string | undefined => n.bits.find(b => b.bit === number)?.verdict

describe.each(messageFiles)('%s', file => {
  const dialect = file === 'fuse-famfs' ? 'fuse-v10' : 'fuse'
  const all = exchangesOf(file)

  it('the device, and whether the mount lives, as recorded', () => {
    expect(all.length).toBeGreaterThan(20)
    for (const { note, request, reply, write, errno } of all) {
      const n = negotiate({ kernel: { dialect, request }, server: { reply } })
      expect([note, n.write]).toEqual([note, write])
      if (errno !== undefined) expect([note, n.outcome]).toEqual([note, errno === ECONNREFUSED ? 'dead' : 'connected'])
    }
    expect(all.filter(x => x.errno === ECONNREFUSED).length).toBeGreaterThan(4)
  })

  it('every bit that one side set is explained', () => {
    for (const { request, reply } of all) {
      const n = negotiate({ kernel: { dialect, request }, server: { reply } })
      if (n.outcome !== 'connected') continue
      const offered = n.bits.reduce((sum, b) => (b.offered ? sum | (1n << BigInt(b.bit)) : sum), 0n)
      expect(offered).toBe(n.offered)
      expect(n.bits.every(b => b.reason !== '' && b.name !== '' && b.granted === (b.verdict === 'granted'))).toBe(true)
      const granted = n.bits.filter(b => b.granted && b.bit !== 43).reduce((sum, b) => sum | (1n << BigInt(b.bit)), 0n)
      expect(granted & ~n.replied).toBe(0n)
    }
  })
})

describe('famfs', () => {
  it('is on where the kernel then asked for maps', () => {
    for (const file of ['famfs-7.46', 'famfs-push'])
      for (const { name, dialect, messages } of goldenTraces(file)) {
        const [request, reply] = messages
        if (request === undefined || reply === undefined) throw new Error('a trace without INIT')
        const n = negotiate({ kernel: { dialect, request: request.bytes }, server: { reply: reply.bytes } })
        expect([name, n.famfs.on]).toEqual([name, messages.some(m => m.name === 'GET_FMAP')])
      }
  })

  it('capability and user namespace decide what is offered, from V3 on', () => {
    for (const dialect of famfsDialectIds) {
      const early = dialect === 'fuse-v1' || dialect === 'fuse-v2'
      expect(negotiate({ kernel: { dialect } }).famfs.on).toBe(true)
      expect(negotiate({ kernel: { dialect, capable: false } }).famfs.on).toBe(early)
      expect(negotiate({ kernel: { dialect, userNamespace: true } }).famfs.on).toBe(early)
    }
  })

  it('an answered bit that was not offered: V1 takes it, V10 refuses it', () => {
    const reply = negotiate({ kernel: { dialect: 'fuse-v10' } }).reply
    const late = negotiate({ kernel: { dialect: 'fuse-v10', capable: false }, server: { reply } })
    expect([late.famfs.on, bit(late, 43)]).toEqual([false, 'refused'])
    const v1 = negotiate({ kernel: { dialect: 'fuse-v1' } }).reply
    const request = buildInitRequest({ dialect: 'fuse', flags: 0x73ff_fffbn })
    const early = negotiate({ kernel: { dialect: 'fuse-v1', request }, server: { reply: v1 } })
    expect([early.famfs.on, bit(early, 42)]).toEqual([true, 'granted'])
  })

  it('a server that forgets FUSE_INIT_EXT loses it', () => {
    const { request, reply } = negotiate({ kernel: { dialect: 'fuse-v10' } })
    const without = reply.slice()
    new DataView(without.buffer).setUint32(16 + 12, 0x33ff_fffb, true)
    const n = negotiate({ kernel: { dialect: 'fuse-v10', request }, server: { reply: without } })
    expect([n.famfs.on, bit(n, 43)]).toEqual([false, 'unread'])
    expect(n.ignored).toContain('flags2: FUSE_INIT_EXT is not set in flags')
  })
})

describe('what Linux 6.18 did besides', () => {
  const { request } = negotiate({ kernel: { dialect: 'fuse-v10' } })
  const answered = (body: Uint8Array, defaultPermissions = false): Negotiation => {
    const reply = new Uint8Array(16 + body.length)
    new DataView(reply.buffer).setUint32(0, reply.length, true)
    new DataView(reply.buffer).setBigUint64(8, 2n, true)
    reply.set(body, 16)
    return negotiate({ kernel: { dialect: 'fuse-v10', request, defaultPermissions }, server: { reply } })
  }
  const words = (flags: number, flags2: number): Uint8Array =>
    new Uint8Array(Uint32Array.of(7, 45, 0, flags, 0, 4096, 1, 0, flags2, 0, 0, 0, 0, 0, 0, 0).buffer)
  const [EXT, ACL, IDMAP] = [1 << 30, 1 << 20, 1 << 8]

  it('FUSE_ALLOW_IDMAP needs default_permissions, by option or by FUSE_POSIX_ACL', () => {
    expect(answered(words(EXT, IDMAP))).toMatchObject({ outcome: 'dead', why: expect.stringContaining('default_permissions') })
    expect(answered(words(EXT, IDMAP), true).outcome).toBe('connected')
    expect(answered(words(EXT | ACL, IDMAP)).outcome).toBe('connected')
    expect(answered(words(ACL, IDMAP)).outcome).toBe('connected')
    const old = buildInitRequest({ dialect: 'fuse', minor: 38, flags: 0x73ff_fffbn })
    const reply = negotiate({ kernel: { dialect: 'fuse-v10', request } }).reply
    expect(negotiate({ kernel: { dialect: 'fuse', request: old }, server: { reply } }).outcome).toBe('connected')
  })

  it('a reply that ends inside a member has zeros behind it', () => {
    expect(answered(Uint8Array.of(7)).outcome).toBe('connected')
    expect(answered(Uint8Array.of(7, 0, 0, 0, 45)).limits?.minor).toBe(45)
    expect(answered(Uint8Array.of(0, 7)).outcome).toBe('dead')
    expect(answered(words(EXT, 1 << 11).subarray(0, 34)).famfs.on).toBe(true)
    expect(answered(words(EXT, 1 << 11).subarray(0, 33)).famfs.on).toBe(false)
  })
})

describe('requests and limits', () => {
  it('the request of the captured kernel, byte for byte', () => {
    const [root, bare] = ['init: root, all capabilities', 'init: root without CAP_SYS_RAWIO'].map(
      note => exchangesOf('fuse-famfs').find(x => x.note === note)?.request,
    )
    expect(buildInitRequest({ dialect: 'fuse-v10', minor: 46 })).toEqual(root)
    expect(buildInitRequest({ dialect: 'fuse-v10', minor: 46, capable: false })).toEqual(bare)
  })

  it.each([
    [45, 104],
    [36, 104],
    [35, 56],
    [6, 56],
    [5, 48],
  ])('minor %i: %i bytes', (minor, size) => {
    const request = buildInitRequest({ dialect: 'fuse-v10', minor })
    expect(request.length).toBe(size)
    expect(tryDecode(fuse_init_in, request.subarray(40)).ok).toBe(true)
  })

  it.each([
    [45, 80],
    [23, 80],
    [22, 40],
    [5, 40],
    [4, 24],
  ])('a server of minor %i answers %i bytes', (minor, size) => {
    const { reply, outcome } = negotiate({ kernel: { dialect: 'fuse-v10' }, server: { minor } })
    expect([reply.length, outcome]).toEqual([size, 'connected'])
  })

  it('below minor 6 there are no flags, below 5 one page to write', () => {
    const { request } = negotiate({ kernel: { dialect: 'fuse-v10' } })
    const n = negotiate({ kernel: { dialect: 'fuse-v10', request }, server: { minor: 4 } })
    expect(n.replied).toBe(0n)
    expect(n.limits).toMatchObject({ minor: 4, max_write: 4096, max_pages: 32 })
    expect(n.bits.filter(b => b.wanted).every(b => b.verdict === 'unread')).toBe(true)
  })
})

describe('collisions', () => {
  it('names what other code takes the numbers for', () => {
    const what = (dialect: 'fuse-v1' | 'fuse-v10', minor?: number): string[] =>
      negotiate({ kernel: { dialect, ...(minor === undefined ? {} : { minor }) } }).collisions.map(c => c.what)
    expect(what('fuse-v1')).toEqual(['bit 42', 'opcode 53', 'opcode 54'])
    expect(what('fuse-v10', 46)).toEqual(['bit 43', 'opcode 54', 'opcode 55', 'minor 46'])
  })

  it.each(libfuseGenerations)('libfuse $id asks by bit $bit of $field', ({ id, bit: capability, field }) => {
    const asks = { generation: id, ...(field === 'want' ? { want: 2 ** capability } : { want_ext: 1n << BigInt(capability) }) }
    const n = negotiate({ kernel: { dialect: 'fuse-v10' }, server: { libfuse: asks } })
    expect([n.famfs.on, n.collisions.at(-1)?.what]).toEqual([true, 'libfuse capability'])
    expect(negotiate({ kernel: { dialect: 'fuse-v10' }, server: { libfuse: { generation: id } } }).famfs.on).toBe(false)
  })
})

it('the libfuse of V1 keeps READDIRPLUS from its server where the kernel offers famfs', () => {
  const libfuse = { generation: 'v1', want: 2 ** 30 } as const
  const on = negotiate({ kernel: { dialect: 'fuse-v1' }, server: { libfuse } })
  expect([13, 14].map(number => bit(on, number))).toEqual(['declined', 'declined'])
  const late = negotiate({ kernel: { dialect: 'fuse-v10' }, server: { libfuse: { generation: 'v3', want_ext: 1n << 32n } } })
  expect([13, 14].map(number => bit(late, number))).toEqual(['granted', 'granted'])
})

describe('suggestDialect', () => {
  const top = (evidence: Parameters<typeof suggestDialect>[0]): string[] => {
    const all = suggestDialect(evidence).filter(s => !s.excluded)
    return all.filter(s => s.score === all[0]?.score).map(s => s.dialect)
  }

  it('leaves dialects that send the same bytes side by side', () => {
    const later = ['fuse-v3', 'fuse-v4', 'fuse-v7', 'fuse-v10']
    expect(top({ offered: 1n << 43n, minor: 45, requests: [{ opcode: 54, length: 40 }] })).toEqual(later)
    expect(top({ requests: [{ opcode: 55, length: 40 }], daxdevOpen: 25 })).toEqual(later)
    expect(top({ requests: [{ opcode: 54, length: 48 }] })).toEqual(['fuse-push', 'fuse-push-il'])
    expect(top({ offered: 1n << 43n, daxdevOpen: 0 })).toEqual(['fuse-push', 'fuse-push-il'])
  })

  it('tells V1 from V2 by the length of the request, and both from COPY_FILE_RANGE_64', () => {
    expect(top({ requests: [{ opcode: 53, length: 40 }] })).toEqual(['fuse-v1'])
    expect(top({ requests: [{ opcode: 53, length: 48 }] })).toEqual(['fuse-v2'])
    expect(top({ requests: [{ opcode: 53, length: 96 }] })).toContain('fuse')
    expect(top({ requests: [{ opcode: 53, length: 96 }] })).not.toContain('fuse-v1')
  })

  it('gives its reasons', () => {
    const [first] = suggestDialect({ offered: 1n << 43n, minor: 46, requests: [{ opcode: 54, length: 48 }] })
    expect(first?.for).toEqual(['bit 43 is offered', 'minor 46', 'a request 54 of 48 bytes is its GET_FMAP'])
    expect(suggestDialect({}).every(s => s.score === 0 && !s.excluded)).toBe(true)
  })
})
