/** Writing to real block devices: loop devices, which only root can make. */
import { spawnSync } from 'node:child_process'
import {
  accessSync,
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { leaseOf, locksIn, mountsIn } from '../src/cli/image/held.ts'
import { good, image, judged } from './image-command.ts'

const OWNER = '01234567-89ab-cdef-0123-456789abcdef'
const scratch = mkdtempSync(join(tmpdir(), 'famfs-wire-device-'))
const at = (name: string): string => join(scratch, name)
const devices: string[] = []

const run = (command: string, ...args: string[]): { ok: boolean; out: string; err: string } => {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' })
  return { ok: status === 0, out: (stdout ?? '').trim(), err: (stderr || error?.message || '').trim() }
}

/** A loop device over a new file of that many MiB; or why there can be none. */
function loop(name: string, mib = 64): { device: string } | { why: string } {
  writeFileSync(at(name), '')
  truncateSync(at(name), mib * 2 ** 20)
  const { ok, out, err } = run('losetup', '--find', '--show', at(name))
  if (!ok) return { why: err }
  devices.push(out)
  return { device: out }
}

const first = loop('first.img')
if ('why' in first) console.warn(`no loop devices here, tests of block devices are skipped: ${first.why}`)
const disk = 'device' in first ? first.device : ''

afterAll(() => {
  for (const device of devices) run('losetup', '--detach', device)
  rmSync(scratch, { recursive: true, force: true })
})

const bytesOf = (device: string, offset: number, length: number): Buffer => {
  const bytes = Buffer.alloc(length)
  readSync(openSync(device, 'r'), bytes, 0, length, offset)
  return bytes
}

describe.skipIf(disk === '')('a block device', () => {
  test('is written to when --write says so, whole', async () => {
    const without = await image('mkfs', disk)
    expect([without.code, without.err]).toEqual([
      2,
      `famfs-wire: ${disk}: is a device, and --write does not say that it may be written to\nhint: what is on it now would be lost\n`,
    ])
    expect(bytesOf(disk, 0, 4096).every(b => b === 0)).toBe(true)
    const dir = at('dir')
    mkdirSync(join(dir, 'sub'), { recursive: true })
    writeFileSync(join(dir, 'sub', 'file'), 'on a device')
    const { superblock } = JSON.parse(await good('mkfs', disk, '--write', '--copy-from', dir, '--system-uuid', OWNER, '--json'))
    expect([superblock['ts_daxdev.dd_size'], superblock['ts_daxdev.dd_daxdev']]).toEqual([`${64 * 2 ** 20}`, disk])
    expect(await good('cat', disk, 'sub/file')).toBe('on a device')
    expect((await judged(disk, OWNER)).good).toBe(true)
  })

  test('with a famfs on it wants --force, and then zeros are written over what was there', async () => {
    const { code, err } = await image('mkfs', disk, '--write')
    expect([code, err]).toEqual([1, `famfs-wire: ${disk}: is not empty: it is a famfs, layout L24\nhint: --force overwrites it\n`])
    const dir = at('zeros')
    mkdirSync(dir)
    writeFileSync(join(dir, 'zeros'), Buffer.alloc(5000))
    await good('mkfs', disk, '--write', '--force', '--copy-from', dir)
    expect((await image('cat', disk, 'zeros')).out.equals(Buffer.alloc(5000))).toBe(true)
    expect(await good('ls', disk)).toBe('zeros\n')
  })

  test('takes directories and files, and keeps everybody else out meanwhile', async () => {
    writeFileSync(at('content'), 'added')
    await good('mkdir', disk, 'a/b', '-p', '--write')
    await good('add', disk, 'a/b/c', '--from', at('content'), '--write')
    expect(await good('cat', disk, 'a/b/c')).toBe('added')
    const fd = openSync(disk, constants.O_RDWR | constants.O_EXCL)
    const { code, err } = await image('mkdir', disk, 'd', '--write')
    closeSync(fd)
    expect([code, err]).toEqual([
      1,
      `famfs-wire: ${disk}: is in use: mounted somewhere, or a part of another device\nhint: unmount it first; to a mounted famfs its own tools add\n`,
    ])
    expect(await good('ls', disk, '-R')).toBe('a/\na/b/\na/b/c\nzeros\n')
  })

  test('has so many bytes and no more', async () => {
    const { code, err } = await image('mkfs', disk, '--write', '--force', '--size', '65M')
    expect([code, err]).toEqual([2, `famfs-wire: --size: ${disk} has 67108864 bytes, not 68157440\n`])
  })

  test('is not written to by way of the file behind it', async () => {
    const { code, err } = await image('mkfs', at('first.img'), '--force')
    expect([code, err]).toEqual([
      1,
      `famfs-wire: ${at('first.img')}: is shown as ${disk}\nhint: write to ${disk}, or take that away first: losetup -d ${disk}\n`,
    ])
  })

  test('that is mounted is left alone', async () => {
    const second = loop('second.img')
    if ('why' in second) throw new Error(second.why)
    const { device } = second
    if (!run('mkfs.ext4', '-q', device).ok) return console.warn('no mkfs.ext4: not tried')
    const named = await image('mkfs', device, '--write')
    expect([named.code, named.err]).toEqual([1, expect.stringContaining('is not empty: it looks like an ext2, ext3 or ext4 file system')])
    mkdirSync(at('mnt with space'))
    const mounted = run('mount', device, at('mnt with space'))
    if (!mounted.ok) return console.warn(`no mount, not tried: ${mounted.err}`)
    try {
      const before = bytesOf(device, 0, 65536)
      const { code, err } = await image('mkfs', device, '--write', '--force')
      expect([code, err.split('\n')[0]]).toEqual([1, `famfs-wire: ${device}: is mounted at ${at('mnt with space')}`])
      expect(bytesOf(device, 0, 65536).equals(before)).toBe(true)
    } finally {
      run('umount', at('mnt with space'))
    }
  })
})

describe('a file', () => {
  const flock = run('flock', '--version').ok
  if (!flock) console.warn('no flock command here: locks on files are not tried')

  test.skipIf(!flock)('that is locked is left alone, and free again when the lock is given back', async () => {
    await good('mkfs', at('locked.img'), '--size', '64M')
    const lease = leaseOf(at('locked.img'))
    expect(lease).toBeDefined()
    expect(leaseOf(at('locked.img'))).toBeUndefined()
    const before = readFileSync(at('locked.img'))
    const { code, err } = await image('mkfs', at('locked.img'), '--force')
    expect([code, err]).toEqual([1, expect.stringMatching(/locked.img: is locked by .*\nhint: let that end first\n$/)])
    expect(readFileSync(at('locked.img')).equals(before)).toBe(true)
    lease?.release()
    await good('mkfs', at('locked.img'), '--force')
  })
})

/** Anybody may look at it, root alone may open it. */
function mayOpen(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK)
    return true
  } catch (error) {
    console.warn(`no character device without read and write, not tried: ${(error as Error).message}`)
    return false
  }
}

