/** `famfs-wire image` inside the process of a test. */
import { execFileSync } from 'node:child_process'
import type { Io } from '../src/cli/command.ts'
import { main } from '../src/cli/run.ts'

export interface Said {
  readonly code: number
  readonly out: Buffer
  readonly err: string
}

/** Runs a command line; `input` is its standard input, `progress` hears what a terminal would show, `printed` when something was printed. */
export async function imageWith(
  {
    input = '',
    progress = () => {},
    printed = () => {},
  }: { readonly input?: string; readonly progress?: (text: string) => void; readonly printed?: () => void },
  ...args: string[]
): Promise<Said> {
  const chunks: Buffer[] = []
  let err = ''
  const io: Io = {
    input: (async function* () {
      yield Buffer.from(input)
    })(),
    inputIsTerminal: false,
    outputIsTerminal: false,
    columns: undefined,
    env: {},
    print: async text => {
      chunks.push(Buffer.from(text as string))
      printed()
    },
    flush: async () => {},
    warn: text => {
      err += text
    },
    progress,
  }
  const code = await main(['image', ...args], io)
  return { code, out: Buffer.concat(chunks), err }
}

/** Runs a command line. */
export const image = (...args: string[]): Promise<Said> => imageWith({}, ...args)

/** Runs a command line that is good. @returns what it prints */
export async function good(...args: string[]): Promise<string> {
  const { code, out, err } = await image(...args)
  if (code !== 0) throw new Error(`famfs-wire image ${args.join(' ')}: exit ${code}: ${err}`)
  return out.toString()
}

/** What fsck says of an image, asked by its owner. */
export async function judged(path: string, owner: string): Promise<{ good: boolean; findings: { rule: string; severity: string }[] }> {
  return JSON.parse((await image('fsck', path, '--host-uuid', owner, '--json')).out.toString())
}

/** Two directories compared by the system's diff, contents and names. */
export function differences(a: string, b: string): string {
  try {
    return execFileSync('diff', ['-r', '--no-dereference', a, b], { encoding: 'utf8' })
  } catch (error) {
    return String((error as { stdout?: string }).stdout)
  }
}
