/** A directory of golden data, told apart by what its lines hold: nothing depends on the names of the files. */

import { attempt } from '../codec/errors.ts'
import { jsonValue } from '../codec/json-text.ts'
import type { Dialect } from '../schema/dialect.ts'
import type { VerdictOptions } from '../validate/options.ts'
import { type CapturedMessage, capturedMessage, famfsDialectIn, type OpenCase, openCases, type Trace, trace } from './capture.ts'
import { type DriverVector, driverVector } from './driver/vectors.ts'
import { bytesOf } from './hex.ts'
import { machineIn } from './machine.ts'
import { type Json, number, object, optional, text } from './record.ts'

/** What the kernel's own parser said to a GET_FMAP reply body. */
export interface Vector {
  readonly id: string
  readonly dialect: Dialect
  /** what was done to the message: `valid-simple`, `bad-count` ... */
  readonly category: string
  /** verdicts: kernel/fmap-verdicts.jsonl. look-ups: maps that the kernel then looked offsets up in (kernel/resolver.jsonl) */
  readonly set: 'verdicts' | 'look-ups'
  readonly bytes: Uint8Array
  readonly errno: number
  readonly reason?: string
  /** sizes that are not those of x86-64 */
  readonly machine: VerdictOptions
  /** JSON form of what the kernel keeps of an accepted map */
  readonly meta?: unknown
}

/** A file of JSON Lines. */
export interface TextFile {
  readonly name: string
  readonly text: string
}

/** Everything that was found, in the order of the files. */
export interface Golden {
  readonly vectors: readonly Vector[]
  readonly drivers: readonly DriverVector[]
  readonly cases: readonly OpenCase[]
  readonly traces: readonly Trace[]
  /** plain captures, file by file */
  readonly captures: readonly { readonly file: string; readonly messages: readonly CapturedMessage[] }[]
  /** files whose lines are none of these */
  readonly ignored: readonly string[]
}

/** @throws WireError when the line is not such a vector */
export function vector(line: unknown): Vector {
  const record = object(line)
  const reason = optional(record, 'reason', text) ?? optional(record, 'check', text)
  return {
    id: text(record, 'id'),
    dialect: famfsDialectIn(record),
    category: text(record, 'category'),
    set: record.queries === undefined ? 'verdicts' : 'look-ups',
    bytes: bytesOf(text(record, 'hex'), 'hex'),
    errno: number(record, 'errno'),
    machine: machineIn(record),
    ...(reason === undefined ? {} : { reason }),
    ...(record.meta === undefined ? {} : { meta: record.meta }),
  }
}

type Kind = 'captures' | 'traces' | 'cases' | 'vectors' | 'drivers'

/** The members that tell the kinds of lines apart. */
const MARKS: readonly (readonly [Kind, readonly string[]])[] = [
  ['captures', ['direction', 'hex']],
  ['traces', ['trace']],
  ['cases', ['request_hex', 'reply_hex', 'seq']],
  ['vectors', ['dialect', 'category', 'hex', 'errno']],
  ['drivers', ['id', 'dialect', 'kind']],
]

/** Vectors made by hand name the rules that they are about; they are nothing that a kernel said. */
const kindOf = (line: Json): Kind | undefined =>
  Object.hasOwn(line, 'rules') ? undefined : MARKS.find(([, members]) => members.every(m => Object.hasOwn(line, m)))?.[0]

function parse(file: TextFile): unknown[] | undefined {
  const lines = file.text.split('\n').filter(line => line.trim() !== '')
  try {
    return lines.map(line => jsonValue(line))
  } catch {
    return undefined
  }
}

/** Golden data that is not what it should be, with the file and where possible the line. */
export class GoldenError extends Error {}

/** What `read` makes of a line or of all of them; the error names the place. */
function at<T>(place: string, read: () => T): T {
  const result = attempt(read)
  if (result.ok) return result.value
  throw new GoldenError(`${place}: ${result.error.message}`)
}

const each = <T>(file: TextFile, lines: readonly unknown[], read: (line: unknown) => T): T[] =>
  lines.map((line, i) => at(`${file.name}: line ${i + 1}`, () => read(line)))

/**
 * Reads golden data. A file of other content is only named in `ignored`.
 * @throws GoldenError naming file and line where a line of a known kind is not complete
 */
export function readGolden(files: Iterable<TextFile>): Golden {
  const golden = {
    vectors: [] as Vector[],
    drivers: [] as DriverVector[],
    cases: [] as OpenCase[],
    traces: [] as Trace[],
    captures: [] as { file: string; messages: CapturedMessage[] }[],
    ignored: [] as string[],
  }
  for (const file of files) {
    const lines = parse(file)
    const first = lines?.[0]
    const kind = typeof first === 'object' && first !== null ? kindOf(first as Json) : undefined
    if (lines === undefined || kind === undefined) golden.ignored.push(file.name)
    else if (kind === 'vectors') golden.vectors.push(...each(file, lines, vector))
    else if (kind === 'drivers') golden.drivers.push(...each(file, lines, driverVector).filter(v => v !== undefined))
    else if (kind === 'traces') golden.traces.push(...each(file, lines, line => trace(line)))
    else if (kind === 'cases') golden.cases.push(...at(file.name, () => openCases(lines)))
    else golden.captures.push({ file: file.name, messages: each(file, lines, line => capturedMessage(line)).filter(m => m !== undefined) })
  }
  return golden
}
