/** The vectors of the BPF variant, made by hand: every rule of the fact sheet for each program. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { answer } from '../src/conformance/testee.ts'
import { type Conversation, conversation, type Effect, type Named, resolveIn, type Stepped, step } from '../src/kernel/index.ts'
import { resolutionJson } from '../src/kernel/resolve-answer.ts'
import { type DeviceState, healthy } from '../src/kernel/state.ts'
import type { Dialect } from '../src/schema/dialect.ts'
import { bpfDialects } from '../src/uapi/dialects/known.ts'
import { verdictBlob } from '../src/validate/blob.ts'
import { metaJson } from '../src/validate/meta.ts'
import type { VerdictOptions } from '../src/validate/options.ts'
import { walkedVerdict } from '../src/validate/walk.ts'
import { bytesOf } from './verdict-golden.ts'

interface Vector {
  readonly id: string
  readonly rule: string
  readonly note: string
  readonly dialect: keyof typeof bpfDialects
  readonly machine?: VerdictOptions
  readonly hex: string
  readonly expect: { readonly errno: number; readonly meta?: object; readonly offset?: number }
  readonly dev_state?: DeviceState
  readonly queries?: readonly { readonly offset: string; readonly len: string }[]
  readonly results?: readonly object[]
}

interface Open {
  readonly id: string
  readonly rule: string
  readonly note: string
  readonly dialect: keyof typeof bpfDialects
  readonly names: Readonly<Record<string, Named>>
  readonly answers: readonly ({ readonly hex: string } | { readonly error: number })[]
  readonly asks: readonly (readonly [opcode: number, node: string, body: string | null])[]
  readonly open: number
  readonly read?: number
}

const linesOf = <T>(name: string): T[] =>
  readFileSync(new URL(`../fixtures/bpf/${name}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as T)

const ids = Object.keys(bpfDialects) as (keyof typeof bpfDialects)[]
const vectors = linesOf<Vector>('by-hand')
const opens = linesOf<Open>('opens')
const dialectOf = ({ dialect }: { readonly dialect: keyof typeof bpfDialects }): Dialect => bpfDialects[dialect]

describe('every vector', () => {
  it('has an id of its own', () => {
    const all = [...vectors, ...opens].map(v => v.id)
    expect(new Set(all).size).toBe(all.length)
  })

  it.each(vectors.map(v => [v.id, v] as const))('%s: the verdict', (_, v) => {
    const found = walkedVerdict(bytesOf(v.hex), dialectOf(v), v.machine)
    expect('meta' in found ? { errno: 0, meta: metaJson(found.meta) } : found).toMatchObject(v.expect)
    if ('meta' in found) expect(metaJson(found.meta)).toEqual(v.expect.meta)
  })

  it.each(vectors.filter(v => v.machine === undefined).map(v => [v.id, v] as const))('%s: the testee says the same', (_, v) => {
    const asked = { id: 1, dialect: v.dialect, hex: v.hex }
    const { errno, meta } = v.expect
    const said = answer({ ...asked, op: 'verdict' })
    expect(said).toMatchObject(meta === undefined ? { id: 1, errno, reason: expect.any(String) } : { id: 1, errno, meta })
    if (v.queries === undefined) return
    const { queries, results, dev_state } = v
    expect(answer({ ...asked, op: 'resolve', queries, ...(dev_state !== undefined && { dev_state }) })).toEqual({
      id: 1,
      errno: 0,
      results,
    })
  })

  it.each(vectors.filter(v => v.queries !== undefined).map(v => [v.id, v] as const))('%s: the look-ups', (_, v) => {
    const found = walkedVerdict(bytesOf(v.hex), dialectOf(v))
    if (!('meta' in found)) throw new Error('refused')
    let state = { ...healthy(found.meta), devices: { 0: v.dev_state ?? ('ready' as const) } }
    const results = (v.queries ?? []).map(({ offset, len }) => {
      const one = resolveIn(found.meta, BigInt(offset), BigInt(len), dialectOf(v), state)
      state = { ...one.state, devices: state.devices }
      return resolutionJson(one.result)
    })
    expect(results).toEqual(v.results)
  })

  it.each(vectors.filter(v => /^7\.6/.test(v.rule)).map(v => [v.id, v] as const))('%s: the program alone says the same', (_, v) => {
    const bytes = bytesOf(v.hex)
    const { meta, ...refused } = v.expect
    const found = verdictBlob(bytes.subarray(8), dialectOf(v), new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true))
    // what the kernel does with the bitmap is not the program's
    if (v.rule === '7.6 bitmap') expect(found.errno).toBe(0)
    else if (meta !== undefined) expect('meta' in found && metaJson(found.meta)).toEqual(meta)
    else expect(found).toMatchObject({ ...refused, offset: Math.max(0, (v.expect.offset ?? 0) - 8) })
  })
})

const answerTo = (asked: Effect & { readonly effect: 'request' }, given: Open['answers'][number]): Uint8Array => {
  const body = 'hex' in given ? bytesOf(given.hex) : new Uint8Array()
  const bytes = new Uint8Array(16 + body.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, bytes.length, true)
  view.setInt32(4, 'error' in given ? given.error : 0, true)
  view.setBigUint64(8, asked.unique, true)
  bytes.set(body, 16)
  return bytes
}

const isRequest = (e: Effect): e is Effect & { readonly effect: 'request' } => e.effect === 'request'
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

describe('every open', () => {
  it.each(opens.map(o => [o.id, o] as const))('%s', (_, o) => {
    const start: Conversation = conversation({ dialect: dialectOf(o), settled: {}, names: o.names })
    let now: Stepped = step(start, { event: 'open', node: 3n })
    const effects: Effect[] = [...now.effects]
    for (const given of o.answers) {
      const asked = now.effects.find(isRequest)
      if (asked === undefined) throw new Error(`nothing is asked for the answer ${JSON.stringify(given)}`)
      now = step(now.state, { event: 'write', bytes: answerTo(asked, given) })
      effects.push(...now.effects)
    }
    const asks = effects.filter(isRequest)
    // the flags that open(2) and RELEASE carry are those of every dialect
    expect(asks.map(a => [a.opcode, a.node.toString(), [14, 18].includes(a.opcode) ? '-' : hex(a.bytes.subarray(40))])).toEqual(
      o.asks.map(([opcode, node, body]) => [opcode, node, [14, 18].includes(opcode) ? '-' : body]),
    )
    expect(effects.filter(e => e.effect === 'opened')).toMatchObject([{ errno: o.open }])
    if (o.read === undefined) return
    const read = step(now.state, { event: 'access', op: 'read', node: 3n, offset: 0n, length: 1n })
    expect(read.effects.filter(e => e.effect === 'accessed')).toMatchObject([{ errno: o.read, bytes: o.read === 0 ? 1n : 0n }])
  })
})

describe('no rule is left out', () => {
  const facts = readFileSync(new URL('../docs/facts/wire.md', import.meta.url), 'utf8')
  const section = (number: string): string => facts.split(`### ${number} `)[1]?.split(/^#/m)[0] ?? ''
  const rows = (number: string): string[][] =>
    section(number)
      .split('\n')
      .filter(line => line.startsWith('| ') && !line.startsWith('|---'))
      .slice(1)
      .map(line => line.split('|').map(cell => cell.trim()))

  it.each(ids)('%s has a vector for every row of 7.3', id => {
    const own = new Set([...vectors, ...opens].filter(v => v.dialect === id).map(v => v.rule))
    const numbers = rows('7.3').map(([, number]) => `7.3 ${number}`)
    expect(numbers).toHaveLength(8)
    expect(numbers.filter(rule => !own.has(rule))).toEqual([])
  })

  /** The words of the table in 7.6, as the vectors call its rows. */
  const NAMES: Readonly<Record<string, string>> = {
    'blob shorter than its header or lists': 'blob',
    'meta buffer too small': 'meta',
    'count limits': 'limits',
    chunk_size: 'chunk_size',
    'device bitmap': 'bitmap',
    'not checked': 'unchecked',
    resolve: 'resolve',
  }

  it.each(ids)('%s has a vector for every row of 7.6 that says something about it', id => {
    const own = new Set(vectors.filter(v => v.dialect === id).map(v => v.rule))
    const column = id === 'fuse-bpf-simple' ? 2 : 3
    const wanted = rows('7.6').filter(cells => cells[column] !== '-')
    expect(rows('7.6')).toHaveLength(7)
    expect(wanted.map(cells => `7.6 ${NAMES[cells[1] ?? '']}`).filter(rule => !own.has(rule))).toEqual([])
  })

  it('nor a step of a dialect: each one decides about some vector', () => {
    for (const id of ids) {
      const own = vectors.filter(v => v.dialect === id).map(v => (v.expect as { readonly check?: string }).check)
      const names = JSON.stringify(bpfDialects[id].checks).match(/"name":"(\w+)"/g) ?? []
      const steps = [...new Set(names.map(name => name.slice(8, -1)))]
      // 16 groups of 32 strips are just as many as there may be in all
      expect(steps.filter(name => !own.includes(name))).toEqual(id === 'fuse-bpf-simple' ? [] : ['stripsInAllAtMost'])
    }
  })
})
