/** Findings about calls of the ioctl ABI: every rule has a call that breaks it, and a neighbour that breaks none. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { WireErrorCode } from '../src/codec/errors.ts'
import { encodeIoctl, UserMemory } from '../src/codec/ioctl/index.ts'
import type { CallBlock, CallStep } from '../src/schema/ioctl-steps.ts'
import type { IoctlDialect, IoctlDialectId } from '../src/uapi/index.ts'
import { ioctlDialects } from '../src/uapi/index.ts'
import { type IoctlFinding, ioctlFindings } from '../src/validate/ioctl/findings.ts'
import { ioctlRules } from '../src/validate/ioctl/rules/index.ts'
import { callIn, type IoctlVector, ioctlVectors, memoryIn, parsed } from './ioctl-vectors.ts'
import { part } from './part.ts'

interface FindingVector extends Omit<IoctlVector, 'id' | 'rules' | 'kind'> {
  readonly rule: string
  readonly expect: { readonly severity: string; readonly path: string; readonly acceptedBy: readonly string[] }
  /** other rules that cannot but be broken with it */
  readonly also?: readonly string[]
  readonly neighbour: { readonly memory: Record<string, string>; readonly state?: object }
}

const vectors = readFileSync(new URL('../fixtures/ioctl/findings.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as FindingVector)

const optionsOf = (v: FindingVector) => ({
  ...(v.machine as object | undefined),
  ...(v.deviceSizes === undefined ? {} : { deviceSizes: parsed(v.deviceSizes) as Record<number, bigint> }),
})

function found(v: FindingVector, memory: Record<string, string>, state: unknown): IoctlFinding[] {
  const call = callIn({ ...v, memory, state } as unknown as IoctlVector)
  return ioctlFindings(v.dialect as IoctlDialectId, call, optionsOf(v))
}

describe('a call that breaks a rule', () => {
  it.each(vectors.map(v => [v.rule, v] as const))('%s', (_, v) => {
    const all = found(v, v.memory as Record<string, string>, v.state)
    const own = all.filter(f => f.rule === v.rule)
    expect(own.map(({ severity, path, acceptedBy }) => ({ severity, path, acceptedBy }))).toEqual([v.expect])
    expect([...new Set(all.map(f => f.rule))].sort()).toEqual([v.rule, ...(v.also ?? [])].sort())
    expect(own[0]?.message).toMatch(/^\S.*[^.]$/)
  })

  it.each(vectors.filter(v => v.rule !== 'ioctl/unknown-command').map(v => [v.rule, v] as const))(
    '%s has a neighbour that breaks none',
    (_, v) => {
      expect(found(v, v.neighbour.memory, v.neighbour.state)).toEqual([])
    },
  )
})

function* stepsIn(steps: readonly CallStep[]): Generator<Exclude<CallStep, CallBlock>> {
  for (const step of steps) {
    if ('steps' in step) yield* stepsIn(step.steps)
    else yield step
  }
}

const CODES: readonly WireErrorCode[] = ['truncated', 'length', 'count', 'tag', 'range', 'text', 'unsupported', 'fault']

describe('the catalogue', () => {
  it('has a vector for every rule', () => {
    expect(
      vectors
        .map(v => v.rule)
        .filter(id => id.startsWith('ioctl/'))
        .sort(),
    ).toEqual(ioctlRules.map(r => r.id).sort())
  })

  it('has a rule for every step of every version, and no step that none has', () => {
    const dialects = Object.values<IoctlDialect>(ioctlDialects)
    const steps = dialects.flatMap(d => [d.entry, ...Object.values(d.handlers).map(h => h.checks ?? [])].flatMap(s => [...stepsIn(s)]))
    const checked = new Set(['commandKnown', ...steps.filter(s => s.kind !== 'remark').map(s => s.name)])
    for (const quiet of ['countedErrors', 'slotIsFree']) checked.delete(quiet)
    expect(ioctlRules.flatMap(r => r.checks ?? []).sort()).toEqual([...checked].sort())
    const remarked = new Set(steps.flatMap(s => (s.kind === 'remark' ? [s.rule] : [])))
    expect([...remarked].filter(id => !ioctlRules.some(r => r.id === id && r.severity !== undefined))).toEqual([])
  })

  it('says in every entry what it is, why, and where it was read', () => {
    expect(new Set(ioctlRules.map(r => r.id)).size).toBe(ioctlRules.length)
    for (const rule of ioctlRules) {
      expect(rule.id).toMatch(/^ioctl\/[a-z]+(-[a-z]+)*$/)
      expect(rule.title).toMatch(/^[A-Za-z]\S* .*[^.]$/)
      for (const text of [rule.why, rule.otherwise]) expect(text).toMatch(/^[A-Z0-9a-z].*\.$/)
      expect(rule.facts).toMatch(/^(wire|ioctl-44e) \d/)
      expect(rule.checks !== undefined || rule.severity !== undefined).toBe(true)
      expect(CODES).toContain(rule.code)
    }
  })
})

describe('findings', () => {
  it('say error whenever the driver refuses, with the field that it blames', () => {
    for (const v of part(ioctlVectors.filter(v => v.kind === 'call'))) {
      const { errno, check, path, unread } = v.expect as { errno?: number; check?: string; path?: string; unread?: boolean }
      const all = ioctlFindings(v.dialect, callIn(v), (v.machine ?? {}) as object)
      const errors = all.filter(f => f.severity === 'error' && f.rule.startsWith('ioctl/'))
      if (check !== undefined) expect(errors, v.id).not.toEqual([])
      if (errno !== undefined && errno !== 0 && path !== undefined)
        expect(
          errors.map(f => f.path),
          v.id,
        ).toContain(path)
      if (errno === 0 && (v.expect as { hazards?: unknown }).hazards === undefined) expect(errors, v.id).toEqual([])
      if (unread === true) expect(errors, v.id).toEqual([])
    }
  })

  it('of one kind are cut, and counted', () => {
    const extents = Array.from({ length: 30 }, () => ({ se_devindex: 99, se_offset: 0n, se_len: 0n }))
    const { base, bytes } = encodeIoctl('ioctl-44d', 'MAP_CREATE', { file_type: 0, fmap_version: 1, ext_type: 0, file_size: 0n, extents })
    const call = { command: 'MAP_CREATE', address: base, memory: new UserMemory().map(base, bytes) }
    const own = (limit: number) => ioctlFindings('ioctl-44d', call, { limit }).filter(f => f.rule === 'ioctl/devindex')
    expect(own(30).map(f => f.more)).toEqual(Array(30).fill(undefined))
    expect(own(3).map(f => f.more)).toEqual([undefined, undefined, 27])
  })

  it('compare with the versions that are named, and only with those that have the command', () => {
    const bytes = memoryIn({
      '0x10000': Buffer.from(
        encodeIoctl('ioctl-43', 'MAP_CREATE', { extent_type: 0, file_type: 0, file_size: 0n, ext_list: [{ offset: 0n, len: 0n }] }).bytes,
      ).toString('hex'),
    })
    const call = { command: 'MAP_CREATE', address: 0x10000n, memory: bytes, state: { device: 'failed' as const } }
    const accepted = (against: IoctlDialectId[]) =>
      ioctlFindings('ioctl-43', call, { against }).find(f => f.rule === 'ioctl/device-failed')?.acceptedBy
    expect(accepted(['ioctl-rfc', 'ioctl-44d'])).toEqual(['ioctl-rfc'])
    expect(accepted([])).toEqual([])
  })
})
