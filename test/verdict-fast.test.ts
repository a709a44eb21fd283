import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dialects, famfsDialectIds, fusePush, fusePushIl, fuseV10 } from '../src/uapi/dialects/index.ts'
import { fastFormOf, fastForms, verdictErrno } from '../src/validate/errno.ts'
import { fastChecks } from '../src/validate/generated/verdicts.ts'
import type { VerdictOptions } from '../src/validate/options.ts'
import { anyStripShort, differencePositive } from '../src/validate/tests.ts'
import { verdict } from '../src/validate/verdict.ts'
import { walkedVerdict } from '../src/validate/walk.ts'
import { part, runs } from './part.ts'
import { bytesOf, golden } from './verdict-golden.ts'
import { anyMap, placed } from './verdict-messages.ts'

const both = (bytes: Uint8Array, options?: VerdictOptions): unknown[] =>
  famfsDialectIds.map(id => [id, verdictErrno(bytes, id, options), walkedVerdict(bytes, id, options).errno])
const agree = (answers: unknown[]): boolean => answers.every(a => Array.isArray(a) && a[1] === a[2])

const machines: readonly VerdictOptions[] = [
  {},
  { pageSize: 65536, pmdSize: 0x20000000 },
  { pageSize: 4096, pmdSize: 4096, kmallocMax: 48 },
  { kmallocMax: Infinity },
  { pageSize: 0x80000000, pmdSize: 0x80000000 },
]

describe('the generated form of the checks', () => {
  it('agrees with the vectors of the kernels', () => {
    expect(golden.filter(v => verdictErrno(bytesOf(v.hex), v.dialect) !== v.errno).map(v => v.id)).toEqual([])
  })

  it.each([0, 1])('takes the largest map of the push dialects, %i bytes off', shift => {
    const count = 699_049
    const block = new Uint8Array(32 + 24 * count + shift)
    const view = new DataView(block.buffer, shift)
    view.setUint32(8, count, true)
    view.setBigUint64(16, BigInt(count) << 43n, true)
    for (let i = 0; i < count; i++) view.setBigUint64(32 + 24 * i + 16, 1n << 43n, true)
    const bytes = block.subarray(shift)
    expect(verdictErrno(bytes, 'fuse-push')).toBe(12)
    expect(verdictErrno(bytes, fusePush, { kmallocMax: Infinity })).toBe(0)
    expect(verdictErrno(bytes, fusePushIl, { kmallocMax: count * 24 })).toBe(0)
    expect(verdictErrno(bytes, fusePushIl, { kmallocMax: count * 24 - 1 })).toBe(12)
    view.setUint32(32 + 24 * (count - 1) + 16, 1, true)
    expect(verdictErrno(bytes, fusePush, { kmallocMax: Infinity })).toBe(22)
  })

  it.each([0, 1, 2, 3])('takes what lies %i bytes off in a Buffer, and never writes to it', shift => {
    const count = 3000
    const block = Buffer.alloc(32 + 24 * count + shift + 3)
    block.writeUInt32LE(count, shift + 8)
    const bytes = block.subarray(shift, shift + 32 + 24 * count)
    const before = Buffer.from(block)
    expect(verdictErrno(bytes, 'fuse-push')).toBe(0)
    bytes.writeUInt32LE(1, 32 + 24 * (count - 1))
    expect(verdictErrno(bytes, 'fuse-push')).toBe(22)
    expect(walkedVerdict(bytes, 'fuse-push').errno).toBe(22)
    bytes.writeUInt32LE(0, 32 + 24 * (count - 1))
    expect(block.equals(before)).toBe(true)
  })

  it.each(famfsDialectIds)('is there for %s: by value and id in one look-up, and by its list of checks', id => {
    const own = dialects[id]
    const form = fastChecks.get(own.checks)
    expect(form).toBeTypeOf('function')
    for (const found of [fastForms.get(id), fastForms.get(own), fastFormOf(id), fastFormOf({ ...own })]) expect(found).toBe(form)
  })

  it('is not asked for a list of checks that it was not made from', () => {
    const lenient = { ...fuseV10, checks: fuseV10.checks.filter(step => step.kind !== 'check' || step.name !== 'lengthsCoverFile') }
    const vector = golden.find(v => v.dialect === 'fuse-v10' && v.reason === 'file_size')
    const bytes = bytesOf(vector?.hex ?? '')
    expect([verdictErrno(bytes, 'fuse-v10'), verdictErrno(bytes, { ...fuseV10 }), verdictErrno(bytes, lenient)]).toEqual([22, 22, 0])
    expect(fastFormOf(lenient)).toBe(undefined)
    expect(fastForms.has('fuse')).toBe(false)
  })

  it('refuses dialects without maps and machines that cannot be', () => {
    const bytes = new Uint8Array(56)
    for (const ask of [verdict, verdictErrno]) {
      expect(() => ask(bytes, 'fuse')).toThrow(expect.objectContaining({ code: 'unsupported', path: 'dialect' }))
      expect(() => ask(bytes, 'toString' as never)).toThrow(/there is no dialect toString; there are fuse, fuse-v1/)
      for (const pageSize of [0, 2048, 4097, 4096.5, -4096, 2 ** 32, Number.NaN]) {
        expect(() => ask(bytes, 'fuse-push', { pageSize })).toThrow(expect.objectContaining({ code: 'range', path: 'options.pageSize' }))
      }
      expect(() => ask(bytes, 'fuse-push', { pmdSize: 3 })).toThrow(
        expect.objectContaining({ code: 'range', path: 'options.pmdSize', actual: 3 }),
      )
      for (const kmallocMax of [-1, Number.NaN]) {
        expect(() => ask(bytes, 'fuse-push', { kmallocMax })).toThrow(
          expect.objectContaining({ code: 'range', path: 'options.kmallocMax' }),
        )
      }
      expect(() => ask(bytes, 'fuse-push', { pageSize: 2 ** 31, pmdSize: 4096, kmallocMax: 0 })).not.toThrow()
    }
  })

  it('has one form for dialects with one list', () => {
    expect(dialects['fuse-v3'].checks).toBe(dialects['fuse-v2'].checks)
    expect(dialects['fuse-v4'].checks).toBe(dialects['fuse-v2'].checks)
  })
})

