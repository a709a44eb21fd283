/** Everything to object to in the header of a log. facts: metadata 3, 4 */
import { FAMFS_LOG_MAGIC } from '../../uapi/famfs/log.ts'
import { lastIndexFits } from '../detect.ts'
import type { Image } from '../image.ts'
import { headerStands } from '../log-range.ts'
import type { LogFrame, LogHeader } from '../scan.ts'
import type { HeaderShape } from '../shape.ts'
import { type Collector, report } from './collect.ts'
import { crcFault } from './crc.ts'
import { fieldAt } from './field.ts'
import type { SuperblockFacts } from './superblock.ts'

interface Look {
  readonly c: Collector
  readonly image: Image
  readonly frame: LogFrame
  readonly header: LogHeader
  readonly places: HeaderShape
  readonly sb: SuperblockFacts
}

/** A finding at a field of the header. */
export function sayHeader(c: Collector, { shape }: LogFrame, rule: string, at: number, message: () => string, length = 8): void {
  report(c, rule, () => ({ area: 'log', offset: at, length, path: fieldAt(shape.layout.header, at) }), message)
}

const say = ({ c, frame }: Look, rule: string, at: number, message: () => string): void => sayHeader(c, frame, rule, at, message)

function seals(look: Look): void {
  const { header, places } = look
  const { magic, crc, computedCrc } = header
  if (magic !== FAMFS_LOG_MAGIC)
    say(look, 'log/magic', places.magic, () => `the magic is 0x${magic.toString(16)}, should be 0x${FAMFS_LOG_MAGIC.toString(16)}`)
  if (places.crc === undefined || crc === computedCrc) return
  const fault = crcFault(crc as bigint, computedCrc as bigint, places.crc.at)
  const { at } = places.crc
  say(look, 'log/header-crc', at, () => fault.message)
  const { bit } = fault
  if (bit !== undefined)
    sayHeader(look.c, look.frame, 'log/flipped-bit', bit.byte, () => `bit ${bit.bit} of this byte explains the crc of the header`, 1)
}

/** The header is to blame where nothing stands for its length, else the superblock. @returns the length of the one that is not */
function lengths(look: Look): bigint {
  const { image, header, places, sb, frame, c } = look
  const { length } = header
  const { area, shape } = frame
  const stands = headerStands(image, frame)
  const said = sb.logLength ?? length
  if (said !== length) {
    const message = () => `the superblock says ${said} bytes, the header of the log ${length}`
    const at = shape.superblock.logLen as number
    if (!stands) say(look, 'log/length', places.length, message)
    else
      report(
        c,
        'superblock/log-length',
        () => ({ area: 'superblock', offset: at, length: 8, path: fieldAt(shape.layout.superblock, at) }),
        message,
      )
  }
  if (length > area.size && BigInt(area.size) !== said)
    report(
      c,
      'log/cut',
      () => ({ area: 'log', offset: area.size, length: 0, path: '' }),
      () => `the log ends at byte ${area.size}, its header says ${length}`,
    )
  return stands ? length : said
}

/** It must follow from the length that is not to blame: a wrong length alone makes no wrong index. */
function lastIndexOf(look: Look, length: bigint): void {
  const { header, places, frame } = look
  const { layout, header: head, entry } = frame.shape
  const { lastIndex } = header
  if (length < BigInt(head.size + entry.size)) {
    say(look, 'log/no-room', places.length, () => `a log of ${length} bytes, one entry needs ${head.size + entry.size}`)
    return
  }
  const fits = lastIndexFits(layout, length, lastIndex)
  const slots = (length - BigInt(head.size)) / BigInt(entry.size)
  if (fits === undefined)
    say(look, 'log/last-index', places.lastIndex, () => `the last index is ${lastIndex}, ${length} bytes have slots up to ${slots - 1n}`)
  if (fits === 'early')
    say(
      look,
      'log/last-index-early',
      places.lastIndex,
      () => `the last index is ${lastIndex}, ${length} bytes have slots up to ${slots - 1n}`,
    )
}

function counters(look: Look): void {
  const { header, places, frame } = look
  const { nextIndex, nextSeqnum, lastIndex } = header
  const { firstSeqnum } = frame.shape.layout
  if (nextIndex > lastIndex + 1n || nextIndex > BigInt(frame.slots))
    say(
      look,
      'log/next-index-beyond',
      places.nextIndex,
      () => `next_index is ${nextIndex}, the last slot is ${lastIndex}, and the log has ${frame.slots}`,
    )
  if (nextSeqnum !== BigInt.asUintN(64, nextIndex + BigInt(firstSeqnum)))
    say(look, 'log/next-seqnum', places.nextSeqnum, () => `next_seqnum is ${nextSeqnum}, next_index ${nextIndex}`)
}

/** Looks at the header. */
export function checkHeader(c: Collector, image: Image, frame: LogFrame, sb: SuperblockFacts): void {
  const look: Look = { c, image, frame, header: frame.header, places: frame.shape.header, sb }
  seals(look)
  lastIndexOf(look, lengths(look))
  counters(look)
}
