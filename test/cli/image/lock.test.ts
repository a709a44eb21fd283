/** Two writers of one image: neither is lost, and no other program is needed. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { buildCommand } from '../../cli-build.ts'
import { runCommand } from '../../command.ts'
import { good, image } from '../../image-command.ts'

const top = mkdtempSync(join(tmpdir(), 'famfs-wire-lock-'))
let folder = ''
let file = ''
let lock = ''
beforeEach(async () => {
  folder = mkdtempSync(join(top, 'case-'))
  file = join(folder, 'image')
  lock = join(folder, '.image.famfs-wire-lock')
  await good('mkfs', file, '--size', '64M')
})
afterAll(() => rmSync(top, { recursive: true, force: true }))

describe('the lock of an image', () => {
  it('that another process has keeps this one out', async () => {
    writeFileSync(lock, `elsewhere\nboot\n1\n0\n`)
    const { code, err } = await image('mkdir', file, 'a', '--write')
    expect([code, err]).toEqual([1, expect.stringContaining('is being written to by process 1 of elsewhere')])
    expect((await image('mkdir', file, 'a', '--write', '--no-lock')).code).toBe(0)
  })

  it('of a process that is gone is taken away', async () => {
    writeFileSync(lock, `${hostname()}\nan earlier start\n1\n0\n`)
    await good('mkdir', file, 'a', '--write')
    expect(readdirSync(folder)).toEqual(['image'])
  })

  it('loses no entry where flock(1) is not to be found', async () => {
    const main = await buildCommand('famfs-wire-lock')
    const path = process.env.PATH
    process.env.PATH = '/nonexistent'
    try {
      const names = ['a', 'b', 'c', 'd']
      const ends = await Promise.all(names.map(name => runCommand(main, ['image', 'mkdir', file, name, '--write'])))
      const made = names.filter((_, i) => ends[i]?.code === 0)
      for (const { code, err } of ends) if (code !== 0) expect([code, err]).toEqual([1, expect.stringMatching(/written to|locked/)])
      expect(
        (await good('ls', file))
          .split('\n')
          .filter(line => line !== '')
          .sort(),
      ).toEqual(made.map(name => `${name}/`))
    } finally {
      process.env.PATH = path
    }
  })
})
