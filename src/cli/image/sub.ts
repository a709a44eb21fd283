/** What a subcommand of `famfs-wire image` is. */
import type { Paint } from '../color.ts'
import type { Args, Head, Io, Listed, Option, Options, Page } from '../command.ts'
import { dialectFileOption } from '../dialects.ts'
import type { Opened } from './open.ts'

/** Options of all subcommands; each takes those that it names, and those that read an image take those that say what the image is. */
export const imageOptions = {
  superblock: { type: 'string', value: 'FILE', help: 'the superblock, where it is a file of its own; then there is no IMAGE' },
  log: { type: 'string', value: 'FILE', help: 'the log, where it is a file of its own' },
  zeros: { type: 'boolean', help: 'the files were cut behind what is used: take what is missing as zeros' },
  'force-layout': { type: 'string', value: 'L24', help: 'read it by this layout, whatever the bytes say' },
  'log-offset': { type: 'string', value: 'BYTES', help: 'where the log starts, whatever the superblock says' },
  'log-length': { type: 'string', value: 'BYTES', help: 'how long the log is, whatever superblock and log say' },
  policy: { type: 'string', value: 'P', help: 'strict (the default) or reference: which entries make files' },
  long: { type: 'boolean', short: 'l', help: 'mode, owner and size as well' },
  recursive: { type: 'boolean', short: 'R', help: 'everything below' },
  from: { type: 'string', value: 'N', help: 'first entry' },
  to: { type: 'string', value: 'N', help: 'last entry' },
  bad: { type: 'boolean', help: 'only entries with a wrong sequence number or crc' },
  hex: { type: 'boolean', help: 'annotated hex: every byte beside its field; with --json the bytes as well' },
  all: { type: 'boolean', short: 'a', help: 'with --hex every element and every byte' },
  follow: { type: 'boolean', help: 'goes on with entries as they are appended' },
  'host-uuid': { type: 'string', value: 'UUID', help: 'system uuid of the host that the tools would run on; without it not the owner' },
  dialect: { type: 'string', short: 'd', value: 'D', help: 'the kernel that is answered; without it all are compared' },
  ...dialectFileOption,
  as: { type: 'string', value: 'famfs_fused', help: 'the bytes that the daemon of the reference sends' },
  owner: { type: 'boolean', help: '.meta/.log as the owner of the file system sees it' },
  device: { type: 'string', value: 'N', help: 'index of the device; default 0, with --svg all' },
  svg: { type: 'boolean', help: 'as a picture' },
  out: { type: 'string', short: 'o', value: 'FILE', help: 'writes the picture there instead of to standard output' },
  size: { type: 'string', value: 'BYTES', help: 'bytes, as 4096, 64M or 4G' },
  layout: { type: 'string', value: 'L24', help: 'L10 to L24, the default' },
  'alloc-unit': { type: 'string', value: 'BYTES', help: '2M, the default, or 4k' },
  uuid: { type: 'string', value: 'UUID', help: 'of the file system; default random' },
  'dev-uuid': { type: 'string', value: 'UUID', help: 'of the device; default random' },
  'system-uuid': {
    type: 'string',
    value: 'UUID',
    help: 'of the host that owns the log and alone may append; default random, so that every host is a client',
  },
  daxdev: { type: 'string', value: 'NAME', help: 'the device as the superblock names it; default /dev/dax0.0, or the device written to' },
  'copy-from': { type: 'string', value: 'DIR', help: 'makes the directories and files below DIR, with their contents, modes and owners' },
  interleave: {
    type: 'string',
    value: 'B:S:CHUNK',
    help: 'spread over S strips in B buckets (equal parts of the device, 1 GiB or more), CHUNK bytes at a time, as 8:4:2M',
  },
  extent: {
    type: 'string',
    multiple: true,
    value: 'D:OFF:LEN',
    help: 'where it lies: device, offset and length, as 0:64M:2M; as often as needed, in order',
  },
  chunk: { type: 'string', value: 'BYTES', help: 'the extents are strips, which take turns with so many bytes' },
  parents: { type: 'boolean', short: 'p', help: 'makes the directories above that are missing' },
  mode: { type: 'string', value: 'MODE', help: 'permissions, octal' },
  uid: { type: 'string', value: 'N', help: 'owner; default 0' },
  gid: { type: 'string', value: 'N', help: 'group; default 0' },
  'skip-unsupported': { type: 'boolean', help: 'leaves out what cannot be carried, instead of making nothing' },
  unchecked: { type: 'boolean', help: "also what the reference's tools refuse or do not survive: for tests" },
  'no-lock': { type: 'boolean', help: 'makes no lock file beside IMAGE: nothing else may write to it' },
  'no-content': { type: 'boolean', help: 'superblock and log only: the contents of files are zeros' },
  content: { type: 'boolean', help: 'the bytes of files, too' },
  ignore: { type: 'string', multiple: true, value: 'NAME', help: 'leave out a part or a field' },
  force: { type: 'boolean', help: 'overwrites what is there' },
  write: { type: 'boolean', help: 'yes, write to what is there' },
  json: { type: 'boolean', help: 'as JSON' },
} as const satisfies Options

