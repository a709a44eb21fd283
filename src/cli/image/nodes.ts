/** Paths of an image: how they are shown, and how a person names them. */
import { bytesShown as shown, unescaped } from '../../codec/printable.ts'
import { longAt } from '../../metadata/bytes.ts'
import { type Entry, entryAt, shapeOf } from '../../metadata/index.ts'
import { lookup, type Node, type Replay, refusals, replay } from '../../metadata/replay/index.ts'
import { oneOf } from '../args.ts'
import { Failure, GOOD, type Io, REFUSED } from '../command.ts'
import type { Opened } from './open.ts'
import type { Values, Work } from './sub.ts'

export { bytesShown as shown } from '../../codec/printable.ts'

/**
 * The bytes of a path that a person wrote, escapes as {@link bytesShown} prints them.
 * @throws Failure for text that no bytes stand for
 */
export function pathBytes(path: string): Uint8Array {
  const bytes = unescaped(path)
  if (bytes !== undefined) return bytes
  throw new Failure(`${path}: has a lone surrogate, which stands for no byte`, { hint: 'bytes that are not UTF-8 are written as \\xNN' })
}

/** The replay of the image, by the policy that was asked for. */
export const replayOf = (image: Opened, values: Values): Promise<Replay> =>
  replay(image, { policy: oneOf('policy', values.policy ?? 'strict', ['strict', 'reference']) })

/**
 * The node at a path; as it is, or as {@link shown} prints it.
 * @throws Failure when there is none
 */
export function nodeNamed(tree: Replay, path: string): Node {
  const node = lookup(tree, path) ?? lookup(tree, pathBytes(path))
  if (node !== undefined) return node
  throw new Failure(`${path}: there is no such file or directory in the image`, {
    exit: REFUSED,
    hint: 'famfs-wire image tree shows what there is, image fsck what was refused',
  })
}

/**
 * The entry of the file at a path.
 * @throws Failure when there is none or it is a directory
 */
export async function fileNamed({ image, values, operands, io }: Work): Promise<Entry> {
  const path = operands[0] ?? ''
  const tree = await replayOf(image, values)
  if (lookup(tree, path) === undefined) warnOfCut(image, io)
  const node = nodeNamed(tree, path)
  if (node.kind !== 'file') throw new Failure(`${path === '' ? '/' : path}: is a directory`, { exit: REFUSED, hint: 'name a file' })
  return entryAt(image, node.entry)
}

/** `1 file`, `2 files`. */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`

/** Says on standard error what keeps a listing from being all that was meant to be there. The exit code. */
export async function warnOfRefusals({ image, io }: Work, tree: Replay): Promise<number> {
  await io.flush()
  const refused = [...refusals(tree)]
  const [first] = refused
  if (first !== undefined) {
    const which = refused.length === 1 ? `entry ${first.index}` : `the first is entry ${first.index}`
    io.warn(`note: ${count(refused.length, 'entry', 'entries')} of the log left out (${which}, ${first.fate}): image fsck says why\n`)
  }
  return warnOfCut(image, io)
}

/** Says on standard error that entries lie behind the end of the log. The exit code. */
export function warnOfCut({ log, logOffset }: Opened, io: Io): number {
  if (log === undefined || log.header.nextIndex <= BigInt(log.used)) return GOOD
  const { used, area, header } = log
  io.warn(
    `note: the log says that ${header.nextIndex} ${header.nextIndex === 1n ? 'entry is' : 'entries are'} in use, but ends at byte ${logOffset + area.size}, behind ${used}: the file was cut, or the log is damaged (image fsck)\n`,
  )
  return REFUSED
}

/** Says on standard error that no published layout fits, and that the image is read by the one that comes closest. */
export function warnOfGuess({ detection, layout }: Opened, values: Values, io: Io): void {
  if (detection.candidates.length > 0 || values['force-layout'] !== undefined) return
  io.warn(`note: read as ${layout.id}: ${detection.ambiguity ?? 'no published layout fits'} (image info, image fsck)\n`)
}

/** Bytes of the file, where it has fewer than its superblock says that the device has. */
export function shortBy(
  { device, layout, superblockBytes }: Opened,
  values: Values,
): { readonly has: number; readonly says: bigint } | undefined {
  const says = longAt(superblockBytes, shapeOf(layout).superblock.devSize)
  if (device === undefined || values.zeros === true || BigInt(Math.min(device.size, Number.MAX_SAFE_INTEGER)) >= says) return undefined
  return { has: device.size, says }
}

/** Says on standard error that the file ends before the device does. */
export function warnOfShort(image: Opened, values: Values, io: Io): void {
  const short = shortBy(image, values)
  if (short !== undefined)
    io.warn(
      `note: ${image.name} has ${short.has} bytes, its superblock says ${short.says}: what lies behind byte ${short.has} is not in it\n`,
    )
}
