import { expect, it } from 'vitest'

it('famfs-wire/validate loads, and exports what it is documented to', async () => {
  expect(Object.keys(await import('../src/validate/index.ts')).sort()).toEqual([
    'assertValid',
    'dialects',
    'exchange',
    'famfsDialectIds',
    'findings',
    'findingsDaxdev',
    'metaJson',
    'predictOpen',
    'renderRules',
    'rules',
    'verdict',
    'verdictDaxdev',
    'verdictErrno',
    'verdictPages',
  ])
})

it('famfs-wire/kernel loads, with what is said about calls of the ioctl ABI', async () => {
  const entry = await import('../src/kernel/index.ts')
  for (const name of ['ioctlFindings', 'ioctlRules', 'ioctlVerdict', 'optionErrno', 'verdictOfPayload'] as const)
    expect(entry[name]).toBeDefined()
})
