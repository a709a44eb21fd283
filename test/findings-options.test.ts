/** Findings on another machine, against other dialects, on devices of known size; and assertValid, which throws the first error. */
import { describe, expect, it } from 'vitest'
import { decode } from '../src/codec/decode.ts'
import { WireError } from '../src/codec/errors.ts'
import {
  type Check,
  counted,
  countedErrors,
  devIndexAtMost,
  eachExtent,
  extentsAtMost,
  headerFits,
  listFits,
  simple,
} from '../src/schema/check.ts'
import { defineDialect } from '../src/schema/define.ts'
import { famfsDialectIds, fusePush, fusePushIl, fuseV10 } from '../src/uapi/dialects/index.ts'
import { fuse_famfs_fmap, fuse_famfs_fmap_push } from '../src/uapi/famfs/fmap.ts'
import { assertValid, findings } from '../src/validate/findings/index.ts'
import { verdict } from '../src/validate/verdict.ts'
import { brief, groups, lines, message, one, PMD, two } from './findings-messages.ts'

describe('options', () => {
  it('knows the ends of devices that are told', () => {
    const at = (size: bigint | undefined): string[] =>
      lines(findings(message(80, two), 'fuse-v10', size === undefined ? {} : { deviceSizes: { 0: size } }))
    expect([at(undefined), at(2n * PMD)]).toEqual([[], []])
    expect(at(2n * PMD - 1n)).toEqual(['fmap/device-bounds error: ends at 4194304, device 0 has 4194303 bytes'])
    expect(findings(message(80, two), 'fuse-v10', { deviceSizes: { 1: 0n } })).toEqual([])
  })

  it('compares with the dialects that are named, and always with the one that is asked', () => {
    const three = message(104, { 8: 3, 16: 3n * PMD, 48: PMD, 64: PMD, 72: PMD, 88: 2n * PMD, 96: PMD })
    expect(findings(three, 'fuse-v10', { against: ['fuse-v2', fusePush] })).toEqual([])
    expect(findings(three, 'fuse-v10', { against: ['fuse-v1'] })).toMatchObject([
      { rule: 'fmap/too-many-extents', severity: 'warning', acceptedBy: ['fuse-v10'] },
    ])
    expect(findings(three, 'fuse-v1', { against: [] })).toMatchObject([{ severity: 'warning' }, { severity: 'error', acceptedBy: [] }])
    expect(findings(message(56, { ...one, 24: 1n }), fuseV10, { against: [] })).toMatchObject([{ acceptedBy: ['fuse-v10'] }])
  })

  it('looks for what misbehaves although no compared dialect refuses it', () => {
    const signed = message(80, { 8: 2, 16: 1n << 63n, 48: 1n << 62n, 64: 1n << 62n, 72: 1n << 62n })
    expect(brief(findings(signed, 'fuse-v10', { against: [] }))).toEqual([['fmap/file-size-signed', 'error', 'file_size', 16, 8]])
  })

  it('takes a dialect of one’s own', () => {
    const small = defineDialect({
      ...fuseV10,
      id: 'small',
      limits: { ...fuseV10.limits, devShift: 8 },
      checks: [headerFits(22), extentsAtMost(1, 7), simple(listFits(22), eachExtent(counted(devIndexAtMost(3)))), countedErrors(5)],
    })
    expect(findings(message(80, two), small)).toMatchObject([
      { rule: 'fmap/too-many-extents', severity: 'error', acceptedBy: famfsDialectIds },
    ])
    expect(findings(message(56, { ...one, 32: 3 }), small)).toMatchObject([
      { rule: 'fmap/devindex', severity: 'warning', acceptedBy: ['fuse-push-il', 'small'] },
    ])
    expect(findings(message(56, { ...one, 32: 8 }), small)).toMatchObject([
      { rule: 'fmap/devindex-shift', severity: 'error', acceptedBy: ['fuse-push-il'] },
    ])
  })

  it('has a rule for steps with values of one’s own, and none for steps that it does not know', () => {
    const pmdOnly = fusePushIl.checks.map(step => JSON.parse(JSON.stringify(step).replace('["page","pmd"]', '["pmd"]')))
    const strict = defineDialect({ ...fusePushIl, id: 'strict', checks: pmdOnly })
    const bytes = message(128, { ...groups, 36: 4096 })
    expect(findings(bytes, strict, { against: [] })).toMatchObject([{ rule: 'fmap/chunk-size', severity: 'error', acceptedBy: [] }])
    const odd: Check = { ...extentsAtMost(1, 7), name: 'somethingElse' }
    const strange = defineDialect({ ...fuseV10, id: 'strange', checks: [headerFits(22), odd] })
    expect(verdict(message(80, two), strange)).toMatchObject({ errno: 7, check: 'somethingElse' })
    expect(findings(message(80, two), strange)).toEqual([])
  })

  it('knows other machines', () => {
    const bytes = message(56, { ...one, 40: 65536n })
    expect(brief(findings(bytes, 'fuse-push-il', { pageSize: 65536 }))).toEqual([
      ['fmap/offset-pmd', 'warning', 'extents[0].se_offset', 40, 8],
    ])
    expect(brief(findings(bytes, 'fuse-push-il', { pageSize: 131072 }))).toEqual([
      ['fmap/offset-page', 'error', 'extents[0].se_offset', 40, 8],
    ])
    expect(findings(bytes, 'fuse-v10', { pmdSize: 65536 })).toEqual([])
    expect(() => findings(bytes, 'fuse-v10', { pmdSize: 3 })).toThrow(expect.objectContaining({ code: 'range' }))
    expect(() => findings(bytes, 'fuse')).toThrow(expect.objectContaining({ code: 'unsupported' }))
    expect(() => findings(bytes, 'fuse-v1', { against: ['fuse'] })).toThrow(expect.objectContaining({ code: 'unsupported' }))
  })

  it('says how many findings of a kind were left out', () => {
    const count = 1000
    const words: Record<number, number | bigint> = {}
    for (let i = 0; i < count; i++) words[32 + 24 * i] = i < 30 ? 1 : 99
    const view = new DataView(new ArrayBuffer(32 + 24 * count))
    for (const [offset, value] of Object.entries(words)) view.setUint32(Number(offset), Number(value), true)
    view.setUint32(8, count, true)
    view.setUint16(2, 1, true)
    const bytes = new Uint8Array(view.buffer)
    const kinds = (limit?: number): unknown[] =>
      findings(bytes, 'fuse-push-il', { against: ['fuse-push'], ...(limit === undefined ? {} : { limit }) }).flatMap(f =>
        f.more === undefined ? [] : [[f.rule, f.path, f.more]],
      )
    expect(kinds()).toEqual([
      ['fmap/devindex', 'extents[19].se_devindex', 10],
      ['fmap/length-zero', 'extents[19].se_len', 980],
      ['fmap/devindex-shift', 'extents[49].se_devindex', 950],
    ])
    expect(kinds(30)).toEqual([
      ['fmap/length-zero', 'extents[29].se_len', 970],
      ['fmap/devindex-shift', 'extents[59].se_devindex', 940],
    ])
    expect(findings(bytes, 'fuse-push-il', { limit: 0 })).toEqual([])
  })

  it('keeps errors apart from warnings of the same rule', () => {
    const bytes = message(104, { 8: 3, 40: 4096n, 64: 8192n, 88: 12288n })
    const found = findings(bytes, 'fuse-push-il', { limit: 1 }).filter(f => f.rule.startsWith('fmap/offset'))
    expect(found).toMatchObject([{ rule: 'fmap/offset-pmd', severity: 'warning', more: 2 }])
  })
})

