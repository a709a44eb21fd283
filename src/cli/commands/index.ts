/** All commands, in the order of the help text. The file of a command is loaded when the command is called. */
import type { CommandBody, Listed } from '../command.ts'

export const commands: readonly Listed<CommandBody>[] = [
  {
    name: 'inspect',
    summary: 'what is this? annotated hex beside the decoded fields',
    load: async () => (await import('./inspect.ts')).inspect,
  },
  {
    name: 'validate',
    summary: 'what a kernel does with a map, and everything to object to in it',
    load: async () => (await import('./validate.ts')).validate,
  },
  {
    name: 'encode',
    summary: 'JSON in, bytes out; refuses what a kernel would refuse',
    load: async () => (await import('./encode.ts')).encode,
  },
  {
    name: 'diff',
    summary: 'two messages, field by field',
    load: async () => (await import('./diff.ts')).diff,
  },
  {
    name: 'layout',
    summary: 'offset table of any struct, or C with assertions',
    load: async () => (await import('./layout.ts')).layout,
  },
  {
    name: 'dialects',
    summary: 'what each published kernel speaks; one in full, or two compared',
    load: async () => (await import('./dialects.ts')).dialects,
  },
  {
    name: 'rules',
    summary: 'the catalogue of findings; one explained',
    load: async () => (await import('./rules.ts')).rules,
  },
  {
    name: 'corpus',
    summary: 'test messages for parsers and servers, from a seed',
    load: async () => (await import('./corpus.ts')).corpus,
  },
  {
    name: 'image',
    summary: 'a famfs device or image: superblock and log read, judged, replayed, made',
    load: async () => (await import('./image.ts')).image,
  },
  {
    name: 'ioctl',
    summary: 'the standalone ioctl ABI: numbers, arguments, and what each driver does with them',
    load: async () => (await import('./ioctl.ts')).ioctl,
  },
  {
    name: 'iomap',
    summary: 'a map as notifications of fuse-iomap (provisional), and back',
    load: async () => (await import('./iomap.ts')).iomap,
  },
  {
    name: 'negotiate',
    summary: 'explain an INIT exchange bit by bit',
    load: async () => (await import('./negotiate.ts')).negotiate,
  },
  {
    name: 'replay',
    summary: 'play a recorded conversation through the model of the kernel',
    load: async () => (await import('./replay.ts')).replay,
  },
  {
    name: 'resolve',
    summary: 'where the bytes of a file lie, as each kernel finds them; whose byte is at an address',
    load: async () => (await import('./resolve.ts')).resolve,
  },
  {
    name: 'testee',
    summary: 'answer questions about bytes, one JSON object per line',
    load: async () => (await import('./testee.ts')).testee,
  },
  {
    name: 'report',
    summary: 'compare with what real kernels did, message by message',
    load: async () => (await import('./report.ts')).report,
  },
]
