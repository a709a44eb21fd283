import { expect, it } from 'vitest'

it('famfs-wire/validate loads, and exports what it is documented to', async () => {
  expect(Object.keys(await import('../src/validate/index.ts')).sort()).toEqual([
    'assertValid',
    'dialect',
    'dialects',
    'exchange',
    'famfsDialectIds',
    'findings',
    'findingsDaxdev',
    'metaJson',
    'predictOpen',
    'renderRules',
    'rules',
    'steps',
    'verdict',
    'verdictDaxdev',
    'verdictErrno',
  ])
})
