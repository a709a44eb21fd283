/** Everything that was captured of Linux 7.3.4, through the model of a kernel that announces 7.46. */
import { expect, it } from 'vitest'
import { replayRecording } from '../../src/conformance/conversation/index.ts'
import { goldenLines } from '../goldens.ts'

it('fixtures/wire/fuse-7.3.jsonl: no disagreement', () => {
  const [session, ...more] = [...replayRecording(goldenLines('wire/fuse-7.3.jsonl'))]
  expect(more).toEqual([])
  const compared = session?.story.entries.filter(e => e.expected !== undefined) ?? []
  expect(compared.filter(e => !e.agree).map(({ text, expected, found }) => ({ text, expected, found }))).toEqual([])
  expect(compared.length).toBe(2818)
})
