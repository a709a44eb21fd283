/** The real outside world. */
import { fstatSync } from 'node:fs'
import { safe, safeOutput } from '../codec/printable.ts'
import { rawArguments } from './argv.ts'
import type { Io } from './command.ts'
import { codeOf, fileFailure, STDIN } from './file-failure.ts'

/** The reader of standard output has gone away: not an error, the command ends. */
export class ReaderGone extends Error {}

/** Why nothing more can be written: nobody reads on, or there is no room. */
function endOf(error: NodeJS.ErrnoException): Error {
  const { code = 'EIO' } = error
  return code === 'EPIPE' ? new ReaderGone() : fileFailure('standard output', code, 'could not be written')
}

/**
 * Standard input, whose errors are a failure of it.
 * @throws Failure when it cannot be read
 */
async function* readable(stdin: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    // Node.js gives the input of a process that has a directory there as an empty one
    if (fstatSync(0).isDirectory()) throw fileFailure(STDIN, 'EISDIR')
    yield* stdin
  } catch (error) {
    const code = codeOf(error)
    throw code === undefined ? error : fileFailure(STDIN, code)
  }
}

const BUFFERED = 64 * 1024

/** Standard input, output and error of this process. */
export function processIo(): Io {
  const { stdin, stdout, stderr } = process
  let parts: Uint8Array[] = []
  let size = 0
  let ended: Error | undefined
  let lineShown = false
  stdout.on('error', error => {
    ended ??= endOf(error)
  })
  stderr.on('error', () => {})

  const progress = (text: string): void => {
    if (stderr.isTTY !== true || (text === '' && !lineShown)) return
    lineShown = text !== ''
    stderr.write(`\r\u001b[K${safe(text)}`)
  }

  const flush = async (): Promise<void> => {
    if (ended !== undefined) throw ended
    if (parts.length === 0) return
    if (stdout.isTTY === true) progress('')
    const chunk = Buffer.concat(parts)
    parts = []
    size = 0
    const failed = await new Promise<Error | null | undefined>(done => stdout.write(chunk, done))
    if (failed !== null && failed !== undefined) ended ??= endOf(failed)
    if (ended !== undefined) throw ended
  }
  return {
    input: readable(stdin),
    rawArguments,
    inputIsTerminal: stdin.isTTY === true,
    outputIsTerminal: stdout.isTTY === true,
    columns: stdout.isTTY === true ? stdout.columns : undefined,
    env: process.env,
    flush,
    async print(text) {
      const bytes = typeof text === 'string' ? Buffer.from(safeOutput(text)) : text
      parts.push(bytes)
      size += bytes.length
      if (size >= BUFFERED) await flush()
    },
    warn(text) {
      stderr.write(safeOutput(text))
    },
    progress,
  }
}
