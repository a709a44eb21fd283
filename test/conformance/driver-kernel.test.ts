/**
 * What a running kernel did with the driver of 44d (fixtures/ioctl/ioctl-44d-kernel.jsonl): reads and option bitmaps through the testee protocol,
 * and what is told in words - mounts, devices, callers, files, a memory failure - step by step through the model.
 */
import { describe, expect, it } from 'vitest'
import { encodeIoctl, LOWEST_ADDRESS, UserMemory } from '../../src/codec/ioctl/index.ts'
import { answer } from '../../src/conformance/testee.ts'
import {
  cutToFile,
  type FileMap,
  type FileOperationCall,
  type FileState,
  fileOperation,
  healthy,
  type IoctlState,
  installDevice,
  ioctlVerdict,
  verdictOfPayload,
} from '../../src/kernel/index.ts'
import { type AnsweredVector, answeredIn } from '../ioctl-vectors.ts'

type Json = Readonly<Record<string, unknown>>

const vectors = answeredIn('ioctl-44d-kernel')
const ofKind = (kind: string): AnsweredVector[] => vectors.filter(v => v.kind === kind)
const said = (request: Json): Json => JSON.parse(JSON.stringify(answer(request))) as Json
const errnoOf = (v: AnsweredVector): unknown => (v.expect as Json).errno

const SIZE = 0x200000n
const map: FileMap = { ext_type: 'simple', file_size: SIZE, extents: [{ dev_index: 0, offset: 0n, len: SIZE }] }

it('has 182 vectors, and no kind that is not looked at', () => {
  expect(vectors).toHaveLength(182)
  expect(new Set(vectors.map(v => v.kind))).toEqual(new Set(['mount', 'daxdev', 'caller', 'permitted', 'file', 'memory-failure', 'reads']))
})

it('every one of 2,638 reads comes from where the model says', () => {
  const reads = ofKind('reads')
  expect(reads.flatMap(v => v.reads as Json[])).toHaveLength(2638)
  for (const v of reads) {
    const list = v.reads as Json[]
    const asked = { ...v, op: 'reads', reads: list.map(({ offset }) => ({ offset })) }
    expect(said(asked), v.id).toEqual({ id: v.id, errno: 0, results: list.map(({ offset: _, ...result }) => result) })
  }
})

it('every operation under every option bitmap has its errno', () => {
  for (const v of ofKind('permitted')) {
    const { expect: wanted, ...asked } = v
    expect(said({ ...asked, op: 'permitted' }), v.id).toEqual({ id: v.id, ...(wanted as Json) })
  }
})

describe('devices', () => {
  /** What a path leads to, by the words of the vectors. */
  const PATHS: Readonly<Record<string, IoctlState>> = {
    'device bound to device_dax': { acquire: 95 },
    '/dev/null': { node: 'character' },
    'no path': { lookup: 2 },
    'regular file': { node: 'other' },
    'dax0.0 with dax=never,foo=1': {},
    'second mount': { acquire: 16 },
    'no such path': { lookup: 2 },
    directory: { node: 'other' },
    'unknown chr': { node: 'character' },
    'nodev mount': { mountForbidsDevices: true },
    'held by this mount': { acquire: 16, heldBy: 'self' },
    'held by this mount again': { acquire: 16, heldBy: 'self' },
    'bound to device_dax': { acquire: 95 },
    'bound to device_dax again': { acquire: 95 },
    'failed slot, no such path': { lookup: 2 },
    'valid, bad path': { lookup: 2 },
    'held by this mount as 1': { acquire: 16, heldBy: 'self' },
  }

  /** Text of the path that a call gives, where it is not an ordinary one; undefined: not mapped at all. */
  const bytesOf = (what: string, length: number): Uint8Array | undefined => {
    if (what === 'null path') return undefined
    if (what.startsWith('empty path')) return Uint8Array.of(0)
    // eight bytes up to the end of memory, and no NUL
    if (what.startsWith('path to the end of memory')) return new TextEncoder().encode('/dev/dax')
    const text = '/dev/dax1.0'.slice(0, what === 'len too short' ? undefined : length)
    return new TextEncoder().encode(text.padEnd(4200, '\0'))
  }

  it('at mount', () => {
    for (const v of ofKind('mount')) {
      const state = PATHS[String(v.what)]
      expect(state, String(v.what)).toBeDefined()
      expect(installDevice('ioctl-44d', { index: 0n, path: '/dev/dax0.0', state: state ?? {} }).errno, v.id).toBe(errnoOf(v))
    }
  })

  it('by DAXDEV_OPEN, one after the other on one mount', () => {
    const slots = new Set([0])
    const failed: Record<string, 'failed'> = {}
    for (const v of ofKind('daxdev')) {
      const what = String(v.what)
      const index = BigInt(String(v.index ?? '0'))
      const memory = new UserMemory()
      const path = bytesOf(what, Number(v.path_len ?? 0))
      const at = path === undefined ? 0n : 0x20000n
      if (path !== undefined) memory.map(at, path)
      const value = { daxdev_index: index, daxdev_path: at, daxdev_path_len: Number(v.path_len ?? 0), flags: Number(v.flags ?? 0) }
      const { number, bytes } = encodeIoctl('ioctl-44d', 'DAXDEV_OPEN', value)
      memory.map(LOWEST_ADDRESS, what === 'struct cut' ? bytes.subarray(0, 23) : bytes)
      const state: IoctlState = { ...PATHS[what], slots: [...slots], devices: { ...failed } }
      const verdict = ioctlVerdict('ioctl-44d', { command: number, address: LOWEST_ADDRESS, memory, state })
      expect(verdict.errno, `${v.id} ${what}`).toBe(errnoOf(v))
      if (verdict.ok && verdict.device !== undefined) slots.add(Number(verdict.device.index))
      if ('slotFailed' in verdict && verdict.slotFailed !== undefined) failed[String(verdict.slotFailed)] = 'failed'
    }
    expect([...slots]).toEqual([0, 1])
    expect(failed).toEqual({ 5: 'failed' })
  })

  it('without the capability', () => {
    const open = encodeIoctl('ioctl-44d', 'DAXDEV_OPEN', { daxdev_index: 1n, daxdev_path: '/dev/dax1.0', flags: 0 })
    const [last] = ofKind('caller').filter(v => v.what === 'DAXDEV_OPEN without capability')
    expect(verdictOfPayload('ioctl-44d', open, { rawio: false }).errno).toBe(errnoOf(last as AnsweredVector))
  })
})