export type OptionName = keyof typeof imageOptions
export type Values = Args<typeof imageOptions>['values']

/** Options that say what the image is; every subcommand that reads one takes them. */
export const sourceOptions: readonly OptionName[] = ['superblock', 'log', 'zeros', 'force-layout', 'log-offset', 'log-length']

/** What every subcommand is called with. */
export interface Call {
  readonly values: Values
  readonly operands: readonly string[]
  readonly io: Io
  readonly paint: Paint
}

/** A subcommand at work on an image; `operands` are what follows IMAGE. */
export interface Work extends Call {
  readonly image: Opened
}

/** What the list of subcommands says about one. */
interface SubHead extends Head {
  /** what follows the name */
  readonly usage: string
}

/** A row of the list; the file of the subcommand is loaded when it is called. */
export type SubRow = SubHead & Listed<Sub | Tool>

interface Body {
  readonly options: readonly OptionName[]
  /** what an option means here, where that is not what it means elsewhere */
  readonly meanings?: Readonly<Partial<Record<OptionName, Pick<Option, 'value' | 'help'>>>>
  /** paragraphs of its help text, behind the summary */
  readonly about?: readonly string[]
  readonly examples?: Page['examples']
  /** fewest and most operands; of a {@link Sub}, those that follow IMAGE */
  readonly operands: readonly [least: number, most: number]
}

/** A subcommand that reads an image, which is opened for it. */
export interface Sub extends Body {
  /** it says itself when the layout is a guess */
  readonly tellsGuess?: true
  /** The exit code. */
  run(work: Work): Promise<number>
}

/** A subcommand that opens or makes what it works on itself. */
export interface Tool extends Body {
  /** The exit code. */
  start(call: Call): Promise<number>
}

export type Subcommand = SubHead & (Sub | Tool)

/** How it is called, behind `famfs-wire image`. */
export const usageOf = ({ name, usage }: SubHead): string => `${name} ${usage}`

/** Options that it takes. */
export const optionsOf = (sub: Sub | Tool): readonly OptionName[] => ('run' in sub ? [...sourceOptions, ...sub.options] : sub.options)

const TAKES_SOURCE =
  'IMAGE is an image file, a block device, or a directory with superblock.bin and log.bin (or with the .superblock and .log of a mounted famfs); --superblock FILE --log FILE names the two. It is only read.'

/** The help text of a subcommand. */
export function pageOf(sub: Subcommand): Page {
  const entries = optionsOf(sub).map(name => [name, { ...imageOptions[name], ...sub.meanings?.[name] }] as const)
  return {
    name: `image ${sub.name}`,
    summary: sub.summary,
    usage: [sub.usage],
    about: [...('run' in sub ? [TAKES_SOURCE] : []), ...(sub.about ?? [])],
    options: Object.fromEntries(entries),
    examples: sub.examples ?? [],
  }
}
