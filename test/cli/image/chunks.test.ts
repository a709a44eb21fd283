/** A file of very many very small chunks is refused, in no time. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { good, image } from '../../image-command.ts'

const work = mkdtempSync(join(tmpdir(), 'famfs-wire-chunks-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

it('cat and extract refuse chunks of one byte', async () => {
  const file = join(work, 'image')
  await good('mkfs', file, '--size', '128M')
  const strips = ['--extent', '0:32M:2M', '--extent', '0:64M:2M', '--chunk', '1']
  await good('add', file, 'f', '--size', '4M', ...strips, '--write', '--unchecked')
  const { code, err } = await image('cat', file, 'f')
  expect([code, err]).toEqual([1, expect.stringContaining('chunks of 1 bytes')])
  expect((await image('extract', file, join(work, 'out'))).code).toBe(1)
})
