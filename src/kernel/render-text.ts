/** A map as text: one line for the file, then device by device one line for every extent or strip. */
import type { FileMap } from './map.ts'
import { picture } from './render-picture.ts'
import type { Cell, Picture, PieceView, RenderOptions } from './render-views.ts'
import { hex, size } from './render-words.ts'

const MARKS = { data: ' ', beyond: '!', nowhere: '?' } as const

/** What stands in a box: the first byte of the file; where none lies, how many bytes it has. */
function boxText({ kind, offset, length, count }: Cell): string {
  if (kind === 'slack') return `.${size(length)}.`
  return kind === 'more' ? ` … ${count} …` : `${MARKS[kind]}${size(offset)}`
}

/** Boxes of one width everywhere, so that rows can be compared. */
const widthOf = ({ file, devices }: Picture): number => {
  const cells = [...file, ...devices.flatMap(({ pieces }) => pieces.flatMap(piece => piece.cells))]
  return cells.reduce((most, cell) => Math.max(most, boxText(cell).length), 9)
}

function row(cells: readonly Cell[], width: number): string {
  const boxes = cells.map(cell => boxText(cell).padEnd(width, cell.kind === 'slack' ? '.' : ' '))
  return ['', ...boxes, ''].join('|')
}

/** Columns of equal width, but for the last. */
function aligned(lines: readonly Line[]): string[] {
  const widths = [0, 1, 2].map(i => Math.max(...lines.map(line => (line[i] as string).length)))
  return lines.map(line => line.map((text, i) => (i < 3 ? text.padEnd(widths[i] as number) : text)).join('  '))
}

type Line = readonly [string, string, string, string]

const pieceLine =
  (width: number) =>
  ({ name, addr, len, cells, fault }: PieceView): Line => [
    `  ${hex(addr)}`,
    size(len),
    name,
    `${row(cells, width)}${fault === '' ? '' : `  ! ${fault}`}`,
  ]

function deviceLines({ devices }: Picture, width: number): string[] {
  return devices.flatMap(({ dev, pieces, hidden }) => [
    '',
    `device ${dev}`,
    ...aligned(pieces.map(pieceLine(width))),
    ...(hidden > 0 ? [`  and ${hidden} more`] : []),
  ])
}

/** The row of the file: who holds each box under it. */
function fileLines({ file }: Picture, fileSize: bigint, width: number): string[] {
  const holders = file.map(({ name }) => name.replace(/group (\d+) strip /, 'g$1 s').replace(/strip |extent /, m => m[0] as string))
  return [`file  ${row(file, width)} ${size(fileSize)}`, `       ${holders.map(name => ` ${name}`.padEnd(width)).join(' ')}`.trimEnd()]
}

const LEGEND: readonly (readonly [kind: Cell['kind'], mark: string, word: string])[] = [
  ['slack', '....', 'allocated, but no byte of the file lies there'],
  ['beyond', '!', 'behind the end of its strip'],
  ['nowhere', '?', 'the map has no place for it'],
]

function legend({ file, devices }: Picture): string[] {
  const kinds = new Set([...file, ...devices.flatMap(({ pieces }) => pieces.flatMap(({ cells }) => cells))].map(({ kind }) => kind))
  const lines = LEGEND.filter(([kind]) => kinds.has(kind)).map(([, mark, word]) => `${mark.padEnd(4)}  ${word}`)
  return lines.length === 0 ? [] : ['', ...lines]
}

const wrong = ({ faults }: Picture): string[] => (faults.length === 0 ? [] : ['', ...faults.map(fault => `wrong: ${fault}`)])

/**
 * A picture of a map for a terminal. Every box is a chunk or an extent and has its first byte of the file in it, in the largest binary unit
 * that divides it; long rows leave out their middle. Devices are in order, and on each of them extents and strips by address. What is wrong
 * with the map is said below.
 *
 * @param map any map, however odd
 * @param options how much is drawn
 * @returns lines, each with its end
 */
export function renderText(map: FileMap, options: RenderOptions = {}): string {
  const shown = picture(map, options)
  const width = widthOf(shown)
  const lines = [
    shown.title,
    '',
    ...fileLines(shown, map.file_size, width),
    ...deviceLines(shown, width),
    ...legend(shown),
    ...wrong(shown),
  ]
  return `${lines.join('\n')}\n`
}
