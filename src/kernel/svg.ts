/** What all drawings share: colours, lettering, and the document around them. No scripts, no fonts from elsewhere, no outside references. */
import { quote } from '../codec/printable.ts'

/** Fills that can be told apart with every kind of colour vision, light enough for black text. */
export const FILLS = ['#a6cee3', '#fdd49e', '#b2df8a', '#e0c3ea', '#fff2ae', '#f4cae4', '#c7e9c0', '#d9d9d9'] as const

/** Pixels of a character: of small text, of larger text, of titles. */
export const SMALL = 6.4
export const LARGE = 7.4
export const TITLE = 8.7

const ENTITIES: Readonly<Record<string, string>> = { '&': '&#38;', '<': '&#60;', '>': '&#62;', '"': '&#34;' }

/** Text for a document; what XML has no place for stands there as an escape. */
export const printed = (text: string): string => {
  const visible = quote(text).slice(1, -1).replaceAll('\\"', '"')
  return visible.replace(/[&<>"]/g, c => ENTITIES[c] as string)
}

/** A line of text in one of the classes of {@link STYLE}; nothing in it is escaped. */
export const text = (x: number, y: number, kind: string, content: string): string =>
  `<text x="${x}" y="${y}" class="${kind}">${content}</text>`

/** How text looks. */
export const STYLE = [
  'text{font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#111111}',
  '.title{font-size:14px;font-weight:bold}',
  '.row{font-size:13px;font-weight:bold}',
  '.at{font-size:12px;font-weight:bold}',
  '.small,.end{font-size:10.5px}',
  '.mid{font-size:10.5px;text-anchor:middle}',
].join('')

/** Slanted lines of one colour on another, as a fill. */
export const hatch = (id: string, paper: string, line: string, width = 2, pitch = 6): string =>
  `<pattern id="${id}" width="${pitch}" height="${pitch}" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">` +
  `<rect width="${pitch}" height="${pitch}" fill="${paper}"/><line x1="0" y1="0" x2="0" y2="${pitch}" stroke="${line}" stroke-width="${width}"/></pattern>`

/** A drawing. */
export interface Drawing {
  readonly width: number
  readonly height: number
  /** what it shows, in a line; printed */
  readonly title: string
  /** what it shows, for those who cannot see it; printed */
  readonly description?: string
  readonly style?: string
  /** patterns */
  readonly defs: string
  readonly parts: readonly string[]
}

/** The document of a drawing. */
export function svgDocument({ width, height, title, description, style = '', defs, parts }: Drawing): string {
  const about = description === undefined ? '' : `<desc>${description}</desc>`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${title}</title>${about}<style>${STYLE}${style}</style><defs>${defs}</defs>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...parts,
    '</svg>\n',
  ].join('\n')
}
