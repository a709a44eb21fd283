/** Shadow files read: beside the reference's own reader, beside the writer, and whatever the bytes. */
import { readdirSync, readFileSync } from 'node:fs'
import { createContext, runInContext } from 'node:vm'
import { gunzipSync } from 'node:zlib'
import { build } from 'esbuild'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WireError } from '../src/codec/errors.ts'
import { hex } from '../src/codec/input.ts'
import { type Entry, fileOf, fusedReplyOfEntry, readBackResult, type ShadowFile, shadowYaml } from '../src/metadata/index.ts'
import { yamlRules } from '../src/metadata/rules/index.ts'
import { readShadowYaml, type ShadowReading } from '../src/metadata/yaml/read/index.ts'
import { strtoull } from '../src/metadata/yaml/read/number.ts'
import { goldenCases, listOf, type ShadowFileGolden } from './metadata-golden.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const read = (text: string): ShadowReading => readShadowYaml(utf8(text))

interface Vector {
  readonly text?: string
  readonly hex?: string
  readonly rc: number | 'undefined' | 'endless'
  readonly body?: string
  readonly yaml: boolean
}

const vectors = gunzipSync(readFileSync(new URL('../fixtures/yaml/shadow.ndjson.gz', import.meta.url)))
  .toString('utf8')
  .trimEnd()
  .split('\n')
  .map(line => JSON.parse(line) as Vector)

const bytesOf = ({ text, hex: digits }: Vector): Uint8Array =>
  text === undefined ? Uint8Array.from(Buffer.from(digits ?? '', 'hex')) : utf8(text)

/** The body of an entry as the vectors have it. */
const bodyOf = (entry: Entry): string => hex(entry.bytes.subarray(16, 536)).replace(/(00)+$/, '')

/** Where `yaml` and libyaml part: texts that are no YAML, of which -1 and -22 are both true; and a quoted text that starts too far left. */
const APART: readonly (readonly [vector: number, rc: number])[] = [
  [697, -22],
  [1809, -22],
  [1915, -1],
  [2521, -22],
]

describe('the reader of the reference', () => {
  const said = vectors.map(vector => {
    const { verdict, entry } = readShadowYaml(bytesOf(vector))
    return { rc: verdict.rc, ...(entry === undefined ? {} : { body: bodyOf(entry) }) }
  })

  it('says the same of every text but the few in which the two YAML libraries part', () => {
    expect(vectors.length).toBeGreaterThan(2600)
    const different = vectors.flatMap(({ rc, body }, i) => (said[i]?.rc === rc && said[i]?.body === body ? [] : [[i, said[i]?.rc]]))
    expect(different).toEqual(APART)
  })

  it('ends in every way that there is', () => {
    const ways = new Set(vectors.map(vector => vector.rc))
    expect(ways).toEqual(new Set([0, -1, -22, -75, 'undefined', 'endless']))
  })

  it('gives up at a place, and says why', () => {
    for (const vector of vectors) {
      const { verdict } = readShadowYaml(bytesOf(vector))
      if (verdict.rc === 0) continue
      expect(verdict.why).toMatch(/./)
      expect(verdict.offset).toBeLessThanOrEqual(bytesOf(vector).length)
    }
  })
})

const everyFile = goldenCases('v48').flatMap(({ name, folder, manifest }) => {
  const files = listOf<ShadowFileGolden>(folder, manifest.shadow_files ?? [])
  const meta = Object.values(manifest.shadow_meta_files_by_role ?? {}).flatMap(role => role.files)
  return [...files, ...meta].filter(file => file.undefined !== true && typeof file.yaml === 'string').map(file => ({ name, file }))
})

describe('the shadow files of the reference', () => {
  it('are read as its daemon reads them, and those of good images have nothing to object to', () => {
    expect(everyFile.length).toBeGreaterThan(10_000)
    const distinct = new Map(everyFile.map(({ name, file }) => [file.yaml, { name, file }]))
    for (const { name, file } of distinct.values()) {
      const { verdict, entry, findings } = read(file.yaml)
      if (name.startsWith('v48/good-')) expect(findings).toEqual([])
      expect([name, file.shadow_path, verdict.rc]).toEqual([name, file.shadow_path, file.shadow_to_stat_rc ?? 0])
      if (entry === undefined) continue
      expect(hex(fusedReplyOfEntry(entry) ?? new Uint8Array(0))).toBe(file.msg_hex)
      const wasCut = findings.some(finding => finding.rule === 'yaml/path-long')
      const again = shadowYaml(fileOf(entry) as ShadowFile)
      if (!wasCut) expect(again).toEqual({ outcome: 'returned', rc: 0, result: file.yaml })
    }
  })
})

