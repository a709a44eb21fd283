/** The report on golden data, for people: what agrees, what does not, and some conversations byte by byte. */
import type { OpenCase } from '../conformance/capture.ts'
import type { Golden } from '../conformance/golden.ts'
import type { DriverCount, OpenCount, Report, VectorCount } from '../conformance/report.ts'
import type { Count, Point } from '../conformance/tally.ts'
import { knownDialects } from '../uapi/dialects/known.ts'
import { caseLines, casesToShow, type Page } from './caseview.ts'
import { type Paint, wrap } from './color.ts'
import { table } from './table.ts'

/** What the classes of cases are about. */
const GROUPS: Readonly<Record<string, string>> = {
  simple: 'maps of simple extents',
  interleave: 'maps of interleaved groups',
  bad: 'maps with one thing wrong',
  edge: 'sizes at 2^63 and 2^64, sums that wrap around',
  trailing: 'bytes behind the map',
  toolong: 'maps larger than the buffer of the kernel',
  'fmap-error': 'the server answers GET_FMAP with an errno',
  daxdev: 'replies to GET_DAXDEV, good, bad and missing',
  state: 'opened again, forgotten, truncated, written, O_DIRECT',
  header: 'node and user ids in the request header',
  init: 'INIT with and without famfs',
  mutated: 'good maps with random bytes changed',
  push: 'size probes, and devices registered by ioctl',
  negotiation: 'asks for maps exactly when INIT settled famfs',
}

const COUNTS = [
  { title: 'cases', align: 'right' },
  { title: 'agree', align: 'right' },
  { title: 'disagree', align: 'right' },
] as const

const countCells = ({ cases, agree, disagree }: Count, paint: Paint): string[] => [
  String(cases),
  paint(agree === cases ? 'good' : 'plain', String(agree)),
  paint(disagree === 0 ? 'dim' : 'error', String(disagree)),
]

const sum = (counts: readonly Count[]): Count => ({
  cases: counts.reduce((n, c) => n + c.cases, 0),
  agree: counts.reduce((n, c) => n + c.agree, 0),
  disagree: counts.reduce((n, c) => n + c.disagree, 0),
})

const heading = (text: string, { paint }: Page): string[] => ['', paint('label', text), '']

/** All lines of the report. Conversations that disagree are shown first. */
export function reportLines(report: Report, golden: Golden, page: Page): string[] {
  return [
    ...introduction(page),
    ...openLines(report.opens, page),
    ...vectorLines(report.vectors, page),
    ...driverLines(report.drivers, page),
    ...messageLines(report, page),
    ...disagreementLines(report.disagreements, page),
    ...conversationLines(report, golden, page),
    ...ending(report, page),
  ]
}

const introduction = (page: Page): string[] => [
  page.paint('strong', 'famfs on real kernels, and what famfs-wire says of it'),
  ...wrap(
    'Every message here passed between a running Linux kernel and a FUSE server, and every vector went through the code of a kernel, a driver or a BPF program. famfs-wire saw the bytes only; "agree" means that it says what the kernel did.',
    page.columns,
  ).map(line => page.paint('dim', line)),
]

const kernelsOf = (counts: readonly { readonly kernel: string; readonly dialect: string }[]): [string, string][] => [
  ...new Map(counts.map((c): [string, [string, string]] => [`${c.kernel} ${c.dialect}`, [c.kernel, c.dialect]])).values(),
]

function openLines(opens: readonly OpenCount[], page: Page): string[] {
  return kernelsOf(opens).flatMap(([kernel, dialect]) => {
    const counts = opens.filter(c => c.kernel === kernel && c.dialect === dialect)
    const rows = counts.map(c => [page.paint('name', c.group), ...countCells(c, page.paint), page.paint('dim', GROUPS[c.group] ?? '')])
    const total = ['all', ...countCells(sum(counts), page.paint), '']
    const columns = [{ title: 'class' }, ...COUNTS, { title: '' }]
    return [
      ...heading(`open(2) of famfs files on Linux ${kernel}, dialect ${titleOf(dialect)}`, page),
      ...table(columns, [...rows, total], page.paint),
    ]
  })
}

const aboutOf = (dialect: string): string => knownDialects[dialect]?.title ?? ''
const titleOf = (dialect: string): string => `${dialect}: ${aboutOf(dialect)}`

const SETS: readonly (readonly [VectorCount['set'], string])[] = [
  ['verdicts', "Maps through the kernels' own parsers: errno, reason and what is kept in memory"],
  ['look-ups', 'Maps of the look-up vectors through the same parsers'],
]

