/** Maps that come in pages: several replies, each of which says where the next one starts. */
import type { Dialect } from '../schema/dialect.ts'
import type { DialectName } from '../uapi/dialects/aliases.ts'
import { dialectOf, type VerdictOptions, X86_64 } from './options.ts'
import { nextOf, type Verdict, verdictOf, type Walk, walkPage } from './walk.ts'

/** Where the walk over the next page starts: sums and lists go on, and the walk before stays as it is. */
export const behind = (walk: Walk | undefined): Partial<Walk> =>
  walk === undefined
    ? {}
    : {
        page: walk.page + 1,
        values: { ...walk.values },
        firstCounted: walk.firstCounted && { page: walk.page, ...walk.firstCounted },
        extents: [...walk.extents],
        found: [...walk.found],
      }

/** What a walk over some page has come to: of counted failures the page of the first one is to blame. */
export function outcomeOf(walk: Walk): Verdict {
  const found = verdictOf(walk)
  if (found.ok) return found
  const { page = walk.page, ...refused } = found
  return page === 0 ? refused : { ...refused, page }
}

/**
 * What a kernel of this dialect does with the bodies of all GET_FMAP replies so far, in order: the `verdict` on a map in pages. Sums go on from
 * page to page, and pages behind the last one of the map are not looked at. Every dialect of this library sends one page.
 *
 * @param pages bodies after fuse_out_header
 * @returns as `verdict`: with `next` where the kernel asks for another page; a refusal names the page (`page`, absent for the first) whose path
 * and offset it tells
 * @throws WireError code unsupported for a dialect without GET_FMAP, code range for options out of range; never for the bytes
 */
export function verdictPages(pages: readonly Uint8Array[], dialect: Dialect | DialectName, options: VerdictOptions = X86_64): Verdict {
  const d = dialectOf(dialect, 'GET_FMAP')
  let walk: Walk | undefined
  for (const page of pages) {
    if (walk !== undefined && (walk.refused !== undefined || nextOf(walk) === undefined)) break
    walk = walkPage(page, d, options, behind(walk))
  }
  return outcomeOf(walk ?? walkPage(new Uint8Array(), d, options))
}
