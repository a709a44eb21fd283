/** docs/capture.schema.json: every line of the captures in fixtures fits it, and lines that are none do not. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { lines } from './golden-bodies.ts'
import { type Rules, valid } from './json-schema.ts'

const schema = JSON.parse(readFileSync('docs/capture.schema.json', 'utf8')) as Rules

const CAPTURES = [
  'famfs-7.46',
  'famfs-7.46-trace',
  'famfs-push',
  'famfs-push-trace',
  'fuse-6.1',
  'fuse-6.18',
  'fuse-7.3',
  'fuse-famfs',
  'notify-6.18',
]

test.each(CAPTURES)('%s.jsonl', name => {
  for (const line of lines(`wire/${name}.jsonl`)) expect([(line as Rules).id, valid(schema, line)]).toEqual([(line as Rules).id, true])
})

test.each([{}, { direction: 'request' }, { direction: 'sideways', hexx: '00' }, { hex: '0g' }, { hex: 5 }, [], { trace: [] }])(
  'no capture: %j',
  line => {
    expect(valid(schema, line)).toBe(false)
  },
)

test('the example of docs/captures.md', () => {
  const [, example] = /```json\n(.*)\n```/.exec(readFileSync('docs/captures.md', 'utf8')) ?? []
  expect(valid(schema, JSON.parse(example ?? ''))).toBe(true)
})
