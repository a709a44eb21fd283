/** All forms of text that are read, in the order in which they are tried. */
import { base64, buffers, decimals } from './decimals.ts'
import { gdb } from './gdb.ts'
import { hex } from './hex.ts'
import { kernel } from './kernel.ts'
import { libfuse } from './libfuse.ts'
import { literals } from './literals.ts'
import { plainDump } from './plain-dump.ts'
import { type Form, type Reading, type Text, TextMistake, textOf } from './reading.ts'
import { strace } from './strace.ts'
import { xxd } from './xxd.ts'

/** Those with the strictest structure come first: what each of them takes no later one would read otherwise without a mistake. */
export const forms: readonly Form[] = [libfuse, strace, gdb, kernel, xxd, plainDump, buffers, literals, decimals, hex]

/** Forms that are read only where `--format` asks for them. */
export const askedForms: readonly Form[] = [base64]

/** Everything that `--format` takes for a text. */
export const formIds: readonly string[] = [...forms, ...askedForms].flatMap(form => form.ids)

const chosenForms = (asked: string): readonly Form[] => [...forms, ...askedForms].filter(form => form.ids.includes(asked))

/** More lines than any dump has that is read. */
const MOST_LINES = 4 * 1024 * 1024

function tooManyLines(text: string): boolean {
  let lines = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) if (++lines > MOST_LINES) return true
  return false
}

/**
 * The messages of a text.
 * @param asked id of a form or of a way to read one; absent: whatever it is
 * @throws TextMistake where something in it is wrong, or it has no form that is known
 */
export function readText(given: string, asked?: string): Reading {
  if (tooManyLines(given)) throw new TextMistake({ offset: 0 }, `more than ${MOST_LINES} lines`)
  const text = textOf(given, asked)
  for (const form of asked === undefined ? forms : chosenForms(asked)) {
    const reading = readAs(form, text)
    if (reading !== undefined) return reading
  }
  throw unknown(text)
}

/** @throws TextMistake that names the form */
function readAs(form: Form, text: Text): Reading | undefined {
  try {
    return form.read(text)
  } catch (error) {
    if (error instanceof TextMistake && !error.unreadable) [error.form] = form.ids
    throw error
  }
}

const unknown = ({ asked }: Text): TextMistake =>
  new TextMistake(
    { offset: 0 },
    asked === undefined ? 'this is text, of no form that is known' : `this is text, but not of the form ${asked}`,
    { unreadable: true },
  )
