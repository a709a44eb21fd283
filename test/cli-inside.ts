/** The command in this process: for tests that run it thousands of times. */
import { expect } from 'vitest'
import type { Io } from '../src/cli/command.ts'
import { main } from '../src/cli/run.ts'

export interface Outcome {
  readonly exit: number
  readonly out: string
  readonly err: string
}

/** One command line with standard input. */
export async function run(argv: readonly string[], input: Uint8Array | string = ''): Promise<Outcome> {
  let [out, err] = ['', '']
  const io: Io = {
    input: (async function* () {
      yield Buffer.from(input)
    })(),
    inputIsTerminal: false,
    outputIsTerminal: false,
    columns: 80,
    env: {},
    async print(text) {
      out += typeof text === 'string' ? text : Buffer.from(text).toString('latin1')
    },
    async flush() {},
    warn(text) {
      err += text
    },
    progress() {},
  }
  return { exit: await main(argv, io), out, err }
}

/** It answered or refused, and did not fail by itself. */
export const isAnswer = ({ exit, err }: Outcome): void => {
  expect(err).not.toMatch(/internal error|\n {4}at /)
  expect([0, 1, 2]).toContain(exit)
}
