/** The vectors of the ioctl ABI that were made by hand: every one agrees, and every rule of facts wire 9.4 to 9.7 has one for each dialect that it holds in. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as errnos from '../src/uapi/errno.ts'
import { type IoctlDialectId, ioctlDialects } from '../src/uapi/index.ts'
import { type AnsweredVector, answeredVectors, type IoctlVector, ioctlRuleRows, ioctlVectors, kinds } from './ioctl-vectors.ts'

describe('vectors', () => {
  it('are what a model says', () => {
    const wrong = ioctlVectors.flatMap(v => {
      if (v.kind === 'encoding') return []
      const actual = kinds[v.kind](v)
      try {
        expect(actual).toEqual(v.expect)
        return []
      } catch {
        return [{ id: v.id, expected: v.expect, actual }]
      }
    })
    expect(wrong).toEqual([])
  })

  it.each(ioctlVectors.filter(v => v.kind === 'encoding').map(v => [v.id, v] as const))('%s encodes to its bytes and back', (_, v) => {
    const { value, ...bytes } = kinds.encoding(v) as { value: object; hex: string; relocations: number[] }
    expect(bytes).toEqual({ hex: v.hex, relocations: v.relocations })
    const bigints = JSON.parse(JSON.stringify(value, (_key, x) => (typeof x === 'bigint' ? `0x${x.toString(16)}` : x)))
    expect(bigints).toMatchObject(v.value as object)
  })

  it('have ids of their own, known dialects and rules', () => {
    expect(new Set(ioctlVectors.map(v => v.id)).size).toBe(ioctlVectors.length)
    const known = new Set(ioctlRuleRows.map(r => r.rule))
    expect(ioctlVectors.filter(v => !Object.hasOwn(ioctlDialects, v.dialect) || v.rules.some(r => !known.has(r)))).toEqual([])
  })
})

/** The numbered rows of the tables of facts wire 9.4, 9.6 and 9.7, by command, with their errno. */
function* factRows(): Generator<{ readonly key: string; readonly errno: number | undefined }> {
  const wire = readFileSync(new URL('../docs/facts/wire.md', import.meta.url), 'utf8')
  const section = (title: string): string => wire.slice(wire.indexOf(`### ${title}`)).split(/\n###? /)[0] ?? ''
  const tables: readonly (readonly [string, string, RegExp])[] = [
    ['9.4', 'MAP_CREATE', /\| # \| Check \| errno \|/],
    ['9.6', 'MAP_CREATE_V2', /\| # \| Check \| errno \|/],
    ['9.7', 'MAP_CREATE', /\| # \| Check \| errno \|/],
    ['9.7', 'DAXDEV_OPEN', /\| # \| Check \(44d\) \| errno \|/],
  ]
  for (const [title, command, head] of tables) {
    const text = section(title)
    const table = text.slice(text.search(head)).split('\n\n')[0] ?? ''
    for (const [, row, , cell] of table.matchAll(/^\| (\d+) \| (.*) \| ([^|]*) \|$/gm)) {
      const name = Object.keys(errnos).find(e => cell?.startsWith(e))
      yield {
        key: `${title}/${command}/${row}`,
        errno: name === undefined ? undefined : (errnos as Readonly<Record<string, number>>)[name],
      }
    }
  }
}

const errnoOf = (v: { readonly expect?: unknown }): unknown => (v.expect as { errno?: number } | undefined)?.errno

/** Every vector by its id: those that were made by hand, and those that the drivers' own code answered. */
const byId = new Map<string, IoctlVector | AnsweredVector>([...ioctlVectors, ...answeredVectors].map(v => [v.id, v]))
const shown = (rule: string, dialect: IoctlDialectId) =>
  ioctlRuleRows.filter(r => r.rule === rule).flatMap(r => (r.vectors[dialect] ?? []).flatMap(id => byId.get(id) ?? []))

describe('the rules of facts wire 9.4 to 9.7', () => {
  const rows = [...factRows()]

  it('are all in the list', () => {
    expect(rows).toHaveLength(10 + 14 + 21 + 7)
    const listed = ioctlRuleRows.map(r => r.rule).filter(r => /\/\d+$/.test(r))
    expect(listed.sort()).toEqual(rows.map(r => r.key).sort())
  })

  it('have a vector each, for each dialect in which they hold', () => {
    const missing = ioctlRuleRows.flatMap(({ rule, dialects }) => dialects.filter(d => !shown(rule, d).length).map(d => `${rule} in ${d}`))
    expect(missing).toEqual([])
  })

  it('have one with the errno of the fact sheet', () => {
    const missing = rows.flatMap(({ key, errno }) => {
      const row = ioctlRuleRows.find(r => r.rule === key)
      if (row === undefined || errno === undefined || row.shadowed !== undefined) return []
      return row.dialects.filter(d => !shown(key, d).some(v => errnoOf(v) === errno)).map(d => `${key} in ${d}`)
    })
    expect(missing).toEqual([])
  })

  it('are shadowed where an earlier one always strikes', () => {
    const shadowed = ioctlRuleRows.filter(r => r.shadowed !== undefined)
    expect(shadowed.map(r => r.rule)).toEqual(['9.6/MAP_CREATE_V2/9'])
    for (const { rule, shadowed: by } of shadowed)
      for (const v of shown(rule, 'ioctl-43')) expect(errnoOf(v)).toBe(rows.find(r => r.key === by)?.errno)
  })
})
