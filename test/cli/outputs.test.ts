/** What a command writes never takes the place of what it reads, of a device, or, unless it is told to, of anything else. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { run } from '../cli-inside.ts'

const STRIPS = readFileSync(resolve('fixtures/examples/two-strips.hex'))
const MAP =
  '{"file_type":0,"fmap_version":1,"ext_type":"FUSE_FAMFS_EXT_SIMPLE","file_size":"2097152","extents":[{"se_devindex":0,"se_offset":"2097152","se_len":"2097152"}]}'

const top = mkdtempSync(join(tmpdir(), 'famfs-wire-outputs-'))
const image = join(top, 'image')
let folder = ''
beforeAll(async () => {
  expect((await run(['image', 'mkfs', image, '--size', '64M'])).exit).toBe(0)
  expect((await run(['image', 'add', image, 'file', '--size', '2M', '--write'])).exit).toBe(0)
})
beforeEach(() => {
  folder = mkdtempSync(join(top, 'case-'))
  writeFileSync(join(folder, 'strips.hex'), STRIPS)
  writeFileSync(join(folder, 'map.json'), MAP)
  writeFileSync(join(folder, 'other'), 'theirs')
})
afterAll(() => rmSync(top, { recursive: true, force: true }))

/** Every command that makes a file: what it reads, and how it is called with the name of the file that it makes. */
const WRITERS: readonly (readonly [string, () => string, (out: string) => string[]])[] = [
  [
    'encode',
    () => join(folder, 'map.json'),
    out => ['encode', join(folder, 'map.json'), '--as', 'fuse_famfs_fmap', '-d', 'fuse-v10', '-o', out],
  ],
  ['resolve --svg', () => join(folder, 'strips.hex'), out => ['resolve', join(folder, 'strips.hex'), '--svg', '-o', out]],
  ['resolve --image --svg', () => image, out => ['resolve', '--image', image, 'file', '--svg', '-o', out]],
  [
    'ioctl convert',
    () => join(folder, 'strips.hex'),
    out => ['ioctl', 'convert', join(folder, 'strips.hex'), '--to', 'ioctl-43', '-o', out],
  ],
  ['ioctl convert --image', () => image, out => ['ioctl', 'convert', 'file', '--image', image, '--to', 'ioctl-43', '-o', out]],
  ['image map --svg', () => image, out => ['image', 'map', image, '--svg', '-o', out]],
  ['image map PATH --svg', () => image, out => ['image', 'map', image, 'file', '--svg', '-o', out]],
  ['image convert', () => image, out => ['image', 'convert', image, out, '--layout', 'L24']],
]

describe.each(WRITERS)('%s', (_, read, args) => {
  it('writes a new file', async () => {
    const out = join(folder, 'new')
    expect(await run(args(out))).toMatchObject({ exit: 0 })
    expect(existsSync(out)).toBe(true)
  })

  it('replaces what is there with --force alone', async () => {
    const out = join(folder, 'other')
    const { exit, err } = await run(args(out))
    expect([1, 2]).toContain(exit)
    expect(err).toMatch(/hint: --force (replaces|overwrites) it/)
    expect(readFileSync(out, 'utf8')).toBe('theirs')
    expect((await run([...args(out), '--force'])).exit).toBe(0)
    expect(readFileSync(out, 'latin1')).not.toBe('theirs')
  })

  it.each([false, true])('never replaces what it reads, by a link neither (%s)', async linked => {
    const before = readFileSync(read())
    const out = linked ? join(folder, 'link') : read()
    if (linked) symlinkSync(read(), out)
    const { exit, err } = await run([...args(out), '--force'])
    expect(exit).toBe(2)
    expect(err).toContain('is what is read, and that is never replaced')
    expect(readFileSync(read()).equals(before)).toBe(true)
  })

  it.each(['/dev/null', '/dev/full'])('never writes to a device: %s', async device => {
    expect((await run([...args(device), '--force'])).exit).toBe(2)
  })
})

describe('what is read', () => {
  it('is standard input, too', async () => {
    const main = `import { processIo } from './src/cli/io.ts'; import { main } from './src/cli/run.ts'; process.exitCode = await main(process.argv.slice(1), processIo())`
    const path = join(folder, 'map.json')
    const line = `"${process.execPath}" --import tsx -e "$CODE" -- encode - --as fuse_famfs_fmap -d fuse-v10 -o ${path} --force < ${path}`
    const { status, stderr } = spawnSync('bash', ['-c', line], { encoding: 'utf8', env: { ...process.env, CODE: main } })
    expect(stderr).toContain('is what is read')
    expect(status).toBe(2)
    expect(readFileSync(path, 'utf8')).toBe(MAP)
  })

  it('is the directory that mkfs copies from', async () => {
    const inside = join(folder, 'inside.img')
    writeFileSync(inside, 'theirs')
    const { exit, err } = await run(['image', 'mkfs', inside, '--copy-from', folder, '--force'])
    expect([exit, readFileSync(inside, 'utf8')]).toEqual([2, 'theirs'])
    expect(err).toContain('is in')
  })
})
