/** Arguments of calls that are damaged everywhere, and pointers that lead anywhere: verdicts and WireErrors, and no more memory than was mapped. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WireError } from '../src/codec/errors.ts'
import { type AddressSpace, decodeIoctl, encodeIoctl, findCommand, UserMemory } from '../src/codec/ioctl/index.ts'
import { fromIoctl, toFmap } from '../src/kernel/index.ts'
import type { IoctlDialectId } from '../src/uapi/index.ts'
import { ioctlFindings } from '../src/validate/ioctl/findings.ts'
import { ioctlVerdict } from '../src/validate/ioctl/verdict.ts'
import { isAnswer, run } from './cli-inside.ts'
import { callIn, type IoctlVector, ioctlVectors } from './ioctl-vectors.ts'

const BASE = 0x10000n

/** Counts what is read out of it. */
class Counted implements AddressSpace {
  taken = 0
  readonly #memory: UserMemory

  constructor(memory: UserMemory) {
    this.#memory = memory
  }

  read(address: bigint, length: bigint): Uint8Array {
    const bytes = this.#memory.read(address, length)
    this.taken += bytes.length
    return bytes
  }

  write(address: bigint, bytes: Uint8Array): number {
    return this.#memory.write(address, bytes)
  }

  allocate(size: number): bigint {
    return this.#memory.allocate(size)
  }
}

