/** `image map --svg`: the map as a picture. */
import { attempt } from '../../codec/errors.ts'
import { quote } from '../../codec/printable.ts'
import { decodeText } from '../../codec/text.ts'
import { renderSvg } from '../../kernel/index.ts'
import { type Entry, pathOfEntry, renderImageSvg } from '../../metadata/index.ts'
import { mapOfEntry, type Replay } from '../../metadata/replay/index.ts'
import { Failure, GOOD, type Io, REFUSED } from '../command.ts'
import { writeWhole } from '../output.ts'
import type { Values, Work } from './sub.ts'

/** @throws Failure for options that do not go together */
export function checkPictureOptions({ svg, json, out }: Values): void {
  if (svg === true && json === true) throw new Failure('--svg and --json exclude each other')
  if (svg !== true && out !== undefined) throw new Failure('-o belongs to --svg', { hint: 'text and JSON go to standard output' })
}

async function deliver(svg: string, { out, force }: Values, reads: readonly string[], io: Io): Promise<number> {
  if (out === undefined || out === '-') await io.print(svg)
  else {
    const bytes = new TextEncoder().encode(svg)
    await writeWhole(out, bytes, { force, reads })
    await io.print(`${out}: ${bytes.length} bytes\n`)
  }
  return GOOD
}

/** The devices of an image; all of them where none is asked for. */
export async function printImagePicture(tree: Replay, device: number | undefined, { values, image, io }: Work): Promise<void> {
  await deliver(await renderImageSvg(tree, device === undefined ? {} : { device }), values, image.reads, io)
}

/**
 * Where a file lies.
 * @throws Failure for a map that no message carries, and so no picture
 */
export function printFilePicture(entry: Entry, { values, image, io }: Work): Promise<number> {
  const path = pathOfEntry(entry) ?? new Uint8Array(0)
  const name = decodeText(path, 0, path.length)
  const map = attempt(() => mapOfEntry(entry))
  if (!map.ok)
    throw new Failure(`${quote(name)} cannot be drawn: ${map.error.detail}`, { exit: REFUSED, hint: 'image log shows its entry' })
  return deliver(renderSvg(map.value, { name }), values, image.reads, io)
}
