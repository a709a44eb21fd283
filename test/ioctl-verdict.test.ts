/** Calls of the ioctl ABI that no fixture has: versions of a caller's own, and places in maps that are looked at as such. */
import { describe, expect, it } from 'vitest'
import { encodeIoctl, type IoctlExtent, type IoctlPayload, type IoctlValue, UserMemory } from '../src/codec/ioctl/index.ts'
import { type IoctlDialect, ioctlDialect } from '../src/schema/ioctl.ts'
import { between, type CallStep, copyArgument, permitted } from '../src/schema/ioctl-steps.ts'
import { EFAULT, EINVAL, EPERM } from '../src/uapi/errno.ts'
import { ioctlDialects } from '../src/uapi/index.ts'
import { type IoctlFindingOptions, ioctlFindings } from '../src/validate/ioctl/findings.ts'
import type { InstalledMap, IoctlCall } from '../src/validate/ioctl/types.ts'
import { ioctlVerdict, verdictOfPayload } from '../src/validate/ioctl/verdict.ts'

const callOf = (command: string, { base, bytes }: IoctlPayload, state: IoctlCall['state'] = {}): IoctlCall => ({
  command,
  address: base,
  memory: new UserMemory().map(base, bytes),
  state,
})

const { 'ioctl-44a': a, 'ioctl-44d': d } = ioctlDialects

/** 44a, with a driver that takes devices by file descriptor and has a step that no rule is about. */
const mine: IoctlDialect = ioctlDialect({
  ...a,
  id: 'ioctl-mine',
  handlers: {
    ...a.handlers,
    DAXDEV_OPEN: {
      checks: [permitted(5, EPERM), copyArgument(EFAULT), between('flagsKnown', 'flags', 0, 0, EINVAL)],
      effect: 'device',
    },
  },
})

describe('a version of the caller', () => {
  const open = (flags: number, state?: IoctlCall['state']) =>
    callOf('DAXDEV_OPEN', encodeIoctl(mine, 'DAXDEV_OPEN', { fd: 3, flags, daxdev_index: 2n }), state)

  it('registers a device without a path', () => {
    expect(ioctlVerdict(mine, open(0))).toEqual({ ok: true, errno: 0, device: { index: 2n }, hazards: [] })
  })

  it('permits everything where it has no options, until the state says otherwise', () => {
    expect(ioctlVerdict(mine, open(0, { options: 1n << 5n }))).toMatchObject({ errno: 0 })
    expect(ioctlVerdict(mine, open(0, { options: ~(1n << 5n) }))).toMatchObject({ errno: EPERM, check: 'permitted' })
  })

  it('may have steps that no rule is about: they decide, and there is nothing to say', () => {
    expect(ioctlVerdict(mine, open(1))).toMatchObject({ errno: EINVAL, check: 'flagsKnown', path: 'flags' })
    expect(ioctlFindings(mine, open(1))).toEqual([])
    expect(ioctlFindings(mine, open(1, { options: 0n })).map(f => f.rule)).toEqual(['ioctl/not-permitted'])
  })

  it('may blame what its argument has not: then nothing is to blame', () => {
    const checks = [copyArgument(EFAULT), between('paddingOne', 'padding', 1, 1, EINVAL)]
    const own = ioctlDialect({ ...mine, id: 'ioctl-own', handlers: { ...mine.handlers, DAXDEV_OPEN: { checks, effect: 'device' } } })
    expect(ioctlVerdict(own, open(0))).toEqual({ ok: false, errno: EINVAL, check: 'paddingOne', path: '', length: 0, hazards: [] })
  })

  it('is named behind the published ones', () => {
    const extents = [{ se_devindex: 0, se_offset: 0x200000n, se_len: 0x200000n }]
    const value: IoctlValue = { file_type: 9, fmap_version: 1, ext_type: 0, file_size: 0x200000n, extents }
    const call = callOf('MAP_CREATE', encodeIoctl(mine, 'MAP_CREATE', value))
    const accepted = (dialect: IoctlDialect, against: readonly IoctlDialect[]) => ioctlFindings(dialect, call, { against })[0]?.acceptedBy
    expect(accepted(mine, [d, a])).toEqual(['ioctl-44a', 'ioctl-44d', 'ioctl-mine'])
    expect(accepted(d, [mine, a])).toEqual(['ioctl-44a', 'ioctl-44d', 'ioctl-mine'])
    expect(accepted(a, [mine])).toEqual(['ioctl-44a', 'ioctl-mine'])
  })

  it('is compared by what its command takes', () => {
    const compared = (own: IoctlDialect, command: string, others: readonly IoctlDialect[]) =>
      ioctlFindings(own, { command, address: 0n, memory: new UserMemory(), state: { device: 'failed', inode: false } }, { against: others })
        .filter(f => f.rule === 'ioctl/null-inode')
        .map(f => f.severity)
    const accepting = (own: IoctlDialect, command: string, others: readonly IoctlDialect[]) =>
      ioctlFindings(own, { command, address: 0n, memory: new UserMemory(), state: { device: 'failed' } }, { against: others })[0]
        ?.acceptedBy
    const { 'ioctl-rfc': rfc, 'ioctl-43': k43, 'ioctl-42': k42 } = ioctlDialects
    expect(compared(k43, 'MAP_CREATE', [d])).toEqual(['error'])
    // the RFC has no device to ask for, and takes the same struct; the message of 44 is another argument
    expect(accepting(k43, 'MAP_CREATE', [rfc, k42, d])).toEqual(['ioctl-rfc'])
    expect(accepting(d, 'MAP_CREATE', [rfc, a])).toEqual([])
    // nobody has read what 44a does with it
    expect(accepting(k43, 'MAP_GET_V2', [a, mine])).toEqual([])
  })
})

