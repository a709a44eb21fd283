/** What a capture does not tell and no model can know: fixtures/wire/inputs.json, made by hand. */
import type { Named } from '../../kernel/conversation/index.ts'
import { bytesOf } from '../hex.ts'
import { bad, type Json, number, object, optional, text } from '../record.ts'

/** Of one case of open(2). */
export interface CaseInputs {
  /** flags of open(2); default O_RDWR */
  readonly flags?: number
  /** size that LOOKUP answered */
  readonly attrSize?: bigint
  readonly truncate?: bigint
  readonly newSize?: bigint
  readonly mmapOffset?: bigint
  readonly write?: { readonly offset: bigint; readonly data: Uint8Array }
  /** whether the INIT reply took famfs; default yes */
  readonly famfs?: boolean
  readonly secondMount?: Readonly<Record<string, Named>>
}

/** What the model of a kernel cannot know of a case. */
export interface Inputs {
  readonly names: Readonly<Record<string, Named>>
  readonly sizes: Readonly<Record<string, bigint>>
  readonly cases: Readonly<Record<string, CaseInputs>>
  /** ids of traces that end with an unmount before their last message */
  readonly unmounted: readonly string[]
}

/** Nothing is known besides the bytes. */
export const noInputs: Inputs = { names: {}, sizes: {}, cases: {}, unmounted: [] }

const big = (record: Json, key: string): bigint => {
  const value = text(record, key)
  if (!/^\d{1,20}$/.test(value)) throw bad('text', key, 'must be a decimal number', 'decimal digits', value)
  return BigInt(value)
}

function named(value: unknown): Named {
  const record = object(value)
  const kind = text(record, 'kind')
  if (kind === 'other') return { kind }
  if (kind === 'errno') return { kind, errno: number(record, 'errno') }
  if (kind !== 'character') throw bad('tag', 'kind', `is ${kind}`, ['errno', 'other', 'character'], kind)
  const device = optional(record, 'device', text)
  const acquire = optional(record, 'acquire', number)
  return {
    kind,
    ...(device === undefined ? {} : { device }),
    ...(acquire === undefined ? {} : { acquire }),
    ...(record.nodev === true ? { nodev: true } : {}),
  }
}

const mapValues = <T>(record: Json, read: (value: unknown) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, read(value)]))

const namesIn = (record: Json, key: string): Record<string, Named> => mapValues(optional(record, key, (r, k) => object(r[k])) ?? {}, named)

function caseInputs(value: unknown): CaseInputs {
  const record = object(value)
  const member = <K extends keyof CaseInputs>(key: K, from: string, read: (r: Json, k: string) => CaseInputs[K]): CaseInputs =>
    record[from] === undefined ? {} : ({ [key]: read(record, from) } as CaseInputs)
  return {
    ...member('flags', 'flags', number),
    ...member('attrSize', 'attr_size', big),
    ...member('truncate', 'truncate', big),
    ...member('newSize', 'new_size', big),
    ...member('mmapOffset', 'mmap_offset', big),
    ...member('write', 'write', (r, k) => {
      const write = object(r[k])
      return { offset: big(write, 'offset'), data: bytesOf(text(write, 'hex'), 'hex') }
    }),
    ...member('famfs', 'famfs', (r, k) => r[k] === true),
    ...member('secondMount', 'second_mount', (r, k) => namesIn(object(r[k]), 'names')),
  }
}

/**
 * The inputs of a file in the form of fixtures/wire/inputs.json.
 * @throws WireError naming the member that is missing or wrong
 */
export function readInputs(json: unknown): Inputs {
  const record = object(json)
  const part = (key: string): Json => optional(record, key, (r, k) => object(r[k])) ?? {}
  return {
    names: namesIn(record, 'names'),
    sizes: Object.fromEntries(Object.keys(part('sizes')).map(key => [key, big(part('sizes'), key)])),
    cases: mapValues(part('cases'), caseInputs),
    unmounted: Object.keys(part('traces')),
  }
}