describe.skipIf(!mayOpen('/dev/loop-control'))('a character device that has neither read nor write, as those of DAX have not', () => {
  test('is not read, and what to do is said', async () => {
    const { code, err } = await image('info', '/dev/loop-control')
    expect([code, err]).toEqual([
      2,
      'famfs-wire: /dev/loop-control: is a character device, and such as DAX devices can only be mapped\nhint: daxio --input DEVICE --output FILE --len 16M copies superblock and an 8 MiB log into a file; of a mounted famfs name the mount point\n',
    ])
  })

  test.each([['mkfs'], ['mkdir', 'a'], ['add', 'a', '--size', '1M']])('%s does not write to it', async (name, ...rest) => {
    const { code, err } = await image(name, '/dev/loop-control', ...rest, '--write')
    expect([code, err]).toEqual([2, expect.stringContaining('daxio --input FILE --output DEVICE')])
  })
})

describe('what the kernel tells', () => {
  test('mounts, with escapes in their paths', () => {
    const text = [
      '22 27 0:21 / /proc rw,relatime shared:5 - proc proc rw',
      '90 27 259:1 / /mnt/a\\040b rw shared:1 master:2 - famfs /dev/dax0.0 rw,shadow=/run/x',
      '',
    ].join('\n')
    expect(mountsIn(text)).toEqual([
      { numbers: '0:21', at: '/proc', source: 'proc' },
      { numbers: '259:1', at: '/mnt/a b', source: '/dev/dax0.0' },
    ])
  })

  test('locks, and not who waits for them', () => {
    const text = [
      '1: FLOCK  ADVISORY  WRITE 10700 fe:00:5341647 0 EOF',
      '1: -> FLOCK  ADVISORY  WRITE 10701 fe:00:5341647 0 EOF',
      '2: OFDLCK ADVISORY  READ -1 00:1b:12 100 101',
      '',
    ].join('\n')
    expect(locksIn(text)).toEqual([
      { kind: 'FLOCK', pid: 10700, file: 'fe:00:5341647' },
      { kind: 'OFDLCK', pid: -1, file: '00:1b:12' },
    ])
  })
})
