/** Every map of a capture, judged in one line each. */
import type { Dialect } from '../schema/dialect.ts'
import type { FindingOptions } from '../validate/index.ts'
import type { Item } from './capture.ts'
import { bodiesIn } from './capture-bodies.ts'
import { type Paint, padEnd, padStart } from './color.ts'
import { Failure, GOOD, type Io, REFUSED } from './command.ts'
import type { Dialects } from './dialects.ts'
import type { Input } from './input.ts'
import { jsonText } from './json-text.ts'
import { type Answer, answer } from './judged.ts'
import { errnoName, safe } from './values.ts'

interface View {
  readonly paint: Paint
  readonly json: boolean
}

/** Judges all maps and devices in a capture, each for its dialect; 1 when one is refused or has errors. */
export async function validateCapture(
  input: Input,
  among: Dialects,
  dialect: Dialect | undefined,
  options: FindingOptions,
  view: View,
  io: Io,
): Promise<number> {
  const counts = new Map<string, number>()
  let good = true
  for (const { item, body } of bodiesIn(input, among, dialect)) {
    if (item.dialect.reply[body.message] === undefined) continue
    const said = answer(body, item.dialect, options)
    good = good && said.good
    const key = said.errno === 0 ? 'accepted' : errnoName(said.errno)
    counts.set(key, (counts.get(key) ?? 0) + 1)
    await io.print(
      view.json
        ? `${jsonText({ line: item.line, id: item.id, ...said, dialect: item.dialect.id }, 0)}\n`
        : `${lineOf(item, said, view.paint)}\n`,
    )
  }
  if (counts.size === 0)
    throw new Failure(`${input.name}: taken as JSON Lines: holds no map and no device of a dialect with famfs`, {
      exit: REFUSED,
      hint: dialect === undefined ? '--dialect D says which kernel it is about' : undefined,
    })
  if (!view.json) await io.print(`${[...counts].map(([what, n]) => `${n} ${what}`).join(', ')}\n`)
  return good ? GOOD : REFUSED
}

function lineOf(item: Item, said: Answer, paint: Paint): string {
  const verdict = said.errno === 0 ? paint('good', padEnd('accepted', 8)) : paint('error', padEnd(errnoName(said.errno), 8))
  const why = said.refusal === undefined ? '' : `${said.refusal.reason} at ${said.refusal.place}`
  const errors = said.findings.filter(f => f.severity === 'error')
  const rules = [...new Set(errors.map(f => f.rule))].join(' ')
  const head = [paint('dim', padStart(String(item.line), 5)), paint('name', padEnd(item.dialect.id, 12)), padEnd(said.message, 10), verdict]
  return [...head, padEnd(why, 40), paint('warning', rules), paint('dim', safe(item.note))].join('  ').trimEnd()
}
