/** The `image` operation of the testee: the library reads no files, the command does. */
import { WireError } from '../../codec/errors.ts'
import type { ImageFiles } from '../../conformance/imagefiles.ts'
import type { ImageAnswer } from '../../metadata/answer.ts'
import { imageAnswerFromFiles } from '../../metadata/node.ts'

const reasonOf = (error: unknown): string | undefined =>
  error instanceof Error && !(error instanceof WireError) && 'code' in error && typeof error.code === 'string' ? error.message : undefined

/**
 * The answer to an `image` request.
 * @throws WireError missing when a file cannot be read or unpacked
 */
export function imageFilesAnswer(request: ImageFiles): ImageAnswer {
  try {
    return imageAnswerFromFiles(request)
  } catch (error) {
    const detail = reasonOf(error)
    if (detail === undefined) throw error
    throw new WireError({ code: 'missing', path: detail.includes(request.log_file) ? 'log_file' : 'superblock_file', offset: 0, detail })
  }
}
