/** Vectors of drivers, as the drivers' own code or a running kernel answered them: fixtures/ioctl/FORMAT.md. */
import { type IoctlDialectId, ioctlDialects } from '../../uapi/dialects/ioctl.ts'
import { bad, type Json, object, optional, text } from '../record.ts'
import { type Point, sameJson } from '../tally.ts'
import { callAnswer } from './call.ts'
import { installAnswer } from './install.ts'
import { lookupsAnswer } from './lookups.ts'
import { operationAnswer } from './operation.ts'
import { permittedAnswer } from './permitted.ts'
import { readsAnswer } from './reads.ts'

/** One question to a driver, with its answer. */
export interface DriverVector {
  readonly id: string
  readonly dialect: IoctlDialectId
  readonly kind: DriverKind
  /** the line: a request of the testee protocol, and its answer */
  readonly line: Json
}

export interface DriverPoint extends Point {
  readonly dialect: string
  readonly kind: DriverKind
}

const answers = {
  call: callAnswer,
  lookups: lookupsAnswer,
  operation: operationAnswer,
  install: installAnswer,
  reads: readsAnswer,
  permitted: permittedAnswer,
} as const satisfies Readonly<Record<string, (request: Json, dialect: IoctlDialectId) => Json | undefined>>

/** What is asked: a call, look-ups and what happens between them, a file operation, the taking of a device, reads, or an option bitmap. */
export type DriverKind = keyof typeof answers

const isKind = (kind: unknown): kind is DriverKind => typeof kind === 'string' && Object.hasOwn(answers, kind)

/**
 * The vector of a line; undefined where it is told in words for people.
 * @throws WireError when the line is not such a vector
 */
export function driverVector(value: unknown): DriverVector | undefined {
  const line = object(value)
  const dialect = text(line, 'dialect')
  if (!Object.hasOwn(ioctlDialects, dialect))
    throw bad('tag', 'dialect', `no version of the ioctl ABI: ${dialect}`, Object.keys(ioctlDialects), dialect)
  const { kind } = line
  return isKind(kind) ? { id: text(line, 'id'), dialect: dialect as IoctlDialectId, kind, line } : undefined
}

/** Answers that stand between the questions of a line, without the questions. */
function listed(list: unknown, questions: readonly string[]): unknown {
  if (!Array.isArray(list)) return []
  return list.map(object).flatMap(one => {
    if (one.event !== undefined) return []
    return [Object.fromEntries(Object.entries(one).filter(([name]) => !questions.includes(name)))]
  })
}

/** What the driver did. */
function expectedOf({ kind, line }: DriverVector): unknown {
  if (kind === 'lookups') return { errno: 0, results: listed(line.queries, ['offset', 'len']) }
  if (kind === 'reads') return { errno: 0, results: listed(line.reads, ['offset']) }
  return line.expect
}

/** What this library says about a vector, beside what the driver did. */
export function driverPoint(vector: DriverVector): DriverPoint {
  const { id, dialect, kind, line } = vector
  const expected = expectedOf(vector)
  const found = answers[kind](line, dialect) ?? null
  const name = [kind, optional(line, 'category', text), optional(line, 'operation', text)].filter(word => word !== undefined).join(' ')
  return { id, name, dialect, kind, agree: sameJson(expected, found), expected: JSON.stringify(expected), found: JSON.stringify(found) }
}
