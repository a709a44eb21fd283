/** Refusals of a part, told as refusals of the whole. */
import { WireError } from '../errors.ts'

/** The path of a member of what stands at a path. */
export const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`)

/**
 * What `f` makes.
 * @param path of the part, in the whole; empty: it is the whole
 * @throws WireError of `f`, its path that in the whole
 */
export function inside<T>(path: string, f: () => T): T {
  try {
    return f()
  } catch (error) {
    if (!(error instanceof WireError) || path === '') throw error
    const { code, offset, length, detail, expected, actual } = error
    throw new WireError({ code, path: join(path, error.path), offset, length, detail, expected, actual })
  }
}
