/** What a builder is asked for may have any form: it is refused by its place, and nothing else happens. */
import { describe, expect, test } from 'vitest'
import { encodeFmap, WireError } from '../../src/index.ts'
import { createImage, lookup, openImageNow, readRequests, replayNow } from '../../src/metadata/index.ts'

const create = (...entries: unknown[]) => createImage({ deviceSize: 4n << 30n, entries: entries as [] })
const refused = (code: string, path: string) => expect.objectContaining({ name: 'WireError', code, path })

describe('createImage', () => {
  test.each<[unknown, string, string]>([
    [{ kind: 'file', size: 1 }, 'missing', 'entries[0].path'],
    [{ kind: 'file', path: 7, size: 1 }, 'range', 'entries[0].path'],
    [{ kind: 'file', path: new ArrayBuffer(1), size: 1 }, 'range', 'entries[0].path'],
    [{ kind: 'file', path: 'a', size: '1' }, 'range', 'entries[0].size'],
    [{ kind: 'file', path: 'a', size: 1, mode: null }, 'range', 'entries[0].mode'],
    [{ kind: 'file', path: 'a', size: 1, uid: {} }, 'range', 'entries[0].uid'],
    [{ kind: 'file', path: 'a', size: 1, map: 1 }, 'range', 'entries[0].map'],
    [{ kind: 'file', path: 'a', size: 1, map: {} }, 'tag', 'entries[0].map.ext_type'],
    [{ kind: 'file', path: 'a', size: 1, map: { ext_type: 'simple' } }, 'missing', 'entries[0].map.extents'],
    [{ kind: 'file', path: 'a', size: 1, map: { ext_type: 'simple', extents: [{}] } }, 'missing', 'entries[0].map.extents[0].offset'],
    [{ kind: 'file', path: 'a', size: 1, map: { ext_type: 'interleaved', extents: [null] } }, 'range', 'entries[0].map.extents[0]'],
    [{ kind: 'file', path: 'a', size: 1, content: 'x' }, 'unsupported', 'entries[0].source'],
    [{ kind: 'mkdir' }, 'missing', 'entries[0].path'],
    [{ kind: 'add_daxdev', size: 1 }, 'text', 'entries[0].uuid'],
    [{ kind: 'toString' }, 'tag', 'entries[0].kind'],
    [{}, 'tag', 'entries[0].kind'],
    [null, 'range', 'entries[0]'],
    ['mkdir', 'range', 'entries[0]'],
  ])('%j', (entry, code, path) => {
    // a content is looked at only where the size is not given
    const asked = code === 'unsupported' ? { kind: 'file', path: 'a', content: 'x' } : entry
    expect(() => create(asked)).toThrow(refused(code, path))
  })

  test.each<[unknown, string, string]>([
    [{}, 'missing', 'deviceSize'],
    [{ deviceSize: '4' }, 'range', 'deviceSize'],
    [{ deviceSize: 4n << 30n, uuid: 7 }, 'text', 'uuid'],
    [{ deviceSize: 4n << 30n, layout: 'toString' }, 'unsupported', 'layout'],
    [{ deviceSize: 4n << 30n, entries: 7 }, 'range', 'entries'],
    [{ deviceSize: 4n << 30n, deviceName: 'a\ud800' }, 'text', 'deviceName'],
  ])('options no. %#', (options, code, path) => {
    expect(() => createImage(options as never)).toThrow(refused(code, path))
  })
})

describe('text that stands for no bytes', () => {
  test.each(['a\ud800b', '\udfff', 'x\udc7f', 'a\udcffb'])('%j is no path of an entry', path => {
    expect(() => create({ kind: 'mkdir', path })).toThrow(refused('text', 'entries[0].path'))
  })

  const image = createImage({
    deviceSize: 4n << 30n,
    unchecked: true,
    entries: [
      { kind: 'mkdir', path: 'a\udcffb' },
      { kind: 'mkdir', path: 'ünï' },
    ],
  })
  const replayed = replayNow(openImageNow({ superblock: image.superblock, log: image.log }))

  test('a byte that is not UTF-8 goes in and is found by its escape', () => {
    expect(lookup(replayed, 'a\udcffb')?.path).toEqual(Uint8Array.of(0x61, 0xff, 0x62))
    expect(lookup(replayed, Uint8Array.of(0x61, 0xff, 0x62))?.path).toEqual(Uint8Array.of(0x61, 0xff, 0x62))
    expect(lookup(replayed, 'ünï')).toBeDefined()
    expect(lookup(replayed, 'a\ufffdb')).toBeUndefined()
  })

  test('a look-up refuses what stands for no byte', () => {
    expect(() => lookup(replayed, 'a\ud800b')).toThrow(refused('text', 'path'))
  })
})

describe('what is nested very deep', () => {
  const deep = (): unknown => {
    let value: unknown = []
    for (let i = 0; i < 100_000; i++) value = [value]
    return value
  }

  test('is refused, and its error is short', () => {
    for (const refusal of [
      () => encodeFmap({ file_type: deep() } as never),
      () => readRequests(deep()),
      () => readRequests([{ kind: deep() }]),
      () => create({ kind: 'file', path: deep() }),
    ]) {
      let error: unknown
      try {
        refusal()
      } catch (thrown) {
        error = thrown
      }
      expect(error).toBeInstanceOf(WireError)
      expect(JSON.stringify(error).length).toBeLessThan(2000)
    }
  })
})
