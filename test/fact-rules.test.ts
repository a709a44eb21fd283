/**
 * Every rule of facts wire 7.3, 7.6 and 9.4 to 9.7 with the vectors that show it, for each dialect in which it holds: rules.json in
 * fixtures/ioctl and fixtures/bpf.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as errnos from '../src/uapi/errno.ts'

interface Rule {
  readonly rule: string
  readonly says: string
  readonly dialects: readonly string[]
  /** outcomes that the vectors of each dialect have among them: errnos, `0`, `residue`, `oops`, `unread` */
  readonly shows: readonly string[]
  /** ids of vectors, by dialect */
  readonly vectors: Readonly<Record<string, readonly string[]>>
}

interface Vector {
  readonly id: string
  readonly dialect: string
  readonly rule?: string
  readonly rules?: readonly string[]
  readonly expect?: unknown
  /** of an open(2) and a read after it */
  readonly open?: number
  readonly read?: number
  readonly results?: readonly { readonly rc?: number }[]
  /** look-ups of the drivers' own code hold their answers */
  readonly queries?: readonly { readonly rc?: number; readonly oops?: string }[]
}

const text = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const rulesOf = (folder: string): Rule[] => JSON.parse(text(`fixtures/${folder}/rules.json`)) as Rule[]
const vectorsOf = (...files: readonly string[]): Vector[] =>
  files.flatMap(file =>
    text(`fixtures/${file}.jsonl`)
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as Vector),
  )

const nameOfErrno = new Map(Object.entries(errnos).map(([name, value]) => [value, name]))
const named = (errno: number): string => (errno === 0 ? '0' : (nameOfErrno.get(Math.abs(errno)) ?? `errno ${errno}`))

/** What comes of a vector, in the words of `shows`. */
function outcomesOf({ expect: wanted, open, read, results = [], queries = [] }: Vector): string[] {
  const record = typeof wanted === 'object' && wanted !== null ? (wanted as Readonly<Record<string, unknown>>) : {}
  const words = ['residue', 'oops', 'unread'].filter(word => Object.hasOwn(record, word) || queries.some(q => Object.hasOwn(q, word)))
  // what a kernel did under an option bitmap is one errno for each operation
  const numbers = [...Object.values(record), open, read, ...results.map(({ rc }) => rc), ...queries.map(({ rc }) => rc)]
  return [...words, ...numbers.flatMap(n => (typeof n === 'number' ? [named(n)] : []))]
}

const cites = ({ rule, rules = [] }: Vector): readonly string[] => (rule === undefined ? rules : [rule])

const tables = [
  ['ioctl', rulesOf('ioctl'), vectorsOf('ioctl/vectors'), vectorsOf('ioctl/ioctl-43', 'ioctl/ioctl-44d', 'ioctl/ioctl-44d-kernel')],
  ['bpf', rulesOf('bpf'), vectorsOf('bpf/by-hand', 'bpf/opens'), []],
] as const

describe.each(tables)('the rules of %s', (_, rules, vectors, answered) => {
  const byId = new Map([...vectors, ...answered].map(v => [v.id, v]))
  const real = new Set<Vector | undefined>(answered)

  it('name vectors that there are, each of that dialect and about that rule', () => {
    for (const { rule, dialects, vectors: named } of rules) {
      expect(Object.keys(named), rule).toEqual(dialects)
      for (const [dialect, ids] of Object.entries(named)) {
        expect(ids.length, `${rule} in ${dialect}`).toBeGreaterThan(0)
        for (const id of ids) {
          const v = byId.get(id)
          const about = v !== undefined && (real.has(v) || cites(v).includes(rule))
          expect({ id, dialect: v?.dialect, about }).toEqual({ id, dialect, about: true })
        }
      }
    }
  })

  it('leave no vector out', () => {
    const listed = new Set(rules.flatMap(r => Object.values(r.vectors).flatMap(ids => ids.map(id => `${r.rule} ${id}`))))
    const missing = vectors.flatMap(v => cites(v).flatMap(rule => (listed.has(`${rule} ${v.id}`) ? [] : [`${rule} ${v.id}`])))
    expect(missing).toEqual([])
  })

  it('show in every dialect what they say', () => {
    const silent = rules.flatMap(({ rule, shows, vectors: named }) =>
      Object.entries(named).flatMap(([dialect, ids]) => {
        const seen = new Set(ids.flatMap(id => outcomesOf(byId.get(id) as Vector)))
        return shows.filter(outcome => !seen.has(outcome)).map(outcome => `${rule} in ${dialect}: ${outcome}`)
      }),
    )
    expect(silent).toEqual([])
  })

  it('say nothing only where there is no outcome', () => {
    const silent = rules.filter(r => r.shows.length === 0).map(r => r.rule)
    expect(silent).toEqual(vectors.some(v => v.dialect.startsWith('ioctl')) ? ['9.4/clip', '5.1/clip', 'encoding'] : [])
  })
})

