/** A corpus that is interrupted while it is written. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { partialOf } from '../src/corpus/write.ts'
import { buildCommand } from './cli-build.ts'

const top = mkdtempSync(join(tmpdir(), 'famfs-wire-cli-corpus-'))
let main = ''
beforeAll(async () => {
  main = await buildCommand('famfs-wire-cli-corpus')
})
afterAll(() => rmSync(top, { recursive: true, force: true }))

const turn = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 10))

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends it by that signal, and nothing is left', async signal => {
  const out = join(top, signal)
  const child = spawn(process.execPath, [main, 'corpus', '--dialect', 'fuse-v10', '--count', '1000000', '--out', out])
  const ended = once(child, 'close')
  const partial = join(top, `${signal}.partial-${child.pid}`)
  while (!existsSync(join(partial, 'sidecar')) || readdirSync(join(partial, 'sidecar')).length < 20) await turn()
  child.kill(signal)
  expect(await ended).toEqual([null, signal])
  expect(readdirSync(top)).toEqual([])
})

test('the directory beside it is the one that is documented', () => {
  expect(partialOf(join(top, 'c'))).toBe(join(top, `c.partial-${process.pid}`))
})
