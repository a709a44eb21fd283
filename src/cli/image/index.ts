/** The subcommands of `famfs-wire image`, in the order of its help text; each file is loaded when it is called. */
import type { SubRow } from './sub.ts'

export const subs: readonly SubRow[] = [
  {
    name: 'info',
    usage: 'IMAGE [--hex [--all]] [--json]',
    summary: 'layout, superblock, log and capacity',
    load: async () => (await import('./info.ts')).info,
  },
  {
    name: 'ls',
    usage: 'IMAGE [PATH] [-l] [-R] [--json]',
    summary: 'what is in a directory',
    load: async () => (await import('./ls.ts')).ls,
  },
  {
    name: 'tree',
    usage: 'IMAGE [PATH] [--json]',
    summary: 'all directories and files as a picture',
    load: async () => (await import('./tree.ts')).tree,
  },
  {
    name: 'cat',
    usage: 'IMAGE PATH',
    summary: 'the content of a file',
    load: async () => (await import('./cat.ts')).cat,
  },
  {
    name: 'extract',
    usage: 'IMAGE DIR',
    summary: 'all files and directories into a new directory DIR, with their permissions',
    load: async () => (await import('./extract.ts')).extract,
  },
  {
    name: 'log',
    usage: 'IMAGE [--from N] [--to N] [--bad] [--follow] [--hex [--all]] [--json]',
    summary: 'the entries of the log, one per line',
    load: async () => (await import('./log.ts')).log,
  },
  {
    name: 'fsck',
    usage: 'IMAGE [--host-uuid UUID] [--json]',
    summary: 'what the tools of the reference say, beside all findings; exit code 1 on errors',
    load: async () => (await import('./fsck.ts')).fsck,
  },
  {
    name: 'map',
    usage: 'IMAGE [PATH | --device N] [--json | --svg [-o FILE]]',
    summary: 'who owns which bytes of a device, or where a file lies; also as a picture',
    load: async () => (await import('./map.ts')).map,
  },
  {
    name: 'fmap',
    usage: 'IMAGE PATH [--dialect D | --as famfs_fused] [--json]',
    summary:
      'the GET_FMAP reply of a file, or the argument of the ioctl that maps it, as hex; without a dialect which kernels can be given it',
    load: async () => (await import('./fmap.ts')).fmap,
  },
  {
    name: 'yaml',
    usage: 'IMAGE PATH [--owner]',
    summary: 'the shadow YAML of a file (or of .meta/.log and .meta/.superblock), as the reference writes it',
    load: async () => (await import('./yaml.ts')).yaml,
  },
  {
    name: 'yaml-check',
    usage: '[FILE | -] [--dialect D | --as famfs_fused] [--json]',
    summary:
      'a shadow YAML: what the reader of the reference says, the file that it describes, and findings; with a dialect only its reply',
    load: async () => (await import('./yaml-check.ts')).yamlCheck,
  },
  {
    name: 'diff',
    usage: 'A B [--content] [--ignore NAME]... [--json]',
    summary: 'two images: superblock, log header, entries, directories and files',
    load: async () => (await import('./diff.ts')).diff,
  },
  {
    name: 'mkfs',
    usage: 'IMAGE [--size BYTES] [--copy-from DIR] [--layout L24] [--json]',
    summary: 'a new famfs in a file, or on a block device',
    load: async () => (await import('./mkfs.ts')).mkfs,
  },
  {
    name: 'mkdir',
    usage: 'IMAGE PATH... [-p] [--mode MODE] [--uid N] [--gid N] --write',
    summary: 'adds directories to an image',
    load: async () => (await import('./mkdir.ts')).mkdir,
  },
  {
    name: 'add',
    usage: 'IMAGE PATH --from FILE | --size BYTES [--extent D:OFF:LEN]... [-p] --write',
    summary: 'adds a file to an image',
    load: async () => (await import('./add.ts')).add,
  },
  {
    name: 'append',
    usage: 'IMAGE [FILE | JSON | -] --write',
    summary: 'adds entries given as JSON to an image',
    load: async () => (await import('./append.ts')).append,
  },
  {
    name: 'convert',
    usage: 'IMAGE OUT --layout L10 [--no-content] [--skip-unsupported] [--json]',
    summary: 'the same files and contents in another layout, into a new file OUT',
    load: async () => (await import('./convert.ts')).convert,
  },
]
