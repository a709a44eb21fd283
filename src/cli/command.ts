/** What a command is: data for its help text and its arguments, and one function. */

export interface Option {
  readonly type: 'string' | 'boolean'
  readonly multiple?: true
  readonly short?: string
  /** placeholder of the value in the help text */
  readonly value?: string
  readonly help: string
}

export type Options = Readonly<Record<string, Option>>

type ValueOf<O extends Option> = O['type'] extends 'boolean' ? boolean : O extends { readonly multiple: true } ? string[] : string

export interface Args<O extends Options = Options> {
  /** `color` and `help` belong to every command */
  readonly values: { readonly [K in keyof O]?: ValueOf<O[K]> | undefined } & { readonly color?: string; readonly help?: boolean }
  readonly positionals: readonly string[]
}

/** The outside world, so that a command can be run inside a test. */
export interface Io {
  /** standard input */
  readonly input: AsyncIterable<Uint8Array>
  /** all arguments of the process as bytes, in order; undefined where nothing tells */
  readonly rawArguments?: () => readonly Uint8Array[] | undefined
  readonly inputIsTerminal: boolean
  readonly outputIsTerminal: boolean
  /** columns of the terminal; undefined when standard output is none */
  readonly columns: number | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  /** Writes to standard output, buffered. Ends the command quietly when the reader has gone away. */
  print(text: string | Uint8Array): Promise<void>
  /** Hands over what is buffered; needed only in a dialogue. */
  flush(): Promise<void>
  /** Writes to standard error at once. */
  warn(text: string): void
  /** Shows one changing line on standard error when that is a terminal, otherwise nothing. An empty text removes it. */
  progress(text: string): void
}

/** Exit codes of every command. */
export const GOOD = 0
/** bytes refused, findings, differences or disagreement */
export const REFUSED = 1
/** the command line itself is wrong */
export const USAGE = 2

/** What a list of commands says about one. */
export interface Head {
  readonly name: string
  /** one line */
  readonly summary: string
}

/** A row of a table of commands. What it is about is loaded when it is asked for, so that the list costs little. */
export interface Listed<T> extends Head {
  load(): Promise<T>
}

/** What a help text is made of. */
export interface Page<O extends Options = Options> extends Head {
  /** what follows the name of the command, one line per way to call it */
  readonly usage: readonly string[]
  /** paragraphs for the help text */
  readonly about: readonly string[]
  readonly options: O
  /** command lines, with what they do */
  readonly examples: readonly (readonly [line: string, what: string])[]
}

export interface CommandInit<O extends Options> extends Omit<Page<O>, keyof Head> {
  /** most operands; absent: none */
  readonly operands?: number
  /** subcommands, which the first operand names; each has a help text of its own, named `command subcommand` */
  readonly parts?: readonly Listed<Page>[]
  /** The exit code: {@link GOOD} or {@link REFUSED}. Throws a Failure for everything that is not an answer. */
  run(args: Args<O>, io: Io): Promise<number>
}

/** What the file of a command holds: all but its row in the table. */
export type CommandBody = CommandInit<Options>

export type Command = Head & CommandBody

/** A command with the types of its options inferred from their table. */
export function command<const O extends Options>(init: CommandInit<O>): CommandBody {
  return init as unknown as CommandBody
}

/** A row of a table together with what it stands for. */
export async function loaded<T, H extends Head>({ load, ...head }: H & Listed<T>): Promise<Omit<H & Listed<T>, 'load'> & T> {
  return { ...head, ...(await load()) }
}

/** A message for the person at the keyboard, not a fault of the program: printed without a stack trace. */
export class Failure extends Error {
  /** {@link USAGE} or {@link REFUSED} */
  readonly exit: number
  /** what to do about it */
  readonly hint: string | undefined
  /** the form of the command line is wrong: show how it is called */
  readonly usage: boolean

  constructor(message: string, options: { readonly exit?: number; readonly hint?: string | undefined; readonly usage?: true } = {}) {
    super(message)
    this.name = 'Failure'
    this.exit = options.exit ?? USAGE
    this.hint = options.hint
    this.usage = options.usage === true
  }
}
