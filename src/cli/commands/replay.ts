/** `famfs-wire replay`: recorded conversations through the model of the kernel. */

import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { attempt, type WireError } from '../../codec/errors.ts'
import { jsonValue } from '../../codec/json-text.ts'
import { type Inputs, noInputs, type Replayed, readInputs, replayRecording } from '../../conformance/conversation/index.ts'
import { painter } from '../color.ts'
import { command, Failure, GOOD, REFUSED } from '../command.ts'
import { dialectFileOption, dialectNamed, dialectsOf } from '../dialects.ts'
import { type Input, readInput, readText } from '../input.ts'
import { jsonText } from '../json-text.ts'
import { summaryLines, summaryOf } from '../replaysummary.ts'
import { headLine, storyJson, storyLines } from '../replayview.ts'

const BESIDE = 'inputs.json'

function inputsIn(text: string, name: string): Inputs {
  try {
    return readInputs(jsonValue(text))
  } catch (error) {
    throw new Failure(`${name}: ${error instanceof Error ? error.message : String(error)}`, { exit: REFUSED })
  }
}

/** What the recording does not tell: the file named, or the one beside it. */
async function inputsFor(given: string | undefined, recording: string | undefined, io: Parameters<typeof readText>[1]): Promise<Inputs> {
  if (given !== undefined) {
    const { name, text } = await readText(given, io)
    return inputsIn(text, name)
  }
  if (recording === undefined || recording === '-') return noInputs
  const path = join(dirname(recording), BESIDE)
  const text = await readFile(path, 'utf8').catch(() => undefined)
  return text === undefined ? noInputs : inputsIn(text, path)
}

/** The lines of a recording; empty ones are undefined, so that the others keep their number. */
function linesOf(input: Input): unknown[] {
  if (input.format !== 'jsonl')
    throw new Failure(`${input.name}: expected a recording in JSON Lines, found ${input.taken}`, { exit: REFUSED })
  const lines = new TextDecoder().decode(input.bytes).split('\n')
  return lines.map((line, i) => {
    if (line.trim() === '') return undefined
    try {
      return jsonValue(line) as unknown
    } catch (error) {
      throw new Failure(`${input.name}: line ${i + 1}: ${error instanceof Error ? error.message : String(error)}`, { exit: REFUSED })
    }
  })
}

/** A path that begins with the index of a line. */
const IN_LINE = /^\[(\d{1,15})\]\.?/

function noRecording({ name }: Input, { path, detail }: WireError): Failure {
  const line = IN_LINE.exec(path)
  const member = path.replace(IN_LINE, '')
  const where = line === null ? '' : `line ${Number(line[1]) + 1}: `
  return new Failure(`${name}: ${where}no recording as those in fixtures/wire: ${member === '' ? 'a line' : member} ${detail}`, {
    exit: REFUSED,
  })
}

/** Stories are told whole where there are few of them. */
const FEW = 3

export const replay = command({
  usage: ['[FILE|-] [--only TEXT] [--inputs FILE] [--dialect D] [--all] [--json]'],
  about: [
    'Plays every message of a capture (JSON Lines as in fixtures/wire: cases of open(2), traces or single messages) through the model of the kernel that sent it: who asked what, what it means, what the kernel concluded. The model predicts the requests with all their bytes, what write(2) on the device returns, the errno of open(2), where reads and mappings lead and what is logged; whatever the kernel did otherwise is marked, counted by kind at the end, and makes the exit code 1. A capture that begins in the middle of a connection says so: what depends on messages before it is counted as not known, and blamed on no side.',
    'What a recording does not tell (what a path leads to, the flags of open(2)) comes from a file of inputs: --inputs, or inputs.json beside FILE.',
  ],
  options: {
    only: { type: 'string', value: 'TEXT', help: 'only conversations whose name contains this' },
    inputs: { type: 'string', value: 'FILE', help: 'what the recording does not tell, as fixtures/wire/inputs.json' },
    dialect: { type: 'string', short: 'd', value: 'D', help: 'dialect of the kernel where the recording names none' },
    ...dialectFileOption,
    all: { type: 'boolean', help: 'tell every conversation whole, also where there are many' },
    json: { type: 'boolean', help: 'one JSON object a conversation, then one with the summary' },
  },
  operands: 1,
  examples: [
    [
      'famfs-wire replay fixtures/wire/famfs-7.46-trace.jsonl --only fmap-error/ESTALE',
      'an open(2) that is tried twice, told step by step',
    ],
    ['famfs-wire replay fixtures/wire/famfs-push.jsonl', 'all cases of a kernel, one line each'],
  ],
  async run({ values, positionals }, io) {
    const input = await readInput(positionals[0], {}, io)
    const inputs = await inputsFor(values.inputs, positionals[0], io)
    const { only } = values
    const among = await dialectsOf(values)
    const dialect = values.dialect === undefined ? undefined : dialectNamed(values.dialect, among)
    const options = {
      inputs,
      dialects: Object.values(among),
      ...(only === undefined ? {} : { only }),
      ...(dialect === undefined ? {} : { dialect }),
    }
    const lines = linesOf(input)
    const replayed = attempt((): Replayed[] => [...replayRecording(lines, options)])
    if (!replayed.ok) throw noRecording(input, replayed.error)
    const all = replayed.value
    if (all.length === 0)
      throw new Failure(`${input.name}: ${only === undefined ? 'holds no conversation' : `no conversation has ${only} in its name`}`, {
        exit: REFUSED,
      })
    const paint = painter(values.color, io)
    const whole = values.all === true || all.length <= FEW
    for (const of of all) {
      if (values.json === true) await io.print(`${jsonText(storyJson(of), 0)}\n`)
      else if (whole) await io.print(`${storyLines(of, paint, false).join('\n')}\n`)
      else await io.print(`${(of.agree ? [headLine(of, paint)] : storyLines(of, paint, true)).join('\n')}\n`)
    }
    await io.print(values.json === true ? `${jsonText({ summary: summaryOf(all) }, 0)}\n` : `${summaryLines(all, paint).join('\n')}\n`)
    return all.every(of => of.agree) ? GOOD : REFUSED
  },
})
