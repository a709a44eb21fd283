/** Numbers without brackets, `<Buffer ..>` of Node.js, and base64. */
import { blanksEnd, digitAt, digitsEnd } from './chars.ts'
import { type Form, quoted, type Reading, type Text, TextMistake } from './reading.ts'
import { full } from './rows.ts'
import { sink } from './sink.ts'

/** Fewer are no message. */
const FEWEST = 4

/** Decimal numbers up to 255 with blanks or commas between: at least one of them has one digit or three, so that they are no pairs of hex. */
function readDecimals({ text }: Text): Reading | undefined {
  const into = sink()
  let pairs = true
  for (let at = blanksEnd(text, 0); at < text.length; ) {
    const end = digitsEnd(text.slice(at, at + 4), 0, 10) + at
    const after = text[end]
    const value = Number(text.slice(at, end))
    if (end === at || (end - at > 1 && text[at] === '0') || value > 0xff) return undefined
    if (after !== undefined && after !== ',' && blanksEnd(text, end) === end) return undefined
    if (end - at !== 2) pairs = false
    if (!into.push(value)) throw full({ offset: at })
    at = blanksEnd(text, end)
    if (text[at] === ',') at = blanksEnd(text, at + 1)
  }
  return pairs || into.length < FEWEST ? undefined : { taken: 'bytes in decimal', pieces: [{ bytes: into.take() }] }
}

export const decimals: Form = {
  ids: ['decimal'],
  title: 'decimal numbers with blanks or commas; od -A n -t u1',
  how: 'bytes; at least four, and not all of two digits, which would be hex',
  read: readDecimals,
}

const BUFFER = '<Buffer '

function readBuffers({ text }: Text): Reading | undefined {
  let at = blanksEnd(text, 0)
  if (!text.startsWith(BUFFER, at)) return undefined
  const pieces: Reading['pieces'][number][] = []
  while (at < text.length) {
    if (!text.startsWith(BUFFER, at))
      throw new TextMistake({ offset: at }, `expected ${BUFFER}.., found ${quoted(text.slice(at, at + 12))}`)
    const into = sink()
    let missing = 0
    for (at = blanksEnd(text, at + BUFFER.length - 1); text[at] !== '>'; at = blanksEnd(text, at)) {
      const more = /^\.\.\. (\d{1,12}) more bytes?(?=\s*>)/.exec(text.slice(at, at + 40))
      const [high, low] = [digitAt(text, at), digitAt(text, at + 1)]
      if (more === null && (high > 15 || low > 15))
        throw new TextMistake({ offset: at }, `expected two hex digits, found ${quoted(text.slice(at, at + 2))}`)
      if (more !== null) missing = Number(more[1])
      else if (!into.push(high * 16 + low)) throw full({ offset: at })
      at += more?.[0].length ?? 2
    }
    pieces.push({ bytes: into.take(), ...(missing === 0 ? {} : { missing }) })
    at = blanksEnd(text, at + 1)
    if (text[at] === ',') at = blanksEnd(text, at + 1)
  }
  return { taken: 'a Buffer as Node.js prints it', pieces }
}

export const buffers: Form = {
  ids: ['buffer'],
  title: 'Node.js: <Buffer ..>',
  how: 'pairs of hex digits; "... 30 more bytes" are missing',
  read: readBuffers,
}

/** Only where a person asks for it: hex is base64, too. */
function readBase64({ text }: Text): Reading {
  const packed = text.replace(/\s+/g, '')
  const wrong = /[^A-Za-z0-9+/_=-]|=[^=]/.exec(packed)
  const foreign = /[^A-Za-z0-9+/_=\s-]/.exec(text)
  if (foreign !== null) throw new TextMistake({ offset: foreign.index }, `expected base64, found ${quoted(foreign[0])}`)
  let digits = packed.length
  while (packed[digits - 1] === '=') digits--
  if (wrong !== null || digits % 4 === 1)
    throw new TextMistake({ offset: text.trimEnd().length }, `expected groups of four characters, found ${packed.length} characters`)
  return { taken: 'base64', pieces: [{ bytes: Uint8Array.from(Buffer.from(packed, 'base64')) }] }
}

export const base64: Form = {
  ids: ['base64'],
  title: 'base64, only with --format base64',
  how: 'also with - and _, and without = at its end',
  read: readBase64,
}
