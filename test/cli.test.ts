/**
 * The command as people meet it: whole transcripts, run against the command built from this source. A line that starts with `$ ` is a
 * command; what it prints (both streams) and its exit code follow. UPDATE_TRANSCRIPTS=1 rewrites them; read the difference before you
 * commit it.
 */
import { spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildCommand } from './cli-build.ts'

const ROOT = resolve(import.meta.dirname, '..')
const TRANSCRIPTS = join(ROOT, 'test/transcripts')
const UPDATE = process.env.UPDATE_TRANSCRIPTS === '1'

let scratch = ''
let bin = ''

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'famfs-wire-cli-'))
  const main = await buildCommand()
  bin = join(scratch, 'bin')
  await mkdir(bin)
  await writeFile(join(bin, 'famfs-wire'), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`)
  await chmod(join(bin, 'famfs-wire'), 0o755)
})

afterAll(async () => {
  await rm(scratch, { recursive: true, force: true })
})

/** Both streams as one text, and the exit code. */
function run(line: string, cwd: string): Promise<string> {
  const env = { PATH: `${bin}:${process.env.PATH ?? ''}`, LC_ALL: 'C.UTF-8', HOME: cwd }
  const shell = spawn('sh', ['-c', `{ ${line}\n} 2>&1`], { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] })
  return new Promise((done, failed) => {
    const chunks: Buffer[] = []
    shell.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    shell.on('error', failed)
    shell.on('close', code => {
      const text = Buffer.concat(chunks).toString().replaceAll('\u001b', '␛')
      done(`${text === '' || text.endsWith('\n') ? text : `${text}\n`}[exit ${code}]\n`)
    })
  })
}

/** The transcript with every command run anew. Prose before and between commands stays. */
async function replay(transcript: string, cwd: string): Promise<string> {
  let result = ''
  let skipping = false
  for (const line of transcript.split('\n').slice(0, -1)) {
    if (line.startsWith('$ ')) {
      result += `${line}\n${await run(line.slice(2), cwd)}`
      skipping = true
    } else if (!skipping) result += `${line}\n`
    else if (/^\[exit \S+\]$/.test(line)) skipping = false
  }
  return result
}

describe('transcripts', async () => {
  const files = (await readdir(TRANSCRIPTS)).filter(name => name.endsWith('.txt')).sort()

  it.each(files)('%s', async name => {
    const path = join(TRANSCRIPTS, name)
    const expected = await readFile(path, 'utf8')
    const cwd = join(scratch, name.replace('.txt', ''))
    await mkdir(cwd)
    await symlink(join(ROOT, 'fixtures'), join(cwd, 'fixtures'))
    const actual = await replay(expected, cwd)
    if (UPDATE) await writeFile(path, actual)
    else expect(actual).toBe(expected)
  })
})
