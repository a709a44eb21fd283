/** The YAML writer beside libyaml's own output, and the meta files beside the reference's. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hex } from '../src/codec/index.ts'
import { metaFiles } from '../src/metadata/yaml/meta.ts'
import { codePoints, yamlScalar } from '../src/metadata/yaml/scalar.ts'
import { readBackResult, type ShadowFile, shadowYaml } from '../src/metadata/yaml/shadow.ts'
import { goldenCases } from './metadata-golden.ts'

interface Vector {
  readonly path: string
  readonly yaml: string | null
  readonly reads?: boolean
}

const vectors = readFileSync(new URL('../fixtures/yaml/scalars.ndjson', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map(line => JSON.parse(line) as Vector)

const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'))
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)

const file = (changes: Partial<ShadowFile>): ShadowFile => ({
  path: ascii('f'),
  size: 1n,
  flags: 2,
  mode: 0o644,
  uid: 0,
  gid: 0,
  extType: 0,
  nextents: 1,
  extents: [{ devindex: 0n, offset: 0xa00000n, length: 0x200000n }],
  interleaved: [],
  ...changes,
})

describe('a path as a YAML scalar', () => {
  it('is written as libyaml writes it', () => {
    expect(vectors.length).toBeGreaterThan(1000)
    const written = vectors.map(({ path }) => {
      const scalar = yamlScalar(bytesOf(path), 8, 4)
      return { path, yaml: scalar === undefined ? null : `---\nfile:\n  path: ${scalar}\n  size: 1\n...\n` }
    })
    expect(written).toEqual(vectors.map(({ path, yaml }) => ({ path, yaml })))
  })

  it('is read back exactly where libyaml reads it back', () => {
    const readable = vectors.filter(v => v.yaml !== null)
    expect(readable.map(({ path }) => readBackResult(file({ path: bytesOf(path) })) === 0)).toEqual(readable.map(v => v.reads))
  })

  it('is ASCII, whatever the bytes', () => {
    const property = fc.property(fc.uint8Array({ minLength: 1, maxLength: 120 }), bytes => {
      const scalar = yamlScalar(bytes, 8, 4)
      expect(scalar === undefined).toBe(codePoints(bytes) === undefined)
      if (scalar !== undefined) expect(scalar).toMatch(/^[\n\x20-\x7e]*$/)
    })
    fc.assert(property, { numRuns: 500 })
  })
})

describe('a shadow file', () => {
  it('shows numbers as C prints them', () => {
    const yaml = shadowYaml(
      file({ size: 2n ** 64n - 1n, uid: 0xffff_fffe, mode: 0, extents: [{ devindex: 2n ** 63n, offset: 2n ** 64n - 1n, length: 0n }] }),
    )
    expect(yaml.outcome === 'returned' && yaml.result).toBe(
      '---\nfile:\n  path: f\n  size: -1\n  flags: 2\n  mode: 00\n  uid: -2\n  gid: 0\n  nextents: 1\n  simple_ext_list:\n' +
        '  - devindex: -9223372036854775808\n    offset: 0xffffffffffffffff\n    length: 0x0\n...\n',
    )
  })

  it('is not defined where its counts lead out of the entry', () => {
    expect(shadowYaml(file({ nextents: 18 })).outcome).toBe('undefined')
    expect(shadowYaml(file({ extType: 1, nextents: 2, interleaved: [{ nstrips: 1n, chunkSize: 1n, strips: [] }] })).outcome).toBe(
      'undefined',
    )
    expect(shadowYaml(file({ path: Uint8Array.of(0xff) })).outcome).toBe('aborted')
  })

  it('lists no strips for a count that is negative or zero as an int', () => {
    const yaml = shadowYaml(file({ extType: 1, extents: [], interleaved: [{ nstrips: 2n ** 31n, chunkSize: 4096n, strips: [] }] }))
    expect(yaml.outcome === 'returned' && yaml.result).toContain(
      '  - nstrips: 2147483648\n    chunk_size: 0x1000\n    simple_ext_list: []\n',
    )
  })
})

const withMeta = goldenCases('v48').filter(c => c.manifest.shadow_meta_files_by_role !== undefined)
const ROLES = { master: 1, client: 2 } as const

describe.each(withMeta)('the meta files of $name', c => {
  it.each(['master', 'client'] as const)('for the %s', role => {
    const wanted = c.manifest.shadow_meta_files_by_role?.[role]?.files.map(({ shadow_path, yaml, msg_hex }) => ({
      shadow_path,
      yaml,
      msg_hex,
    }))
    const made = metaFiles(c.superblock, ROLES[role]).map(({ path, yaml, message }) => ({ shadow_path: path, yaml, msg_hex: hex(message) }))
    expect(made).toEqual(wanted)
  })
})

it('has meta files to compare with', () => {
  expect(withMeta).toHaveLength(3)
})
