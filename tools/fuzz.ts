/**
 * Very many hostile messages through every way that the library has, in one process: `npm run fuzz -- [--count N] [--seed S]`.
 * Ends with exit code 1 at the first disagreement or anything thrown that is not a WireError, and prints the bytes that did it.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { parserFor } from '../src/codec/backends/parser.ts'
import { structFor } from '../src/codec/backends/struct.ts'
import type { Result } from '../src/codec/errors.ts'
import { inspect, tryDecode, tryEncode } from '../src/codec/index.ts'
import { hex } from '../src/codec/input.ts'
import { contextFor } from '../src/codec/message.ts'
import { corpus, mutate, type Random, seeded } from '../src/corpus/index.ts'
import { encodeFmap, encodeFmapPush, tryDecodeFmap, tryDecodeFmapPush } from '../src/index.ts'
import type { Schema } from '../src/schema/index.ts'
import { dialects, famfsDialectIds } from '../src/uapi/dialects/index.ts'
import { fuse_famfs_fmap, fuse_famfs_fmap_push } from '../src/uapi/famfs/fmap.ts'
import { notify, reply, request } from '../src/uapi/fuse/message.ts'
import { findings, verdict, verdictErrno } from '../src/validate/index.ts'

const { values } = parseArgs({ options: { count: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } } })
const total = Number(values.count)
const seed = values.seed

const outcome = (result: Result<unknown>): string => {
  if (!result.ok) return `${result.error.code} ${result.error.path} ${result.error.offset}`
  return JSON.stringify(result.value, (_, v) => (typeof v === 'bigint' ? `${v}n` : v instanceof Uint8Array ? hex(v) : v))
}

function agree(what: string, bytes: Uint8Array, results: Readonly<Record<string, unknown>>): void {
  const [[first, expected] = ['', undefined], ...others] = Object.entries(results)
  for (const [name, actual] of others)
    if (actual !== expected) throw new Error(`${what}: ${first} says ${expected}, ${name} says ${actual}\n${hex(bytes)}`)
}

interface Form {
  readonly schema: Schema<unknown, unknown>
  readonly fast: (bytes: Uint8Array) => Result<unknown>
  readonly encode: (value: never) => Uint8Array
  readonly parser: { tryDecode(bytes: Uint8Array): Result<unknown> }
  readonly struct: { tryDecode(bytes: Uint8Array): Result<unknown> }
}

const forms: Readonly<Record<'pull' | 'push', Form>> = {
  pull: {
    schema: fuse_famfs_fmap,
    fast: tryDecodeFmap,
    encode: encodeFmap,
    parser: parserFor(fuse_famfs_fmap),
    struct: structFor(fuse_famfs_fmap),
  },
  push: {
    schema: fuse_famfs_fmap_push,
    fast: tryDecodeFmapPush,
    encode: encodeFmapPush,
    parser: parserFor(fuse_famfs_fmap_push),
    struct: structFor(fuse_famfs_fmap_push),
  },
}

/** The back ends and findings cost many times what the rest costs: every so many messages they are asked too. */
const SELDOM = 16

function tryMap(id: (typeof famfsDialectIds)[number], bytes: Uint8Array, seldom: boolean): void {
  const form = dialects[id].push ? forms.push : forms.pull
  const slow = tryDecode(form.schema, bytes)
  const expected = outcome(slow)
  agree('decode', bytes, { interpreter: expected, generated: outcome(form.fast(bytes)) })
  if (slow.ok)
    agree('encode', bytes, {
      bytes: hex(bytes),
      interpreter: hex(unwrap(tryEncode(form.schema, slow.value))),
      generated: hex(form.encode(slow.value as never)),
    })
  agree('verdict', bytes, { walked: verdict(bytes, id).errno, generated: verdictErrno(bytes, id) })
  if (!seldom) return
  agree('back ends', bytes, {
    interpreter: expected,
    'binary-parser': outcome(form.parser.tryDecode(bytes)),
    restructure: outcome(form.struct.tryDecode(bytes)),
  })
  findings(bytes, id)
}

const unwrap = <T>(result: Result<T>): T => {
  if (result.ok) return result.value
  throw result.error
}

interface Captured {
  readonly direction: 'request' | 'reply' | 'notify'
  readonly opcode: number
  readonly bytes: Uint8Array
}

/** Real messages, to be broken: every request, reply and notification of the stock captures. */
function captured(): Captured[] {
  const dir = join(import.meta.dirname, '..', 'fixtures', 'wire')
  const lines = readdirSync(dir)
    .filter(name => /^fuse-.*\.jsonl$/.test(name))
    .flatMap(name => readFileSync(join(dir, name), 'utf8').trim().split('\n'))
  const messages = lines.map(line => JSON.parse(line) as { direction: string; opcode?: number; hex: string })
  return messages
    .filter(m => m.direction !== 'observed')
    .map(m => ({
      direction: m.direction as Captured['direction'],
      opcode: m.opcode ?? 0,
      bytes: Uint8Array.from(Buffer.from(m.hex, 'hex')),
    }))
}

const schemas: Readonly<Record<Captured['direction'], Schema<unknown, unknown>>> = { request, reply, notify }

function broken(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = bytes.slice(0, random() % 4 === 0 ? random() % (bytes.length + 1) : bytes.length)
  for (let n = random() % 4; n >= 0 && copy.length > 0; n--) copy[random() % copy.length] = random() & 0xff
  return copy
}

function tryMessage(message: Captured, random: Random): void {
  const bytes = broken(message.bytes, random)
  const context = contextFor({ minor: 7 + (random() % 39), ...(message.direction === 'reply' ? { opcode: message.opcode } : {}) })
  const schema = schemas[message.direction]
  const result = tryDecode(schema, bytes, context)
  const seen = inspect(schema, bytes, context)
  const inspected = seen.error === undefined ? outcome({ ok: true, value: seen.value }) : outcome({ ok: false, error: seen.error })
  agree('inspect', bytes, { decode: outcome(result), inspect: inspected })
  if (result.ok) agree('encode', bytes, { bytes: hex(bytes), encoded: hex(unwrap(tryEncode(schema, result.value, context))) })
}

function main(): void {
  const random = seeded(`fuzz ${seed}`)
  const real = captured()
  let done = 0
  let peak = 0
  while (done < total) {
    for (const id of famfsDialectIds) {
      for (const { bytes } of corpus(id, `${seed}/${done}`, 400)) {
        const mutant = random() % 2 === 0 ? bytes : mutate(bytes, id, random).bytes
        tryMap(id, mutant, done % SELDOM === 0)
        done++
      }
    }
    for (let i = 0; i < 800; i++, done++) tryMessage(real[random() % real.length] as Captured, random)
    peak = Math.max(peak, process.memoryUsage().rss)
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${total}`)
  }
  console.log(
    `${done} messages, seed ${seed}: no disagreement, nothing thrown but WireError; peak memory ${Math.round(peak / 1048576)} MiB`,
  )
}

try {
  main()
} catch (error) {
  console.error(error)
  process.exitCode = 1
}
