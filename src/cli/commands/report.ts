/** `famfs-wire report`: golden data of real kernels, beside what this library says of it. */
import { report as reportOn } from '../../conformance/report.ts'
import { pageWidth, painter } from '../color.ts'
import { command, GOOD, REFUSED } from '../command.ts'
import { goldenIn } from '../goldens.ts'
import { jsonText } from '../json-text.ts'
import { reportLines } from '../reportview.ts'

export const report = command({
  usage: ['[DIR] [--all] [--json]'],
  about: [
    'Reads all captures and vectors (*.jsonl) below DIR, decodes and encodes every message, judges every map and every open(2) with the verdict engine and the rules of the fuse device, and compares with what the kernels did. Then shows some conversations byte by byte.',
    'Without DIR: fixtures. The exit code is 1 when anything disagrees; each disagreement is named with what was expected and what was found.',
  ],
  options: {
    all: { type: 'boolean', help: 'every element of the maps in the conversations' },
    json: { type: 'boolean', help: 'the counts and the disagreements as one JSON object' },
  },
  operands: 1,
  examples: [
    ['famfs-wire report fixtures', 'the report on the golden data of this repository'],
    ['famfs-wire report fixtures --json', 'the same for a program'],
  ],
  async run({ values, positionals }, io) {
    const golden = await goldenIn(positionals[0] ?? 'fixtures')
    io.progress('comparing with the kernels')
    const result = reportOn(golden)
    io.progress('')
    if (values.json === true) await io.print(`${jsonText({ ok: result.disagreements.length === 0, ...result })}\n`)
    else
      await io.print(
        `${reportLines(result, golden, { paint: painter(values.color, io), columns: pageWidth(io), all: values.all === true }).join('\n')}\n`,
      )
    return result.disagreements.length === 0 ? GOOD : REFUSED
  },
})
