import { describe, expect, it } from 'vitest'
import { fuseBpfSimple } from '../src/uapi/dialects/known.ts'
import { verdictDaxdev } from '../src/validate/daxdev.ts'

/** fuse_daxdev_out with this name, and something in every other byte. */
function device(name: string, size = 280): Uint8Array {
  const bytes = new Uint8Array(Math.max(size, 280))
  bytes.fill(0xff, 0, 24)
  bytes.set(Buffer.from(name), 24)
  return bytes.subarray(0, size)
}

describe('a GET_DAXDEV reply', () => {
  it('is looked at for its name alone', () => {
    expect(verdictDaxdev(device('/dev/dax0.0'), 'fuse-v10')).toEqual({
      ok: true,
      errno: 0,
      meta: { name: '/dev/dax0.0', terminated: true },
    })
    expect(verdictDaxdev(device('a\0b'), 'fuse-v1')).toEqual({ ok: true, errno: 0, meta: { name: 'a', terminated: true } })
    expect(verdictDaxdev(device('x'.repeat(255)), 'fuse-v2')).toMatchObject({ meta: { name: 'x'.repeat(255), terminated: true } })
  })

  it('may have a name that does not end: the kernel reads on', () => {
    expect(verdictDaxdev(device('x'.repeat(256)), 'fuse-v10')).toEqual({
      ok: true,
      errno: 0,
      meta: { name: 'x'.repeat(256), terminated: false },
    })
  })

  it.each([0, 24, 279, 281, 4096])('is refused at %i bytes', size => {
    expect(verdictDaxdev(device('/dev/dax0.0', size), 'fuse-v7')).toEqual({
      ok: false,
      errno: 5,
      reason: 'length',
      check: 'replyExact',
      path: '',
      offset: 0,
      length: 280,
    })
  })

  it('is refused without a name', () => {
    const refused = { ok: false, errno: 22, reason: 'name_empty', check: 'nameNotEmpty', path: 'name', offset: 24, length: 256 }
    expect(verdictDaxdev(device(''), 'fuse-v3')).toEqual(refused)
  })

  it('is not asked for by the push dialects', () => {
    const unsupported = expect.objectContaining({ code: 'unsupported', detail: expect.stringContaining('fuse-push') })
    expect(() => verdictDaxdev(device('x'), 'fuse-push')).toThrow(unsupported)
    expect(() => verdictDaxdev(device('x'), 'fuse-push-il')).toThrow(unsupported)
  })
})

describe('a kernel that ends the name itself', () => {
  const named = (name: string): Uint8Array => {
    const bytes = new Uint8Array(256)
    bytes.set(Buffer.from(name))
    return bytes
  }

  it('cuts off the last byte of a name that fills the field, and no other', () => {
    const told = (name: string) => verdictDaxdev(named(name), fuseBpfSimple)
    expect(told(`${'x'.repeat(255)}y`)).toEqual({ ok: true, errno: 0, meta: { name: 'x'.repeat(255), terminated: true } })
    expect(told('x'.repeat(255))).toEqual({ ok: true, errno: 0, meta: { name: 'x'.repeat(255), terminated: true } })
    expect(told('/dev/dax0.0')).toEqual({ ok: true, errno: 0, meta: { name: '/dev/dax0.0', terminated: true } })
    expect(told('')).toMatchObject({ errno: 22, path: 'name', offset: 0, length: 256 })
  })
})
