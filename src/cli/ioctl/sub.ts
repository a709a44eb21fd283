/** What a subcommand of `famfs-wire ioctl` is. */
import type { Paint } from '../color.ts'
import { type Args, Failure, type Head, type Io, type Listed, type Options, type Page } from '../command.ts'
import { dialectFileOption } from '../dialects.ts'
import { inputOptions } from '../input.ts'
import { machineOptions } from '../machine.ts'
import { forceOption } from '../output.ts'
import { memoryOptions, stateOptions } from './payload.ts'

const FORM = 'DIALECT[:COMMAND][:early]'

/** Options of all subcommands; each takes those that it names. */
export const ioctlOptions = {
  dialect: { type: 'string', short: 'd', value: 'D', help: 'ioctl-rfc, ioctl-42, ioctl-43, ioctl-44a to ioctl-44d' },
  layout: { type: 'string', value: 'L', help: 'early or final (the default): groups of MAP_CREATE_V2' },
  ...memoryOptions,
  ...stateOptions,
  from: {
    type: 'string',
    value: FORM,
    help: 'what the map is read from; default a GET_FMAP reply in the form of all FUSE dialects but BPF',
  },
  to: { type: 'string', value: FORM, help: 'what is made of it: a dialect of FUSE or a version of the ioctl ABI' },
  ...dialectFileOption,
  map: { type: 'string', value: 'MAP', help: 'the map that the inode has: a file, hex or JSON' },
  image: { type: 'string', value: 'IMAGE', help: 'maps are paths of files in this famfs image' },
  line: { type: 'string', value: 'N', help: 'captures: the map on line N (N#K: the Kth on it)' },
  format: inputOptions.format,
  unroll: { type: 'boolean', help: 'groups as simple extents where the form has no groups, or its kernels take none' },
  unchecked: { type: 'boolean', help: 'also what the kernel would refuse or suffer from' },
  out: { type: 'string', short: 'o', value: 'FILE', help: 'the bytes into a file, instead of hex' },
  ...forceOption,
  ...machineOptions,
  json: { type: 'boolean', help: 'as JSON' },
} as const satisfies Options

export type OptionName = keyof typeof ioctlOptions
export type Values = Args<typeof ioctlOptions>['values']

/** What every subcommand is called with. */
export interface Call {
  readonly values: Values
  /** what follows its name */
  readonly operands: readonly string[]
  readonly io: Io
  readonly paint: Paint
}

/** What the list of subcommands says about one. */
interface SubHead extends Head {
  /** what follows the name, one line for each way to call it */
  readonly usage: readonly string[]
}

/** A row of the list; the file of the subcommand is loaded when it is called. */
export type SubRow = SubHead & Listed<Sub>

export type Subcommand = SubHead & Sub

export interface Sub {
  readonly options: readonly OptionName[]
  readonly about: readonly string[]
  readonly examples: Page['examples']
  /** fewest and most operands */
  readonly operands: readonly [least: number, most: number]
  /** The exit code. */
  run(call: Call): Promise<number>
}

export const memoryNames = Object.keys(memoryOptions) as (keyof typeof memoryOptions)[]
export const stateNames = Object.keys(stateOptions) as (keyof typeof stateOptions)[]
export const machineNames = Object.keys(machineOptions) as (keyof typeof machineOptions)[]

/** How it is called, behind `famfs-wire ioctl`. */
export const usageOf = ({ name, usage }: SubHead): string[] => usage.map(line => `${name} ${line}`.trimEnd())

/** Its help text. */
export const pageOf = ({ name, usage, summary, options, about, examples }: Subcommand): Page => ({
  name: `ioctl ${name}`,
  summary,
  usage,
  about,
  options: Object.fromEntries(options.map(option => [option, ioctlOptions[option]])),
  examples,
})

/** @throws Failure for options and operands that the subcommand does not take */
export function checkCall(sub: Subcommand, { values, operands }: Call): void {
  const hint = `famfs-wire ioctl ${sub.name} --help shows what it takes`
  const stray = (Object.keys(ioctlOptions) as OptionName[]).find(name => values[name] !== undefined && !sub.options.includes(name))
  if (stray !== undefined) throw new Failure(`ioctl ${sub.name} takes no --${stray}`, { hint })
  const [least, most] = sub.operands
  if (operands.length > most) throw new Failure(`ioctl ${sub.name}: unexpected operand ${operands[most]}`, { hint })
  if (operands.length < least) throw new Failure(`ioctl ${sub.name}: which command?`, { usage: true })
}
