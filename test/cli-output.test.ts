/** Results as files, whole or not at all; undoing; and the line that tells how far long work is. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { wholeFile, writeWhole } from '../src/cli/output.ts'
import { pulseOf } from '../src/cli/progress.ts'
import { orUndone } from '../src/cli/undo.ts'

let folder = mkdtempSync(join(tmpdir(), 'famfs-wire-output-'))
const top = folder
beforeEach(() => {
  folder = mkdtempSync(join(top, 'case-'))
})
afterAll(() => rmSync(top, { recursive: true, force: true }))

describe('a file that comes into being whole', () => {
  test('has its name when it is done, and not before', async () => {
    const path = join(folder, 'file')
    const result = await wholeFile(path, async partial => {
      writeFileSync(partial, 'new')
      expect(readdirSync(folder)).not.toContain('file')
      return 7
    })
    expect([result, readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual([7, 'new', ['file']])
  })

  test('does not take the name of one that somebody else made meanwhile, unless it may replace it', async () => {
    const path = join(folder, 'file')
    const fill = async (partial: string): Promise<void> => {
      writeFileSync(partial, 'ours')
      writeFileSync(path, 'theirs')
    }
    await expect(wholeFile(path, fill, { replace: false })).rejects.toThrow(`${path}: exists already`)
    expect([readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual(['theirs', ['file']])
    await wholeFile(path, fill)
    expect([readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual(['ours', ['file']])
  })

  test('leaves nothing when it fails, and the old one as it was', async () => {
    const path = join(folder, 'file')
    writeFileSync(path, 'old')
    const fail = wholeFile(path, async partial => {
      writeFileSync(partial, 'half')
      throw new Error('no more')
    })
    await expect(fail).rejects.toThrow('no more')
    expect([readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual(['old', ['file']])
  })

  test('needs a directory', async () => {
    await expect(writeWhole(join(folder, 'none', 'file'), new Uint8Array(1), { reads: [] })).rejects.toThrow(
      /there is no directory .*none$/,
    )
  })
})

describe('undoing', () => {
  const listening = (): number => process.listenerCount('SIGINT') + process.listenerCount('SIGTERM') + process.listenerCount('SIGHUP')

  test('happens when the work fails, and not when it is done; no handler stays', async () => {
    const before = listening()
    let undone = 0
    const undo = (): void => {
      undone++
    }
    expect(await orUndone(undo, async () => listening())).toBe(before + 3)
    expect(undone).toBe(0)
    await expect(orUndone(undo, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed')
    expect([undone, listening()]).toEqual([1, before])
  })
})

describe('how far long work is', () => {
  test('is said after a second, and ten times a second at most', () => {
    let now = 0
    const lines: string[] = []
    const pulse = pulseOf({ progress: text => lines.push(text) }, () => now)
    for (; now < 2000; now += 10) pulse.show(() => `${now}`)
    pulse.end()
    expect(lines).toEqual(['1000', '1100', '1200', '1300', '1400', '1500', '1600', '1700', '1800', '1900', ''])
  })

  test('lets the event loop turn now and then, whatever is said', async () => {
    let now = 0
    const pulse = pulseOf({ progress: () => {} }, () => now)
    const turns: number[] = []
    for (; now < 200; now += 10) {
      const turn = pulse.beat(() => '')
      if (turn === undefined) continue
      turns.push(now)
      await turn
    }
    expect(turns).toEqual([50, 100, 150])
  })
})
