/** `famfs-wire resolve`: where the bytes of a file lie, as each kernel finds them; and whose byte is at an address. */
import { command } from '../command.ts'
import { checkTogether, resolveOptions } from '../resolve/options.ts'
import { runLookups, runReverse, runSvg } from '../resolve/run.ts'

export const resolve = command({
  usage: [
    'MAP [OFFSET [LENGTH]] [--dialect D]... [--dev-state N=STATE,...] [--json]',
    'MAP OFFSET+LENGTH|FROM..TO... [--dialect D]...',
    'MAP --svg [-o FILE]',
    '--reverse DEV:ADDR MAP...',
    '--image IMAGE PATH [OFFSET [LENGTH]]',
  ],
  about: [
    'MAP is the body of a GET_FMAP reply, bare or with its fuse_out_header: a file, hex, JSON, - for standard input, or a line of a capture. Looks up a range of the file, or all of it, as a kernel does: each look-up asks for what the one before left over, and the first one that finds nothing ends the range. Several ranges are looked up one after the other in one file, so that the failure of a device shows in those behind it.',
    'Without --dialect the kernels of all dialects are asked. Those that say the same share a column, and what differs from the first column is marked. "page" is the largest page with which a fault at the first byte of the row can be served, and from where on that changes; behind it stands what keeps the next larger one away.',
    'Numbers are decimal or 0x, and may have a unit: 4k, 2M, 1G. Nothing is cut at the end of the file: read(2) does that before it asks the map. The exit code is 1 when a kernel refuses the map, when a look-up finds nothing, or when kernels differ; with --reverse when an address has no owner or several.',
  ],
  options: resolveOptions,
  operands: Number.POSITIVE_INFINITY,
  examples: [
    ['famfs-wire resolve fixtures/examples/two-strips.hex 0x600000 -d fuse-v10', 'where that byte lies'],
    ['famfs-wire resolve fixtures/examples/two-strips.hex', 'the whole file, as all kernels find it'],
    [
      'famfs-wire resolve fixtures/examples/two-strips.hex 0+1 0+1 --dev-state error',
      'the same byte twice, on a device with a memory error',
    ],
    ['famfs-wire resolve fixtures/examples/two-strips.hex --svg -o map.svg', 'a picture'],
    ['famfs-wire resolve --reverse 0:0x80100000 a.hex b.hex', 'which of the two files has this byte'],
  ],
  async run({ values, positionals }, io) {
    checkTogether(values)
    if (values.reverse !== undefined) return await runReverse(values, positionals, io)
    return values.svg === true ? await runSvg(values, positionals, io) : await runLookups(values, positionals, io)
  },
})