describe('ioctlDialect', () => {
  const withHandler = (name: string, checks: readonly CallStep[]) =>
    ioctlDialect({ ...ioctlDialects['ioctl-43'], handlers: { ...ioctlDialects['ioctl-43'].handlers, [name]: { checks, effect: 'map' } } })

  it.each(['extents', 'groups', 'strips', 'path'] as const)('refuses a copy of %s that the argument has no pointer for', part => {
    expect(() => withHandler('MAP_CREATE', [{ kind: 'copy', name: 'copy', part }])).toThrow(
      `ioctl-43: MAP_CREATE has a step ${part}, and its argument has no place for that`,
    )
  })

  it.each(['eachExtent', 'eachStrip', 'eachGroup'] as const)('refuses %s where the argument has no such part', kind => {
    expect(() => withHandler('NOP', [{ kind: 'simple', steps: [{ kind, steps: [] }] }])).toThrow(`NOP has a step ${kind}`)
  })

  it('refuses structs without the fields that are read, or without a size', () => {
    const { 'ioctl-43': own } = ioctlDialects
    const [head] = own.headers
    const command = head.commands.find(c => c.name === 'MAP_CREATE_V2')
    const changed = (argument: object) => {
      const commands = head.commands.map(c => (c === command ? { ...c, argument: { ...c.argument, ...argument } } : c))
      return () => ioctlDialect({ ...own, headers: [{ ...head, commands }] } as IoctlDialect)
    }
    expect(changed({})).not.toThrow()
    expect(changed({ loads: { nextents: 'count' } })).toThrow('MAP_CREATE_V2 reads count, which famfs_ioc_fmap does not have')
    expect(changed({ pointers: [{ field: 'kse', as: 'kse', count: 'n' }] })).toThrow('reads n, which famfs_ioc_fmap does not have')
    const whole = d.headers[0].commands.find(c => c.name === 'MAP_CREATE')?.argument?.whole
    expect(changed({ extent: { schema: whole, loads: {}, as: 'kse', first: 0 } })).toThrow('copies what is no struct of fixed size')
    const inner = [{ field: 'gone', as: 'ie_strips', count: 'ie_nstrips' }]
    expect(changed({ early: command?.argument?.early?.map(p => ({ ...p, pointers: inner })) })).toThrow(
      /reads gone, which famfs_ioc_\w+ does not/,
    )
  })
})

const extent = (offset: bigint, len: bigint, devindex = 0n): IoctlExtent => ({ devindex, offset, len })
const MIB = 0x100000n

