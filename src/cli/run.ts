/** One command line: finds the command, reads its arguments, runs it, and turns every failure into a few lines and an exit code. */
import { WireError } from '../codec/errors.ts'
import { safe } from '../codec/printable.ts'
import { readArgs } from './args.ts'
import { checkArguments } from './argv.ts'
import { pageWidth, painter } from './color.ts'
import { type Command, type CommandBody, Failure, GOOD, type Io, type Listed, loaded, type Page, REFUSED, USAGE } from './command.ts'
import { commands } from './commands/index.ts'
import { codeOf, fileFailure } from './file-failure.ts'
import { commandHelp, overview, PROGRAM, pageFor, usageLines } from './help.ts'
import { ReaderGone } from './io.ts'
import { suggestion } from './near.ts'
import { version } from './version.ts'

/** A fault of this program itself (EX_SOFTWARE of sysexits.h), so that nobody takes it for a refusal. */
const FAULT = 70

/** Runs one command line; the result is the exit code. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const [first, ...rest] = argv
  let command: Command | undefined
  try {
    checkArguments(argv, io.rawArguments)
    command = await commandNamed(first)
    const exit = command === undefined ? await withoutCommand(first, rest, io) : await runCommand(command, rest, io)
    await io.flush()
    return exit
  } catch (error) {
    io.progress('')
    if (error instanceof ReaderGone) return GOOD
    await io.flush().catch(() => {})
    const failure = failureIn(error)
    if (!(failure instanceof Failure)) return unexpected(error, io)
    io.warn(failureText(failure, command && (await pageFor(command, rest))))
    return failure.exit
  }
}

async function runCommand(command: Command, argv: readonly string[], io: Io): Promise<number> {
  const args = readArgs(command, argv)
  const paint = painter(args.values.color, io)
  if (args.values.help !== undefined) {
    await io.print(commandHelp(await pageFor(command, argv), pageWidth(io), paint))
    return GOOD
  }
  return await command.run(args, io)
}

async function withoutCommand(first: string | undefined, rest: readonly string[], io: Io): Promise<number> {
  const paint = painter('auto', io)
  if (first === '--version' || first === '-V') await io.print(`${PROGRAM} ${version}\n`)
  else if (first === '--help' || first === '-h' || (first === 'help' && rest.length === 0))
    await io.print(overview(commands, pageWidth(io), paint))
  else if (first === 'help')
    await io.print(commandHelp(await pageFor(await loaded(rowNamed(rest[0] ?? '')), rest.slice(1)), pageWidth(io), paint))
  else if (first === undefined) {
    io.warn(overview(commands, pageWidth(io), painter('never', io)))
    return USAGE
  } else rowNamed(first)
  return GOOD
}

/** The command, loaded; undefined when the word names none. */
async function commandNamed(name: string | undefined): Promise<Command | undefined> {
  const row = commands.find(c => c.name === name)
  return row && (await loaded(row))
}

/** @throws Failure when there is no such command */
function rowNamed(name: string): Listed<CommandBody> {
  const row = commands.find(c => c.name === name)
  if (row !== undefined) return row
  const names = name.startsWith('-') ? ['--help', '--version'] : commands.map(c => c.name)
  const what = name.startsWith('-') ? 'option' : 'command'
  throw new Failure(`unknown ${what} ${name}`, { hint: suggestion(name, names, `there are ${names.join(', ')}`) })
}

/** Refusals that no command put into its own words: of an option, or of bytes. */
const failureOf = (error: WireError): Failure =>
  error.path === 'dialect' || error.path.startsWith('options.')
    ? new Failure(`--${error.path.replace('options.', '')}: ${error.detail}`)
    : new Failure(error.message, { exit: REFUSED })

/** What a person can do something about; everything else as it is. */
function failureIn(error: unknown): unknown {
  if (error instanceof WireError) return failureOf(error)
  const code = codeOf(error)
  if (code === undefined) return error
  const { path, syscall, message } = error as NodeJS.ErrnoException
  if (syscall === 'uv_cwd') return new Failure('the current directory is gone', { hint: 'cd to one that is there' })
  return path === undefined ? new Failure(message) : fileFailure(path, code)
}

function failureText(failure: Failure, page: Page | undefined): string {
  const usage = failure.usage && page !== undefined ? usageLines(page) : []
  return [
    `${PROGRAM}: ${safe(failure.message)}`,
    ...usage.map((line, i) => `${i === 0 ? 'usage: ' : '       '}${line}`),
    ...(failure.hint === undefined ? [] : [`hint: ${safe(failure.hint)}`]),
    '',
  ].join('\n')
}

/** A fault of this program; the trace is for its authors, on request. */
function unexpected(error: unknown, io: Io): number {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  io.warn(
    `${PROGRAM}: internal error: ${text}\nhint: this is a fault of ${PROGRAM} itself; FAMFS_WIRE_DEBUG=1 shows where, please report it\n`,
  )
  if (io.env.FAMFS_WIRE_DEBUG !== undefined && error instanceof Error) io.warn(`${error.stack ?? ''}\n`)
  return FAULT
}
