/**
 * The testee protocol: one JSON object per line asks for a verdict, a round trip, a decode or an encode, one line answers. docs/testee.md
 * is its description for implementers in other languages.
 */

import { WireError } from '../codec/errors.ts'
import { checkBytes } from '../codec/input.ts'
import { checkNumbers, parseJson } from '../codec/json-text.ts'
import { safeJson } from '../codec/printable.ts'
import { lineBatches, MAX_LINE, TOO_LONG } from './lines.ts'
import { type Answer, answerTo, type Powers, Skipped } from './operations.ts'
import { type Json, object } from './record.ts'

/** Only what can be echoed without thinking identifies a request. */
const idOf = (request: Json): unknown => (typeof request.id === 'object' || request.id === undefined ? null : request.id)

const refusal = ({ code, path, offset, message }: Pick<WireError, 'code' | 'path' | 'offset' | 'message'>): Answer => ({
  error: { code, path, offset, message },
})

function answerError(error: unknown): Answer {
  if (error instanceof Skipped) return { skipped: error.message }
  if (error instanceof WireError) return refusal(error)
  // A fault of this program. It must not take the answers to all other requests with it.
  return refusal({ code: 'unsupported', path: '', offset: 0, message: `internal error: ${String(error)}` })
}

/**
 * Answers one request. Never throws: what is refused answers `{ id, error: { code, path, offset, message } }`, what is not known
 * `{ id, skipped: why }`.
 * @param request the parsed line; anything that is no object is answered with id null
 * @param powers what the host lends, such as the reading of files
 */
export function answer(request: unknown, powers: Powers = {}): Answer {
  let id: unknown = null
  try {
    const asked = object(request)
    id = idOf(asked)
    return { id, ...answerTo(asked, powers) }
  } catch (error) {
    return { id, ...answerError(error) }
  }
}

const TEXT = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true })

const lineOf = (answered: Answer): string => safeJson(JSON.stringify(answered))

const notJson = (detail: string): string => lineOf({ id: null, ...refusal(new WireError({ code: 'text', path: '', offset: 0, detail })) })

/** An answer as a line; one that is longer than any text can be is refused like everything else. */
function printedAnswer(answered: Answer): string {
  try {
    return lineOf(answered)
  } catch (error) {
    const detail = `the answer cannot be written as one line: ${error instanceof Error ? error.message : ''}`
    return lineOf({ id: answered.id ?? null, ...refusal(new WireError({ code: 'unsupported', path: '', offset: 0, detail })) })
  }
}

const notUtf8 = (): WireError => new WireError({ code: 'text', path: '', offset: 0, detail: 'no JSON: the line is not UTF-8' })

/** The answer to one line, without its line end; undefined for a blank line, which asks nothing. */
export function answerLine(line: Uint8Array | string, powers: Powers = {}): string | undefined {
  if (typeof line !== 'string') checkBytes(line, 'line')
  let request: unknown
  try {
    const text = typeof line === 'string' ? line : TEXT.decode(line)
    if (text.trim() === '') return undefined
    request = parseJson(text)
    checkNumbers(text)
  } catch (error) {
    return lineOf({ id: null, ...(error instanceof TypeError ? answerError(notUtf8()) : answerError(error)) })
  }
  return printedAnswer(answer(request, powers))
}

/** Characters of answers that are handed over together, about. */
const AT_ONCE = 1 << 20

/**
 * Answers every line of a stream with one line, in order. Answers to one piece of input are handed over together, and the next piece is
 * read when they have been taken: a slow reader slows the writer down.
 */
export async function serveLines(
  input: AsyncIterable<Uint8Array>,
  write: (text: string) => Promise<void>,
  powers: Powers = {},
): Promise<void> {
  for await (const lines of lineBatches(input)) {
    let answers = ''
    for (const line of lines) {
      const text = line === TOO_LONG ? notJson(`the line is too long: at most ${MAX_LINE} bytes`) : answerLine(line, powers)
      if (text === undefined) continue
      if (answers.length > AT_ONCE) {
        await write(answers)
        answers = ''
      }
      answers += `${text}\n`
    }
    if (answers !== '') await write(answers)
  }
}
