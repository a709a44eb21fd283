/** Opening the largest map that a push kernel takes, 16 MiB, without decoding its 699,049 extents. */
import { isDeepStrictEqual } from 'node:util'
import { viewFmap } from '../src/codec/view.ts'
import type { Race } from './race.ts'

const COUNT = 699_049

const bytes = new Uint8Array(32 + 24 * COUNT)
new DataView(bytes.buffer).setUint32(8, COUNT, true)
new DataView(bytes.buffer).setBigUint64(32 + 24 * (COUNT - 1) + 16, 7n, true)

function byView(): unknown {
  const view = viewFmap(bytes)
  const last = view.extent(view.count - 1)
  return { nextents: view.count, file_size: view.file_size, last: 'se_len' in last ? last.se_len : undefined }
}

export const races: readonly Race[] = [
  {
    name: 'open a map of 16 MiB and read its last extent',
    runs: { view: byView },
    ours: 'view',
    ratios: {},
    check() {
      if (!isDeepStrictEqual(byView(), { nextents: COUNT, file_size: 0n, last: 7n })) throw new Error('the view is wrong')
    },
  },
]
