/** No line ends a testee: answers, files and counts have limits, and JSON of any depth is refused. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { imageFilesAnswer } from '../../src/cli/image/testee.ts'
import { answerLine } from '../../src/conformance/testee.ts'
import { readRequests } from '../../src/metadata/build/index.ts'
import { imageFindings, memoryArea, openImageNow, referenceVerdicts } from '../../src/metadata/index.ts'
import { logOf } from '../metadata-made.ts'

const work = mkdtempSync(join(tmpdir(), 'famfs-wire-limits-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

const file = (name: string, bytes: Uint8Array): string => {
  const path = join(work, name)
  writeFileSync(path, bytes)
  return path
}
const asked = (line: string) =>
  JSON.parse(answerLine(line, { image: imageFilesAnswer }) ?? '') as { id: unknown; error?: { path: string; message: string } }
const imageOf = (superblock_file: string, log_file: string, log_bytes = 592) =>
  asked(JSON.stringify({ id: 1, op: 'image', superblock_file, log_file, superblock_bytes: 4096, log_bytes }))

describe('files that a line names', () => {
  const sb = file('sb', new Uint8Array(4096))
  const log = file('log', logOf(1, 592).bytes)

  it.each(['/dev/zero', '/dev/null'])('are regular ones, not %s', device => {
    expect(imageOf(device, log).error).toMatchObject({ path: 'superblock_file' })
    expect(imageOf(sb, device).error).toMatchObject({ path: 'log_file' })
  })

  it('are no pipe that nothing writes to', () => {
    const pipe = join(work, 'pipe')
    execFileSync('mkfifo', [pipe])
    expect(imageOf(pipe, log).error?.message).toContain('is no regular file')
  })

  it('unpack to a size that has a limit', () => {
    const bomb = file('bomb.gz', gzipSync(new Uint8Array(2 ** 28 + 1)))
    expect(imageOf(sb, bomb).error).toMatchObject({ path: 'log_file' })
  })

  it('bear out the entries that are counted', () => {
    const { bytes, view } = logOf(1, 592)
    view.setBigUint64(40, 9_000_000_000n, true)
    const counted = file('counted', bytes)
    expect(imageOf(sb, counted, 9e9 * 544).error).toMatchObject({ path: 'log_bytes' })
    expect(imageOf(sb, counted, 2 ** 29).error?.message).toContain('9000000000 entries')
    expect(imageOf(sb, counted).error).toBeUndefined()
  })
})

describe('a line', () => {
  const deep = '['.repeat(100_000) + ']'.repeat(100_000)
  it.each([deep, `{"id":1,"op":${deep}}`, `{"id":${deep}}`, `{"a":`.repeat(100_000)])('is not nested without end', line => {
    expect(asked(line).error?.message).toContain('nested more than 256 deep')
  })

  it.each(['9007199254740993', '1e400', '-9007199254740993'])('has no number that JSON does not carry: %s', number => {
    expect(asked(`{"id":"\\"1","op":"decode","minor":${number}}`).error?.message).toContain(`${number} is no number`)
  })

  it('has no minor below 0', () => {
    const { error } = asked('{"id":1,"op":"decode","message":"fuse_init_out","minor":-1,"hex":""}')
    expect(error).toMatchObject({ path: 'minor' })
    expect(error?.message).toContain('is -1')
  })

  it('asks for no message that is too large to be made into values', () => {
    const hex = '00'.repeat((16 << 20) + 4097)
    expect(asked(`{"id":1,"op":"decode","message":"fuse_famfs_fmap","hex":"${hex}"}`).error?.message).toContain('are decoded here')
  })

  it('is answered in JSON that no terminal acts on', () => {
    expect(answerLine('{"id":"\u202e\u009b","op":"x"}')).toContain('"\\u202e\\u009b"')
  })
})

describe('JSON that is parsed already', () => {
  it('is refused without recursion', () => {
    let deep: unknown = []
    for (let i = 0; i < 100_000; i++) deep = [deep]
    expect(() => readRequests({ kind: 'mkdir', path: deep })).toThrow('must be a text, is a list')
  })
})

describe('an area that does not tell its size', () => {
  const endless = (bytes: Uint8Array) => ({ ...memoryArea(bytes), size: Number.POSITIVE_INFINITY })
  it('is judged like any other', async () => {
    const log = endless(logOf(1, 592).bytes)
    const superblock = endless(new Uint8Array(4096))
    const verdicts = await referenceVerdicts({ superblock, log })
    expect(verdicts.famfs_validate_log_entry_each).toMatchObject({ rc: 0 })
    await imageFindings(openImageNow({ superblock, log }, { layout: 'L24' }))
  })
})
