/** Measures and colours of the picture of a device. */
import { hatch } from '../../kernel/svg.ts'

/** Lengths in pixels: left edge and length of the bars, the whole width, height of a row and what lies between two. */
export const MARGIN = 20
export const LEFT = 124
export const BAR = 768
export const WIDTH = LEFT + BAR + 152
export const HEIGHT = 20
export const STEP = 25
/** A row that stands for many. */
export const FOLD = 16

export const COLOURS = {
  superblock: '#3d4f63',
  log: '#54779e',
  logFree: '#c9d7e6',
  free: '#ffffff',
  border: '#444444',
  faint: '#c4c4c4',
  dim: '#8c8c8c',
  loud: '#b00020',
} as const

/** Places with many files: from few to very many, in powers of four. */
export const CROWDS = ['#c9c5e0', '#aaa3cf', '#8a81bb', '#6b61a3', '#4d4388'] as const

/** Fills that are no plain colours. */
export const FILL = {
  overlap: 'url(#overlap)',
  beyond: 'url(#beyond)',
  strip: 'url(#strip)',
  nothing: 'url(#nothing)',
} as const

export const DEFS = [
  hatch('overlap', '#ffd33d', '#d1001f', 5, 10),
  hatch('nothing', '#ffffff', '#ececec', 2, 8),
  '<pattern id="beyond" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">' +
    '<line x1="0" y1="0" x2="0" y2="7" stroke="#d1001f" stroke-width="2.4" stroke-opacity=".65"/></pattern>',
  '<pattern id="strip" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">' +
    '<line x1="0" y1="0" x2="0" y2="6" stroke="#ffffff" stroke-width="2.6" stroke-opacity=".55"/></pattern>',
].join('')

export const STYLE = [
  '.off{font-size:10.5px;text-anchor:end;fill:#555555}',
  '.in{font-size:10.5px}',
  '.light{font-size:10.5px;fill:#ffffff}',
  '.fold{font-size:10px;text-anchor:middle;fill:#333333}',
  '.foldlight{font-size:10px;text-anchor:middle;fill:#ffffff}',
  '.loud{font-size:10.5px;font-weight:bold;fill:#b00020}',
].join('')
