/** An image without files divides by nothing, and says so by saying nothing. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { run } from '../../cli-inside.ts'
import { good } from '../../image-command.ts'

const work = mkdtempSync(join(tmpdir(), 'famfs-wire-empty-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

it('image info of an image without files has no ratio of nothing', async () => {
  const file = join(work, 'image')
  await good('mkfs', file, '--size', '64M')
  expect(await good('info', file)).not.toMatch(/inf\b|nan/)
  expect(JSON.parse(await good('info', file, '--json')).capacity).toMatchObject({ amplification: null })
})

it('help without examples has no heading for them', async () => {
  expect((await run(['image', 'info', '--help'])).out).not.toContain('examples')
  expect((await run(['image', 'mkfs', '--help'])).out).toContain('examples')
})
