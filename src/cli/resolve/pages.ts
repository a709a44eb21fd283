/** With how large pages the faults of a row can be served. */
import { attempt } from '../../codec/errors.ts'
import type { FileMap } from '../../kernel/map.ts'
import { type PageSize, pageSize } from '../../kernel/pages.ts'
import { segments } from '../../kernel/ranges.ts'
import { hex } from '../../kernel/render-words.ts'
import { greatest, least, roundUp } from '../../kernel/wide.ts'
import type { Machine } from '../machine.ts'
import type { Cell, Row } from './lookups.ts'

type Place = Cell & { readonly kind: 'place' }

/** From this byte of the file on. */
export interface PageRun extends PageSize {
  readonly at: bigint
}

/** In how far the map itself says something else than the kernel; empty where both say the same. */
function difference(map: FileMap, { at, length }: Row, { dev, addr }: Place): string {
  const to = least(map.file_size, greatest(at + length, at + 1n))
  if (to <= at) return ''
  for (const segment of segments(map, { from: at, to })) {
    if (segment.offset !== at || segment.dev !== dev || segment.addr !== addr) break
    return segment.length === to - at ? '' : `goes on behind the end of its group, from ${hex(at + segment.length)} on`
  }
  return 'not where the map says'
}

/** Page sizes along a row, where they change; or what is wrong with the map there. */
export interface Pages {
  readonly runs: readonly PageRun[]
  readonly fault?: string
}

const NONE: Pages = { runs: [] }

/** Where the page size can change inside one piece: at the first and the last border of a larger page, and behind the last page of the file. */
function borders(map: FileMap, at: bigint, end: bigint, { pageSize: page = 4096, pmdSize = 1 << 21 }: Machine): bigint[] {
  const pmd = BigInt(pmdSize)
  const pud = pmd * 512n
  const down = (unit: bigint): bigint => end - (end % unit)
  const all = [at, roundUp(at, pmd), roundUp(at, pud), down(pud), down(pmd), roundUp(map.file_size, BigInt(page))]
  return [...new Set(all.filter(border => border >= at && border < end))].sort((a, b) => (a < b ? -1 : 1))
}

/** With how large pages faults in a row can be served. */
export function pagesOf(map: FileMap, row: Row, machine: Machine): Pages {
  const place = row.cells.find(cell => cell.kind === 'place')
  if (place === undefined) return NONE
  const told = attempt((): Pages => {
    const fault = difference(map, row, place)
    if (fault !== '') return { runs: [], fault }
    const runs: PageRun[] = []
    for (const at of borders(map, row.at, row.at + greatest(row.length, 1n), machine)) {
      const page = pageSize(map, at, machine)
      if (runs.at(-1)?.size !== page.size) runs.push({ at, ...page })
    }
    return { runs }
  })
  return told.ok ? told.value : { runs: [], fault: told.error.detail }
}
