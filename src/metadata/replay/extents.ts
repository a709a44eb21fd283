/** Every extent and strip of a log as columns: where it lies, and whose it is. */

/** Beyond this a byte offset is not exact as a number. */
const EXACT = 2 ** 53

/** Extents of all files as columns. */
export interface ExtentColumns {
  count: number
  /** first byte on the device, and the byte behind the last */
  start: Float64Array
  end: Float64Array
  /** index of the device; 0xffffffff stands for that and everything above */
  device: Uint32Array
  /** node of the file in the tree */
  node: Int32Array
  /** extents that end beyond 2^53 bytes: no device has them, they are in no column */
  readonly wild: { readonly entry: number; readonly offset: bigint; readonly length: bigint }[]
  /** number of all of these, of which `wild` has the first few */
  wildCount: number
}

const START = 64
const WILD_KEPT = 1000

export const noExtents = (): ExtentColumns => ({
  count: 0,
  start: new Float64Array(START),
  end: new Float64Array(START),
  device: new Uint32Array(START),
  node: new Int32Array(START),
  wild: [],
  wildCount: 0,
})

const grown = <T extends Float64Array | Uint32Array | Int32Array>(column: T, larger: T): T => {
  larger.set(column)
  return larger
}

function enlarge(columns: ExtentColumns): void {
  const n = columns.start.length * 2
  columns.start = grown(columns.start, new Float64Array(n))
  columns.end = grown(columns.end, new Float64Array(n))
  columns.device = grown(columns.device, new Uint32Array(n))
  columns.node = grown(columns.node, new Int32Array(n))
}

/** Adds an extent that is exact as numbers. */
export function addExtent(columns: ExtentColumns, node: number, device: number, start: number, end: number): void {
  const i = columns.count++
  if (i === columns.start.length) enlarge(columns)
  columns.start[i] = start
  columns.end[i] = end
  columns.device[i] = device
  columns.node[i] = node
}

/** Whether an extent can stand in the columns. */
export const isExact = (start: number, end: number): boolean => start < EXACT && end <= EXACT

/** Notes an extent that cannot. */
export function addWild(columns: ExtentColumns, entry: number, offset: bigint, length: bigint): void {
  columns.wildCount++
  if (columns.wild.length < WILD_KEPT) columns.wild.push({ entry, offset, length })
}