const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const u32 = fc.integer({ min: 0, max: 0xffff_ffff })
const extent = fc.record({ devindex: u64, offset: u64, length: u64 })
const extents = fc.array(extent, { maxLength: 16 })
const attributes = {
  path: fc.uint8Array({ minLength: 1, maxLength: 79 }).map(bytes => bytes.map(byte => byte || 1)),
  size: u64,
  flags: u32,
  mode: u32,
  uid: u32,
  gid: u32,
}
const simple = fc.record({ ...attributes, extents }).map(file => ({ ...file, extType: 0, nextents: file.extents.length, interleaved: [] }))
const striped = fc.record({ ...attributes, strips: extents, chunkSize: u64 }).map(({ strips, chunkSize, ...file }) => ({
  ...file,
  extType: 1,
  nextents: 1,
  extents: [],
  interleaved: [{ nstrips: BigInt(strips.length), chunkSize, strips }],
}))

/** A file without what only a log has. */
const plain = ({ path, size, flags, mode, uid, gid, extType, nextents, extents: list, interleaved }: ShadowFile): unknown => {
  const bare = (each: ShadowFile['extents']) => each.map(({ devindex, offset, length }) => ({ devindex, offset, length }))
  const groups = interleaved.map(({ nstrips, chunkSize, strips }) => ({ nstrips, chunkSize, strips: bare(strips) }))
  return { path: hex(path), size, flags, mode, uid, gid, extType, nextents, extents: bare(list), interleaved: groups }
}

describe('what the writer writes', () => {
  it('is read back, or refused as the daemon refuses it', () => {
    fc.assert(
      fc.property(fc.oneof(simple, striped), file => {
        const written = shadowYaml(file)
        fc.pre(written.outcome === 'returned')
        const { verdict, entry } = read(written.result)
        expect(verdict.rc).toBe(readBackResult(file))
        if (entry !== undefined) expect(plain(fileOf(entry) as ShadowFile)).toEqual(plain(file))
      }),
      { numRuns: 400 },
    )
  })
})

describe('strtoull', () => {
  it.each([
    ['0x1f', 31n, undefined],
    ['0644', 420n, undefined],
    [' \t7', 7n, undefined],
    ['-1', 2n ** 64n - 1n, 'negative'],
    ['08', 0n, 'something behind the number'],
    ['0x', 0n, 'something behind the number'],
    ['', 0n, 'no number'],
    ['--1', 0n, 'no number'],
    ['18446744073709551616', 2n ** 64n - 1n, 'too large'],
    ['-99999999999999999999', 2n ** 64n - 1n, 'too large'],
  ])('%j', (text, value, odd) => {
    expect(strtoull(text)).toEqual({ value, odd })
  })
})

interface RuleVector {
  readonly rule: string
  readonly text?: string
  readonly hex?: string
  readonly expect: readonly object[]
}

const folder = new URL('../fixtures/rules/', import.meta.url)
const ruleVectors = readdirSync(folder)
  .filter(name => name.startsWith('yaml-'))
  .map(name => [name, JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as RuleVector] as const)

describe('the text that breaks a rule', () => {
  it('exists for every rule, in a file of its name', () => {
    expect(ruleVectors.map(([name]) => name).sort()).toEqual(yamlRules.map(rule => `${rule.id.replace('/', '-')}.json`).sort())
    expect(ruleVectors.filter(([name, vector]) => name !== `${vector.rule.replace('/', '-')}.json`)).toEqual([])
  })

  it.each(ruleVectors)('%s breaks it, and is named there', (_, vector) => {
    const { findings } = readShadowYaml(bytesOf({ ...vector, rc: 0, yaml: true }))
    expect(findings).toEqual(vector.expect.map(each => ({ ...each, message: expect.any(String) })))
    expect(findings.map(finding => finding.rule)).toContain(vector.rule)
  })

  it('has severities of its rules, and lines and columns of its bytes', () => {
    for (const vector of vectors.slice(0, 800)) {
      const bytes = bytesOf(vector)
      for (const { rule, severity, offset, length, line } of readShadowYaml(bytes).findings) {
        expect(yamlRules.find(each => each.id === rule)?.severity).toBe(severity)
        expect(offset + length).toBeLessThanOrEqual(bytes.length)
        expect(line).toBe(Buffer.from(bytes.subarray(0, offset)).toString('latin1').split('\n').length)
      }
    }
  })

  it('the reader refuses nothing without a warning or an error', () => {
    for (const vector of vectors) {
      const { verdict, findings } = readShadowYaml(bytesOf(vector))
      if (verdict.rc !== 0) expect([vector.text, findings.filter(f => f.severity !== 'note').length > 0]).toEqual([vector.text, true])
    }
  })
})