describe('arithmetic over words', () => {
  const wide = fc.oneof(
    fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
    fc.constantFrom(0n, 1n, 0xffffffffn, 1n << 32n, (1n << 63n) - 1n, 1n << 63n, (1n << 64n) - 1n),
  )
  const low = (x: bigint): number => Number(x & 0xffffffffn)
  const high = (x: bigint): number => Number(x >> 32n)

  it('subtracts as C does', () => {
    fc.assert(
      fc.property(wide, wide, (a, b) => differencePositive(low(a), high(a), low(b), high(b)) === BigInt.asIntN(64, a - b) > 0n),
      runs(3000),
    )
  })

  it('finds the strip that is too short for its last chunk, up to 2^63 bytes', () => {
    const count = fc.integer({ min: 1, max: 32 })
    const nbytes = fc.oneof(
      fc.bigInt({ min: 1n, max: (1n << 63n) - 1n }),
      fc.bigInt({ min: 1n, max: 0x4000000n }),
      fc.constantFrom((1n << 63n) - 1n, 1n << 32n, 1n << 53n),
    )
    fc.assert(
      fc.property(
        count,
        fc.constantFrom(4096, 65536, 0x200000, 0x80000000),
        nbytes,
        fc.nat(),
        fc.integer({ min: -1, max: 1 }),
        (strips, chunk, n, which, delta) => {
          const unit = BigInt(chunk)
          const chunks = (n + unit - 1n) / unit
          // what each strip needs, by counting the chunks that land on it
          const need = Array.from({ length: strips }, (_, s) => {
            const rows = (chunks - BigInt(s) + BigInt(strips) - 1n) / BigInt(strips)
            if (BigInt(s) >= chunks) return 0n
            const isLast = (chunks - 1n) % BigInt(strips) === BigInt(s)
            return (rows - 1n) * unit + (isLast ? ((n - 1n) % unit) + 1n : unit)
          })
          const victim = which % strips
          const lengths = need.map((length, s) => (s === victim && length + BigInt(delta) >= 0n ? length + BigInt(delta) : length))
          const words = Uint32Array.from([0, 0, 0, 0, 0, 0, ...lengths.flatMap(length => [0, 0, 0, 0, low(length), high(length)])])
          const short = lengths.some((length, s) => length < (need[s] ?? 0n))
          expect(anyStripShort(words, 0, strips, chunk, low(n), high(n))).toBe(short)
        },
      ),
      runs(3000),
    )
  })
})