describe('assertValid', () => {
  const good = message(56, one)

  it('is content with warnings and notes', () => {
    expect(() => assertValid(good, 'fuse-v1')).not.toThrow()
    expect(() => assertValid(message(56, { ...one, 24: 1n }), 'fuse-v10')).not.toThrow()
  })

  it('throws the first error in the order of the bytes', () => {
    const bad = message(80, { ...two, 16: 99n * PMD, 24: 1n, 40: 1n })
    try {
      assertValid(bad, 'fuse-v10')
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(WireError)
      expect(error).toMatchObject({
        code: 'range',
        path: 'file_size',
        offset: 16,
        length: 8,
        message: 'range at file_size (byte 16): file_size is 207618048, the lengths sum up to 4194304 (fmap/file-size-uncovered)',
      })
    }
    expect(() => assertValid(good.subarray(0, 55), 'fuse-v10')).toThrow(expect.objectContaining({ code: 'truncated', path: 'nextents' }))
  })

  it('takes a value, in the form of its dialect', () => {
    const value = decode(fuse_famfs_fmap, good)
    expect(() => assertValid(value, 'fuse-v10')).not.toThrow()
    expect(() => assertValid({ ...value, file_size: PMD + 1n }, 'fuse-v10')).toThrow(expect.objectContaining({ path: 'file_size' }))
    const pushed = decode(fuse_famfs_fmap_push, good)
    expect(() => assertValid(pushed, 'fuse-push')).not.toThrow()
    const large = Object.assign(pushed, { fmap_size: 2 ** 32 })
    expect(() => assertValid(large, 'fuse-push')).toThrow(expect.objectContaining({ code: 'range', path: 'fmap_size' }))
    expect(() => assertValid(large, 'fuse-v10')).not.toThrow()
    expect(() => assertValid(good, 'fuse')).toThrow(expect.objectContaining({ code: 'unsupported' }))
  })

  it('takes the options of findings', () => {
    expect(() => assertValid(good, 'fuse-v10', { deviceSizes: { 0: 1n } })).toThrow(
      expect.objectContaining({ path: 'extents[0].se_offset' }),
    )
  })
})
