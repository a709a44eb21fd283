/** Files that are extracted never leave the directory that they belong to. */
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { belowDirectory } from '../../../src/cli/image/below.ts'

const top = mkdtempSync(join(tmpdir(), 'famfs-wire-below-'))
afterAll(() => rmSync(top, { recursive: true, force: true }))

const bytes = (path: string): Uint8Array => Buffer.from(path)

describe('below a directory', () => {
  let target = ''
  let outside = ''
  beforeEach(() => {
    const folder = mkdtempSync(join(top, 'case-'))
    target = join(folder, 'target')
    outside = join(folder, 'outside')
    mkdirSync(target)
    mkdirSync(outside)
  })

  it('a directory that became a symbolic link is not followed', () => {
    const below = belowDirectory(target)
    below.makeDirectory(bytes('a'))
    below.newFile(bytes('a/before')).close()
    renameSync(join(target, 'a'), join(target, 'moved'))
    symlinkSync(outside, join(target, 'a'))
    expect(() => below.newFile(bytes('a/after'))).toThrow(/ENOTDIR|ELOOP/)
    expect(() => below.makeDirectory(bytes('a/after'))).toThrow(/ENOTDIR|ELOOP/)
    expect(() => below.inDirectory(bytes('a'), () => {})).toThrow(/ENOTDIR|ELOOP/)
    below.close()
    expect(readdirSync(outside)).toEqual([])
  })

  it('the target itself stays the one that was opened', () => {
    const below = belowDirectory(target)
    renameSync(target, `${target}-moved`)
    symlinkSync(outside, target)
    below.newFile(bytes('file')).close()
    below.close()
    expect([readdirSync(outside), readdirSync(`${target}-moved`)]).toEqual([[], ['file']])
  })

  it('a file that is a link is not written through, and no name leads up', () => {
    const below = belowDirectory(target)
    symlinkSync(join(outside, 'file'), join(target, 'link'))
    expect(() => below.newFile(bytes('link'))).toThrow('EEXIST')
    for (const path of ['../x', 'a/../../x', '/x', 'a//b', '.', ''])
      expect(() => below.newFile(bytes(path))).toThrow('its path leads elsewhere')
    below.close()
    expect(readdirSync(outside)).toEqual([])
  })
})
