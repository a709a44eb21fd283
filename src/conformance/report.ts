/** The report on golden data: what real kernels did with every message and every map, beside what this library says. Data, no layout. */
import { caseMessages, type PlacedMessage, walk } from './capture.ts'
import { type DriverVector, driverPoint } from './driver/vectors.ts'
import type { Golden, Vector } from './golden.ts'
import { negotiationPoint, openPoint } from './opens.ts'
import { messagePoint, vectorPoint } from './points.ts'
import { type Count, type Point, tally } from './tally.ts'

/** Cases of open(2) on one kernel, by class (the part of a case's name before the slash; `negotiation`: whether maps are asked for at all). */
export interface OpenCount extends Count {
  readonly kernel: string
  readonly dialect: string
  readonly group: string
}

/** Parse vectors of one dialect. */
export interface VectorCount extends Count {
  readonly dialect: string
  /** verdicts, or the maps of the look-ups */
  readonly set: Vector['set']
}

/** Questions to one driver of the ioctl ABI. */
export interface DriverCount extends Count {
  readonly dialect: string
  readonly kind: DriverVector['kind']
}

/** Messages of one kernel in one direction. */
export interface MessageCount extends Count {
  readonly kernel: string
  readonly dialect: string
  readonly direction: string
  /** same, refused, altered, or header where the capture cut the message */
  readonly outcome: string
}

/** Golden data beside what this library says, counted. */
export interface Report {
  readonly opens: readonly OpenCount[]
  readonly vectors: readonly VectorCount[]
  readonly drivers: readonly DriverCount[]
  readonly messages: readonly MessageCount[]
  /** every point that differs from what the kernel did; empty: all agree */
  readonly disagreements: readonly Point[]
  /** all points */
  readonly points: number
  /** names of files whose lines are no golden data of a known kind */
  readonly ignored: readonly string[]
}

const plain = ({ id, name, agree, expected, found }: Point): Point => ({ id, name, agree, expected, found })

/** Every message of the golden data in its place: captures, cases, traces. */
export function* placedMessages(golden: Golden): Generator<PlacedMessage> {
  for (const { messages } of golden.captures) yield* walk(messages)
  for (const of of golden.cases) yield* walk(caseMessages(of))
  for (const { messages } of golden.traces) yield* walk(messages)
}

/**
 * Decodes and encodes every message, judges every map and every open(2), puts every question to the drivers of the ioctl ABI, and compares with
 * what the kernels and drivers did.
 * @param golden what {@link readGolden} made of a directory
 */
export function report(golden: Golden): Report {
  const opens = [...golden.cases.map(openPoint), ...golden.traces.map(negotiationPoint)]
  const vectors = golden.vectors.map(vectorPoint)
  const drivers = golden.drivers.map(driverPoint)
  const messages = [...placedMessages(golden)].map(messagePoint)
  const all: readonly Point[] = [...opens, ...vectors, ...drivers, ...messages]
  return {
    opens: tally(opens, ({ kernel, dialect, group }) => ({ kernel, dialect, group })),
    vectors: tally(vectors, ({ dialect, set }) => ({ dialect, set })),
    drivers: tally(drivers, ({ dialect, kind }) => ({ dialect, kind })),
    messages: tally(messages, ({ kernel, dialect, direction, outcome }) => ({ kernel, dialect, direction, outcome })),
    disagreements: all.filter(point => !point.agree).map(plain),
    points: all.length,
    ignored: golden.ignored,
  }
}
