import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { WireErrorCode } from '../src/codec/errors.ts'
import { imageChapters } from '../src/metadata/rules/index.ts'
import type { Check, Step } from '../src/schema/check.ts'
import type { Dialect } from '../src/schema/dialect.ts'
import type { DialectId } from '../src/uapi/dialects/index.ts'
import { dialects, famfsDialectIds } from '../src/uapi/dialects/index.ts'
import { bpfDialects, knownDialects } from '../src/uapi/dialects/known.ts'
import { type FindingOptions, findings, findingsDaxdev } from '../src/validate/findings/index.ts'
import { ioctlChapters } from '../src/validate/ioctl/rules/chapter.ts'
import { carefulSteps, rules } from '../src/validate/rules/index.ts'
import { renderRules } from '../src/validate/rules/render.ts'
import { checkKey } from '../src/validate/rules/rule.ts'
import { bytesOf } from './verdict-golden.ts'

interface Vector {
  readonly rule: string
  readonly dialect: string
  readonly message?: 'GET_DAXDEV'
  readonly options?: { readonly kmallocMax?: number; readonly against?: DialectId[]; readonly deviceSizes?: Record<number, string> }
  readonly expect: object
  readonly hex: string
  readonly neighbour: string
}

const folder = new URL('../fixtures/rules/', import.meta.url)
/** Images have vectors of another form. */
const ofMessages = readdirSync(folder).filter(name => /^(fmap|bpf|daxdev)-/.test(name))
const vectors = ofMessages.map(name => [name, JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Vector] as const)

const optionsOf = ({ options: { deviceSizes, ...rest } = {} }: Vector): FindingOptions =>
  deviceSizes === undefined
    ? rest
    : { ...rest, deviceSizes: Object.fromEntries(Object.entries(deviceSizes).map(([index, size]) => [index, BigInt(size)])) }

const found = (vector: Vector, hex: string): ReturnType<typeof findings> =>
  (vector.message === 'GET_DAXDEV' ? findingsDaxdev : findings)(bytesOf(hex), knownDialects[vector.dialect] as Dialect, optionsOf(vector))

function* checksOf(steps: readonly Step[]): Generator<Check> {
  for (const step of steps) {
    if (step.kind === 'check') yield step
    else yield* checksOf(step.steps)
  }
}

describe('the smallest message that breaks a rule', () => {
  it('exists for every rule, in a file of its name', () => {
    expect(vectors.map(([name]) => name).sort()).toEqual(rules.map(rule => `${rule.id.replace('/', '-')}.json`).sort())
    expect(vectors.filter(([name, v]) => name !== `${v.rule.replace('/', '-')}.json`)).toEqual([])
  })

  it.each(vectors)('%s breaks it and no other', (_, vector) => {
    expect(found(vector, vector.hex)).toEqual([{ rule: vector.rule, ...vector.expect }])
  })

  const formOfMap = (vector: Vector): Dialect['map'] => knownDialects[vector.dialect]?.map
  /** Another form of the map is compared with values, not with ids. */
  const withIds = vectors.filter(([, vector]) => formOfMap(vector) === undefined)

  it.each(withIds)('%s breaks it also where all dialects are named one by one', (_, vector) => {
    const named = { ...vector, options: { against: [...famfsDialectIds], ...vector.options } }
    expect(found(named, vector.hex)).toEqual([{ rule: vector.rule, ...vector.expect }])
    expect(found(named, vector.neighbour)).toEqual([])
  })

  it.each(vectors)('%s has a neighbour that breaks none', (_, vector) => {
    expect(found(vector, vector.neighbour)).toEqual([])
  })
})

const CODES: readonly WireErrorCode[] = ['truncated', 'trailing', 'length', 'count', 'tag', 'range', 'text', 'padding']

describe('the catalogue', () => {
  it('has ids that are unique and read alike', () => {
    const ids = rules.map(rule => rule.id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.filter(id => !/^(fmap|bpf|daxdev)\/[a-z]+(-[a-z]+)*$/.test(id))).toEqual([])
  })

  it('says in every entry what it is, why, and where it was read', () => {
    for (const rule of rules) {
      expect(rule.title).toMatch(/^[A-Za-z]\S* .*[^.]$/)
      for (const text of [rule.why, rule.otherwise]) expect(text).toMatch(/^(?:[A-Z0-9]|fuse-).*\.$/)
      expect(rule.facts).toMatch(/^wire \d/)
      expect(rule.checks.length > 0 || rule.severity !== undefined).toBe(true)
      expect(CODES).toContain(rule.code)
    }
  })

  it('has a rule for every step of every dialect, and no step that no dialect or careful peer has', () => {
    const keysOf = (lists: readonly (readonly Step[])[]): string[] => lists.flatMap(steps => [...checksOf(steps)].map(checkKey))
    const asked = {
      fmap: keysOf(famfsDialectIds.map(id => dialects[id].checks)),
      bpf: keysOf([...Object.values<Dialect>(bpfDialects).map(d => d.checks), ...carefulSteps.bpf]),
    }
    for (const [chapter, keys] of Object.entries(asked)) {
      const own = rules.filter(rule => rule.id.startsWith(`${chapter}/`)).flatMap(rule => rule.checks)
      expect([...new Set(own)].sort()).toEqual([...new Set(keys)].filter(key => key !== 'countedErrors').sort())
    }
  })

  it('is the document', () => {
    expect(readFileSync(new URL('../docs/rules.md', import.meta.url), 'utf8')).toBe(renderRules([...ioctlChapters, ...imageChapters]))
  })

  it('is the first part of the document without the chapters of others', () => {
    expect(renderRules(imageChapters).startsWith(renderRules())).toBe(true)
    expect(renderRules()).toContain(`### ${rules.at(-1)?.id}`)
  })
})