describe('hostile texts', () => {
  /** Answers, or throws a WireError. */
  function survives(bytes: Uint8Array): void {
    try {
      readShadowYaml(bytes)
    } catch (error) {
      if (!(error instanceof WireError)) throw error
    }
  }

  it('bytes of any kind', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), bytes => survives(bytes)),
      { numRuns: 1500 },
    )
    const pieces = fc.array(
      fc.constantFrom(
        '- ',
        '? ',
        ': ',
        '{',
        '}',
        '[',
        ']',
        ',',
        '"',
        "'",
        '|',
        '>',
        '&a ',
        '*a',
        '!t ',
        '%',
        '#',
        '\n',
        '  ',
        'a',
        '0',
        '\t',
        '\r',
        '---\n',
        '...\n',
        '@',
        '\\',
      ),
      { maxLength: 60 },
    )
    fc.assert(
      fc.property(pieces, parts => survives(utf8(parts.join('')))),
      { numRuns: 3000 },
    )
  })

  it('cut at every byte, and with every bit flipped', () => {
    const bytes = utf8(everyFile.find(({ name }) => name === 'v48/il-good')?.file.yaml ?? '')
    for (let end = 0; end < bytes.length; end++) survives(bytes.subarray(0, end))
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const other = bytes.slice()
      other[bit >> 3] = (other[bit >> 3] as number) ^ (1 << (bit & 7))
      survives(other)
    }
  })

  it.each([
    ['- ', 8000],
    ['? ', 8000],
    ['[', 16_000],
    ['{', 16_000],
    ['{a: ', 4000],
    ['- [', 4000],
    ['[? ', 4000],
  ])('%j nested %i times', (piece, times) => {
    expect(() => read(piece.repeat(times))).toThrow(WireError)
  })

  it.each([
    [
      'aliases that multiply',
      `${Array.from({ length: 30 }, (_, i) => `a${i}: &a${i} [${i === 0 ? 'x' : `*a${i - 1},*a${i - 1},*a${i - 1}`}]`).join('\n')}\n`,
    ],
    ['an alias of itself', '&a [*a]\n'],
    ['one key again and again', `file:\n${'  path: x\n'.repeat(1500)}`],
    ['many documents', '---\na\n'.repeat(2500)],
    ['many anchors', '- &a x\n'.repeat(2300)],
    ['a long key', `? ${'k'.repeat(16_000)}\n: v\n`],
    ['many digits', `file:\n  size: ${'9'.repeat(16_000)}\n`],
    ['more than is read', `#${'x'.repeat(5_000_000)}`],
    ['quotes', `file: ${'"'.repeat(16_000)}`],
    ['colons', ': '.repeat(30)],
    ['empty lines', '\n'.repeat(16_000)],
  ])('%s', (_, text) => {
    expect(() => survives(utf8(text))).not.toThrow()
  })
})

it('runs in a browser that allows no code made of strings', async () => {
  const root = new URL('../', import.meta.url).pathname
  const { outputFiles } = await build({
    stdin: { contents: "export * from './src/metadata/yaml/read/index.ts'", resolveDir: root, loader: 'ts' },
    absWorkingDir: root,
    bundle: true,
    format: 'iife',
    globalName: 'yaml',
    platform: 'browser',
    write: false,
  })
  const script = `${outputFiles[0]?.text ?? ''}
    const text = new TextEncoder().encode('---\\nfile:\\n  nextents: 1\\n  simple_ext_list:\\n  - offset: 0x200000\\n    length: 4096\\n')
    const { verdict, entry } = yaml.readShadowYaml(text)
    ;[verdict.rc, entry.bytes[146]].join()`
  const context = createContext({ TextDecoder, TextEncoder }, { codeGeneration: { strings: false, wasm: false } })
  expect(runInContext(script, context)).toBe('0,32')
})
