/**
 * `famfs-wire/metadata`: superblock and log of a famfs device or image, in every published layout. Reading, with the evidence for the
 * layout; the verdict of the reference; the shadow files and messages that it makes. Runs in a browser; only {@link openImageFile} needs Node.
 */

import type { OpenOptions } from './image.ts'
import type { ImageFile, ImagePath } from './node.ts'

export {
  currentLayout,
  layoutById,
  type MediaLayout,
  type MediaStruct,
  mediaLayouts,
} from '../uapi/famfs/layouts/index.ts'
export { type ImageAnswer, type ImageRequest, imageAnswer } from './answer.ts'
export * from './build/index.ts'
export { type IndexOptions, indexLog, indexLogNow, type LogIndex } from './columns.ts'
export { type Detection, detectLayout, type Evidence, lastIndexFits } from './detect.ts'
export { entries, entriesNow, entryAt, entryAtNow, type FollowOptions, follow, logOf, type Range } from './entries.ts'
export {
  type AddedDevice,
  decodeEntry,
  deviceOf,
  directoryOf,
  type Entry,
  type EntryFault,
  type Extent,
  type FileEntry,
  fileOf,
  type Interleaved,
  type Owned,
  pathOfEntry,
  tryDecodeEntry,
} from './entry.ts'
export { type ImageFinding, type ImageFindingOptions, imageFindings, imageFindingsNow, type Part } from './findings/index.ts'
export { decodeSuperblock, type Image, type ImageSource, type OpenOptions, openImage, openImageNow, tryDecodeSuperblock } from './image.ts'
export { fusedMessage } from './message.ts'
export { type PictureOptions, renderImageSvg, renderImageSvgNow } from './picture/index.ts'
export type { Bitmap } from './reference/bitmap.ts'
export type { DaxdevResult } from './reference/daxdev.ts'
export type { ShadowResult } from './reference/logplay.ts'
export { type Aborted, type Outcome, type Returned, rcOf, type Undefined } from './reference/outcome.ts'
export { checkSuper, FAMFS_CLIENT, FAMFS_MASTER, FAMFS_NOSUPER, roleOf, validateLogHeader } from './reference/superblock.ts'
export { type ReferenceVerdicts, referenceVerdicts, referenceVerdictsNow } from './reference/verdicts.ts'
export * from './replay/index.ts'
export { imageRules, type MediaRule } from './rules/index.ts'
export { BAD_CRC, BAD_SEQNUM, type BadSlot, CHANGING, type LogFrame, type LogHeader } from './scan.ts'
export { type EntryKind, type LayoutShape, shapeOf } from './shape.ts'
export { type Area, type Areas, areaOf, blobArea, filled, type MemoryArea, memoryArea, type Source } from './source.ts'
export { verify, verifyNow } from './verify.ts'
export { metaFiles } from './yaml/meta.ts'
export { readBackResult, type ShadowFile, shadowYaml } from './yaml/shadow.ts'

/**
 * Opens an image in a file or on a device (Node only); `close()` it when done.
 * @throws WireError as openImage, and the error of the operating system when it cannot be opened or read
 */
export async function openImageFile(path: ImagePath, options: OpenOptions = {}): Promise<ImageFile> {
  const node = await import('./node.ts')
  return node.openImageFile(path, options)
}
