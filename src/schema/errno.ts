/** The errno numbers of Linux as a type. Their names are in uapi/errno.ts. facts: wire 0.3 */

type UpTo<Last extends number, Seen extends number[] = []> = Seen['length'] extends Last
  ? Seen[number] | Last
  : UpTo<Last, [...Seen, Seen['length']]>

/**
 * A positive Linux errno in the generic numbering, 1 to 133. Literals, so that a comparison with 0 narrows a verdict: after
 * `if (v.errno === 0)` TypeScript knows which form `v` has.
 */
export type Errno = Exclude<UpTo<133>, 0>
