/** INIT as a table: every bit, what both sides said, and what became of it. */
import type { BitVerdict, Negotiation } from '../kernel/negotiate/index.ts'
import type { Paint, Style } from './color.ts'
import { table } from './table.ts'
import { bytesText } from './values.ts'

const STYLES: Readonly<Record<BitVerdict, Style>> = {
  granted: 'good',
  declined: 'dim',
  unread: 'warning',
  refused: 'error',
  unoffered: 'warning',
  idle: 'warning',
}

const yes = (set: boolean): string => (set ? 'yes' : '-')

const hex = (flags: bigint): string => `0x${flags.toString(16)}`

function limitLines({ limits }: Negotiation): string[] {
  if (limits === undefined) return []
  const { minor, max_readahead, max_write, read_buffer, max_pages, max_background, congestion_threshold, time_gran, request_timeout } =
    limits
  const size = (n: number): string => bytesText(n) ?? `${n} bytes`
  return [
    `version 7.${minor}, readahead ${size(max_readahead)}, write ${size(max_write)}, ${max_pages} pages a request`,
    `a read(2) buffer of the server below ${read_buffer} bytes gives EINVAL (below 8192 until INIT is answered)`,
    `background ${max_background}, congestion ${congestion_threshold}, time in steps of ${time_gran} ns, ${request_timeout === 0 ? 'no request timeout' : `request timeout ${request_timeout} s`}`,
  ]
}

/** What a negotiation came to. `all`: bits that were offered and left, too. */
export function negotiationLines(n: Negotiation, paint: Paint, all: boolean): string[] {
  const bits = all ? n.bits : n.bits.filter(b => b.verdict !== 'declined')
  const left = n.bits.length - bits.length
  const rows = bits.map(b => [
    String(b.bit),
    b.granted ? b.name : paint('dim', b.name),
    yes(b.offered),
    yes(b.wanted),
    paint(STYLES[b.verdict], b.verdict),
    b.verdict === 'granted' && b.offered ? '' : b.reason,
  ])
  const columns = [
    { title: 'bit', align: 'right' },
    { title: 'name' },
    { title: 'offered' },
    { title: 'wanted' },
    { title: 'result' },
    { title: 'why' },
  ] as const
  return [
    `${paint('strong', n.outcome)}: ${n.why}`,
    `famfs ${n.famfs.on ? paint('good', 'on') : paint('warning', 'off')}: ${n.famfs.reason}`,
    ...limitLines(n),
    '',
    `offered ${hex(n.offered)}, answered ${hex(n.replied)}`,
    ...(bits.length === 0 ? [] : table(columns, rows, paint)),
    ...(left === 0 ? [] : [paint('dim', `${left} more offered and left; --all shows them`)]),
    ...n.warnings.map(text => paint('warning', `warning: ${text}`)),
    ...n.ignored.map(part => paint('warning', `not looked at: ${part}`)),
    ...(n.collisions.length === 0 ? [] : ['', paint('strong', 'numbers that mean something else elsewhere')]),
    ...n.collisions.map(c => `  ${c.what}: ${c.text}`),
  ]
}

/** The same as data: messages as hex. */
export function negotiationJson(n: Negotiation): unknown {
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
  return { ...n, request: text(n.request), reply: text(n.reply) }
}
