/** Colour by meaning, and the width that text takes without it. */
import { Failure, type Io } from './command.ts'

export type Style = 'plain' | 'strong' | 'dim' | 'name' | 'value' | 'label' | 'good' | 'warning' | 'error' | 'changed'

const CODES: Readonly<Record<Style, string>> = {
  plain: '',
  strong: '1',
  dim: '2',
  name: '36',
  value: '',
  label: '33',
  good: '32',
  warning: '33',
  error: '31;1',
  changed: '31',
}

/** Text in a style; without colour the text itself. */
export type Paint = (style: Style, text: string) => string

const plainPaint: Paint = (_, text) => text
const colourPaint: Paint = (style, text) => (CODES[style] === '' || text === '' ? text : `\u001b[${CODES[style]}m${text}\u001b[0m`)

/** Both are options of every command that prints for people. */
export const colorOption = {
  color: { type: 'string', value: 'WHEN', help: 'auto (the default: on a terminal, unless NO_COLOR is set), always or never' },
} as const

/**
 * The painter for `--color WHEN`.
 * @throws Failure when WHEN is none of auto, always and never
 */
export function painter(when: string | undefined, io: Pick<Io, 'outputIsTerminal' | 'env'>): Paint {
  switch (when ?? 'auto') {
    case 'always':
      return colourPaint
    case 'never':
      return plainPaint
    case 'auto':
      return io.outputIsTerminal && (io.env.NO_COLOR ?? '') === '' && io.env.TERM !== 'dumb' ? colourPaint : plainPaint
    default:
      throw new Failure(`--color: expected auto, always or never, found ${when}`)
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
const ESCAPES = /\u001b\[[0-9;]*m/g

/** Columns that the text takes on a terminal. */
export const width = (text: string): number => [...text.replace(ESCAPES, '')].length

/** The text with spaces behind it, up to `columns`. */
export const padEnd = (text: string, columns: number): string => text + ' '.repeat(Math.max(0, columns - width(text)))
export const padStart = (text: string, columns: number): string => ' '.repeat(Math.max(0, columns - width(text))) + text

/** A cut goes back to the word before it when that is no farther than this. */
const LONGEST_WORD = 12

/** At most `columns` columns of unpainted text, with an ellipsis where it was cut. */
export function clip(text: string, columns: number): string {
  // two units at most make one character
  const start = text.slice(0, 2 * columns + 2)
  if (width(start) <= columns) return text
  const cut = [...start].slice(0, Math.max(0, columns - 1)).join('')
  const space = cut.lastIndexOf(' ')
  const kept = space > cut.length - LONGEST_WORD ? cut.slice(0, space) : cut
  return columns < 2 ? '' : `${kept.replace(/[\s,;:|]+$/, '')}…`
}

/** Unpainted text in lines of at most `columns` columns, broken between words. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && width(line) + 1 + width(word) > columns) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

/** Columns to lay text out for: the terminal's, within reason; 100 where there is no terminal. */
export const pageWidth = (io: Pick<Io, 'columns'>): number => Math.min(160, Math.max(60, io.columns ?? 100))