describe('the map of a call as such', () => {
  const found = (value: IoctlValue, options?: IoctlFindingOptions) => {
    const payload = encodeIoctl('ioctl-43', 'MAP_CREATE_V2', value)
    return ioctlFindings('ioctl-43', callOf('MAP_CREATE_V2', payload), { against: [], ...options }).filter(f => f.rule.startsWith('fmap/'))
  }
  const simple = (...kse: IoctlExtent[]): IoctlValue => ({ fioc_file_size: 2n * MIB, fioc_file_type: 0, fioc_ext_type: 0, kse })
  const groups = (fioc_file_size: bigint, ...groups: { nbytes: bigint; chunk?: bigint; strips: IoctlExtent[] }[]): IoctlValue => ({
    fioc_file_size,
    fioc_file_type: 0,
    fioc_ext_type: 1,
    kie: groups.map(({ nbytes, chunk = 2n * MIB, strips }) => ({ ie_chunk_size: chunk, ie_nbytes: nbytes, ie_strips: strips })),
  })

  it('is told where it lies in the list of extents', () => {
    expect(found(simple(extent(4n * MIB, 4n * MIB), extent(6n * MIB, 4n * MIB)))).toEqual([
      {
        rule: 'fmap/overlap',
        severity: 'warning',
        path: 'kse[1].offset',
        address: 0x10000n + 32n + 24n + 8n,
        length: 8,
        message: expect.stringContaining('kse[0]'),
        acceptedBy: ['ioctl-43'],
      },
    ])
  })

  it('is told where it lies in the strips of a group', () => {
    const first = { nbytes: 4n * MIB, strips: [extent(0n, 2n * MIB), extent(2n * MIB, 2n * MIB)] }
    const second = { nbytes: 4n * MIB, strips: [extent(8n * MIB, 2n * MIB), extent(2n * MIB, 2n * MIB)] }
    const [overlap, ...more] = found(groups(8n * MIB, first, second))
    // head, two groups of 32 bytes, two strips of 24 bytes of the first, one of the second, and the index of the last
    expect(overlap).toMatchObject({
      rule: 'fmap/overlap',
      path: 'kie[1].ie_strips[1].offset',
      address: 0x10000n + 32n + 64n + 48n + 24n + 8n,
    })
    expect(overlap?.message).toContain('kie[0].ie_strips[1]')
    expect(more).toEqual([])
  })

  it('is told where it lies in a group, and in the head', () => {
    const strips = [extent(0n, 4n * MIB)]
    const signed = found(groups(4n * MIB, { nbytes: 1n << 63n, strips })).find(f => f.rule === 'fmap/nbytes-signed')
    expect(signed).toMatchObject({ severity: 'warning', path: 'kie[0].ie_nbytes', address: 0x10000n + 32n + 16n, length: 8 })
    const beyond = found(groups(1n, { nbytes: 4n * MIB, strips })).find(f => f.rule === 'fmap/nbytes-beyond-file')
    expect(beyond).toMatchObject({ severity: 'note', path: 'fioc_file_size', address: 0x10000n, length: 8 })
  })

  it('is not looked at where its numbers do not fit into a message', () => {
    const pair = (devindex: bigint) => simple(extent(4n * MIB, 4n * MIB, devindex), extent(6n * MIB, 4n * MIB, devindex))
    expect(found(pair(0xffff_ffffn)).map(f => f.rule)).toEqual(['fmap/overlap'])
    expect(found(pair(0x1_0000_0000n))).toEqual([])
    const chunk = (size: bigint) => groups(0n, { nbytes: 0n, chunk: size, strips: [extent(0n, 4n * MIB), extent(2n * MIB, 4n * MIB)] })
    expect(found(chunk(0xffff_ffffn)).map(f => f.rule)).toEqual(['fmap/overlap'])
    expect(found(chunk(0x1_0000_0000n))).toEqual([])
  })

  it('is cut like everything else', () => {
    const same = Array.from({ length: 2 }, () => extent(4n * MIB, 0n))
    const zeros = found(simple(...same), { limit: 1 })
    expect(zeros.map(({ rule, more }) => [rule, more])).toEqual([['fmap/length-zero', 1]])
    expect(found(simple(...same), { limit: 2 }).map(f => 'more' in f)).toEqual([false, false])
  })
})

describe('MAP_GET_V2', () => {
  const map = (nstrips: number, file_type?: number): InstalledMap => ({
    file_size: 0x1234n,
    ...(file_type === undefined ? {} : { file_type }),
    ext_type: 'interleaved',
    extents: [
      {
        nstrips,
        chunk_size: 0x200000,
        nbytes: 0x5678n,
        strips: Array.from({ length: nstrips }, (_, i) => ({ dev_index: i + 1, offset: BigInt(i), len: 9n })),
      },
    ],
  })
  const answered = (state: InstalledMap): DataView => {
    const memory = new UserMemory().map(0x10000n, new Uint8Array(448))
    const verdict = ioctlVerdict('ioctl-43', { command: 'MAP_GET_V2', address: 0x10000n, memory, state: { map: state } })
    if (!('written' in verdict) || verdict.written === undefined) throw new Error('nothing is written')
    expect(verdict.written.bytes).toHaveLength(448)
    return new DataView(verdict.written.bytes.buffer)
  }

  it('answers as many strips as there is room for', () => {
    const index = (view: DataView, i: number): bigint => view.getBigUint64(64 + 24 * i, true)
    expect([0, 14, 15].map(i => index(answered(map(15)), i))).toEqual([1n, 15n, 0n])
    expect([0, 15].map(i => index(answered(map(16)), i))).toEqual([1n, 16n])
    expect([0, 15].map(i => index(answered(map(17)), i))).toEqual([1n, 16n])
  })

  it('answers a regular file where the map has no type', () => {
    expect(answered(map(1)).getUint32(8, true)).toBe(0)
    expect(answered(map(1, 2)).getUint32(8, true)).toBe(2)
  })
})

