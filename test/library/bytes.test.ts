/** One rule for bytes, over everything that the package exports. The list is built from package.json by the compiler. */
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

/**
 * Functions that do not keep to the rule yet: they throw a TypeError, RangeError or SyntaxError of JavaScript, or read a member that is null
 * as absent. None of them answers with bytes of an earlier message. A function that has been mended fails here until its name is gone.
 */
const NOT_YET: Readonly<Record<'bytes' | 'arguments', readonly string[]>> = {
  bytes: [
    'answerLine',
    'assertValid',
    'buildInitReply',
    'contextFor',
    'createImage',
    'encodeFmap',
    'encodeFmapInto',
    'encodeFmapPush',
    'encodeFmapPushInto',
    'exchange',
    'findings',
    'fromIoctl',
    'inspect',
    'ioctlOfFmap',
    'lookup',
    'mutate',
    'negotiate',
    'openImage',
    'openImageNow',
    'predictOpen',
    'ringRefusal',
    'shapeFindings',
    'sizeOfFmap',
    'sizeOfFmapPush',
    'submitToRing',
  ],
  arguments: [
    'encodeInitInInto',
    'encodeInitOutInto',
    'follow',
    'fromIomap',
    'generateFmap',
    'linuxFuse',
    'mutate',
    'requestOf',
    'resolve',
    'resolveRange',
    'statfsAbi',
    'suggestDialect',
  ],
}
const testOf = (kind: keyof typeof NOT_YET, { name }: ExportedFunction): typeof test.fails =>
  NOT_YET[kind].includes(name) ? test.fails : test

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
    if (Symbol.asyncIterator in result) return (await (result as AsyncIterable<unknown>)[Symbol.asyncIterator]().next()).value
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

describe('bytes are a Uint8Array, and nothing else is', () => {
  test('there are functions that take bytes', () => {
    expect(unique.length).toBeGreaterThan(300)
    expect(unique.filter(of => givenBytes(of).length > 0).length).toBeGreaterThan(100)
  })

  for (const of of unique.filter(f => givenBytes(f).length > 0))
    testOf('bytes', of)(of.name, async () => {
      const faults: string[] = []
      for (const place of givenBytes(of))
        for (const [name, make] of wrongBytes) {
          decodeFmap(goodMap(9))
          const outcome = await outcomeOf(of, withWrong(of, place, make()))
          const good = takesOnlyBytes(of, place)
            ? outcome instanceof WireError && outcome.code === 'unsupported'
            : outcome instanceof WireError
          if (!good && (takesOnlyBytes(of, place) || name !== 'undefined'))
            faults.push(`${place.position}.${place.steps.join('.')}: ${name}: ${shown(outcome)}`)
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
    testOf('arguments', of)(of.name, async () => {
      const faults: string[] = []
      for (const position of of.parameters.keys())
        for (const [name, make] of wrongAnything) {
          const [first, second] = [9, 7].map(mark => {
            decodeFmap(goodMap(mark))
            return outcomeOf(of, withWrong(of, { position, steps: [] }, make()))
          })
          const outcome = await first
          if (!isDocumented(outcome)) faults.push(`${position}: ${name}: ${shown(outcome)}`)
          if (shown(outcome) !== shown(await second)) faults.push(`${position}: ${name}: depends on earlier bytes`)
        }
      expect(faults.join('\n')).toBe('')
    })
})
