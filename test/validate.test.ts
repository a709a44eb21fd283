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
    'shapeFindings',
    'verdict',
    'verdictBlob',
    'verdictDaxdev',
    'verdictErrno',
    'verdictPages',
  ])
})

it('what is said about calls of the ioctl ABI loads', async () => {
  const { ioctlFindings } = await import('../src/validate/ioctl/findings.ts')
  const { optionErrno } = await import('../src/validate/ioctl/options.ts')
  expect([ioctlFindings, optionErrno]).toEqual([expect.any(Function), expect.any(Function)])
})
