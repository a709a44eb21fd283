/** The README does what it says: snippets print what stands below them, commands what stands after their prompt. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
/** Inside the package, so that its own name resolves. */
const work = join(root, '.cache', 'readme')
const path = join(root, 'README.md')
const readme = readFileSync(path, 'utf8')

const snippets = [...readme.matchAll(/```ts\n([\s\S]*?)```\n\n```text\n([\s\S]*?)```/g)].map(([, code, output]) => ({ code, output }))
const transcripts = [...readme.matchAll(/```console\n\$ famfs-wire ([^\n]*)\n([\s\S]*?)```/g)].map(([, args, output]) => ({ args, output }))

afterAll(() => rmSync(work, { recursive: true, force: true }))

function run(...args: string[]): { stdout: string; stderr: string; status: number | null } {
  return spawnSync('node', args, { cwd: root, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } })
}

describe('snippets', () => {
  test('each has its output below it', () => {
    expect(snippets).toHaveLength([...readme.matchAll(/```ts\n/g)].length)
  })

  test.each(snippets.map((snippet, i) => ({ i, ...snippet })))('no. $i prints what it says', ({ i, code, output }) => {
    mkdirSync(work, { recursive: true })
    const file = join(work, `snippet-${i}.ts`)
    writeFileSync(file, code as string)
    const { stdout, stderr } = run('--import', 'tsx', file)
    expect(stderr).toBe('')
    expect(stdout).toBe(output)
  })
})

describe('the picture of a device', () => {
  test('docs/device.svg is what the command draws', () => {
    const { stdout } = run(join(root, 'dist/cli/main.js'), 'image', 'map', 'fixtures/metadata/v48/il-strip-in-log', '--svg')
    if (process.env.UPDATE_TRANSCRIPTS === '1') writeFileSync(join(root, 'docs/device.svg'), stdout)
    expect(readFileSync(join(root, 'docs/device.svg'), 'utf8')).toBe(stdout)
    expect(readme).toContain('](docs/device.svg)')
  })
})

describe('transcripts', () => {
  test.each(transcripts.map((transcript, i) => ({ i, ...transcript })))('$args', ({ args, output }) => {
    const { stdout, stderr, status } = run(join(root, 'dist/cli/main.js'), ...(args as string).split(' '))
    const actual = `${stdout}${stderr}${status === 0 ? '' : `[exit ${status}]\n`}`
    if (process.env.UPDATE_TRANSCRIPTS === '1')
      writeFileSync(
        path,
        readFileSync(path, 'utf8').replace(`famfs-wire ${args}\n${output}`, () => `famfs-wire ${args}\n${actual}`),
      )
    else expect(actual).toBe(output)
  })
})
