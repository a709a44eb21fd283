/** Every example compiles under strict NodeNext, and those in comments of the source run. Those of the pages run in the tests of their pages. */
import { describe, expect, test } from 'vitest'
import { runnerOf } from '../snippets.ts'
import { commentExamples, complaints, pageExamples } from './examples.ts'

describe('examples', () => {
  test('are found in pages and comments', () => {
    expect(pageExamples.length).toBeGreaterThan(40)
    expect(commentExamples.length).toBeGreaterThan(10)
  })

  test('compile', () => {
    expect(complaints([...pageExamples, ...commentExamples])).toEqual([])
  })

  test('that do not compile are found', () => {
    const code = `import { verdict } from 'famfs-wire'\nconst v = verdict(new Uint8Array(), 'fuse-v10')\nconsole.log(v.meta)`
    expect(complaints([{ where: 'here:1', code }])).toEqual([expect.stringMatching(/^here:1: Property 'meta' does not exist on type/)])
  })
})

describe('an example in a comment runs', () => {
  const run = runnerOf('comment-examples')
  test.each(commentExamples.map((example, i) => ({ i, ...example })))('$where', async ({ i, code }) => {
    await run(i, code)
  })
})
