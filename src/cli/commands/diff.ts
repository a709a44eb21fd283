/** `famfs-wire diff`: two messages, field by field. */
import type { LargeNode } from '../../codec/inspect.ts'
import { clip, type Paint, pageWidth, painter } from '../color.ts'
import { command, Failure, GOOD, REFUSED } from '../command.ts'
import { type Dialects, dialectsOf } from '../dialects.ts'
import { fieldPairs, fields } from '../field-pairs.ts'
import { guesses } from '../guess.ts'
import { type Input, inputOptions, readInput } from '../input.ts'
import { printJson, sequence } from '../json-text.ts'
import { type FieldJson, fieldJson, look, type Shown, title } from '../message.ts'
import { connectionOptions, demandNamed, type Known, known, type Subject, subjectOf } from '../subject.ts'
import { table } from '../table.ts'
import { safe, spacedHex } from '../values.ts'

export const diff = command({
  usage: ['A B [--as NAME] [--dialect D] [--opcode NAME] [--ignore FIELD]... [--json]'],
  about: [
    'Decodes both in the same way (without --as as what the first is likely to be) and prints the fields that differ, with their byte ranges; then bytes that differ outside of any such field. A and B are files, hex, or - for one of them. Exit code 1 when they differ.',
  ],
  options: {
    as: { type: 'string', value: 'NAME', help: 'request, reply, notify, or the C name of a struct' },
    ...connectionOptions,
    ignore: { type: 'string', multiple: true, value: 'FIELD', help: 'leave fields of this name or path out, such as unique or header.pid' },
    format: inputOptions.format,
    json: { type: 'boolean', help: 'the differences as JSON' },
  },
  operands: 2,
  examples: [
    ['famfs-wire diff good.bin bad.bin', 'what did the mutation change?'],
    ['famfs-wire diff a.bin b.bin --as request --ignore unique --ignore pid', 'two runs of a kernel'],
  ],
  async run({ values, positionals }, io) {
    const [first, second] = positionals
    if (first === undefined || second === undefined) throw new Failure('two operands are needed, A and B', { usage: true })
    if (first === '-' && second === '-') throw new Failure('only one of the two can be standard input')
    const among = await dialectsOf(values)
    const about = known(values, among)
    if (values.as !== undefined) demandNamed(values.as, among)
    const inputs = [await readInput(first, values, io), await readInput(second, values, io)] as const
    const subject = subjectFor(values.as, about, inputs, among)
    const [a, b] = inputs.map(input => look(subject, input.bytes)) as [Shown, Shown]
    const changes = sequence(() => differences(a, b, values.ignore ?? []))
    const same = isEmpty(changes)
    const names = [first, second] as const
    if (values.json === true) await printJson({ same, as: subject.as, dialect: subject.dialect.id, differences: same ? [] : changes }, io)
    else await io.print(`${textOf(changes, [a, b], names, painter(values.color, io), pageWidth(io)).join('\n')}\n`)
    return same ? GOOD : REFUSED
  },
})

function subjectFor(as: string | undefined, about: Known, inputs: readonly Input[], among: Dialects): Subject {
  const capture = inputs.find(input => input.format === 'jsonl')
  if (capture !== undefined)
    throw new Failure(`${capture.name}: is a capture; diff takes single messages`, {
      hint: 'famfs-wire inspect CAPTURE --line N shows one',
    })
  if (as !== undefined) return subjectOf(as, about)
  const best = inputs
    .map(input => guesses(input.bytes, about, among).find(g => g.as !== 'requests' && g.as !== 'replies'))
    .find(g => g !== undefined)
  if (best === undefined)
    throw new Failure('neither is like a message or a struct', { exit: REFUSED, hint: 'say what they are: --as NAME' })
  return subjectOf(best.as, { ...about, dialect: best.dialect, opcode: best.opcode ?? about.opcode })
}

/** One side of a difference; undefined where the field or the bytes are missing. */
type Side = Pick<FieldJson, 'offset' | 'length' | 'value' | 'text'> | undefined

interface Change {
  /** of the field; of bytes that belong to none `bytes` */
  readonly path: string
  readonly a: Side
  readonly b: Side
}