function vectorLines(vectors: readonly VectorCount[], page: Page): string[] {
  return SETS.flatMap(([set, about]) => {
    const counts = vectors.filter(c => c.set === set)
    if (counts.length === 0) return []
    const rows = counts.map(c => [page.paint('name', c.dialect), ...countCells(c, page.paint), page.paint('dim', aboutOf(c.dialect))])
    const columns = [{ title: 'dialect' }, ...COUNTS, { title: '' }]
    return [...heading(about, page), ...table(columns, [...rows, ['all', ...countCells(sum(counts), page.paint), '']], page.paint)]
  })
}

/** What the drivers of the ioctl ABI were asked. */
const KINDS: Readonly<Record<DriverCount['kind'], string>> = {
  call: 'ioctl(2): errno, step, what is kept or written',
  lookups: 'maps with their look-ups, on healthy and failing mounts and files',
  operation: 'file operations before any data moves',
  install: 'devices taken at mount and by DAXDEV_OPEN',
  reads: 'files read on a running kernel',
  permitted: 'every operation under an option bitmap, on a running kernel',
}

function driverLines(drivers: readonly DriverCount[], page: Page): string[] {
  if (drivers.length === 0) return []
  const rows = drivers.map(c => [page.paint('name', c.dialect), c.kind, ...countCells(c, page.paint), page.paint('dim', KINDS[c.kind])])
  const columns = [{ title: 'dialect' }, { title: 'asked' }, ...COUNTS, { title: '' }]
  return [
    ...heading('The drivers of the ioctl ABI: their own code, and on a running kernel', page),
    ...table(columns, [...rows, ['all', '', ...countCells(sum(drivers), page.paint), '']], page.paint),
  ]
}

function messageLines({ messages }: Report, page: Page): string[] {
  const numberOf = (kernel: string, dialect: string, wanted: Partial<Record<'direction' | 'outcome', string>>): number =>
    sum(
      messages.filter(
        m =>
          m.kernel === kernel &&
          m.dialect === dialect &&
          (wanted.direction ?? m.direction) === m.direction &&
          (wanted.outcome ?? m.outcome) === m.outcome,
      ),
    ).cases
  const rows = kernelsOf(messages).map(([kernel, dialect]) => {
    const of = (wanted: Parameters<typeof numberOf>[2]): string => String(numberOf(kernel, dialect, wanted))
    const counts = sum(messages.filter(m => m.kernel === kernel && m.dialect === dialect))
    return [
      page.paint('name', kernel),
      of({ direction: 'request' }),
      of({ direction: 'reply' }),
      of({ direction: 'notify' }),
      page.paint('good', of({ outcome: 'same' })),
      of({ outcome: 'refused' }),
      of({ outcome: 'header' }),
      page.paint(counts.disagree === 0 ? 'dim' : 'error', String(counts.disagree)),
    ]
  })
  const titles = ['requests', 'replies', 'notifications', 'same bytes', 'refused', 'cut', 'disagree']
  const columns = [{ title: 'kernel' }, ...titles.map(title => ({ title, align: 'right' }) as const)]
  return [
    ...heading('Messages decoded by opcode and direction, and encoded again', page),
    ...table(columns, rows, page.paint),
    '',
    ...wrap(
      'refused: not decoded, and the kernel refused it too. cut: the capture kept the beginning only, its header is checked.',
      page.columns,
    ).map(line => page.paint('dim', line)),
  ]
}

/** More of them are only counted. */
const SHOWN_DISAGREEMENTS = 40

function disagreementLines(disagreements: readonly Point[], page: Page): string[] {
  if (disagreements.length === 0) return []
  const more = disagreements.length - SHOWN_DISAGREEMENTS
  return [
    ...heading('Disagreements', page),
    ...disagreements
      .slice(0, SHOWN_DISAGREEMENTS)
      .flatMap(({ id, name, expected, found }) => [
        `${page.paint('error', '✗')} ${page.paint('strong', id)}  ${name}`,
        ...wrap(`kernel:     ${expected}`, page.columns - 4).map(line => `    ${line}`),
        ...wrap(`famfs-wire: ${found}`, page.columns - 4).map(line => `    ${line}`),
      ]),
    ...(more > 0 ? [`and ${more} more; --json has them all`] : []),
  ]
}

function conversationLines(report: Report, golden: Golden, page: Page): string[] {
  const bad = new Set(report.disagreements.map(d => d.id))
  const cases: readonly OpenCase[] = casesToShow(golden.cases, bad)
  return cases.flatMap(c => [...heading(`${c.name}, Linux ${c.kernel}`, page), ...caseLines(c, page)])
}

function ending({ points, disagreements, ignored }: Report, { paint }: Page): string[] {
  const agree = points - disagreements.length
  const verdict =
    disagreements.length === 0
      ? paint('good', `✓ ${points} comparisons with real kernels and drivers, all agree`)
      : paint('error', `✗ ${points} comparisons with real kernels and drivers: ${agree} agree, ${disagreements.length} do not`)
  return ['', verdict, ...(ignored.length === 0 ? [] : [paint('dim', `not looked at: ${ignored.join(', ')}`)])]
}
