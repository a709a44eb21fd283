/** One rule for bytes, over everything that the package exports. The list is built from package.json by the compiler. */
import { setTimeout as soon } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { WireError } from '../../src/index.ts'
import { goodMap, hasSample, withWrong, wrongAnything, wrongBytes } from './arguments.ts'
import { type ExportedFunction, entries, functions, type Place } from './surface.ts'

const modules = new Map(
  await Promise.all(
    entries.map(
      async ([name, source]) => [name, (await import(source)) as Readonly<Record<string, (...given: unknown[]) => unknown>>] as const,
    ),
  ),
)
const { decodeFmap } = await import('../../src/index.ts')

const unique = [...new Map(functions.map(f => [f.name, f])).values()]

/** What the library makes itself holds bytes that no caller has given. */
const MADE_BY_THE_LIBRARY = /^(Image|Replay|Entry|Node|ShadowFile|BuiltImage|PlacedMessage|CopyTarget|Allocation|CorpusCase|IoctlPayload)$/

const givenBytes = (of: ExportedFunction): readonly Place[] =>
  of.bytes.filter(({ position }) => !MADE_BY_THE_LIBRARY.test(of.parameters[position]?.type ?? ''))

/** The first thing that a function gives, or the error that it throws. */
async function outcomeOf(of: ExportedFunction, given: readonly unknown[]): Promise<unknown> {
  try {
    const f = modules.get(of.entry)?.[of.name] as (...given: unknown[]) => unknown
    const result = await f(...given)
    if (typeof result !== 'object' || result === null) return result
    if (Symbol.iterator in result && 'next' in result) return (result as Iterator<unknown>).next().value
    if (Symbol.asyncIterator in result)
      return await Promise.race([(result as AsyncIterable<unknown>)[Symbol.asyncIterator]().next(), soon(20, 'waits')])
    return 'ok' in result && 'error' in result ? result.error : result
  } catch (error) {
    return error
  }
}

/** Whether bytes are all that the place takes. */
const takesOnlyBytes = (of: ExportedFunction, { position, steps }: Place): boolean =>
  steps.length === 0 &&
  of.parameters.every(({ type, optional }, i) => i === position || optional || hasSample(type)) &&
  /^Uint8Array(<ArrayBufferLike>)?$/.test(of.parameters[position]?.type ?? '')

const shown = (value: unknown): string => {
  const text =
    value instanceof Error
      ? `${value.name}: ${value.message}`
      : String(JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? `${v}n` : v)))
  return text.slice(0, 200)
}

/** These look at other members only. */
const IGNORED: ReadonlySet<string> = new Set(['contextFor', 'buildInitReply', 'ringRefusal', 'submitToRing'])

/** Members of values are refused as the value is: with the place in it, or as the engine refuses them. */
function isRefused(of: ExportedFunction, place: Place, name: string, outcome: unknown): boolean {
  const { type = '' } = of.parameters[place.position] ?? {}
  if (takesOnlyBytes(of, place)) return outcome instanceof WireError && outcome.code === 'unsupported'
  if (place.steps.length === 0) return outcome instanceof WireError || name === 'undefined' || (name === 'text' && type.includes('string'))
  return outcome instanceof WireError || outcome instanceof TypeError || name === 'undefined' || IGNORED.has(of.name)
}

describe('bytes are a Uint8Array, and nothing else is', () => {
  test('there are functions that take bytes', () => {
    expect(unique.length).toBeGreaterThan(300)
    expect(unique.filter(of => givenBytes(of).length > 0).length).toBeGreaterThan(100)
  })

  for (const of of unique.filter(f => givenBytes(f).length > 0))
    test(of.name, async () => {
      const faults: string[] = []
      for (const place of givenBytes(of))
        for (const [name, make] of wrongBytes) {
          decodeFmap(goodMap(9))
          const outcome = await outcomeOf(of, withWrong(of, place, make()))
          if (!isRefused(of, place, name, outcome)) faults.push(`${place.position}.${place.steps.join('.')}: ${name}: ${shown(outcome)}`)
        }
      expect(faults.join('\n')).toBe('')
    })
})

/** A file that is not there is what the operating system says. */
const isDocumented = (outcome: unknown): boolean =>
  !(outcome instanceof Error) ||
  outcome instanceof WireError ||
  outcome instanceof TypeError ||
  outcome.name === 'Error' ||
  outcome.name === 'GoldenError'

describe('wrong arguments in every position', () => {
  for (const of of unique.filter(f => f.parameters.length > 0))
    test(of.name, async () => {
      const faults: string[] = []
      for (const position of of.parameters.keys())
        for (const [name, make] of wrongAnything) {
          // a function in the place of one is the caller's
          if (name === 'a function' && of.parameters[position]?.type === 'Random') continue
          const [first, second] = [9, 7].map(mark => {
            decodeFmap(goodMap(mark))
            return outcomeOf(of, withWrong(of, { position, steps: [] }, make()))
          })
          const outcome = await first
          if (!isDocumented(outcome)) faults.push(`${position}: ${name}: ${shown(outcome)}`)
          const again = await second
          if (!(outcome instanceof Error && again instanceof Error) && shown(outcome) !== shown(again))
            faults.push(`${position}: ${name}: depends on earlier bytes`)
        }
      expect(faults.join('\n')).toBe('')
    })
})