function isEmpty(list: Iterable<unknown>): boolean {
  for (const _ of list) return false
  return true
}

function* differences(a: Shown, b: Shown, ignored: readonly string[]): Generator<Change> {
  if (Buffer.compare(a.bytes, b.bytes) === 0) return
  const ignores = (path: string): boolean => ignored.some(name => path === name || path.endsWith(`.${name}`))
  for (const [left, right] of fieldPairs(a.inspection.tree, b.inspection.tree)) {
    if (ignores(left.path) || (right !== undefined && same(left, right, a.bytes, b.bytes))) continue
    yield { path: left.path, a: sideOf(a, left), b: right && sideOf(b, right) }
  }
  for (const [right, left] of fieldPairs(b.inspection.tree, a.inspection.tree))
    if (left === undefined && !ignores(right.path)) yield { path: right.path, a: undefined, b: sideOf(b, right) }
  yield* otherBytes(a, b)
}

function sideOf(shown: Shown, node: LargeNode): Side {
  const { offset, length, value, text } = fieldJson(shown, node)
  return { offset, length, value, text }
}

/** Fields of equal bytes; a field that moved without changing is the same. */
function same(a: LargeNode, b: LargeNode, left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left.subarray(a.offset, a.offset + a.length), right.subarray(b.offset, b.offset + b.length)) === 0
}

/** Runs of different bytes that no field of either side covers: gaps, and what was not decoded. */
function* otherBytes(a: Shown, b: Shown): Generator<Change> {
  const length = Math.max(a.bytes.length, b.bytes.length)
  const marks = new Uint8Array(length)
  for (const { inspection } of [a, b]) for (const f of fields(inspection.tree)) marks.fill(1, f.offset, f.offset + f.length)
  const covered = (at: number): boolean => marks[at] === 1
  for (let at = 0; at < length; at++) {
    if (covered(at) || a.bytes[at] === b.bytes[at]) continue
    const start = at
    while (at < length && !covered(at) && a.bytes[at] !== b.bytes[at]) at++
    yield { path: 'bytes', a: run(a.bytes, start, at), b: run(b.bytes, start, at) }
  }
}

function run(bytes: Uint8Array, start: number, end: number): Side {
  const part = bytes.subarray(start, end)
  return part.length === 0 ? undefined : { offset: start, length: part.length, value: part, text: spacedHex(part) }
}

const MOST_ROWS = 200

function textOf(
  changes: Iterable<Change>,
  [a, b]: readonly [Shown, Shown],
  names: readonly [string, string],
  paint: Paint,
  columns: number,
): string[] {
  const head = [a, b].map(
    (s, i) => `${paint('strong', 'AB'.charAt(i))} ${clip(safe(names[i] ?? ''), 40)}: ${title(s)}, ${s.bytes.length} bytes${fault(s)}`,
  )
  const room = Math.max(12, Math.floor((columns - 50) / 2))
  const cell = (side: Side): string => (side === undefined ? paint('dim', '(absent)') : paint('changed', clip(side.text, room)))
  const rows: string[][] = []
  let count = 0
  for (const c of changes) if (count++ < MOST_ROWS) rows.push([range(c.a), range(c.b), paint('name', c.path), cell(c.a), cell(c.b)])
  if (count === 0) return [...head, paint('good', `no differences, ${a.dialect.id}`)]
  const more = count > MOST_ROWS ? [paint('dim', `… ${count - MOST_ROWS} more; --json shows all`)] : []
  const titles = [
    { title: 'bytes in A', align: 'right' },
    { title: 'in B', align: 'right' },
    { title: 'field' },
    { title: 'A' },
    { title: 'B' },
  ] as const
  return [...head, '', ...table(titles, rows, paint), ...more, '', `${count} difference${count === 1 ? '' : 's'}`]
}

const fault = (shown: Shown): string => (shown.inspection.error === undefined ? '' : `, ✗ ${safe(shown.inspection.error.message)}`)

const range = (side: Side): string => (side === undefined ? '-' : `${side.offset}..${side.offset + side.length}`)
