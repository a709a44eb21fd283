/** Calls that nobody would make: nothing but verdicts, findings and WireErrors comes of them, in bounded time. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UserMemory } from '../src/codec/ioctl/index.ts'
import type { IoctlDialect } from '../src/schema/ioctl.ts'
import { type IoctlDialectId, ioctlDialects } from '../src/uapi/index.ts'
import { ioctlFindings } from '../src/validate/ioctl/findings.ts'
import type { IoctlState } from '../src/validate/ioctl/types.ts'
import { ioctlVerdict } from '../src/validate/ioctl/verdict.ts'
import { callIn, installedIn, ioctlVectors, memoryIn } from './ioctl-vectors.ts'

const calls = ioctlVectors.filter(v => v.kind === 'call')
const maps = calls.flatMap(v => installedIn(v) ?? [])

/** An outcome of a kind that a verdict has. */
function judged(dialect: IoctlDialectId, call: Parameters<typeof ioctlVerdict>[1]): string {
  const verdict = ioctlVerdict(dialect, call)
  const all = ioctlFindings(dialect, call)
  for (const f of all) expect(f.message).not.toMatch(/undefined|NaN/)
  const bad = 'errno' in verdict ? verdict.errno !== 0 : !('unread' in verdict)
  if (bad) expect(all.some(f => f.severity === 'error')).toBe(true)
  return Object.keys(verdict).join()
}

describe('every vector', () => {
  it('cut at every byte is judged, and a cut argument is a fault or the rest of a copy', () => {
    for (const v of calls) {
      const { command, address, state } = callIn(v)
      const [[at, digits] = ['', '']] = Object.entries(v.memory as Record<string, string>)
      const step = /good|enc|daxdev/.test(v.id) && digits.length < 600 ? 2 : 48
      for (let end = 0; end < digits.length; end += step) {
        const memory = memoryIn(end === 0 ? {} : { [at]: digits.slice(0, end) })
        judged(v.dialect, { command, address, memory, state })
      }
    }
  })

  it('with flipped bits is judged', () => {
    const flip = fc.record({ v: fc.constantFrom(...calls), bit: fc.nat(8000), other: fc.nat(8000) })
    fc.assert(
      fc.property(flip, ({ v, bit, other }) => {
        const { command, address, state } = callIn(v)
        const regions = Object.fromEntries(
          Object.entries(v.memory as Record<string, string>).map(([at, digits]) => {
            const bytes = Buffer.from(digits, 'hex')
            for (const b of [bit, other])
              if (bytes.length > 0) bytes[(b >> 3) % bytes.length] = (bytes[(b >> 3) % bytes.length] as number) ^ (1 << (b & 7))
            return [at, bytes.toString('hex')]
          }),
        )
        judged(v.dialect, { command, address, memory: memoryIn(regions), state })
      }),
      { numRuns: 3000 },
    )
  })
})

describe('any call', () => {
  const dialects = Object.values<IoctlDialect>(ioctlDialects)
  const command = fc
    .constantFrom(...dialects)
    .chain(d =>
      fc.tuple(
        fc.constant(d.id as IoctlDialectId),
        fc.oneof(fc.constantFrom(...d.headers.flatMap(h => h.commands.map(c => c.number))), fc.nat(0xffffffff)),
      ),
    )
  const word = fc.oneof(fc.bigInt(0n, 40n), fc.bigInt(0x10000n, 0x10100n), fc.bigInt(0n, (1n << 64n) - 1n), fc.constant(0x200000n))
  const bytes = fc.array(word, { maxLength: 60 }).map(words => new Uint8Array(BigUint64Array.from(words).buffer))
  const state: fc.Arbitrary<IoctlState> = fc.record(
    {
      inode: fc.boolean(),
      device: fc.constantFrom('works' as const, 'failed' as const, 'fails' as const),
      map: fc.constantFrom(...maps),
      race: fc.boolean(),
      options: fc.bigInt(0n, (1n << 64n) - 1n),
      rawio: fc.boolean(),
      outOfMemory: fc.boolean(),
      slots: fc.array(fc.nat(63)),
      lookup: fc.nat(133),
      acquire: fc.nat(133),
    },
    { requiredKeys: [] },
  )

  it('comes to an end of some kind', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(
        command,
        bytes,
        state,
        fc.oneof(fc.constant(0x10000n), fc.bigInt(0n, (1n << 64n) - 1n)),
        ([id, number], input, given, address) => {
          seen.add(judged(id, { command: number, address, memory: new UserMemory().map(0x10000n, input), state: given }))
        },
      ),
      { numRuns: 4000 },
    )
    expect(seen.size).toBeGreaterThan(4)
  })
})

describe('few bytes that stand for many', () => {
  it('are not followed for ever: groups that share their strips', () => {
    const size = 1 << 20
    const input = new Uint8Array(size)
    const view = new DataView(input.buffer)
    view.setUint32(12, 1, true)
    view.setUint32(16, 0xffffffff, true)
    view.setBigUint64(24, 0x10020n, true)
    for (let i = 0; i < (size - 32) / 32; i++) {
      view.setBigUint64(32 + 32 * i, BigInt(Math.floor(size / 24) - 1), true)
      view.setBigUint64(56 + 32 * i, 0x10000n, true)
    }
    const call = { command: 'MAP_CREATE_V2', address: 0x10000n, memory: new UserMemory().map(0x10000n, input) }
    expect(ioctlVerdict('ioctl-43', call)).toMatchObject({ errno: 7 })
    view.setUint32(16, 2, true)
    expect(ioctlVerdict('ioctl-43', call)).toMatchObject({ check: 'copyStrips', copySizeChecked: true })
    expect(ioctlFindings('ioctl-43', call).length).toBeGreaterThan(3)
  })

  it('a message that says 4 MiB is as long as memory is mapped', () => {
    const input = new Uint8Array(64)
    new DataView(input.buffer).setUint16(2, 1, true)
    new DataView(input.buffer).setUint32(8, 1, true)
    new DataView(input.buffer).setUint32(12, 0x400000, true)
    const call = { command: 'MAP_CREATE', address: 0x10000n, memory: new UserMemory().map(0x10000n, input) }
    expect(ioctlVerdict('ioctl-44d', call)).toMatchObject({ errno: 14, check: 'copyMessage' })
  })
})
