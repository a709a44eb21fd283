/** The JSON Lines files below a directory. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Golden, GoldenError, readGolden, type TextFile } from '../conformance/golden.ts'
import { Failure, REFUSED } from './command.ts'
import { fileFailure } from './file-failure.ts'

async function read(directory: string, name: string): Promise<TextFile> {
  const path = join(directory, name)
  try {
    return { name, text: await readFile(path, 'utf8') }
  } catch (error) {
    throw fileFailure(path, (error as NodeJS.ErrnoException).code ?? '')
  }
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    const names = await readdir(directory, { recursive: true })
    return names.filter(name => name.endsWith('.jsonl')).sort()
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    throw new Failure(`${directory}: ${code === 'ENOENT' ? 'there is no such directory' : `cannot be read (${code})`}`, {
      hint: 'name the directory that holds the golden data, such as fixtures',
    })
  }
}

/**
 * The golden data below a directory.
 * @throws Failure when it cannot be read, when a line is not what it should be, or when there is none
 */
export async function goldenIn(directory: string): Promise<Golden> {
  const names = await namesIn(directory)
  const files = await Promise.all(names.map(name => read(directory, name)))
  try {
    const golden = readGolden(files)
    if (golden.ignored.length < files.length) return golden
  } catch (error) {
    if (error instanceof GoldenError) throw new Failure(error.message, { exit: REFUSED })
    throw error
  }
  throw new Failure(`${directory}: holds no golden data`, { exit: REFUSED, hint: 'captures and vectors are *.jsonl files as in fixtures' })
}
