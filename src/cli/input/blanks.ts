/** What stands between the words of source code: blanks and comments. */
import { blanksEnd } from './chars.ts'
import { TextMistake } from './reading.ts'

function lineEnd(text: string, at: number): number {
  let end = at
  while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end++
  return end
}

/** The first character from `at` that is neither blank nor part of a comment. */
export function betweenEnd(text: string, at: number): number {
  for (let i = at; ; ) {
    i = blanksEnd(text, i)
    if (text.startsWith('//', i) || text[i] === '#') i = lineEnd(text, i)
    else if (text.startsWith('/*', i)) {
      const end = text.indexOf('*/', i + 2)
      if (end === -1) throw new TextMistake({ offset: i }, 'a comment that does not end')
      i = end + 2
    } else return i
  }
}
