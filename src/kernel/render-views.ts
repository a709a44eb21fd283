/** What a picture of a map is made of. Plain values; text and SVG draw the same ones. */

/**
 * A box. `data`: bytes of the file. `slack`: allocated to it, but none of its bytes lies there. `more`: chunks that are left out.
 * `beyond`: bytes of the file that would lie behind the end of their strip. `nowhere`: bytes of the file for which the map has no place.
 */
export interface Cell {
  readonly kind: 'data' | 'slack' | 'more' | 'beyond' | 'nowhere'
  /** first byte of the file; of slack the first byte on the device instead */
  readonly offset: bigint
  readonly length: bigint
  /** decides on the colour, from 0 on, below the number of colours: by the stripe, or by the extent */
  readonly tone: number
  /** chunks that it stands for, when left out */
  readonly count: bigint
  /** a smaller word for it: its stripe, and its bytes where they are not a whole chunk */
  readonly note: string
}

/** An extent or strip. */
export interface PieceView {
  readonly name: string
  readonly dev: number
  readonly addr: bigint
  readonly len: bigint
  readonly cells: readonly Cell[]
  /** what is wrong with it as a piece of device memory; empty when nothing is */
  readonly fault: string
}

/** A part of the file in the file's own row. */
export interface FileCell extends Cell {
  /** the piece that holds it */
  readonly name: string
}

export interface DeviceView {
  readonly dev: number
  readonly pieces: readonly PieceView[]
  /** pieces that are left out, behind the last one shown */
  readonly hidden: number
}

export interface Picture {
  readonly title: string
  readonly file: readonly FileCell[]
  readonly devices: readonly DeviceView[]
  /** what is wrong with the map, in the order of the file */
  readonly faults: readonly string[]
}

/** How a map is drawn. */
export interface RenderOptions {
  /** what the file is called; stands before the title of a drawing */
  readonly name?: string
  /** most chunks that are drawn of a strip, and about as many in the row of the file; the middle is left out. 3 to 64, default 8 */
  readonly chunks?: number
  /** most extents and strips that are drawn of a device. 1 to 1024, default 32 */
  readonly pieces?: number
}