/** What the library makes of it; nothing else may be thrown. */
function attempted<T>(f: () => T): T | undefined {
  try {
    return f()
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    expect(error.message).not.toMatch(/undefined|NaN|\[object/)
    return undefined
  }
}

const KINDS = ['errno', 'residue', 'oops', 'unread']

/** Judged by its driver and read; whether it was a whole argument. */
function tried(dialect: IoctlDialectId, command: number, address: bigint, memory: AddressSpace, state: IoctlVector['state'] = {}): boolean {
  const verdict = ioctlVerdict(dialect, { command, address, memory, state: state as object })
  expect(KINDS.some(kind => kind in verdict)).toBe(true)
  const decoded = attempted(() => decodeIoctl(dialect, command, memory, address))
  const early = attempted(() => decodeIoctl(dialect, command, memory, address, { layout: 'early' }))
  if (decoded?.value === undefined || decoded.regions.length === 0) return early !== undefined
  const typed = attempted(() => fromIoctl(dialect, command, decoded.value))
  if (typed !== undefined) attempted(() => toFmap(typed.map, 'fuse-v10', typed))
  // a path may end before its length
  const again = encodeIoctl(dialect, command, decoded.value, { broken: ['daxdev_path_len'] })
  expect(again.bytes.length).toBeGreaterThan(0)
  return true
}

const all = process.env.FAMFS_WIRE_FLIPS === 'all'

/** Versions whose drivers read the same bytes in the same way; FAMFS_WIRE_FLIPS=all tries each of them. */
const FAMILY: Readonly<Record<string, string>> = {
  'ioctl-42': 'ioctl-rfc',
  'ioctl-44a': '44',
  'ioctl-44b': '44',
  'ioctl-44c': '44',
  'ioctl-44d': '44',
}

/** Calls whose argument is read, each argument once. */
const calls = [
  ...new Map(
    ioctlVectors.flatMap(v => {
      const command = v.kind === 'call' ? findCommand(v.dialect, Number(v.command)) : undefined
      if (command?.argument === undefined) return []
      const family = all ? v.dialect : (FAMILY[v.dialect] ?? v.dialect)
      return [[`${family} ${command.name} ${JSON.stringify(v.memory)}`, v] as const]
    }),
  ).values(),
]

/** The regions of a vector, each in turn with what `change` makes of it. */
function* changed(v: IoctlVector, change: (bytes: Uint8Array) => Iterable<Uint8Array>): Generator<UserMemory> {
  const regions = Object.entries(v.memory as Record<string, string>).map(
    ([at, hex]) => [BigInt(at), Uint8Array.from(Buffer.from(hex, 'hex'))] as const,
  )
  for (const [own, bytes] of regions)
    for (const other of change(bytes)) {
      const memory = new UserMemory()
      for (const [at, whole] of regions) memory.map(at, at === own ? other : whole)
      yield memory
    }
}

/** Behind these the bytes of a few vectors are one list of the same elements. */
const FIRST = all ? 8192 : 64

function* cuts(bytes: Uint8Array): Generator<Uint8Array> {
  for (let end = 0; end < Math.min(bytes.length, FIRST); end++) yield bytes.slice(0, end)
}

function* flips(bytes: Uint8Array): Generator<Uint8Array> {
  for (let bit = 0; bit < Math.min(bytes.length, FIRST) * 8; bit++) {
    const other = bytes.slice()
    other[bit >> 3] = (other[bit >> 3] as number) ^ (1 << (bit & 7))
    yield other
  }
}

describe('the argument of every vector', () => {
  it.each([
    ['cut at every byte', cuts],
    ['with every bit flipped', flips],
  ] as const)('%s', (_, change) => {
    let [tries, whole] = [0, 0]
    for (const v of calls) {
      const { command, address, state } = callIn(v)
      for (const memory of changed(v, change)) {
        tries++
        if (tried(v.dialect, command, address, memory, state)) whole++
      }
    }
    expect(tries).toBeGreaterThan(change === flips ? 20_000 : 2500)
    expect(whole).toBeGreaterThan(change === flips ? tries / 4 : 0)
    expect(whole).toBeLessThan(tries)
  })
})

describe('pointers and counts', () => {
  const U64 = (1n << 64n) - 1n
  const HOLE = 64n
  /** Itself, what follows, a hole, the end of memory, the kernel's half, and where an address wraps. */
  const pointer = fc.oneof(
    fc.constantFrom(
      0n,
      1n,
      BASE,
      BASE + 8n,
      BASE + 24n,
      BASE + 32n,
      BASE + 4095n,
      BASE + 4096n,
      BASE + 4096n + HOLE,
      (1n << 63n) - 8n,
      1n << 63n,
      U64 - 23n,
      U64 - 7n,
      U64,
    ),
    fc.bigInt(BASE, BASE + 8300n),
    fc.bigInt(0n, U64),
  )
  const count = fc.oneof(
    fc.constantFrom(
      0n,
      1n,
      2n,
      3n,
      16n,
      17n,
      0x7fffffffn,
      0x80000000n,
      0xffffffffn,
      1n << 32n,
      (1n << 63n) - 1n,
      1n << 63n,
      U64,
      U64 / 24n,
      U64 / 24n + 1n,
      U64 / 32n + 1n,
    ),
    fc.bigInt(0n, 200n),
  )
  const word = fc.oneof(pointer, count, fc.constant(0x200000n), fc.constant(0n))
  const few = fc.oneof({ weight: 3, arbitrary: fc.bigInt(1n, 2n) }, { weight: 1, arbitrary: count })
  type Head = readonly [IoctlDialectId, number, readonly bigint[]]
  /** Heads that are good often enough to get behind them, for each driver. */
  const heads: readonly fc.Arbitrary<Head>[] = [
    fc
      .tuple(fc.constantFrom(0n, 1n), few, pointer, word)
      .map(([type, n, to, size]): Head => ['ioctl-43', 0x40207554, [size, type << 32n, n & 0xffffffffn, to]]),
    fc.tuple(fc.constantFrom(0n, 1n), few, fc.oneof(count, fc.constant(4096n))).map(([type, n, size]): Head => {
      const [low, high] = [n & 0xffffffffn, size & 0xffffffffn]
      return ['ioctl-44d', 0x40207551, [0x10000n | (type << 32n), low | (high << 32n), 1n, 0n]]
    }),
    fc.tuple(word, word, few).map((words): Head => ['ioctl-rfc', 0x40387501, words]),
    fc
      .tuple(fc.bigInt(0n, 70n), pointer, count)
      .map(([index, path, length]): Head => ['ioctl-44d', 0x40187552, [index, path, length & 0xffffffffn]]),
    fc.array(word, { maxLength: 8 }).map((words): Head => ['ioctl-43', 0x81c07555, words]),
  ]
  const groups = fc.array(fc.tuple(count, fc.constant(0x200000n), word, pointer), { minLength: 1, maxLength: 4 }).map(list => list.flat())
  const behind = fc.oneof(groups, fc.array(word, { minLength: 1, maxLength: 12 }))

  it('lead to verdicts, and to no more bytes than a small multiple of those that are mapped', () => {
    const mapped = 2 * 4096
    let most = 0
    fc.assert(
      fc.property(fc.oneof(...heads), behind, ([id, command, head], fill) => {
        const words = Array.from({ length: 512 }, (_, i) => head[i] ?? fill[(i - head.length) % fill.length] ?? 0n)
        const first = new Uint8Array(BigUint64Array.from(words).buffer)
        const memory = new Counted(new UserMemory().map(BASE, first).map(BASE + 4096n + HOLE, first.slice()))
        ioctlVerdict(id, { command, address: BASE, memory })
        most = Math.max(most, memory.taken)
        memory.taken = 0
        attempted(() => decodeIoctl(id, command, memory, BASE, { most: 4 * mapped }))
        expect(memory.taken).toBeLessThanOrEqual(4 * mapped)
        memory.taken = 0
        for (const f of ioctlFindings(id, { command, address: BASE, memory })) expect(f.message).not.toMatch(/undefined|NaN/)
        // findings ask each version that has the command, and look at every list once more
        expect(memory.taken).toBeLessThanOrEqual(64 * mapped)
      }),
      { numRuns: 1000 },
    )
    expect(most).toBeGreaterThan(1000)
    expect(most).toBeLessThanOrEqual(8 * mapped)
  })

  it('regions that overlap or reach into the kernel are refused, those side by side are one memory', () => {
    const bytes = (n: number) => new Uint8Array(n).fill(7)
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.bigInt(0n, 300n), fc.nat(64)), { maxLength: 8 }), regions => {
        const memory = new UserMemory()
        const held = new Set<number>()
        for (const [at, size] of regions) {
          const own = Array.from({ length: size }, (_, i) => Number(at) + i)
          const fits = own.every(i => !held.has(i))
          const done = attempted(() => memory.map(at, bytes(size)))
          if (size > 0) expect(done !== undefined).toBe(fits)
          if (done !== undefined) for (const i of own) held.add(i)
        }
        for (let at = 0; at < 370; at++) {
          let end = at
          while (held.has(end)) end++
          expect(memory.read(BigInt(at), 1n << 64n).length).toBe(end - at)
        }
      }),
      { numRuns: 200 },
    )
    expect(attempted(() => new UserMemory().map((1n << 63n) - 4n, bytes(5)))).toBeUndefined()
    expect(attempted(() => new UserMemory().map(-1n, bytes(1)))).toBeUndefined()
  })
})

