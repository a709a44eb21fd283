/** What a subcommand of `famfs-wire image` is. */
import type { Paint } from '../color.ts'
import type { Args, Io, Options } from '../command.ts'
import type { Opened } from './open.ts'

/** Options of all subcommands; each takes those that it names, and those that say what the image is. */
export const imageOptions = {
  superblock: { type: 'string', value: 'FILE', help: 'the superblock, where it is a file of its own; then there is no IMAGE' },
  log: { type: 'string', value: 'FILE', help: 'the log, where it is a file of its own' },
  zeros: { type: 'boolean', help: 'the files were cut behind what is used: take what is missing as zeros' },
  'force-layout': { type: 'string', value: 'L24', help: 'read it by this layout, whatever the bytes say' },
  'log-offset': { type: 'string', value: 'BYTES', help: 'where the log starts, whatever the superblock says' },
  'log-length': { type: 'string', value: 'BYTES', help: 'how long the log is, whatever superblock and log say' },
  policy: { type: 'string', value: 'P', help: 'strict (the default) or reference: which entries make files' },
  long: { type: 'boolean', short: 'l', help: 'ls: mode, owner and size as well' },
  recursive: { type: 'boolean', short: 'R', help: 'ls: everything below' },
  from: { type: 'string', value: 'N', help: 'log: first entry' },
  to: { type: 'string', value: 'N', help: 'log: last entry' },
  bad: { type: 'boolean', help: 'log: only entries with a wrong sequence number or crc' },
  follow: { type: 'boolean', help: 'log: goes on with entries as they are appended' },
  'host-uuid': {
    type: 'string',
    value: 'UUID',
    help: 'fsck: system uuid of the host that the tools would run on; without it not the owner',
  },
  dialect: { type: 'string', short: 'd', value: 'D', help: 'fmap: the kernel that is answered; without it all are compared' },
  as: { type: 'string', value: 'famfs_fused', help: 'fmap: the bytes that the daemon of the reference sends' },
  owner: { type: 'boolean', help: 'yaml: .meta/.log as the owner of the file system sees it' },
  device: { type: 'string', value: 'N', help: 'map: index of the device; default 0, with --svg all' },
  svg: { type: 'boolean', help: 'map: as a picture' },
  out: { type: 'string', short: 'o', value: 'FILE', help: 'map: writes the picture there instead of to standard output' },
  json: { type: 'boolean', help: 'info, ls, log, fsck, map: as JSON' },
} as const satisfies Options

export type OptionName = keyof typeof imageOptions
export type Values = Args<typeof imageOptions>['values']

/** Options that say what the image is; every subcommand takes them. */
export const sourceOptions: readonly OptionName[] = ['superblock', 'log', 'zeros', 'force-layout', 'log-offset', 'log-length']

/** A subcommand at work. */
export interface Work {
  readonly image: Opened
  readonly values: Values
  /** what follows IMAGE */
  readonly operands: readonly string[]
  readonly io: Io
  readonly paint: Paint
}

export interface Sub {
  readonly name: string
  /** what follows IMAGE */
  readonly usage: string
  readonly summary: string
  readonly options: readonly OptionName[]
  /** fewest and most operands that follow IMAGE */
  readonly operands: readonly [least: number, most: number]
  /** The exit code. */
  run(work: Work): Promise<number>
}
