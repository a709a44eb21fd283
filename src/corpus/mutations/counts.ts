/** Mutations of counts and of how many elements there are. */
import { fmapBytes } from '../fmap.ts'
import { type FmapOptions, generateFor } from '../generate.ts'
import { type Message, messageOf, named, type Place, valueAt } from '../message.ts'
import { pick, type Random } from '../random.ts'
import { type FmapKind, kindsOf } from '../target.ts'
import { type Apply, HUGE_COUNTS, type Mutant, type Mutation, patch, setOne } from './mutation.ts'

/** Only the last group can claim a strip more and find the end of the bytes behind it. */
const inLastGroup =
  (value: (old: bigint) => bigint): Apply =>
  message => {
    const place = named(message, 'ie_nstrips').at(-1)
    const old = place === undefined ? 0n : valueAt(message, place)
    return place === undefined || old === 0n ? undefined : patch(message, [[place, value(old)]])
  }

const kindOf = (message: Message): FmapKind =>
  message.target.layout.kind ?? (named(message, 'ie_nstrips').length > 0 ? 'interleaved' : 'simple')

/** A new map, legal but for what the options ask. */
function rebuilt(message: Message, random: Random, field: string, options: FmapOptions): Mutant {
  const { target } = message
  const bytes = fmapBytes(target.dialect, generateFor(target, random, options))
  const places: Place[] = named(messageOf(target, bytes), field)
  const values = places.map(place => valueAt({ ...message, bytes }, place))
  return {
    note: `${field}=${[...new Set(values)].join(',')}, all present`,
    bytes,
    touched: places.map(({ path, offset, length }) => ({ path, offset, length })),
  }
}

/** Simple extents, or groups of one strip, in the first 4,096 bytes that every kernel offers. facts: wire 3.4 */
const ON_A_PAGE: { readonly [K in FmapKind]: number } = { simple: 169, interleaved: 84 }

/** As many extents as the dialect takes, and more or fewer by `by`; where there is no limit, as many as fit into a page. */
const extentsNearLimit =
  (by: readonly number[]): Apply =>
  (message, random) => {
    const { extents } = message.target
    if (extents === Number.POSITIVE_INFINITY && Math.max(...by) > 0) return undefined
    const kind = kindOf(message)
    // beyond the limit counts only what is beyond it, however large that is
    const limit = Math.max(...by) > 0 ? extents : Math.min(extents, ON_A_PAGE[kind])
    const strips = kind === 'simple' ? {} : { strips: 1 }
    return rebuilt(message, random, 'nextents', { kind, extents: Math.max(1, limit + (pick(random, by) ?? 0)), ...strips })
  }

const stripsNearLimit =
  (by: readonly number[]): Apply =>
  (message, random) => {
    if (kindOf(message) === 'simple') return undefined
    return rebuilt(message, random, 'ie_nstrips', {
      kind: 'interleaved',
      extents: 1,
      strips: message.target.strips + (pick(random, by) ?? 0),
    })
  }

export const countMutations = {
  'nextents-zero': {
    category: 'nextents',
    title: 'nextents is 0, the extents are there',
    refusedBy: ['extentsAtLeast'],
    apply: setOne('nextents', () => [0]),
  },
  'nextents-more': {
    category: 'nextents',
    title: 'nextents is one more than there are',
    refusedBy: ['listFits', 'groupFits', 'extentFits', 'extentsAtMost', 'metaHolds'],
    apply: setOne('nextents', (_, old) => [old + 1n]),
  },
  'nextents-fewer': {
    category: 'nextents',
    title: 'nextents is one less than there are',
    apply: setOne('nextents', (_, old) => (old > 1n ? [old - 1n] : [])),
  },
  'nextents-huge': {
    category: 'nextents',
    title: 'nextents is where counts and products of counts overflow',
    refusedBy: ['extentsAtMost', 'listFits', 'arrayAllocates', 'groupFits'],
    apply: setOne('nextents', () => HUGE_COUNTS),
  },
  'extents-at-limit': {
    category: 'nextents',
    title: 'as many extents as the dialect takes, or one less: legal',
    apply: extentsNearLimit([-1, 0]),
  },
  'extents-beyond-limit': {
    category: 'nextents',
    title: 'one or two extents more than the dialect takes, all present',
    refusedBy: ['extentsAtMost'],
    apply: extentsNearLimit([1, 2]),
  },
  'nstrips-zero': {
    category: 'nstrips',
    title: 'ie_nstrips is 0, the strips are there',
    refusedBy: ['stripsBetween', 'stripsCoverFileSigned', 'lengthsCoverFile'],
    apply: inLastGroup(() => 0n),
  },
  'nstrips-more': {
    category: 'nstrips',
    title: 'ie_nstrips of the last group is one more than there are',
    refusedBy: ['stripsFit', 'extentFits', 'stripsBetween'],
    apply: inLastGroup(old => old + 1n),
  },
  'nstrips-fewer': {
    category: 'nstrips',
    title: 'ie_nstrips of the last group is one less than there are',
    apply: inLastGroup(old => old - 1n),
  },
  'nstrips-huge': {
    category: 'nstrips',
    title: 'ie_nstrips is where counts and products of counts overflow',
    refusedBy: ['stripsFit', 'stripsBetween'],
    apply: setOne('ie_nstrips', () => HUGE_COUNTS),
  },
  'layout-not-taken': {
    category: 'ext-type',
    title: 'a whole interleaved map for a dialect that takes simple ones only',
    refusedBy: ['extTypeOneOf'],
    apply: (message, random) =>
      kindsOf(message.target.dialect).includes('interleaved') || message.target.layout.group === undefined
        ? undefined
        : rebuilt(message, random, 'ext_type', { kind: 'interleaved', most: 512 }),
  },
  'strips-at-limit': {
    category: 'nstrips',
    title: 'as many strips as the dialect takes, or one less: legal',
    apply: stripsNearLimit([-1, 0]),
  },
  'strips-beyond-limit': {
    category: 'nstrips',
    title: 'one or two strips more than the dialect takes, all present',
    refusedBy: ['stripsBetween'],
    apply: stripsNearLimit([1, 2]),
  },
} as const satisfies Readonly<Record<string, Mutation>>
