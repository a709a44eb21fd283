/** The picture of an image: who owns which bytes of its devices. */
import { printed, svgDocument, text } from '../../kernel/svg.ts'
import type { Replay } from '../replay/replay.ts'
import { type Reading, run, runNow } from '../source.ts'
import { drawDevice, drawTo, type Pen } from './draw-device.ts'
import { drawLegend, summaryOf } from './draw-legend.ts'
import { DEFS, MARGIN, STYLE, WIDTH } from './style.ts'
import { viewOf } from './view.ts'

/** How an image is drawn. */
export interface PictureOptions {
  /** index of the device, or `all`, the default: every device that the superblock, an entry or an extent names, at most 24 */
  readonly device?: number | 'all'
  /** what it is a picture of; default: what the primary device is called */
  readonly title?: string
}

function* drawing(replay: Replay, { device = 'all', title }: PictureOptions): Reading<string> {
  const view = yield* viewOf(replay, device)
  const pen: Pen = { parts: [], y: MARGIN }
  const name = printed(title ?? `famfs on ${view.devices[0]?.device.name ?? ''}`)
  const summary = printed(summaryOf(view))
  drawTo(pen, text(MARGIN, pen.y + 10, 'title', name), text(MARGIN, pen.y + 28, 'small', summary))
  pen.y += 48
  for (const each of view.devices) {
    drawDevice(pen, view, each)
    pen.y += 12
  }
  drawLegend(pen, view)
  return svgDocument({
    width: WIDTH,
    height: Math.ceil(pen.y + MARGIN),
    title: name,
    description: summary,
    style: STYLE,
    defs: DEFS,
    parts: pen.parts,
  })
}

/**
 * A picture of the devices of an image as an SVG document, without scripts or outside references: each device as one bar and in rows of equal
 * spans, with superblock, log, files in a colour each, free space, overlaps and what lies beyond the end. Rows alike are folded; where a place
 * holds too many files to be seen it shows how full it is. Every box has a title with exact numbers. The same image gives the same document.
 *
 * @throws WireError when the log cannot be read any more
 */
export const renderImageSvg = (replay: Replay, options: PictureOptions = {}): Promise<string> => run(drawing(replay, options))

/** As {@link renderImageSvg}, for an image in memory. */
export const renderImageSvgNow = (replay: Replay, options: PictureOptions = {}): string => runNow(drawing(replay, options))
