/** Which file system an image lies on, where that is one that may hold famfs. facts: today 3 */
import { statfs } from 'node:fs/promises'
import { statfsAbi } from '../../uapi/famfs/statfs.ts'

/** Name of the f_type and the ABI that user space speaks there; undefined: not famfs, or not known. */
export async function mountOf(path: string): Promise<{ readonly f_type: string; readonly name: string; readonly abi: string } | undefined> {
  try {
    const { type } = await statfs(path)
    const found = statfsAbi(type)
    return found && { f_type: `0x${(type >>> 0).toString(16)}`, ...found }
  } catch {
    return undefined
  }
}
