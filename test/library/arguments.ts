/** Good and wrong values for the parameters of exported functions. */
import { seeded } from '../../src/corpus/index.ts'
import { conversation } from '../../src/kernel/index.ts'
import { createImage, memoryDevice, openImageNow, replayNow } from '../../src/metadata/index.ts'
import { dialects, fuse_famfs_fmap } from '../../src/uapi/index.ts'
import type { ExportedFunction, Place } from './surface.ts'

/** A map of one extent: what a decoder saw last. */
export const goodMap = (mark: number): Uint8Array => {
  const bytes = new Uint8Array(56).fill(mark, 40)
  bytes.set([0, 0, 1, 0, 0, 0, 0, 0, 1])
  bytes.fill(mark, 16, 24)
  return bytes
}

const image = createImage({ deviceSize: 4n << 30n, entries: [{ kind: 'mkdir', path: 'a' }] })
const opened = openImageNow({ superblock: image.superblock, log: image.log })

/** By the beginning of the type's name; every other object is empty, which most functions take for what is not given. */
const samples: readonly (readonly [RegExp, () => unknown])[] = [
  [/^(readonly )?IoctlDialect/, () => 'ioctl-43'],
  [/^(Asking|Dialect|D$)/, () => dialects['fuse-v10']],
  [/^ResolvingDialect/, () => 'fuse-v10'],
  [/^Schema</, () => fuse_famfs_fmap],
  [/^Direction/, () => 'request'],
  [/^FileMap/, () => ({ ext_type: 'simple', file_size: 4096n, extents: [{ dev_index: 0, offset: 0n, len: 4096n }] })],
  [/^FuseFamfsFmap/, () => ({ file_type: 0, fmap_version: 1, ext_type: 0, file_size: 0n, extents: [] })],
  [/^Conversation$/, () => conversation({ dialect: dialects['fuse-v10'] })],
  [/^Image$/, () => opened],
  [/^Replay$/, () => replayNow(opened)],
  [/^(Sink|Device|Area)$/, () => memoryDevice(new Uint8Array(1 << 16))],
  [/^Areas$/, () => ({ superblock: memoryDevice(image.superblock), log: memoryDevice(image.log) })],
  [/^Uint8Array/, () => goodMap(1)],
  [/^(readonly|Iterable<)/, () => []],
  [/^string \| number$/, () => 'MAP_CREATE'],
  [/^string/, () => 'x'],
  [/^number/, () => 1],
  [/^bigint/, () => 1n],
  [/^Random/, () => seeded('x')],
  [/^boolean/, () => true],
]

export const sampleOf = (type: string): unknown => samples.find(([name]) => name.test(type))?.[1]() ?? {}

export const hasSample = (type: string): boolean => samples.some(([name]) => name.test(type))

/** Good arguments as far as the names of types say what is good. */
export const argumentsOf = ({ parameters }: ExportedFunction): unknown[] =>
  parameters.map(({ type, optional }) => (optional ? undefined : sampleOf(type)))

/** The same value with another one in a place below it. */
export function placed(value: unknown, steps: readonly string[], inner: unknown): unknown {
  const [step, ...more] = steps
  if (step === undefined) return inner
  if (step === '[]') return [placed(undefined, more, inner)]
  const members = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>
  return { ...members, [step]: placed(members[step], more, inner) }
}

export function withWrong(of: ExportedFunction, { position, steps }: Place, wrong: unknown): unknown[] {
  const given = argumentsOf(of)
  given[position] = placed(given[position], steps, wrong)
  return given
}

function detached(): Uint8Array {
  const bytes = goodMap(3)
  structuredClone(bytes.buffer, { transfer: [bytes.buffer as ArrayBuffer] })
  return bytes
}

/** A view of the last bytes of a buffer that has become shorter. */
function outOfBounds(): Uint8Array {
  const Resizable = ArrayBuffer as unknown as new (
    length: number,
    options: { readonly maxByteLength: number },
  ) => ArrayBuffer & { resize(length: number): void }
  const buffer = new Resizable(128, { maxByteLength: 256 })
  const bytes = new Uint8Array(buffer, 64, 64)
  buffer.resize(16)
  return bytes
}

/** What is no bytes, by name. */
export const wrongBytes: readonly (readonly [name: string, make: () => unknown])[] = [
  ['an empty ArrayBuffer', () => new ArrayBuffer(0)],
  ['an ArrayBuffer', () => goodMap(2).buffer],
  ['a SharedArrayBuffer', () => new SharedArrayBuffer(80)],
  ['a DataView', () => new DataView(new ArrayBuffer(80))],
  ['a Uint16Array', () => new Uint16Array(40)],
  ['a Uint8ClampedArray', () => new Uint8ClampedArray(80)],
  ['a BigUint64Array', () => new BigUint64Array(10)],
  ['a list of numbers', () => Array.from(goodMap(2))],
  ['text', () => 'abc'],
  ['null', () => null],
  ['undefined', () => undefined],
  ['a number', () => 80],
  ['an object with a length', () => ({ length: 80, byteLength: 80, buffer: new ArrayBuffer(80), byteOffset: 0 })],
  ['an object that pretends', () => Object.create(Uint8Array.prototype)],
  ['a detached view', detached],
  ['a view out of bounds', outOfBounds],
]

/** What may be given for anything. */
export const wrongAnything: readonly (readonly [name: string, make: () => unknown])[] = [
  ...wrongBytes,
  ['minus one', () => -1],
  ['not a number', () => Number.NaN],
  ['infinity', () => Number.POSITIVE_INFINITY],
  ['a fraction', () => 0.5],
  ['a bigint', () => 1n],
  ['a negative bigint', () => -1n],
  ['a large bigint', () => 1n << 70n],
  ['empty text', () => ''],
  ['toString', () => 'toString'],
  ['__proto__', () => '__proto__'],
  ['constructor', () => 'constructor'],
  ['true', () => true],
  ['an empty object', () => ({})],
  ['an object without prototype', () => Object.create(null)],
  ['an empty list', () => []],
  ['a function', () => () => undefined],
  ['a symbol', () => Symbol('x')],
]