describe('the command', () => {
  const form = fc.constantFrom(
    'ioctl-rfc',
    '42',
    '43',
    '43:early',
    '43:MAP_CREATE',
    '43:MAP_GET_V2',
    '44a',
    'ioctl-44d',
    'fuse-v1',
    'fuse-v10',
    'fuse-push-il',
    'fuse-bpf-simple',
    'fuse-bpf-interleave',
    'fuse',
    'x:y:z',
    '',
  )
  const vector = fc.constantFrom(...calls)
  const hostile = fc
    .tuple(vector, fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 3 }), fc.option(fc.nat(200), { nil: undefined }))
    .map(([v, flips, keep]) => {
      const [hex = ''] = Object.values(v.memory as Record<string, string>)
      const bytes = Buffer.from(hex, 'hex')
      for (const [at, value] of flips) if (bytes.length > 0) bytes[at % bytes.length] = value
      return { v, bytes: bytes.subarray(0, keep ?? bytes.length) }
    })

  it('decodes, judges and converts anything, or refuses it', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, form, form, fc.constantFrom('--json', '--unroll', '--unchecked'), async ({ v, bytes }, from, to, flag) => {
        const command = String(v.command)
        isAnswer(await run(['ioctl', 'decode', command, '-', '-d', v.dialect, '--format', 'raw'], bytes))
        isAnswer(await run(['ioctl', 'verdict', command, '-', '--format', 'raw', ...(flag === '--json' ? [flag] : [])], bytes))
        isAnswer(await run(['ioctl', 'convert', '-', '--from', from, '--to', to, flag, '--format', 'raw'], bytes))
        isAnswer(await run(['ioctl', 'convert', '-', '--to', to, flag, '--format', 'raw'], bytes))
        isAnswer(await run(['ioctl', 'verdict', 'MAP_GET_V2', '-', '--map', bytes.toString('hex'), '--from', from], bytes))
      }),
      { numRuns: 150 },
    )
  })

  it('encodes any JSON or refuses it', async () => {
    const number = fc.oneof(fc.constantFrom('0', '1', '-1', '0x10', '18446744073709551616', 1, 1.5, null, true), fc.string())
    const extent = fc.record({ devindex: number, offset: number, len: number }, { requiredKeys: [] })
    const list = fc.oneof(fc.array(extent, { maxLength: 3 }), number)
    const group = fc.record(
      { ie_nstrips: number, ie_chunk_size: number, ie_nbytes: number, ie_strips: list },
      { requiredKeys: ['ie_strips'] },
    )
    const shape = fc.record(
      {
        fioc_file_size: number,
        fioc_file_type: number,
        fioc_ext_type: fc.constantFrom(0, 1, 2, 'FAMFS_IOC_EXT_SIMPLE', 'x'),
        fioc_nextents: number,
        kse: list,
        kie: fc.oneof(fc.array(group, { maxLength: 2 }), number),
        daxdev_path: number,
        daxdev_index: number,
        flags: number,
        ext_list: list,
        extent_type: number,
      },
      { requiredKeys: [] },
    )
    const json = fc.oneof(
      shape.map(value => JSON.stringify(value)),
      fc.json({ maxDepth: 3 }),
    )
    await fc.assert(
      fc.asyncProperty(json, vector, fc.constantFrom('early', 'final', 'x'), async (text, v, layout) => {
        isAnswer(await run(['ioctl', 'encode', String(v.command), '-', '-d', v.dialect, '--layout', layout], text))
      }),
      { numRuns: 400 },
    )
  })

  it('takes any command line', async () => {
    const words = [
      'list',
      'decode',
      'encode',
      'verdict',
      'convert',
      'MAP_CREATE',
      'map_create_v2',
      'NOP',
      '0x40387550',
      '99999999999',
      '-d',
      '43',
      '44d',
      '--to',
      '--from',
      '--base',
      '--memory',
      '0x10000=00',
      '--map',
      '00',
      '--i-size',
      '4k',
      '--slots',
      '1,,2',
      '--lookup',
      '--options',
      '--device',
      'fails',
      '--json',
      '-',
      '',
    ]
    const word = fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 6 }))
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 7 }), async argv => {
        fc.pre(!argv.includes('--image') && !argv.includes('-o') && !argv.includes('--out'))
        isAnswer(await run(['ioctl', ...argv]))
      }),
      { numRuns: 400 },
    )
  })
})
