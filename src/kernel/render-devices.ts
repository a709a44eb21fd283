/** Pieces of a map device by device, in the order of their addresses, and what is wrong with where they lie. */
import type { Cell, DeviceView } from './render-views.ts'
import { hex, size } from './render-words.ts'
import { least } from './wide.ts'

/** An extent or strip before it is drawn. */
export interface Piece {
  readonly dev: number
  readonly addr: bigint
  readonly len: bigint
  readonly name: () => string
  readonly cells: () => readonly Cell[]
}

const END = 1n << 64n

const byAddress = (a: Piece, b: Piece): number => (a.addr < b.addr ? -1 : a.addr === b.addr ? 0 : 1)

const shared = ({ addr, len }: Piece, before: Piece): string =>
  `shares ${size(least(addr + len, before.addr + before.len) - addr)} with ${before.name()}`

const wrapped = ({ addr, len }: Piece): string => (addr + len > END ? `ends at ${hex(addr + len)}, beyond 2^64` : '')

/** What is wrong with each of the pieces, which stand in the order of their addresses. */
function faultsOf(pieces: readonly Piece[]): string[] {
  let [farthest, reach]: [Piece | undefined, bigint] = [undefined, 0n]
  return pieces.map(piece => {
    const before = piece.len > 0n && piece.addr < reach ? farthest : undefined
    const end = piece.addr + piece.len
    if (end > reach && piece.len > 0n) [farthest, reach] = [piece, end]
    return before === undefined ? wrapped(piece) : shared(piece, before)
  })
}

function viewOf(dev: number, pieces: readonly Piece[], faults: readonly string[], most: number): DeviceView {
  const views = pieces
    .slice(0, most)
    .map(({ addr, len, name, cells }, i) => ({ name: name(), dev, addr, len, cells: cells(), fault: faults[i] ?? '' }))
  return { dev, pieces: views, hidden: pieces.length - views.length }
}

/** The first `most` pieces of every device, and all that is wrong. */
export function byDevice(pieces: readonly Piece[], most: number): { readonly shown: DeviceView[]; readonly faults: string[] } {
  const devices = new Map<number, Piece[]>()
  for (const piece of pieces) {
    const list = devices.get(piece.dev)
    if (list === undefined) devices.set(piece.dev, [piece])
    else list.push(piece)
  }
  const all = [...devices].sort(([a], [b]) => a - b).map(([dev, list]) => ({ dev, list: list.sort(byAddress) }))
  const faults = all.map(({ list }) => faultsOf(list))
  return {
    shown: all.map(({ dev, list }, i) => viewOf(dev, list, faults[i] ?? [], most)),
    faults: all.flatMap(({ list }, i) => list.flatMap((piece, k) => (faults[i]?.[k] ? [`${piece.name()} ${faults[i][k]}`] : []))),
  }
}
