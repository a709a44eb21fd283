/** Hostile images: golden ones with bytes turned over, sealed anew half of the time so that the damage gets past the sums. */
import { crc32 } from '../src/codec/crc32.ts'
import { WireError } from '../src/codec/errors.ts'
import { encode } from '../src/codec/index.ts'
import { hex } from '../src/codec/input.ts'
import type { Random } from '../src/corpus/index.ts'
import { imageAnswer } from '../src/metadata/answer.ts'
import { imageFindingsNow } from '../src/metadata/findings/index.ts'
import {
  allocationOf,
  capacityOf,
  deviceIndex,
  entriesNow,
  fileOf,
  fmapsOfEntry,
  type Image,
  indexLogNow,
  openImageNow,
  pathOfEntry,
  replayNow,
  tryDecodeEntry,
  walk,
} from '../src/metadata/index.ts'
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

function equal(what: string, a: unknown, b: unknown): void {
  if (a !== b) throw new Error(`${what}: ${String(a)} is not ${String(b)}`)
}

/** Columns hold what the entries hold; an entry that decodes encodes to its bytes again. */
function exploreEntries(image: Image): void {
  const index = indexLogNow(image)
  let i = 0
  for (const entry of entriesNow(image)) {
    const file = fileOf(entry)
    const first = file?.extents[0] ?? file?.interleaved[0]?.strips[0]
    const path = pathOfEntry(entry)
    equal('seqnum', index.seqnum[i], entry.seqnum)
    equal('type', index.type[i], entry.type)
    equal('faults', (index.faults[i] ?? 0) > 0, entry.faults.length > 0)
    equal('size', index.size[i], file?.size ?? 0n)
    equal('nextents', index.nextents[i], file?.nextents ?? 0)
    equal('offset', index.offset[i], first?.offset ?? 0n)
    equal('length', index.length[i], first?.length ?? 0n)
    equal('path', index.pathLength[i], path?.length ?? 0)
    const value = tryDecodeEntry(entry)
    if (value.ok) equal('bytes', hex(encode(entry.layout.entry, value.value)), hex(entry.bytes))
    if (file !== undefined) fmapsOfEntry(entry)
    i++
  }
  equal('entries', index.count, i)
}

/** The tree, and what lies where, by both policies. */
function exploreTree(image: Image): void {
  for (const policy of ['strict', 'reference'] as const) {
    const tree = replayNow(image, { policy })
    const { units, freeUnits, usedUnits, used } = allocationOf(tree)
    capacityOf(tree)
    equal(
      'units in use',
      usedUnits,
      used.reduce((sum, [, count]) => sum + BigInt(count), 0n),
    )
    if (freeUnits < 0n || freeUnits + usedUnits < BigInt(units)) throw new Error(`${freeUnits} free, ${usedUnits} used of ${units}`)
    const owners = deviceIndex(tree)
    for (const range of owners.ranges()) if (![...owners.at(range.start)].some(r => r.end === range.end)) throw new Error('a lost owner')
    for (const [a, b] of owners.overlaps()) if (b.start >= a.end || b.start < a.start) throw new Error('no overlap')
    for (const node of walk(tree)) if (node.entry < 0) throw new Error('a node from nowhere')
  }
}

/** Bytes behind which the log ends: a little longer than what is stored, so that counts which run wild stay short. */
const LOG_SIZE = 16384

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
  if (random() % 16 === 0) {
    onlyWireErrors(() => exploreEntries(openImageNow(source, options)))
    onlyWireErrors(() => exploreTree(openImageNow(source, options)))
  }
  if (answers) onlyWireErrors(() => imageAnswer(source))
}

/** The image cut after so many bytes of its superblock and of its log. */
export function cut({ superblock, log }: Parts, superblockBytes: number, logBytes: number): void {
  const source = { superblock: superblock.slice(0, superblockBytes), log: log.slice(0, logBytes) }
  onlyWireErrors(() => {
    imageFindingsNow(openImageNow(source))
  })
  onlyWireErrors(() => exploreEntries(openImageNow(source)))
  onlyWireErrors(() => exploreTree(openImageNow(source)))
}

/** The image cut at every eighth byte of its superblock and of the used part of its log. */
export function* cuts({ superblock, log }: Parts): Generator<readonly [superblockBytes: number, logBytes: number]> {
  for (let n = 0; n <= SUPERBLOCK + 56; n += 8) yield [n, log.length]
  for (let n = 0; n <= log.length; n += 8) yield [superblock.length, n]
}

/** The image with 2^32-1, or 2^64-1, at every place of its log where a number can be; sealed anew, so that it gets past the sums. */
export function* largeCounts({ superblock, log }: Parts): Generator<Parts> {
  for (let at = 0; at + 4 <= log.length; at += 4)
    for (const bytes of at % 8 === 0 ? [4, 8] : [4]) {
      const parts = { superblock, log: log.slice() }
      parts.log.fill(0xff, at, at + bytes)
      const slot = Math.floor((at - HEADER) / ENTRY) * ENTRY + HEADER
      if (at < HEADER) seal(parts.log, 0, 24)
      else if (slot + ENTRY <= log.length) seal(parts.log, slot, slot + 536)
      yield parts
    }
}
