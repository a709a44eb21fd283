/** Every map of a capture, judged in one line each. */
import type { DialectId } from '../uapi/dialects/index.ts'
import { dialects } from '../uapi/dialects/index.ts'
import type { FindingOptions } from '../validate/index.ts'
import { type Item, readCapture } from './capture.ts'
import { type Paint, padEnd, padStart } from './color.ts'
import { Failure, GOOD, type Io, REFUSED } from './command.ts'
import type { Input } from './input.ts'
import { type Answer, answer, type Body, bodyIn, errorOf, isReply } from './judged.ts'
import { errnoName, jsonText, safe } from './values.ts'

interface View {
  readonly paint: Paint
  readonly json: boolean
}

/** Judges all maps and devices in a capture, each for its dialect; 1 when one is refused or has errors. */
export async function validateCapture(
  input: Input,
  dialect: DialectId | undefined,
  options: FindingOptions,
  view: View,
  io: Io,
): Promise<number> {
  const counts = new Map<string, number>()
  let good = true
  let asked = 0
  for (const item of readCapture(input, dialect)) {
    if (item.direction === 'request') asked = opcodeIn(item.bytes)
    const body = bodyOf(item, asked)
    if (body === undefined) continue
    const said = answer(body, item.dialect, options)
    good = good && said.good
    const key = said.errno === 0 ? 'accepted' : errnoName(said.errno)
    counts.set(key, (counts.get(key) ?? 0) + 1)
    await io.print(view.json ? `${jsonText({ line: item.line, id: item.id, ...said }, 0)}\n` : `${lineOf(item, said, view.paint)}\n`)
  }
  if (counts.size === 0)
    throw new Failure(`${input.name}: taken as JSON Lines: holds no map and no device of a dialect with famfs`, {
      exit: REFUSED,
      hint: dialect === undefined ? '--dialect D says which kernel it is about' : undefined,
    })
  if (!view.json) await io.print(`${[...counts].map(([what, n]) => `${n} ${what}`).join(', ')}\n`)
  return good ? GOOD : REFUSED
}

const OPCODE = 4

const opcodeIn = (request: Uint8Array): number =>
  request.length < OPCODE + 4 ? -1 : new DataView(request.buffer, request.byteOffset, request.byteLength).getUint32(OPCODE, true)

/** The part of a message that a kernel's parser sees. A reply answers the request before it. */
function bodyOf(item: Item, asked: number): Body | undefined {
  const { GET_FMAP, GET_DAXDEV } = dialects[item.dialect].opcodes
  const famfs = dialects[item.dialect].reply
  if (item.direction === 'map') return famfs.GET_FMAP === undefined ? undefined : { message: 'GET_FMAP', bytes: item.bytes, base: 0 }
  if (item.direction !== 'reply' || item.fullLength !== undefined || !isReply(item.bytes) || errorOf(item.bytes) !== 0) return undefined
  if (asked === GET_FMAP && famfs.GET_FMAP !== undefined) return bodyIn('GET_FMAP', item.bytes)
  return asked === GET_DAXDEV && famfs.GET_DAXDEV !== undefined ? bodyIn('GET_DAXDEV', item.bytes) : undefined
}

function lineOf(item: Item, said: Answer, paint: Paint): string {
  const verdict = said.errno === 0 ? paint('good', padEnd('accepted', 8)) : paint('error', padEnd(errnoName(said.errno), 8))
  const why = said.refusal === undefined ? '' : `${said.refusal.reason} at ${said.refusal.place}`
  const errors = said.findings.filter(f => f.severity === 'error')
  const rules = [...new Set(errors.map(f => f.rule))].join(' ')
  const head = [paint('dim', padStart(String(item.line), 5)), paint('name', padEnd(item.dialect, 12)), padEnd(said.message, 10), verdict]
  return [...head, padEnd(why, 40), paint('warning', rules), paint('dim', safe(item.note))].join('  ').trimEnd()
}
