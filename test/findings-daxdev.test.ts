/** What there is to object to in a GET_DAXDEV reply. */
import { describe, expect, it } from 'vitest'
import { findingsDaxdev } from '../src/validate/findings/index.ts'
import { brief, lines, type Words } from './findings-messages.ts'

describe('findings of a device reply', () => {
  const device = (name: string, words: Words = {}): Uint8Array => {
    const bytes = new Uint8Array(280)
    const view = new DataView(bytes.buffer)
    for (const [offset, value] of Object.entries(words)) {
      if (typeof value === 'bigint') view.setBigUint64(Number(offset), value, true)
      else view.setUint16(Number(offset), value, true)
    }
    bytes.set(Buffer.from(name), 24)
    return bytes
  }
  const pull = ['fuse-v1', 'fuse-v2', 'fuse-v3', 'fuse-v4', 'fuse-v7', 'fuse-v10']

  it('are all of them, at their places', () => {
    const bytes = device('dev\0x', { 0: 0xffff, 2: 1, 4: 2, 8: 3n, 16: 4n })
    expect(brief(findingsDaxdev(bytes, 'fuse-v10'))).toEqual([
      ['daxdev/index', 'note', 'index', 0, 2],
      ['daxdev/reserved', 'note', 'reserved', 2, 2],
      ['daxdev/reserved', 'note', 'reserved2', 4, 4],
      ['daxdev/reserved', 'note', 'reserved3', 8, 8],
      ['daxdev/reserved', 'note', 'reserved4', 16, 8],
      ['daxdev/name-relative', 'warning', 'name', 24, 256],
      ['daxdev/name-rest', 'note', 'name', 27, 253],
    ])
    expect(findingsDaxdev(bytes, 'fuse-v10', { limit: 2 }).at(-1)).toMatchObject({ rule: 'daxdev/name-rest' })
  })

  it('say who accepts it', () => {
    expect(findingsDaxdev(device('x'.repeat(256)), 'fuse-v2')).toMatchObject([
      { rule: 'daxdev/name-relative', acceptedBy: pull },
      { rule: 'daxdev/name-unterminated', severity: 'error', acceptedBy: pull, offset: 24, length: 256 },
    ])
    expect(findingsDaxdev(device(''), 'fuse-v2')).toMatchObject([{ rule: 'daxdev/name-empty', severity: 'error', acceptedBy: [] }])
    expect(lines(findingsDaxdev(device('').subarray(1), 'fuse-v2'))).toEqual([
      'daxdev/length error: a GET_DAXDEV reply has 280 bytes, this one 279',
    ])
    expect(lines(findingsDaxdev(device('/d', { 2: 7 }), 'fuse-v2'))).toEqual(['daxdev/reserved note: reserved, should be 0, is 7'])
    expect(lines(findingsDaxdev(device('/d', { 0: 24 }), 'fuse-v2'))).toEqual([
      'daxdev/index note: index 24 is no slot of the device table',
    ])
  })

  it('are not there for dialects that push devices', () => {
    expect(() => findingsDaxdev(device('/x'), 'fuse-push')).toThrow(expect.objectContaining({ code: 'unsupported' }))
  })
})