describe('the generated form and the walk over the steps', () => {
  it('agree for every vector in every dialect, cut anywhere', () => {
    const different = part(golden).flatMap((v, i) => {
      const bytes = bytesOf(v.hex)
      const cut = placed(bytes, (i * 7919) % (bytes.length + 1), i % 8)
      return agree(both(bytes)) && agree(both(cut)) ? [] : [v.id]
    })
    expect(different).toEqual([])
  })

  it('agree after any bit was flipped', () => {
    const vector = fc.constantFrom(...golden.filter(v => v.hex.length > 0 && v.hex.length < 2000))
    fc.assert(
      fc.property(vector, fc.array(fc.nat(), { minLength: 1, maxLength: 3 }), (v, flips) => {
        const bytes = bytesOf(v.hex)
        for (const flip of flips) {
          const at = flip % (bytes.length * 8)
          bytes[at >> 3] = (bytes[at >> 3] ?? 0) ^ (1 << (at & 7))
        }
        expect(both(bytes)).toSatisfy(agree)
      }),
      runs(2000),
    )
  })

  it('agree on random maps, at any byte offset, on other machines', () => {
    const random = runs(4000)
    const seen = new Map<number, number>()
    fc.assert(
      fc.property(anyMap, fc.constantFrom(...machines), (bytes, machine) => {
        const answers = both(bytes, machine)
        expect(answers).toSatisfy(agree)
        for (const a of answers) if (Array.isArray(a)) seen.set(Number(a[1]), (seen.get(Number(a[1])) ?? 0) + 1)
      }),
      random,
    )
    // every errno is met, and refusals do not hide what comes after them
    expect([...seen.keys()].sort((a, b) => a - b)).toEqual([0, 7, 12, 22, 34])
    expect(seen.get(0)).toBeGreaterThan(random.numRuns / 2)
  })
})

describe('the verdict', () => {
  const quick = (bytes: Uint8Array, options?: VerdictOptions) => famfsDialectIds.map(id => verdict(bytes, id, options))
  const walked = (bytes: Uint8Array, options?: VerdictOptions) => famfsDialectIds.map(id => walkedVerdict(bytes, id, options))

  it('is that of the walk over the steps for every vector in every dialect, at any byte offset', () => {
    for (const [i, v] of part(golden).entries()) {
      const bytes = placed(bytesOf(v.hex), bytesOf(v.hex).length, i % 8)
      expect(quick(bytes)).toEqual(walked(bytes))
    }
  })

  it('is that of the walk on random maps and other machines', () => {
    fc.assert(
      fc.property(anyMap, fc.constantFrom(...machines), (bytes, machine) => {
        expect(quick(bytes, machine)).toEqual(walked(bytes, machine))
      }),
      runs(2000),
    )
  })

  it('keeps the map as it was, whatever becomes of the bytes', () => {
    const bytes = bytesOf(golden.find(v => v.errno === 0 && v.dialect === 'fuse-v10')?.hex ?? '')
    const before = verdict(bytes, 'fuse-v10')
    const copy = structuredClone(before)
    bytes.fill(0xff)
    expect(verdict(bytes, 'fuse-v10').errno).not.toBe(0)
    expect(before).toEqual(copy)
  })
})