describe('files', () => {
  const wanted = (what: string): Json => ofKind('file').find(v => String(v.what).startsWith(what))?.expect as Json
  const operation = (call: FileOperationCall, file: FileState, mapped = true) =>
    fileOperation('ioctl-44d', call, { map: mapped ? map : undefined, file })

  it('a file whose size was changed is bad from then on', () => {
    let file = healthy(map).file
    const errnos = [SIZE, 4096n, 4096n, SIZE].map(i_size => {
      const done = operation({ operation: 'read', count: 8n }, { ...file, i_size })
      file = done.file
      return done.errno
    })
    expect(errnos).toEqual(wanted('read;').errnos)
  })

  it('a file without a map is EIO', () => {
    const errnos = (['read', 'write', 'mmap'] as const).map(op => operation({ operation: op }, healthy(map).file, false).errno)
    expect(errnos).toEqual(wanted('no map').errnos)
  })

  it('reads and writes end with the file', () => {
    const bytes = [SIZE, SIZE - 4n, SIZE + 1n, SIZE - 4n, SIZE].map(at => Number(cutToFile(at, 8n, SIZE, 'ioctl-44d')))
    expect(bytes).toEqual(wanted('8 bytes').bytes)
  })
})

describe('a memory failure', () => {
  it('leaves calls and operations with the errnos of the kernel', () => {
    const made = (command: string | number): number =>
      ioctlVerdict('ioctl-44d', { command, address: 0n, memory: new UserMemory(), state: { device: 'failed' } }).errno ?? -1
    const failed = (call: FileOperationCall, options = 0x7fffn): number =>
      fileOperation('ioctl-44d', call, { map, file: healthy(map).file, options, mountFailed: true }).errno
    const { madvise: _, ...errnos } = (ofKind('memory-failure')[0] as AnsweredVector).expect as Json
    expect(errnos).toEqual({
      NOP: made('NOP'),
      MAP_CREATE: made('MAP_CREATE'),
      unknown: made(0x7599),
      read: failed({ operation: 'read' }),
      'write without option': failed({ operation: 'write' }, 0n),
      write: failed({ operation: 'write' }),
      create: failed({ operation: 'create' }),
      'create without option': failed({ operation: 'create' }, 0n),
      'mknod without option': failed({ operation: 'mknod' }, 0n),
      mknod: failed({ operation: 'mknod' }),
      mkdir: failed({ operation: 'mkdir' }),
      symlink: failed({ operation: 'symlink' }),
      link: failed({ operation: 'link' }),
      rename: failed({ operation: 'rename' }),
      unlink: failed({ operation: 'unlink' }),
      chmod: failed({ operation: 'setattr', sets: ['mode'] }),
      mmap: failed({ operation: 'mmap' }),
    })
  })
})
