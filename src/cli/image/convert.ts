/** `image convert`: the same files in another layout. */
import { WireError } from '../../codec/errors.ts'

import { filledParts } from '../../metadata/build/content.ts'
import type { FileDevice } from '../../metadata/build/index.ts'
import { type Converted, convertImage, writeImage } from '../../metadata/build/index.ts'
import type { Area } from '../../metadata/index.ts'
import { Failure, REFUSED, USAGE } from '../command.ts'
import { type Pulse, pulseOf } from '../progress.ts'
import { deviceOf } from './content.ts'
import { showMade } from './info.ts'
import { sized } from './modes.ts'
import { shown } from './nodes.ts'
import type { Sub, Work } from './sub.ts'
import { targetFor, writeTarget } from './target.ts'
import { refuseOrSkip, type Unsupported } from './unsupported.ts'

const PIECE = 1 << 20

/** Copies ranges from device to device, without pages of zeros. @throws Failure when the device ends before */
async function copyRanges(from: Area, to: FileDevice, data: Converted['data'], name: string, pulse: Pulse): Promise<void> {
  const total = data.reduce((sum, [start, end]) => sum + end - start, 0n)
  let copied = 0n
  for (const [start, end] of data)
    for (let at = start; at < end; ) {
      const wanted = end - at < BigInt(PIECE) ? Number(end - at) : PIECE
      const bytes = await from.read(Number(at), wanted)
      if (bytes.length < wanted)
        throw new Failure(`${name}: ends at byte ${at + BigInt(bytes.length)}, and has files up to byte ${end}`, {
          exit: REFUSED,
          hint: 'the file was cut; --no-content converts superblock and log alone',
        })
      for (const [first, behind] of filledParts(bytes)) to.write(Number(at) + first, bytes.subarray(first, behind))
      at += BigInt(wanted)
      copied += BigInt(wanted)
      await pulse.beat(() => `copied ${sized(copied)} of ${sized(total)}`)
    }
}

/** Entries of the log that cannot be carried, as people know them. */
const unsupported = ({ notCarried }: Converted): Unsupported[] =>
  notCarried.map(({ index, path, why }) => ({ what: path === undefined ? `entry ${index}` : `entry ${index}, ${shown(path)}`, why }))

async function converted({ image, io }: Work, layout: string): Promise<Converted> {
  const pulse = pulseOf(io)
  try {
    const progress = (done: number, all: number) => pulse.beat(() => `${done} of ${all} entries`)
    return await convertImage(image, { layout, progress })
  } catch (error) {
    if (!(error instanceof WireError) || image.log === undefined) throw error
    throw new Failure(`${error.path === 'layout' ? '--layout' : image.name}: ${error.detail}`, {
      exit: error.path === 'layout' ? USAGE : REFUSED,
    })
  } finally {
    pulse.end()
  }
}

async function run(work: Work): Promise<number> {
  const { image, values, operands, io } = work
  const [out = ''] = operands
  const { layout } = values
  if (layout === undefined) throw new Failure('into which layout? --layout L10 to L24', { usage: true })
  const from = values['no-content'] === true ? undefined : deviceOf(image)
  const target = await targetFor(out, values, { kinds: 'files only', reads: image.reads })
  const result = await converted(work, layout)
  refuseOrSkip(unsupported(result), image.name, values, io)
  for (const change of result.changed) io.warn(`note: ${change}\n`)
  const pulse = pulseOf(io)
  await writeTarget(target, Number(result.image.deviceSize), async device => {
    if (from !== undefined) await copyRanges(from, device, result.data, image.name, pulse)
    await writeImage(device, result.image)
  })
  pulse.end()
  return showMade(work, out)
}

export const convert: Sub = {
  options: ['layout', 'no-content', 'skip-unsupported', 'force', 'json'],
  meanings: {
    layout: { value: 'L10', help: 'L10 to L24: needed' },
    force: { help: 'overwrites OUT' },
    json: { help: 'what was made as JSON' },
  },
  about: [
    'Every entry of the log is built again, in order, with its owner and map; uuids, device size, log length and, byte for byte, what lies in the extents stay. What the layout has no place for is named: interleaved files (before L11), more than 8 extents or strips (before L21), devices (before L24), device indexes (before L13), damaged entries, entry types that no tool writes. Then nothing is made, or with --skip-unsupported they are left out. Fields of the superblock that come or go are said as notes.',
    'OUT has its name only when it is complete.',
  ],
  examples: [
    ['famfs-wire image convert old.img new.img --layout L24', 'for the tools of today'],
    [
      'famfs-wire image convert private.img shape.img --layout L24 --no-content',
      'superblock and log without the contents, to be shown to others',
    ],
  ],
  operands: [1, 1],
  run,
}
