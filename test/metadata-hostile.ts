/** Hostile images: golden ones with bytes turned over, sealed anew half of the time so that the damage gets past the sums. */
import { crc32 } from '../src/codec/crc32.ts'
import { WireError } from '../src/codec/errors.ts'
import type { Random } from '../src/corpus/index.ts'
import { imageAnswer } from '../src/metadata/answer.ts'
import { imageFindingsNow } from '../src/metadata/findings/index.ts'
import { openImageNow } from '../src/metadata/image.ts'
import { imageRule } from '../src/metadata/rules/index.ts'
import { filled } from '../src/metadata/source.ts'
import { mediaLayouts } from '../src/uapi/famfs/layouts/index.ts'

/** Superblock and used part of the log. */
export interface Parts {
  readonly superblock: Uint8Array
  readonly log: Uint8Array
}

const EXTREMES = [
  0n,
  1n,
  16n,
  17n,
  0x20_0000n,
  0xffff_ffffn,
  1n << 32n,
  1n << 53n,
  (1n << 63n) - 1n,
  1n << 63n,
  (1n << 64n) - 0x20_0000n,
  (1n << 64n) - 1n,
]
const HEADER = 48
const ENTRY = 544
const SUPERBLOCK = 200

const pick = <T>(random: Random, list: readonly T[]): T => list[random() % list.length] as T

/** One to four changes: a bit, a byte, or an extreme number in an aligned field. */
function damage(random: Random, bytes: Uint8Array, from: number, to: number): void {
  const view = new DataView(bytes.buffer)
  for (let n = 1 + (random() % 4); n > 0; n--) {
    const at = from + (random() % (to - from))
    const field = Math.min(at & ~7, bytes.length - 8)
    const how = random() % 3
    if (how === 0) view.setUint8(at, view.getUint8(at) ^ (1 << (random() % 8)))
    else if (how === 1) view.setUint8(at, random() & 255)
    else view.setBigUint64(field, pick(random, EXTREMES), true)
  }
}

function seal(bytes: Uint8Array, from: number, at: number): void {
  new DataView(bytes.buffer).setBigUint64(at, BigInt(crc32(bytes, from, at)), true)
}

/** The part that is damaged: superblock, header of the log, or an entry. */
export function mutated(random: Random, { superblock, log }: Parts): Parts {
  const parts = { superblock: superblock.slice(), log: log.slice() }
  const sealed = random() % 2 === 0
  const what = random() % 4
  if (what === 0) {
    damage(random, parts.superblock, 0, SUPERBLOCK)
    if (sealed) seal(parts.superblock, 0, 96)
  } else if (what === 1) {
    damage(random, parts.log, 0, HEADER)
    if (sealed) seal(parts.log, 0, 24)
  } else {
    const entries = Math.floor((log.length - HEADER) / ENTRY)
    const at = HEADER + ENTRY * (random() % entries)
    damage(random, parts.log, at, at + ENTRY)
    if (sealed) seal(parts.log, at, at + 536)
  }
  return parts
}

/** Runs it; what is thrown must be a WireError. */
function onlyWireErrors(run: () => void): void {
  try {
    run()
  } catch (error) {
    if (!(error instanceof WireError)) throw error
  }
}

/** Bytes behind which the log ends: a little longer than what is stored, so that counts which run wild stay short. */
const LOG_SIZE = 65536

/**
 * Opens, judges and searches an image, by detection and now and then by some layout.
 * @throws whatever is no WireError, and an Error for findings that are not sound
 */
export function survive({ superblock, log }: Parts, random: Random, answers: boolean): void {
  const source = { superblock: filled(superblock, 0x20_0000), log: filled(log, Math.max(LOG_SIZE, log.length)) }
  const options = random() % 4 === 0 ? { layout: pick(random, mediaLayouts).id } : {}
  onlyWireErrors(() => {
    for (const { rule, severity, offset, length, more, path } of imageFindingsNow(openImageNow(source, options))) {
      const sound = severity === imageRule(rule).severity && offset >= 0 && length >= 0 && (more === undefined || more > 0)
      if (!sound || typeof path !== 'string') throw new Error(`${rule} at ${offset}, ${length} bytes`)
    }
  })
  if (answers) onlyWireErrors(() => imageAnswer(source))
}

/** The image cut after so many bytes of its superblock and of its log. */
export function cut({ superblock, log }: Parts, superblockBytes: number, logBytes: number): void {
  onlyWireErrors(() => {
    imageFindingsNow(openImageNow({ superblock: superblock.slice(0, superblockBytes), log: log.slice(0, logBytes) }))
  })
}
