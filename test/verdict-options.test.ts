import { describe, expect, it } from 'vitest'
import { dialectOf, machineOf, X86_64 } from '../src/validate/options.ts'

describe('the machine', () => {
  it('is x86-64 where nothing is said', () => {
    expect(machineOf({})).toEqual({ pageSize: 4096, pmdSize: 2 * 1024 * 1024, kmallocMax: 4 * 1024 * 1024 })
    expect(machineOf({ pageSize: 65536 })).toEqual({ pageSize: 65536, pmdSize: 2 * 1024 * 1024, kmallocMax: 4 * 1024 * 1024 })
  })

  it('is not made anew for the default', () => expect(machineOf(X86_64)).toBe(X86_64))

  it.each([
    [{ pageSize: 2048 }, 'pageSize', 'a power of two from 4096 to 2147483648', 2048],
    [{ pmdSize: 3 * 4096 }, 'pmdSize', 'a power of two from 4096 to 2147483648', 12288],
    [{ pmdSize: 2 ** 32 }, 'pmdSize', 'a power of two from 4096 to 2147483648', 4294967296],
    [{ kmallocMax: -1 }, 'kmallocMax', 'a number of bytes', -1],
  ])('%o is told what it must be', (options, name, expected, actual) => {
    expect(() => machineOf(options)).toThrow(
      expect.objectContaining({
        code: 'range',
        path: `options.${name}`,
        offset: 0,
        detail: `must be ${expected}, is ${actual}`,
        expected,
        actual,
      }),
    )
  })
})

describe('the dialect', () => {
  it.each([
    ['fuse', 'GET_FMAP', 'no kernel of dialect fuse asks for GET_FMAP'],
    ['fuse-push', 'GET_DAXDEV', 'no kernel of dialect fuse-push asks for GET_DAXDEV'],
    ['fuse-v99', 'GET_FMAP', /^there is no dialect fuse-v99; there are fuse, fuse-v1, /],
  ] as const)('%s with %s is refused', (id, message, detail) => {
    const expected = typeof detail === 'string' ? detail : expect.stringMatching(detail)
    expect(() => dialectOf(id as 'fuse', message)).toThrow(
      expect.objectContaining({ code: 'unsupported', path: 'dialect', offset: 0, detail: expected }),
    )
  })
})