/** Rows of the tables of a section of the fact sheet, cell by cell. */
function rowsOf(section: string): string[][] {
  const body = text('docs/facts/wire.md').split(`### ${section} `)[1]?.split(/^#/m)[0] ?? ''
  return body
    .split('\n')
    .filter(line => line.startsWith('| ') && !line.startsWith('|---'))
    .map(line => line.split('|').map(cell => cell.trim()))
}

describe('the fact sheet', () => {
  const all = tables.flatMap(([, rules]) => rules)
  const rulesNamed = (prefix: string): string[] => all.map(r => r.rule).filter(rule => rule.startsWith(prefix))
  const shownBy = (rule: string): readonly string[] => all.find(r => r.rule === rule)?.shows ?? []

  it('has no row in 7.3, 9.4, 9.6 and 9.7 whose errno is not shown', () => {
    const commands = { '9.4': ['MAP_CREATE'], '9.6': ['MAP_CREATE_V2'], '9.7': ['MAP_CREATE', 'DAXDEV_OPEN'] }
    const wrong: string[] = []
    let rows = 0
    for (const [section, names] of [['7.3', ['']] as const, ...Object.entries(commands)]) {
      let table = -1
      for (const [, number = '', , cell = ''] of rowsOf(section)) {
        if (number === '#') table++
        if (!/^\d+$/.test(number) || names[table] === undefined) continue
        rows++
        const rule = section === '7.3' ? `7.3 ${number}` : `${section}/${names[table]}/${number}`
        const errno = /^(E[A-Z0-9]+|0)\b/.exec(cell)?.[0]
        const found = all.find(r => r.rule === rule) as (Rule & { readonly shadowed?: string }) | undefined
        if (found === undefined) wrong.push(`${rule}: not in the list`)
        else if (errno !== undefined && found.shadowed === undefined && !found.shows.includes(errno)) wrong.push(`${rule}: ${errno}`)
      }
    }
    expect(wrong).toEqual([])
    expect(rows).toBe(8 + 10 + 14 + 21 + 7)
  })

  it('has no row in 7.6 that is not in the list, and no command of 9.4', () => {
    const programs = rowsOf('7.6').filter(([, rule]) => rule !== 'Rule')
    expect(programs).toHaveLength(7)
    expect(rulesNamed('7.6 ')).toHaveLength(programs.length)
    for (const [, rule, ...cells] of programs) {
      const errno = /E[A-Z]+/.exec(cells.join(' '))?.[0]
      const own = rulesNamed('7.6 ').find(
        id => rule?.includes(id.slice(4)) || rule?.startsWith(id.slice(4, 10)) || (rule === 'not checked' && id.endsWith('unchecked')),
      )
      expect(own, rule).toBeDefined()
      if (errno !== undefined) expect(shownBy(own ?? ''), rule).toContain(errno)
    }
    const answers = rowsOf('9.4').filter(([, number]) => !/^(\d+|#|Command)$/.test(number ?? ''))
    expect(answers.map(([, command]) => command)).toEqual(['NOP', 'MAP_GET', 'MAP_GETEXT', 'copy to user fails in either', 'unknown'])
    expect(
      [
        '9.4/NOP',
        '9.4/MAP_GET no map',
        '9.4/MAP_GET fills',
        '9.4/MAP_GETEXT no map',
        '9.4/MAP_GETEXT writes',
        '9.4/residue',
        '9.4/unknown',
      ].filter(rule => shownBy(rule).length === 0),
    ).toEqual([])
  })
})
