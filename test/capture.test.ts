/** Walking captures: what INIT settles, and which request a reply answers. */
import { describe, expect, test } from 'vitest'
import { type CapturedMessage, dialectOfKernel, openCases, uniqueOf, walk } from '../src/conformance/capture.ts'
import { bytesOf, hexOf } from '../src/conformance/hex.ts'
import { offeredFlags, settleMessages } from '../src/kernel/negotiate/index.ts'
import { dialects } from '../src/uapi/dialects/index.ts'
import { bytes } from './bytes.ts'
import { goldenLines, goldenMessages, goldenTraces } from './goldens.ts'

const hexText = (flags: bigint | undefined): string => (flags === undefined ? '-' : flags.toString(16))

describe('what INIT settles', () => {
  test.each([
    ['fuse-6.1', 38, '172edfffb'],
    ['fuse-6.18', 45, '5572edfffb'],
    ['fuse-famfs', 46, '5572edfffb'],
  ])('%s: version and flags of every session', (file, minor, session) => {
    const settled = new Map<string, string>()
    for (const { note, connection } of walk(goldenMessages(file)))
      if (connection.minor !== undefined) settled.set(note, `${connection.minor} ${hexText(connection.flags)}`)
    const of = (start: string): string | undefined => [...settled].find(([note]) => note.startsWith(start))?.[1]
    expect(of('A:')).toBe(`${minor} 72ecfb7b`)
    expect(of('B:')).toBe(`${minor} ${session}`)
    expect(of('C:')).toBe('12 72ecfffb')
    expect(of('D:')).toBe('8 0')
    expect(of('init reply variant: 24 bytes')).toBe('22 0')
    expect(of('init reply variant: 8 bytes')).toBe('4 0')
    expect(of('init reply variant: 4 bytes')).toBe('0 0')
    expect(of('init reply variant: minor larger')).toBe(`${minor} 0`)
    expect(of('init reply variant: flags2 set without')).toBe(`${minor} 0`)
    expect(of('init reply variant: FUSE_INIT_EXT set')).toBe(`${minor} 80040000000`)
  })

  test('nothing is settled before the reply, nor by one that the kernel refused', () => {
    const placed = [...walk(goldenMessages('fuse-6.18'))]
    const refused = placed.findIndex(m => m.note === 'init reply variant: 65 bytes')
    expect(placed.slice(refused, refused + 2).map(m => [m.direction, m.connection.minor])).toEqual([
      ['request', undefined],
      ['reply', undefined],
    ])
  })

  test('CUSE settles a version of its own', () => {
    const [request, reply] = goldenMessages('fuse-6.1').slice(-2)
    expect(settleMessages(request?.bytes ?? bytes(''), reply?.bytes ?? bytes('')).minor).toBe(38)
  })

  test('a bit that was not offered is seen by comparing both sides', () => {
    const trace = goldenTraces('famfs-7.46').find(t => t.name === 'init/no-CAP_SYS_RAWIO-acked-anyway')
    const [request, reply] = trace?.messages ?? []
    const famfs = 1n << 43n
    expect(offeredFlags(request?.bytes ?? bytes('')) & famfs).toBe(0n)
    expect(settleMessages(request?.bytes ?? bytes(''), reply?.bytes ?? bytes('')).flags & famfs).toBe(famfs)
  })

  test('bytes of any kind settle something, and nothing is thrown', () => {
    for (const size of [0, 1, 15, 16, 17, 39, 40, 41, 64, 200])
      expect(settleMessages(new Uint8Array(size), new Uint8Array(size).fill(255))).toMatchObject({ minor: expect.any(Number) })
  })
})

describe('requests and replies', () => {
  const message = (direction: CapturedMessage['direction'], hex: string): CapturedMessage => ({
    id: '',
    kernel: 'k',
    dialect: dialects.fuse,
    direction,
    bytes: bytesOf(hex, 'hex'),
    name: '',
    note: '',
    ...(direction === 'request' ? {} : { writeErrno: 0 }),
  })
  const request = (opcode: number, unique: number): CapturedMessage =>
    message('request', `28000000${hexOf(Uint8Array.of(opcode))}000000${hexOf(Uint8Array.of(unique))}${'00'.repeat(31)}`)
  const reply = (unique: number): CapturedMessage => message('reply', `1000000000000000${hexOf(Uint8Array.of(unique))}${'00'.repeat(7)}`)

  test('belong together by unique; a new INIT forgets what was before', () => {
    const opcodes = [...walk([request(3, 2), request(14, 4), reply(4), reply(2), reply(6), request(26, 2), reply(4), reply(2)])].map(m =>
      'opcode' in m.connection ? m.connection.opcode : undefined,
    )
    expect(opcodes).toEqual([undefined, undefined, 14, 3, undefined, undefined, undefined, 26])
  })

  test('messages too short for a header are placed too', () => {
    expect([...walk([message('request', '00'), message('reply', ''), message('notify', 'ff')])]).toHaveLength(3)
    expect(uniqueOf(bytes(''))).toBeUndefined()
  })
})

describe('kernels and cases', () => {
  test('the dialect of a kernel by its release', () => {
    expect(dialectOfKernel('6.18.44').id).toBe('fuse')
    expect(dialectOfKernel('6.12.117+famfs-v10').id).toBe('fuse-v10')
    expect(dialectOfKernel('6.12.117+famfs-push').id).toBe('fuse-push')
  })

  test('exchanges go to the open(2) that caused them', () => {
    const cases = openCases(goldenLines('wire/famfs-7.46.jsonl'))
    const shape = (name: string): unknown => {
      const found = cases.find(c => c.name === name)
      return found && [found.exchanges.map(e => e.op), ...found.followUps.map(f => [f.what, ...f.exchanges.map(e => e.op)])]
    }
    expect(shape('daxdev/fail-then-ok')).toEqual([['GET_FMAP', 'GET_DAXDEV'], ['open_again'], ['open_file2', 'GET_FMAP', 'GET_DAXDEV']])
    expect(shape('state/open-retry-after-bad-fmap')).toEqual([['GET_FMAP'], ['open_again', 'GET_FMAP', 'GET_DAXDEV']])
    expect(shape('fmap-error/ESTALE')).toEqual([['GET_FMAP', 'GET_FMAP']])
    expect(shape('daxdev/busy-second-mount')).toEqual([
      ['GET_FMAP', 'GET_DAXDEV'],
      ['second_mount', 'GET_FMAP', 'GET_DAXDEV'],
    ])
    expect(shape('init/no-CAP_SYS_RAWIO')).toEqual([[]])
  })

  test('hex: both cases, and nothing else', () => {
    expect(bytesOf('00fFa9', 'hex')).toEqual(Uint8Array.of(0, 255, 169))
    expect(hexOf(Uint8Array.of(0, 255, 169))).toBe('00ffa9')
    for (const text of ['0', '0g', ' 0', '+1', '0x', '１２', 'é0'])
      expect(() => bytesOf(text, 'member')).toThrow(expect.objectContaining({ code: 'text', path: 'member' }))
  })
})
