/** Options of `famfs-wire resolve`, and which of them go together. */
import { type Args, Failure, type Options } from '../command.ts'
import { dialectFileOption } from '../dialects.ts'
import { inputOptions } from '../input.ts'
import { machineOptions } from '../machine.ts'
import { forceOption } from '../output.ts'

export const resolveOptions = {
  dialect: {
    type: 'string',
    short: 'd',
    value: 'D',
    multiple: true,
    help: 'whose kernel looks up, ioctl-42 and the like too; several are compared. Without it all are, see famfs-wire dialects',
  },
  form: { type: 'string', value: 'D', help: 'in whose form the bytes are; default that of the first --dialect, else of famfs' },
  ...dialectFileOption,
  all: { type: 'boolean', short: 'a', help: 'every dialect, as without --dialect' },
  'dev-state': {
    type: 'string',
    value: 'N=STATE,...',
    multiple: true,
    help: 'devices that are missing, busy or error (reported a memory error); a state alone is that of device 0',
  },
  most: { type: 'string', value: 'N', help: 'rows of the table to make at most; default 1024' },
  picture: { type: 'boolean', short: 'p', help: 'the map as a picture in text, too; on a terminal without asking, for a whole file' },
  svg: { type: 'boolean', help: 'the map as an SVG document, and nothing else' },
  out: { type: 'string', short: 'o', value: 'FILE', help: 'where to with the SVG; without it standard output' },
  ...forceOption,
  chunks: { type: 'string', value: 'N', help: 'pictures: most chunks that are drawn of a strip; default 8' },
  pieces: { type: 'string', value: 'N', help: 'pictures: most extents and strips that are drawn of a device; default 32' },
  reverse: {
    type: 'string',
    value: 'DEV:ADDR',
    multiple: true,
    help: 'which file, and which byte of it, is at this address; all operands are maps',
  },
  image: { type: 'string', value: 'IMAGE', help: 'maps are paths in this famfs image; --reverse without a path: all files' },
  line: { type: 'string', value: 'N', help: 'captures: the map on line N (N#K: the Kth on it)' },
  ...machineOptions,
  ...inputOptions,
  json: { type: 'boolean', help: 'one JSON object for every look-up or address' },
} as const satisfies Options

export type Values = Args<typeof resolveOptions>['values']

type Name = keyof typeof resolveOptions

/** What each way to call the command has no use for. */
const STRANGERS: Readonly<Partial<Record<Name, readonly Name[]>>> = {
  svg: ['json', 'picture', 'dialect', 'all', 'dev-state', 'most', 'reverse'],
  reverse: ['dialect', 'all', 'dev-state', 'most', 'picture', 'out', 'force', 'chunks', 'pieces'],
  all: ['dialect'],
  image: ['hex', 'format', 'line', 'form'],
  json: ['picture'],
}

/**
 * Nothing that was asked for is left out silently.
 * @throws Failure for options that do not go together
 */
export function checkTogether(values: Values): void {
  for (const [name, strangers] of Object.entries(STRANGERS) as [Name, readonly Name[]][]) {
    if (values[name] === undefined) continue
    const other = strangers.find(stranger => values[stranger] !== undefined)
    if (other !== undefined) throw new Failure(`--${name} and --${other} do not go together`)
  }
  if (values.force !== undefined && values.out === undefined) throw new Failure('--force is about the file of --out, which is missing')
  if (values.out !== undefined && values.svg === undefined) throw new Failure('--out says where the SVG goes: --svg is missing')
}
