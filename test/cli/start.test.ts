/** What Node.js loads before the command answers: a command and its library only when it is called. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { commands } from '../../src/cli/commands/index.ts'
import { subs } from '../../src/cli/image/index.ts'
import { buildCommand } from '../cli-build.ts'

interface Script {
  readonly url: string
}

/** Modules of the package that a command line loads, as the engine's own list of scripts has them. */
function loadedBy(program: string, args: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'famfs-wire-start-'))
  try {
    execFileSync(process.execPath, [program, ...args], { env: { ...process.env, NODE_V8_COVERAGE: folder }, stdio: 'ignore' })
    const { result } = JSON.parse(readFileSync(join(folder, readdirSync(folder)[0] ?? ''), 'utf8')) as { readonly result: Script[] }
    return result.flatMap(({ url }) => (url.startsWith('file:') ? [fileURLToPath(url)] : []))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const sizeOf = (files: readonly string[]): number => files.reduce((sum, file) => sum + statSync(file).size, 0)

/** Everything that the command itself needs: reading arguments, laying out text, writing it. */
const MOST_BYTES = 48 * 1024
const MOST_MODULES = 8

let program = ''
beforeAll(async () => {
  program = await buildCommand('famfs-wire-start')
}, 120_000)

describe('nothing but the frame is loaded', () => {
  test.each([['--version'], ['-V'], ['--help'], ['help'], ['-h']])('by %s', option => {
    const files = loadedBy(program, [option])
    expect(files.map(file => basename(file))).toContain('main.mjs')
    expect(files.length).toBeLessThanOrEqual(MOST_MODULES)
    expect(sizeOf(files)).toBeLessThan(MOST_BYTES)
  })
})

/** A file of its own for each command: `inspect-4QX7XW2C.mjs`. */
const own = (files: readonly string[], names: readonly string[]): string[] =>
  names.filter(name => files.some(file => new RegExp(`^${name}-[A-Z0-9]{8}\\.mjs$`).test(basename(file))))

describe('one command is loaded', () => {
  const names = commands.map(({ name }) => name)
  test.each(names)('by %s --help', name => {
    expect(own(loadedBy(program, [name, '--help']), names)).toEqual([name])
  })

  const tools = subs.map(({ name }) => name).filter(name => !names.includes(name))
  test.each(['ls', 'mkfs', 'yaml-check'])('with one of its subcommands by image %s --help', name => {
    expect(own(loadedBy(program, ['image', name, '--help']), tools)).toEqual([name])
  })
})
