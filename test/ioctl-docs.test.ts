/** docs/ioctl.md: every snippet prints what stands below it, and there is one for each version. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ioctlDialects } from '../src/uapi/index.ts'
import { runnerOf, snippetsOf } from './snippets.ts'

const root = join(import.meta.dirname, '..')
const run = runnerOf('ioctl-docs')
const page = readFileSync(join(root, 'docs', 'ioctl.md'), 'utf8')

const blocks = snippetsOf(page)
const [start, ...snippets] = blocks

describe('docs/ioctl.md', () => {
  test('has a part for every version', () => {
    expect([...page.matchAll(/^## (ioctl-\S+)$/gm)].map(m => m[1])).toEqual(Object.keys(ioctlDialects))
  })

  test.each(snippets)('snippet $i prints what it says', async ({ i, code, output }) => {
    expect(await run(i, `${start?.code ?? ''}\n${code}`)).toBe(output)
  })
})
