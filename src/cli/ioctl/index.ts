/** The subcommands of `famfs-wire ioctl`, in the order of its help text; each file is loaded when it is called. */
import type { SubRow } from './sub.ts'

export const list: SubRow = {
  name: 'list',
  usage: ['[DIALECT]'],
  summary: 'the commands of all versions side by side, or one version with its checks in the order of its driver',
  load: async () => (await import('./listing.ts')).list,
}

/** Not in the list of subcommands: a number stands in the place of a name. */
export const explain: SubRow = {
  name: 'NUMBER',
  usage: [''],
  summary: 'a number, taken apart',
  load: async () => (await import('./listing.ts')).explain,
}

export const subs: readonly SubRow[] = [
  list,
  {
    name: 'decode',
    usage: ['COMMAND [FILE | HEX | -] --dialect D [--base ADDR] [--memory ADDR=HEX]... [--layout early]'],
    summary: 'the memory of a caller as the argument of a command, with everything that its pointers lead to',
    load: async () => (await import('./decode.ts')).decode,
  },
  {
    name: 'encode',
    usage: ['COMMAND [FILE | JSON | -] --dialect D [--base ADDR] [--layout early]'],
    summary: 'a value in JSON as the memory of a caller, with the offsets of its pointers',
    load: async () => (await import('./encode.ts')).encode,
  },
  {
    name: 'verdict',
    usage: ['COMMAND [FILE | HEX | -] [--dialect D] [--memory ADDR=HEX]... [--map MAP] [STATE]...'],
    summary: 'what each driver does with a call, and everything to object to',
    load: async () => (await import('./verdict.ts')).verdict,
  },
  {
    name: 'convert',
    usage: ['[FILE | HEX | JSON | -] --to FORM [--from FORM] [--unroll] [--unchecked] [-o FILE]', 'PATH --image IMAGE --to FORM'],
    summary: 'a map from one form into another: GET_FMAP replies, files of an image, arguments of ioctls',
    load: async () => (await import('./convert.ts')).convert,
  },
]
