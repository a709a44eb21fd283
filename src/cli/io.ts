/** The real outside world. */
import { format } from 'node:util'
import type { Io } from './command.ts'

/** The reader of standard output has gone away: not an error, the command ends. */
export class ReaderGone extends Error {}

const BUFFERED = 64 * 1024

/** Standard input, output and error of this process. */
export function processIo(): Io {
  const { stdin, stdout, stderr } = process
  let parts: Uint8Array[] = []
  let size = 0
  let gone = false
  let lineShown = false
  stdout.on('error', error => {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') stderr.write(format('famfs-wire: standard output: %s\n', error.message))
    gone = true
  })
  stderr.on('error', () => {})

  const flush = async (): Promise<void> => {
    if (gone) throw new ReaderGone()
    if (parts.length === 0) return
    const chunk = Buffer.concat(parts)
    parts = []
    size = 0
    const failed = await new Promise<boolean>(done => stdout.write(chunk, error => done(error !== null && error !== undefined)))
    if (failed || gone) throw new ReaderGone()
  }
  return {
    input: stdin,
    inputIsTerminal: stdin.isTTY === true,
    outputIsTerminal: stdout.isTTY === true,
    columns: stdout.isTTY === true ? stdout.columns : undefined,
    env: process.env,
    flush,
    async print(text) {
      const bytes = typeof text === 'string' ? Buffer.from(text) : text
      parts.push(bytes)
      size += bytes.length
      if (size >= BUFFERED) await flush()
    },
    warn(text) {
      stderr.write(text)
    },
    progress(text) {
      if (stderr.isTTY !== true || (text === '' && !lineShown)) return
      lineShown = text !== ''
      stderr.write(`\r\u001b[K${text}`)
    },
  }
}
