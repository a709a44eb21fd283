/** A corpus as files: whole or not at all, named by content, the same again and again. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WireError } from '../src/codec/errors.ts'
import { corpus, dictionary } from '../src/corpus/index.ts'
import type { Sidecar } from '../src/corpus/sidecar.ts'
import { type Manifest, writeCorpus } from '../src/corpus/write.ts'
import { type DialectId, famfsDialectIds } from '../src/uapi/dialects/index.ts'
import { findings } from '../src/validate/index.ts'
import { verdict } from '../src/validate/verdict.ts'

const SEED = 'files'
const COUNT = 120

let top = ''
beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), 'famfs-corpus-'))
})
afterAll(() => rmSync(top, { recursive: true, force: true }))

const sha1 = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('hex')
const filesIn = (directory: string): string[] => readdirSync(directory).sort()

/** Every file below a directory with the hash of its content. */
const listing = (directory: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name))
      .map(path => [path.slice(directory.length), sha1(readFileSync(path))]),
  )

/** Rule ids by severity. */
const byRule = (bytes: Uint8Array, id: DialectId): Record<string, string[]> => {
  const rules: Record<string, Set<string>> = {}
  for (const { severity, rule } of findings(bytes, id)) rules[severity] = (rules[severity] ?? new Set()).add(rule)
  return Object.fromEntries(Object.entries(rules).map(([severity, ids]) => [severity, [...ids].sort()]))
}

describe.each(famfsDialectIds)('written for %s', dialect => {
  let out = ''
  let manifest: Manifest
  const cases = [...corpus(dialect, SEED, COUNT)]
  const steps: number[] = []

  beforeAll(async () => {
    out = join(top, dialect)
    manifest = await writeCorpus(out, { dialect, seed: SEED, count: COUNT, progress: done => steps.push(done) })
  })

  test('what there is', () => {
    expect(filesIn(out)).toEqual(['README.txt', 'fmap', 'fmap.dict', 'manifest.json', 'reply', 'request', 'sidecar'])
    expect(readFileSync(join(out, 'fmap.dict'), 'utf8')).toBe(dictionary(dialect))
    expect(readFileSync(join(out, 'README.txt'), 'utf8')).toContain(`--dialect ${dialect} --seed ${SEED} --count ${COUNT}`)
    expect(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'))).toEqual(manifest)
    expect(readdirSync(top).filter(name => name.includes('.partial'))).toEqual([])
    expect(steps).toEqual(cases.map((_, i) => i + 1))
  })

  test('files are named by the sha1 of their content', () => {
    for (const directory of ['fmap', 'reply', 'request'])
      for (const name of filesIn(join(out, directory))) expect(sha1(readFileSync(join(out, directory, name)))).toBe(name)
    expect(filesIn(join(out, 'fmap'))).toEqual(cases.map(c => sha1(c.bytes)).sort())
    expect(filesIn(join(out, 'reply'))).toHaveLength(COUNT)
    expect(filesIn(join(out, 'sidecar'))).toEqual(filesIn(join(out, 'fmap')).map(name => `${name}.json`))
  })

  test('the manifest puts together what belongs together', () => {
    expect(manifest).toMatchObject({ dialect, seed: SEED, count: COUNT })
    expect(Object.values(manifest.categories).reduce((sum, n) => sum + n, 0)).toBe(COUNT)
    expect(new Set(manifest.cases.map(c => c.request))).toEqual(new Set(filesIn(join(out, 'request'))))
    manifest.cases.forEach((c, i) => {
      const fmap = readFileSync(join(out, 'fmap', c.fmap))
      expect(fmap.equals(cases[i]?.bytes ?? new Uint8Array(1))).toBe(true)
      expect(
        readFileSync(join(out, 'reply', c.reply))
          .subarray(16)
          .equals(fmap),
      ).toBe(true)
      expect(c).toMatchObject({ category: cases[i]?.category, errno: verdict(fmap, dialect).errno })
    })
  })

  test('the records tell how each was made and what every dialect says', () => {
    for (const { fmap, reply, request } of manifest.cases) {
      const record = JSON.parse(readFileSync(join(out, 'sidecar', `${fmap}.json`), 'utf8')) as Sidecar & Record<string, unknown>
      expect(record).toMatchObject({ fmap, reply, request, dialect, seed: SEED })
      const bytes = readFileSync(join(out, 'fmap', fmap))
      expect(record.length).toBe(bytes.length)
      expect(record.findings).toEqual(Object.fromEntries(famfsDialectIds.map(id => [id, byRule(bytes, id)])))
      for (const id of famfsDialectIds) {
        const answer = verdict(bytes, id)
        const { errno, ...why } = answer
        expect(record.verdicts[id]).toEqual(
          'reason' in why ? { errno, reason: why.reason, path: why.path, offset: why.offset, length: why.length } : { errno },
        )
      }
    }
  })
})

describe('a directory', () => {
  const options = { dialect: 'fuse-push-il', seed: 1, count: 30 } as const

  test('gets the same files from the same options, wherever it is', async () => {
    const [a, b] = [join(top, 'a'), join(top, 'deep', 'er', 'b')]
    await writeCorpus(a, options)
    await writeCorpus(b, options)
    expect(listing(b)).toEqual(listing(a))
  })

  test('tells how to make it again, for any seed', async () => {
    const out = join(top, 'quoted')
    await writeCorpus(out, { ...options, seed: "it's a $seed", count: 1 })
    expect(readFileSync(join(out, 'README.txt'), 'utf8')).toContain(`--seed 'it'\\''s a $seed' --count 1`)
  })

  test('that is empty is taken', async () => {
    const out = join(top, 'empty')
    mkdirSync(out)
    await writeCorpus(out, options)
    expect(filesIn(join(out, 'fmap'))).toHaveLength(30)
  })

  test('that holds a corpus is refused and kept', async () => {
    const out = join(top, 'twice')
    await writeCorpus(out, options)
    const before = listing(out)
    await expect(writeCorpus(out, { ...options, seed: 2 })).rejects.toMatchObject({
      code: 'ENOTEMPTY',
      message: expect.stringContaining(out),
    })
    expect(listing(out)).toEqual(before)
  })

  test('that is a file is refused and kept', async () => {
    const out = join(top, 'file')
    writeFileSync(out, 'mine')
    await expect(writeCorpus(out, options)).rejects.toMatchObject({ code: 'ENOTDIR', message: expect.stringContaining(out) })
    expect(readFileSync(out, 'utf8')).toBe('mine')
  })

  test('is not there when something fails on the way', async () => {
    const out = join(top, 'failed')
    const progress = (done: number): void => {
      if (done === 7) throw new Error('enough')
    }
    await expect(writeCorpus(out, { ...options, progress })).rejects.toThrow('enough')
    expect(existsSync(out)).toBe(false)
    expect(readdirSync(top).filter(name => name.startsWith('failed'))).toEqual([])
  })

  test('is not made for a dialect without maps or an impossible machine', async () => {
    await expect(writeCorpus(join(top, 'none'), { ...options, dialect: 'fuse' })).rejects.toThrow(WireError)
    await expect(writeCorpus(join(top, 'none'), { ...options, pageSize: 3 })).rejects.toThrow(WireError)
    expect(readdirSync(top).filter(name => name.startsWith('none'))).toEqual([])
  })
})
