/** The parse vectors of the kernels' own code, as tests use them. */
import { readFileSync } from 'node:fs'
import { dialectIdOf } from '../src/uapi/dialects/aliases.ts'
import type { DialectId } from '../src/uapi/dialects/index.ts'
import type { MetaJson } from '../src/validate/meta.ts'

export interface Golden {
  readonly id: string
  readonly dialect: DialectId
  readonly category: string
  readonly hex: string
  readonly errno: number
  readonly reason?: string
  readonly meta?: MetaJson
  readonly note: string
}

export const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'))

export const golden: readonly Golden[] = readFileSync(new URL('../fixtures/kernel/fmap-verdicts.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as Golden)
  .map(vector => ({ ...vector, dialect: dialectIdOf(vector.dialect) as DialectId }))
