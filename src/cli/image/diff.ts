/** `image diff`: two images, field by field, entry by entry, file by file. */
import { clip, type Paint, pageWidth } from '../color.ts'
import { GOOD, REFUSED } from '../command.ts'
import { jsonText } from '../json-text.ts'
import { type Pulse, pulseOf } from '../progress.ts'
import { table } from '../table.ts'
import { safe } from '../values.ts'
import { deviceOf } from './content.ts'
import { type Difference, entryDifferences, headDifferences } from './difffields.ts'
import { treeDifferences } from './difftree.ts'
import { valueText } from './info.ts'
import { count } from './nodes.ts'
import { explained, type Opened, openNamed, pathsOf } from './open.ts'
import type { Call, Tool } from './sub.ts'

const PARTS: Readonly<Record<Difference['part'], string>> = {
  superblock: 'superblock',
  log: 'log header',
  entries: 'entries of the log',
  tree: 'directories and files',
  content: 'contents',
}

/** Whether a difference is of a part or field that is not to be looked at. */
function isIgnored({ part, name }: Difference, ignored: readonly string[]): boolean {
  const field = name.replace(/^(\d+\.|.*: )/, '')
  return ignored.some(i => i === part || i === name || i === field || field.endsWith(`.${i}`))
}

/** All differences, as they are found. */
async function* allDifferences(a: Opened, b: Opened, { values }: Call, pulse: Pulse): AsyncGenerator<Difference> {
  yield* headDifferences(a, b)
  const same = yield* entryDifferences(a, b)
  yield* treeDifferences(a, b, { same, content: values.content === true, pulse })
}

/** Rows of a part that are printed; the rest is counted. */
const MOST_ROWS = 200

interface Shown {
  readonly rows: Difference[]
  more: number
}

/** A uuid is shown whole. */
const LEAST_COLUMNS = 36

/** Fields of structs are written as `image info` writes them. */
const isField = ({ part, name }: Difference): boolean => (part === 'superblock' || part === 'log') && !/^(layout$|bytes\[)/.test(name)

function partLines(part: Difference['part'], { rows, more }: Shown, paint: Paint, columns: number): string[] {
  const widest = Math.max(LEAST_COLUMNS, Math.floor((columns - LEAST_COLUMNS) / 2))
  const cell = (text: string | undefined): string => (text === undefined ? paint('dim', '-') : paint('changed', clip(text, widest)))
  const lines = rows.map(row => {
    const { name, a, b, note } = row
    const shown = (value: string | undefined) => (value !== undefined && isField(row) ? valueText(name, value) : value)
    return [`  ${paint('name', name)}`, ...(note === undefined ? [cell(shown(a)), cell(shown(b))] : [paint('changed', note)])]
  })
  const titles = [{ title: '' }, { title: 'A' }, { title: 'B' }]
  const [head = '', ...body] = table(titles, lines, paint)
  return [
    '',
    paint('label', PARTS[part]),
    ...(part === 'content' ? body : [head, ...body]),
    ...(more > 0 ? [`  … ${more} more; --json shows all`] : []),
  ]
}

async function printText(
  differences: AsyncGenerator<Difference>,
  images: readonly Opened[],
  { io, paint, operands }: Call,
): Promise<number> {
  const parts = new Map<Difference['part'], Shown>()
  let all = 0
  for await (const difference of differences) {
    const shown = parts.get(difference.part) ?? { rows: [], more: 0 }
    parts.set(difference.part, shown)
    if (shown.rows.length < MOST_ROWS) shown.rows.push(difference)
    else shown.more++
    all++
  }
  const head = ({ layout, log }: Opened, i: number): string =>
    `${paint('strong', 'AB'.charAt(i))} ${safe(operands[i] ?? '')}: layout ${layout.id}, ${count(log?.used ?? 0, 'entry', 'entries')}`
  const body = [...parts].flatMap(([part, shown]) => partLines(part, shown, paint, pageWidth(io)))
  const end = all === 0 ? [paint('good', 'no differences')] : ['', count(all, 'difference')]
  await io.print(`${[...images.map(head), ...body, ...end].join('\n')}\n`)
  return all
}

async function printJson(differences: AsyncGenerator<Difference>, { io }: Call): Promise<number> {
  let all = 0
  for await (const difference of differences) {
    await io.print(`${jsonText(difference, 0)}\n`)
    all++
  }
  return all
}

async function* without(differences: AsyncGenerator<Difference>, ignored: readonly string[]): AsyncGenerator<Difference> {
  for await (const difference of differences) if (!isIgnored(difference, ignored)) yield difference
}

async function compare(a: Opened, b: Opened, call: Call, pulse: Pulse): Promise<number> {
  const { values } = call
  if (values.content === true) for (const image of [a, b]) deviceOf(image)
  const differences = without(allDifferences(a, b, call, pulse), values.ignore ?? [])
  const found = values.json === true ? await printJson(differences, call) : await printText(differences, [a, b], call)
  return found === 0 ? GOOD : REFUSED
}

async function start(call: Call): Promise<number> {
  const { operands, values, io } = call
  const [first = '', second = ''] = operands
  const pulse = pulseOf(io)
  const a = await openNamed(pathsOf(first), values, pulse)
  try {
    const b = await openNamed(pathsOf(second), values, pulse)
    try {
      return await compare(a, b, call, pulse)
    } catch (error) {
      throw explained(error, `${first} or ${second}`)
    } finally {
      pulse.end()
      b.close()
    }
  } finally {
    a.close()
  }
}

export const diff: Tool = {
  options: ['content', 'ignore', 'zeros', 'force-layout', 'log-offset', 'log-length', 'json'],
  meanings: { json: { help: 'one difference a line as JSON' } },
  about: [
    'Compares the superblocks and log headers field by field, the entries slot by slot, then what the logs make of them: directories and files by their paths, with size, flags, mode, owner and map. Images of different layouts can be compared; slots that say the same in other bytes are shown byte by byte where both have one layout. --content compares the bytes of files, too. Exit code 1 when anything differs.',
    'A and B are images as everywhere; options that say how to read one hold for both. --ignore leaves out a part (superblock, log, entries, tree, content) or a field (ts_uuid, famfs_log_len, mode, map).',
  ],
  examples: [
    ['famfs-wire image diff before.img after.img', 'what has changed?'],
    ['famfs-wire image diff old.img new.img --ignore superblock --ignore log --ignore entries --content', 'do both hold the same files?'],
  ],
  operands: [2, 2],
  start,
}
