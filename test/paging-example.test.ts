import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { demonstration } from '../examples/paging-dialect.ts'

it('the example of a dialect of one’s own runs as a program, against what is published', () => {
  const root = new URL('../', import.meta.url)
  const out = execFileSync(process.execPath, ['--import', 'tsx', 'examples/paging-dialect.ts'], { cwd: root, encoding: 'utf8' })
  expect(out.trim().split('\n')).toEqual([...demonstration(400)])
})
