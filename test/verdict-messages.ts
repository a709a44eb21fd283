/** Random GET_FMAP replies near every edge that a parser has. */
import fc from 'fast-check'

const PMD = 0x200000n
const MODULUS = 1n << 64n
const edges = [0n, 1n, 1n << 12n, PMD, 1n << 31n, 1n << 32n, 1n << 53n, 1n << 62n, 1n << 63n, MODULUS].flatMap(edge =>
  [-PMD, -4096n, -1n, 0n, 1n, 4096n, PMD].map(delta => BigInt.asUintN(64, edge + delta)),
)

const wide = fc.oneof(fc.constantFrom(...edges), fc.bigInt({ min: 0n, max: MODULUS - 1n }))
const near = (value: bigint): fc.Arbitrary<bigint> =>
  fc.constantFrom(0n, 0n, 0n, 1n, -1n, 4096n, -4096n, PMD, -PMD, 1n << 63n).map(delta => BigInt.asUintN(64, value + delta))
const mostly = <T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: rare })

const aligned = fc.bigInt({ min: 0n, max: 0xfffn }).map(n => n * PMD)
const devIndex = mostly(fc.constant(0), fc.constantFrom(1, 31, 32, 63, 64, 0xffffffff))

interface Extent {
  readonly device: number
  readonly offset: bigint
  readonly length: bigint
}
const extentOf = (length: fc.Arbitrary<bigint>): fc.Arbitrary<Extent> =>
  fc.record({ device: devIndex, offset: mostly(aligned, wide), length: mostly(length, wide) })

interface Group {
  readonly nstrips: number
  readonly chunk: number
  readonly nbytes: bigint
  readonly strips: readonly Extent[]
}
const chunkSize = mostly(fc.constantFrom(4096, 0x200000), fc.constantFrom(0, 1, 0x400000, 0x200001, 0x80000000, 0xffffffff))

/** A group whose strips are about as long as its bytes ask for. */
const group: fc.Arbitrary<Group> = fc
  .tuple(chunkSize, fc.integer({ min: 1, max: 5 }), mostly(fc.bigInt({ min: 1n, max: 0x3000000n }), wide), fc.boolean())
  .chain(([chunk, count, nbytes, exact]) => {
    const unit = BigInt(chunk === 0 ? 4096 : chunk)
    const rows = (nbytes + unit * BigInt(count) - 1n) / (unit * BigInt(count))
    const need = BigInt.asUintN(64, rows * unit)
    const length = exact ? fc.constant(need) : near(need)
    return fc
      .tuple(
        fc.array(extentOf(length), { minLength: count, maxLength: count }),
        mostly(fc.constant(count), fc.constantFrom(0, 16, 17, 32, 33, 0x80000000, 0xffffffff)),
      )
      .map(([strips, nstrips]) => ({ nstrips, chunk, nbytes, strips }))
  })

function write(size: number, put: (view: DataView, at: number) => void): Uint8Array {
  const bytes = new Uint8Array(size)
  put(new DataView(bytes.buffer), 0)
  return bytes
}
const extentBytes = (e: Extent): Uint8Array =>
  write(24, v => {
    v.setUint32(0, e.device, true)
    v.setBigUint64(8, e.offset, true)
    v.setBigUint64(16, e.length, true)
  })
const groupBytes = (g: Group): Uint8Array =>
  concat([
    write(24, v => {
      v.setUint32(0, g.nstrips, true)
      v.setUint32(4, g.chunk, true)
      v.setBigUint64(8, g.nbytes, true)
    }),
    ...g.strips.map(extentBytes),
  ])
const concat = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))

interface Body {
  readonly type: number
  readonly count: number
  readonly lengths: readonly bigint[]
  readonly logical: bigint
  readonly parts: Uint8Array
}
const simpleBody: fc.Arbitrary<Body> = fc.array(extentOf(mostly(aligned, wide)), { minLength: 1, maxLength: 5 }).map(list => ({
  type: 0,
  count: list.length,
  lengths: list.map(e => e.length),
  logical: 0n,
  parts: concat(list.map(extentBytes)),
}))
const groupBody: fc.Arbitrary<Body> = fc.array(group, { minLength: 1, maxLength: 3 }).map(list => ({
  type: 1,
  count: list.length,
  lengths: list.flatMap(g => g.strips.map(s => s.length)),
  logical: list.reduce((sum, g) => sum + g.nbytes, 0n),
  parts: concat(list.map(groupBytes)),
}))

const rareCount = fc.constantFrom(0, 1, 2, 3, 32, 33, 174763, 131073, 0x7fffffff, 0x80000000, 0xffffffff)
const rareType = fc.constantFrom(0, 1, 2, 0xffffffff)

/** A whole reply body, at an odd byte offset as often as not. */
export const anyMap: fc.Arbitrary<Uint8Array> = fc.oneof(simpleBody, groupBody).chain(body => {
  const total = body.lengths.reduce((sum, length) => sum + length, 0n)
  const covered = fc.oneof(near(total), near(body.logical), wide)
  return fc
    .tuple(
      mostly(fc.constant(body.type), rareType),
      mostly(fc.constant(body.count), rareCount),
      covered,
      mostly(fc.constant(0), fc.integer({ min: -80, max: 30 })),
      fc.nat(7),
    )
    .map(([type, count, fileSize, change, shift]) => {
      const head = write(32, v => {
        v.setUint16(2, 1, true)
        v.setUint32(4, type, true)
        v.setUint32(8, count, true)
        v.setBigUint64(16, fileSize, true)
      })
      const whole = concat([head, body.parts])
      return placed(whole, Math.max(0, whole.length + change), shift)
    })
})

/** `size` bytes of the message, zero-filled, that start at this offset of their buffer. */
export function placed(bytes: Uint8Array, size: number, shift: number): Uint8Array {
  const block = new Uint8Array(size + shift)
  block.set(bytes.subarray(0, size), shift)
  return block.subarray(shift)
}
