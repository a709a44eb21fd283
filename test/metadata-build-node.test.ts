/** Images in files, filled from a real directory. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ranges } from '../src/kernel/index.ts'
import { appendEntries, createImage, openFileDevice, readDirectoryRequests, writeImage } from '../src/metadata/build/index.ts'
import { entryAt, mapOfEntry, openImage, replay, walk } from '../src/metadata/index.ts'

const MIB = 1 << 20
const NAMES = ['with space', 'ünïcode', 'x'.repeat(79), 'dir/inner']
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'famfs-build-'))
  const from = join(folder, 'from')
  mkdirSync(join(from, 'dir', 'deeper'), { recursive: true })
  for (const [i, name] of NAMES.entries()) writeFileSync(join(from, name), Buffer.alloc(1 + i * 1_500_000, `${i} `))
  writeFileSync(join(from, 'empty'), '')
  writeFileSync(join(from, 'dir', 'y'.repeat(76)), 'too long')
  symlinkSync('empty', join(from, 'link'))
})

afterAll(() => rmSync(folder, { recursive: true }))

describe('an image file', () => {
  it('holds a directory, byte for byte, and says what it cannot hold', async () => {
    const { entries, leftOut } = await readDirectoryRequests(join(folder, 'from'))
    expect(leftOut.map(({ path, why }) => [Buffer.from(path).toString(), why]).sort()).toEqual([
      [`dir/${'y'.repeat(76)}`, 'path of more than 79 bytes'],
      ['empty', 'empty file'],
      ['link', 'symbolic link'],
    ])
    const path = join(folder, 'image')
    const device = await openFileDevice(path, { create: 64 * MIB })
    await writeImage(device, createImage({ deviceSize: 64 * MIB, entries: entries.slice(0, 3) }), { sparse: true })
    await appendEntries(device, entries.slice(3))
    const image = await openImage(device)
    const done = await replay(image)
    expect([...walk(done)].map(n => Buffer.from(n.path).toString()).sort()).toEqual([...NAMES, 'dir', 'dir/deeper'].sort())
    for (const node of walk(done)) {
      if (node.kind === 'directory') continue
      const map = mapOfEntry(await entryAt(image, node.entry))
      const parts = [...ranges(map)].map(r => device.read(Number(r.addr), Number(r.length)))
      expect(Buffer.compare(Buffer.concat(parts), readFileSync(join(folder, 'from', Buffer.from(node.path).toString())))).toBe(0)
    }
    device.close()
    expect(statSync(path).blocks * 512).toBeLessThan(40 * MIB)
  })

  it('is not made over a file that is there', async () => {
    const path = join(folder, 'there')
    writeFileSync(path, 'x')
    await expect(openFileDevice(path, { create: MIB })).rejects.toThrow(/EEXIST/)
    expect(readFileSync(path, 'utf8')).toBe('x')
  })

  it('is not opened where there is none', async () => {
    await expect(openFileDevice(join(folder, 'nothing'))).rejects.toThrow(/ENOENT/)
  })
})
