/** What a process is started with, and cannot choose: its input, its directory, the bytes of its arguments, the code of a dialect file. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildCommand } from '../cli-build.ts'

let main = ''
let work = ''
beforeAll(async () => {
  main = await buildCommand('famfs-wire-surroundings')
  work = mkdtempSync(join(tmpdir(), 'famfs-wire-surroundings-'))
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

/** Runs a line of the shell in which `$CLI` is the command. @returns exit code and standard error */
function shell(line: string): readonly [number | null, string] {
  const { status, stderr } = spawnSync('bash', ['-c', line], {
    cwd: work,
    encoding: 'utf8',
    env: { ...process.env, CLI: `${process.execPath} ${main}` },
  })
  return [status, stderr]
}

/** One line, and a hint at most. */
function isClear(stderr: string): void {
  expect(stderr).toMatch(/^famfs-wire: [^\n]+\n(hint: [^\n]+\n)?$/)
  expect(stderr).not.toContain('internal error')
}

describe('standard input', () => {
  it.each([
    ['a directory', '$CLI inspect < /', 'standard input: is a directory'],
    ['a directory, for the testee', '$CLI testee < /', 'standard input: is a directory'],
    ['open for writing only', ': > out; $CLI inspect 0> out', 'standard input: cannot be read (EBADF)'],
    ['open for writing only, for the testee', ': > out; $CLI testee 0> out', 'standard input: cannot be read (EBADF)'],
  ])('that is %s', (_, line, message) => {
    const [code, stderr] = shell(line)
    isClear(stderr)
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })
})

describe('a current directory that is gone', () => {
  it.each([['dialects --dialect-file mine.mjs'], ['inspect nothing'], ['image info nothing'], ['image extract nothing out']])(
    '%s',
    args => {
      const [code, stderr] = shell(`mkdir gone && cd gone && rmdir ../gone && $CLI ${args}`)
      isClear(stderr)
      expect(code).toBe(2)
    },
  )
})

describe('an argument that is not UTF-8', () => {
  it.each([["image mkdir IMAGE $'a\\xffb' --write"], ["inspect $'a\\xffb'"], ["image ls $'\\xff'"]])('%s', args => {
    const [code, stderr] = shell(`$CLI ${args}`)
    isClear(stderr)
    expect(stderr).toMatch(/argument \d, ".*\\xff.*": is not UTF-8/)
    expect(code).toBe(2)
  })

  it('is not one with U+FFFD itself', () => {
    const [code, stderr] = shell("$CLI inspect nothing-$'\\ufffd'")
    expect(stderr).toContain('nothing-\ufffd: there is no such file')
    expect(code).toBe(2)
  })
})

describe('a dialect file', () => {
  const dialects = (text: string) => {
    writeFileSync(join(work, 'mine.mjs'), text)
    return shell('$CLI dialects --dialect-file mine.mjs')
  }

  it.each([
    ['whose export is a getter that throws', 'export default { get id() { throw new Error("no") }, checks: [] }', 'no'],
    ['that throws nothing', 'throw undefined', 'its code failed'],
    ['that throws what cannot be printed', 'throw { toString() { throw 1 } }', 'its code failed'],
    ['with a getter', 'export default { id: "mine", checks: [], get title() { throw 1 } }', 'title is a getter or a proxy'],
    ['with a proxy', 'export default { id: "mine", checks: new Proxy([], {}) }', 'checks is a getter or a proxy'],
    ['that is a proxy', 'export default new Proxy({ id: "mine", checks: [] }, {})', 'it is a getter or a proxy'],
    ['with nothing in it', 'export default { id: "mine", checks: null }', ''],
    [
      'with steps that are none',
      'export default { id: "mine", title: "", facts: "", opcodes: null, request: 1, reply: 0, sizeProbe: [], push: {}, fatal: "", limits: null, checks: [null] }',
      '',
    ],
  ])('%s', (_, text, message) => {
    const [code, stderr] = dialects(text)
    isClear(stderr)
    expect(stderr).toContain(message)
    expect([1, 2]).toContain(code)
  })

  it('that never settles', () => {
    const [code, stderr] = dialects('await new Promise(() => {})')
    isClear(stderr)
    expect(stderr).toContain('has not come to its end')
    expect(code).toBe(2)
  }, 60_000)

  it('that leaves a timer open does not keep the process', () => {
    const [code] = dialects('setInterval(() => {}, 1000); export {}')
    expect(code).toBe(2)
  }, 60_000)
})
