/** The numbers of a connection after INIT, as a kernel takes them from the reply. facts: wire 10.3, fuse-structs.md */
import { hasBit } from './bits.ts'
import type { InitIn, InitOut } from './settle.ts'

/** What a connection may carry after INIT. */
export interface ConnectionLimits {
  readonly minor: number
  /** bytes */
  readonly max_readahead: number
  /** bytes of one WRITE */
  readonly max_write: number
  /** bytes that the buffer of the server's read(2) must have: a smaller one gives EINVAL, whatever waits */
  readonly read_buffer: number
  /** pages of one request */
  readonly max_pages: number
  /** background requests at a time */
  readonly max_background: number
  readonly congestion_threshold: number
  /** nanoseconds */
  readonly time_gran: number
  /** seconds; 0: none */
  readonly request_timeout: number
}

const PAGE = 4096
const MAX_PAGES = 22
const REQUEST_TIMEOUT = 42
/** Pages of a request without FUSE_MAX_PAGES, and the most with it. */
const DEFAULT_PAGES = 32
const MOST_PAGES = 256
const DEFAULT_BACKGROUND = 12
const SECOND = 1_000_000_000

/** Bytes of a read(2) buffer, also before INIT is answered. */
const LEAST_BUFFER = 8192
/** Bytes of the header and the struct in front of what WRITE carries. */
const WRITE_HEAD = 80

/** Rule h of fixtures/wire/rules-7.3.jsonl */
const readBuffer = (maxWrite: number): number => Math.max(LEAST_BUFFER, WRITE_HEAD + maxWrite)

const orElse = (value: number | undefined, other: number): number => (value === undefined || value === 0 ? other : value)

/** @param flags of the reply as the kernel reads them */
export function limitsOf(offer: InitIn, out: InitOut, minor: number, flags: bigint): ConnectionLimits {
  const background = minor < 13 ? DEFAULT_BACKGROUND : orElse(out.max_background, DEFAULT_BACKGROUND)
  const gran = orElse(out.time_gran, 1)
  const max_write = minor < 5 ? PAGE : Math.max(PAGE, out.max_write ?? 0)
  return {
    minor,
    max_readahead: minor < 6 ? (offer.max_readahead ?? 0) : Math.min(offer.max_readahead ?? 0, out.max_readahead ?? 0),
    max_write,
    read_buffer: readBuffer(max_write),
    max_pages: hasBit(flags, MAX_PAGES) ? Math.min(MOST_PAGES, Math.max(1, out.max_pages ?? 0)) : DEFAULT_PAGES,
    max_background: background,
    congestion_threshold:
      minor < 13 ? Math.trunc((DEFAULT_BACKGROUND * 3) / 4) : orElse(out.congestion_threshold, Math.trunc((DEFAULT_BACKGROUND * 3) / 4)),
    time_gran: gran <= SECOND ? gran : 1,
    request_timeout: hasBit(flags, REQUEST_TIMEOUT) ? (out.request_timeout ?? 0) : 0,
  }
}