describe('verdictOfPayload', () => {
  it('lays the bytes at their base, or at the lowest address', () => {
    const value: IoctlValue = { fioc_file_size: 2n * MIB, fioc_file_type: 0, fioc_ext_type: 0, kse: [extent(4n * MIB, 2n * MIB)] }
    const high = encodeIoctl('ioctl-43', 'MAP_CREATE_V2', value, { base: 0x7000_0000n })
    expect(verdictOfPayload('ioctl-43', high)).toMatchObject({ errno: 0, map: { file_size: 2n * MIB } })
    const { number, bytes } = encodeIoctl('ioctl-43', 'MAP_CREATE_V2', value)
    expect(verdictOfPayload('ioctl-43', { number, bytes })).toMatchObject({ errno: 0 })
    expect(verdictOfPayload('ioctl-43', { number, bytes }, { inode: false })).toMatchObject({ check: 'inodeUsed' })
  })
})

describe('what is said', () => {
  const nothing = { address: 0n, memory: new UserMemory() }
  const message = (dialect: IoctlDialect, call: IoctlCall, rule: string): string | undefined =>
    ioctlFindings(dialect, call, { against: [] }).find(f => f.rule === rule)?.message

  it('names a command as it was given', () => {
    expect(ioctlFindings('ioctl-42', { ...nothing, command: 'MAP_CREATE_V2' })).toEqual([
      {
        rule: 'ioctl/unknown-command',
        severity: 'error',
        path: '',
        length: 0,
        message: 'MAP_CREATE_V2 is no command of this version',
        acceptedBy: ['ioctl-43', 'ioctl-43-late'],
      },
    ])
    expect(ioctlFindings('ioctl-42', { ...nothing, command: 0x7554 })[0]?.message).toBe('0x00007554 is no command of this version')
  })

  it('tells whose map was there first', () => {
    const map: InstalledMap = { file_size: 0n, ext_type: 'simple', extents: [] }
    const { 'ioctl-43': k43 } = ioctlDialects
    const value: IoctlValue = { fioc_file_size: 2n * MIB, fioc_file_type: 0, fioc_ext_type: 0, kse: [extent(4n * MIB, 2n * MIB)] }
    const create = (state: IoctlCall['state']) => callOf('MAP_CREATE_V2', encodeIoctl(k43, 'MAP_CREATE_V2', value), state)
    expect(message(k43, create({ map }), 'ioctl/already-mapped')).toBe('the inode has a map already')
    expect(message(k43, create({ race: true }), 'ioctl/already-mapped')).toBe('another call was faster')
    expect(message(k43, create({}), 'ioctl/already-mapped')).toBe(undefined)
  })

  it('tells a path from a device, and where the argument is', () => {
    const open = encodeIoctl(d, 'DAXDEV_OPEN', { daxdev_index: 1n, daxdev_path: '/dev/dax1.0', flags: 0 })
    const at = (state: IoctlCall['state']) => message(d, callOf('DAXDEV_OPEN', open, state), 'ioctl/device')
    expect([at({ lookup: 2 }), at({ acquire: 16 }), at({})]).toEqual([
      'the path does not lead to a device',
      'the device cannot be taken',
      undefined,
    ])
    expect(message(d, { ...nothing, command: 'DAXDEV_OPEN', address: 0x7000n }, 'ioctl/fault')).toBe(
      'not all of it is mapped; the argument is 0x7000',
    )
  })

  it('counts what an answer has', () => {
    const { 'ioctl-43': k43 } = ioctlDialects
    const one = { dev_index: 0, offset: 0n, len: 1n }
    const group = { nstrips: 1, chunk_size: 1, nbytes: 1n, strips: [one] }
    const groups: InstalledMap = { file_size: 0n, ext_type: 'interleaved', extents: [group, group] }
    const simple: InstalledMap = { file_size: 0n, ext_type: 'simple', extents: [one, one, one] }
    const memory = new UserMemory().map(0x10000n, new Uint8Array(448))
    const answer = (command: string, map: InstalledMap) => ({ command, address: 0x10000n, memory, state: { map } })
    expect(message(k43, answer('MAP_GET_V2', groups), 'ioctl/not-one-group')).toBe('the map has 2 groups, the answer has room for one')
    expect(message(k43, answer('MAP_GETEXT', simple), 'ioctl/getext-size')).toBe('48 bytes are written, the number says 16')
  })
})
