/** `famfs-wire validate`: what does a kernel do with this map, and what should a careful peer object to? */
import type { Dialect } from '../../schema/dialect.ts'
import { fuseV10 } from '../../uapi/dialects/index.ts'
import { type FindingOptions, metaJson } from '../../validate/index.ts'
import { ruleNamed } from '../../validate/rules/index.ts'
import { byteCount, oneOf } from '../args.ts'
import { bodiesIn } from '../capture-bodies.ts'
import { checkText } from '../checktext.ts'
import { clip, type Paint, pageWidth, painter, wrap } from '../color.ts'
import { command, Failure, GOOD, REFUSED } from '../command.ts'
import { askingFor, type Dialects, dialectFileOption, dialectsOf, famfsDialectNamed, haveOneForm, idsOf } from '../dialects.ts'
import { type Input, inputOptions, readInput } from '../input.ts'
import { jsonText } from '../json-text.ts'
import {
  type Answer,
  answer,
  type Body,
  bodyIn,
  claimedLength,
  errorOf,
  isReply,
  type Judgeable,
  lengthText,
  mistaken,
  verdictText,
  wrongLength,
} from '../judged.ts'
import { type Machine, machineOf, machineOptions } from '../machine.ts'
import { checkNamed } from '../rulefacts.ts'
import { table } from '../table.ts'
import { type FileJudge, isMany, validateMany } from '../validatemany.ts'
import { validateCapture } from '../validateview.ts'
import { bytesText, errnoName, safe } from '../values.ts'

export interface Judge extends Machine {
  readonly deviceSizes: Readonly<Record<number, bigint>>
}

/** Whom a message is put to. */
interface Asked {
  /** whose verdicts and findings count */
  readonly dialects: readonly Dialect[]
  /** with --all: dialects whose maps have another form, which read something else in the same bytes */
  readonly strangers: readonly Dialect[]
}

/** More than a shell passes on. */
const MOST_FILES = 100_000

export const validate = command({
  usage: [
    '[FILE | HEX | -] --dialect D [--message GET_FMAP|GET_DAXDEV] [--as reply|map] [--json]',
    '[FILE | HEX | -] --all [--dialect D] [--json]',
    'CAPTURE [--dialect D]',
    'FILE|DIRECTORY... --dialect D|--all [--json]',
  ],
  about: [
    'Judges the body of a GET_FMAP or GET_DAXDEV reply, given bare or with its fuse_out_header. First the verdict: the errno of the kernel of that dialect and the check that decides. Then the findings: everything a careful peer should object to, also where that kernel looks away; errors are what it refuses or misbehaves on, warnings what others refuse, notes are harmless so far. famfs-wire rules ID explains each.',
    'Whole replies are told from maps by their header, also where its length is wrong: write(2) of such a reply gives EINVAL, which is said, and its body is judged beside that.',
    'Several files, and the files of directories and their subdirectories, get one line each and a line that counts them; with --json it is one object a file, as JSON Lines. The exit code is then the worst of all: 0 good, 1 refused, 2 not read.',
    'Exit code 0: accepted and no finding of severity error; 1: refused or errors. With --all it is 0 only when that holds for every dialect whose maps have this form. The BPF dialects, and those of your own that bring a form along, would read something else in the same bytes: their verdicts stand below the table and do not count. Byte offsets count from the first byte given.',
  ],
  options: {
    dialect: { type: 'string', short: 'd', value: 'D', help: 'whose kernel judges; see famfs-wire dialects' },
    ...dialectFileOption,
    all: {
      type: 'boolean',
      short: 'a',
      help: 'every dialect with the form of the map of --dialect (without it: that of famfs), as a table',
    },
    as: { type: 'string', value: 'WHAT', help: 'reply (with its header) or map (a body alone), where the bytes could be either' },
    message: { type: 'string', short: 'm', value: 'M', help: 'GET_FMAP (the default) or GET_DAXDEV' },
    ...machineOptions,
    'device-size': {
      type: 'string',
      multiple: true,
      value: 'BYTES',
      help: 'size of device 0, then 1, ... as often as needed; N=BYTES names one',
    },
    ...inputOptions,
    json: { type: 'boolean', help: 'verdict and findings as JSON' },
  },
  operands: MOST_FILES,
  examples: [
    ['famfs-wire validate map.bin --dialect fuse-v10', 'would this kernel take it?'],
    ['famfs-wire validate map.bin --all', 'which kernels would?'],
    ['famfs-wire validate reply.bin -d fuse-push-il --device-size 16G --device-size 64G', 'do the extents lie inside the devices?'],
    ['famfs-wire validate fixtures/wire/famfs-7.46.jsonl', 'every map of a capture, one line each'],
  ],
  async run({ values, positionals }, io) {
    const among = await dialectsOf(values)
    const dialect = values.dialect === undefined ? undefined : famfsDialectNamed(values.dialect, among)
    const message = oneOf('message', values.message ?? 'GET_FMAP', ['GET_FMAP', 'GET_DAXDEV'])
    const judge: Judge = { ...machineOf(values), deviceSizes: deviceSizes(values['device-size'] ?? []) }
    const paint = painter(values.color, io)
    const view = { paint, columns: pageWidth(io), json: values.json === true }
    const as = values.as === undefined ? undefined : oneOf('as', values.as, ['reply', 'map'])
    if (await isMany(positionals)) {
      const fileJudge: FileJudge = {
        read: path => readInput(path, values, io),
        answers: input => answersIn(input, { among, dialect, all: values.all === true, message, as, judge }),
        around: input => (input.format === 'jsonl' ? undefined : lengthNote(bodyOf(input, { message, as, dialect }), input)),
      }
      return await validateMany(positionals, fileJudge, view, io)
    }
    const input = await readInput(positionals[0], values, io)
    if (input.format === 'jsonl') return await validateCapture(input, among, dialect, judge, view, io)
    const asked = toAsk(dialect, values.all === true, message, among)
    const body = bodyOf(input, { message, as, dialect })
    const note = lengthNote(body, input)
    const wrong = note === undefined ? [] : [`${note}. Beside that, its body:`]
    const answers = asked.dialects.map(d => answer(body, d, against(judge, d, among)))
    const strangers = asked.strangers.map(d => answer(body, d, judge))
    const about = {
      taken: input.taken,
      ...(body.len === undefined ? {} : { write: { errno: 22, err: 'EINVAL', len: body.len, length: input.bytes.length } }),
    }
    const told = (said: object): object => ({ ...said, ...about })
    if (view.json)
      await io.print(`${jsonText(values.all === true ? allJson(answers, strangers).map(told) : told(answers.map(answerJson)[0] ?? {}))}\n`)
    else {
      const said = values.all === true ? tableLines(answers, strangers, paint) : answers.flatMap(a => verdictLines(a, view))
      await io.print(
        `${[...headLines(input, body, asked.dialects, paint), ...wrong.map(line => paint('error', line)), '', ...said, ...findingLines(answers, among, view)].join('\n')}\n`,
      )
    }
    return wrong.length === 0 && answers.every(a => a.good) ? GOOD : REFUSED
  },
})

interface View {
  readonly paint: Paint
  readonly columns: number
}

/** The dialects with which a finding is compared, so that what it says of them is about the same fields. */
const compared = (dialect: Dialect, among: Dialects): readonly Dialect[] =>
  askingFor('GET_FMAP', among).filter(d => haveOneForm(d, dialect))

const against = (judge: Judge, dialect: Dialect, among: Dialects): Judge & Pick<FindingOptions, 'against'> => ({
  ...judge,
  against: compared(dialect, among),
})

function toAsk(dialect: Dialect | undefined, all: boolean, message: Judgeable, among: Dialects): Asked {
  const asking = askingFor(message, among)
  if (dialect !== undefined && !asking.includes(dialect))
    throw new Failure(`no kernel of dialect ${dialect.id} asks for ${message}`, { hint: `dialects that do: ${idsOf(asking)}` })
  if (all) {
    const form = dialect ?? fuseV10
    return { dialects: asking.filter(d => haveOneForm(d, form)), strangers: asking.filter(d => !haveOneForm(d, form)) }
  }
  if (dialect === undefined)
    throw new Failure('whose kernel judges? --dialect D or --all is needed', {
      hint: `dialects: ${idsOf(asking)}; nothing in the bytes tells them apart`,
    })
  return { dialects: [dialect], strangers: [] }
}

/** Devices in order, or by number: `16G`, `3=16G`. */
function deviceSizes(given: readonly string[]): Record<number, bigint> {
  const sizes: Record<number, bigint> = {}
  let next = 0
  for (const text of given) {
    const [, index, size] = /^(?:(\d{1,10})=)?(.*)$/.exec(text) ?? []
    const at = index === undefined ? next : Number(index)
    sizes[at] = byteCount('device-size', size ?? '')
    next = at + 1
  }
  return sizes
}

/** What is the same for every file. */
interface Question {
  readonly among: Dialects
  readonly dialect: Dialect | undefined
  readonly all: boolean
  readonly message: Judgeable
  readonly as: 'reply' | 'map' | undefined
  readonly judge: Judge
}

/** The answers to all that a file holds. */
function* answersIn(input: Input, { among, dialect, all, message, as, judge }: Question): Generator<Answer> {
  if (input.format === 'jsonl') {
    for (const { item, body } of bodiesIn(input, among, dialect))
      if (item.dialect.reply[body.message] !== undefined) yield answer(body, item.dialect, judge)
    return
  }
  const body = bodyOf(input, { message, as, dialect })
  for (const d of toAsk(dialect, all, message, among).dialects) yield answer(body, d, against(judge, d, among))
}

const lengthNote = ({ len }: Given, { bytes }: Input): string | undefined =>
  len === undefined ? undefined : `a reply; ${lengthText(len, bytes)}`

/** A body, and what the header before it says about its length where that is wrong. */
type Given = Body & { readonly len?: number }

/** The body, also out of a whole reply. */
function bodyOf(input: Input, { message, as, dialect }: Pick<Question, 'message' | 'as' | 'dialect'>): Given {
  const { bytes, name } = input
  if (as === 'map') return { message, bytes, base: 0 }
  const len = wrongLength(bytes, dialect) ?? (as === 'reply' ? claimedLength(bytes, name) : undefined)
  if (len === undefined && !isReply(bytes)) return { message, bytes, base: 0 }
  const error = errorOf(bytes)
  if (error !== 0) throw new Failure(`${name}: a reply that carries ${errnoName(-error)}: there is nothing to judge`, { exit: REFUSED })
  return { ...bodyIn(message, bytes), ...(len === undefined ? {} : { len }) }
}

function headLines(input: Input, body: Body, asked: readonly Dialect[], paint: Paint): string[] {
  const what = body.message === 'GET_FMAP' ? 'a map' : 'a device'
  const size = bytesIn(body.bytes.length)
  const from = body.base === 0 ? `${size}, ${input.taken}` : `${size} behind a fuse_out_header, ${input.taken}`
  const note = mistaken(body, asked)
  return [`${paint('strong', safe(clip(input.name, 60)))}: ${what} of ${from}`, ...(note === undefined ? [] : [paint('warning', note)])]
}

function verdictLines(a: Answer, { columns, paint }: View): string[] {
  const { refusal, meta } = a
  const head = `${paint('strong', a.dialect.id)} ${paint(a.errno === 0 ? 'good' : 'error', verdictText(a))}`
  if (refusal !== undefined) {
    const step = checkNamed(refusal.check, a.dialect)
    const check = step === undefined ? refusal.check : `${refusal.check}: ${checkText(step)}`
    return [
      head,
      ...Object.entries({ at: refusal.place, check, reason: refusal.reason }).map(
        ([what, text]) => `  ${paint('dim', what.padEnd(6))}  ${text}`,
      ),
    ]
  }
  return [head, ...(meta === undefined ? [] : wrap(kept(meta), columns - 2).map(line => `  ${paint('dim', line)}`))]
}

/** What the kernel keeps, in a line. */
function kept(meta: NonNullable<Answer['meta']>): string {
  if ('name' in meta)
    return `it looks up ${JSON.stringify(meta.name)}${meta.terminated ? '' : ', and reads on behind it: the name has no NUL'}`
  const count = meta.extents.length
  const what = meta.ext_type === 'simple' ? 'extent' : 'interleaved group'
  const shift = meta.ext_type === 'simple' && (meta.ext_shift ?? 0) > 0 ? `, all of 2^${meta.ext_shift} bytes` : ''
  return `it keeps a file of ${bytesIn(meta.file_size)} in ${count} ${what}${count === 1 ? '' : 's'}${shift}, device bitmap 0x${meta.dev_bitmap.toString(16)}`
}

const bytesIn = (n: bigint | number): string => {
  const unit = bytesText(n)
  return `${n} byte${BigInt(n) === 1n ? '' : 's'}${unit === undefined ? '' : ` (${unit})`}`
}

function tableLines(answers: readonly Answer[], strangers: readonly Answer[], paint: Paint): string[] {
  const rowOf = (a: Answer): string[] => [
    paint('name', a.dialect.id),
    paint(a.errno === 0 ? 'good' : 'error', a.errno === 0 ? 'accepted' : errnoName(a.errno)),
    a.refusal?.reason ?? '',
    a.refusal?.check ?? '',
    a.refusal?.place ?? '',
  ]
  const columns = [{ title: 'dialect' }, { title: 'verdict' }, { title: 'reason' }, { title: 'check' }, { title: 'at' }]
  const lines = table(columns, answers.map(rowOf), paint)
  if (strangers.length === 0) return lines
  const others = table(columns, strangers.map(rowOf), paint).slice(1)
  return [...lines, '', paint('dim', 'kernels whose maps have another form, not counted: what they say to these bytes'), ...others]
}

const STYLES = { error: 'error', warning: 'warning', note: 'dim' } as const
const GRAVITY = { error: 0, warning: 1, note: 2 } as const

/** A finding, and the ids of the dialects with which it was compared. */
type Shown = Answer['findings'][number] & { readonly compared: readonly string[] }

/** The findings of all answers, each once, at its gravest. */
function merged(answers: readonly Answer[], among: Dialects): Shown[] {
  const all = new Map<string, Shown>()
  const shown = answers.flatMap(({ message, dialect, findings }): Shown[] => {
    const ids = compared(dialect, among)
      .filter(d => d.reply[message] !== undefined)
      .map(d => d.id)
    return findings.map(f => ({ ...f, compared: ids }))
  })
  for (const f of shown) {
    const key = `${f.rule} ${f.path} ${f.offset}`
    const before = all.get(key)
    if (before === undefined || GRAVITY[f.severity] < GRAVITY[before.severity]) all.set(key, f)
  }
  return [...all.values()].sort((a, b) => GRAVITY[a.severity] - GRAVITY[b.severity] || a.offset - b.offset)
}

function findingLines(answers: readonly Answer[], among: Dialects, { paint, columns }: View): string[] {
  const found = merged(answers, among)
  if (found.length === 0) return ['', paint('good', 'nothing to object to')]
  const counts = (['error', 'warning', 'note'] as const).map(
    s => [found.reduce((n, f) => n + (f.severity === s ? 1 + (f.more ?? 0) : 0), 0), s] as const,
  )
  const summary = counts.filter(([n]) => n > 0).map(([n, s]) => `${n} ${s}${n === 1 ? '' : 's'}`)
  return ['', paint('strong', `findings: ${summary.join(', ')}`), ...found.flatMap(f => oneFinding(f, paint, columns))]
}

function oneFinding(f: Shown, paint: Paint, columns: number): string[] {
  const margin = ' '.repeat(9)
  const lines = (text: string): string[] => wrap(text, columns - margin.length).map(line => margin + line)
  const more = f.more === undefined ? [] : lines(`and ${f.more} more of this rule`)
  const kernels = lines(kernelsText(f)).map(line => paint('dim', line))
  return [
    `${paint(STYLES[f.severity], f.severity.padEnd(7))}  ${paint('name', f.rule)}  ${f.place}`,
    ...lines(safe(f.message)),
    ...kernels,
    ...more,
  ]
}

/** Who takes it and who does not, whichever is said sooner; where nobody refuses it, what the rule says. */
function kernelsText({ acceptedBy, compared: ids, rule }: Shown): string {
  const refusing = ids.filter(id => !acceptedBy.includes(id))
  if (refusing.length === 0) return ruleNamed(rule).otherwise
  if (refusing.length === ids.length) return ids.length === 1 ? 'this kernel refuses it' : 'every kernel refuses it'
  return refusing.length <= acceptedBy.length ? `refused by ${refusing.join(', ')}` : `taken by ${acceptedBy.join(', ')} only`
}

const allJson = (answers: readonly Answer[], strangers: readonly Answer[]): object[] => [
  ...answers.map(answerJson),
  ...strangers.map(a => ({ ...answerJson(a), findings: undefined, otherForm: true })),
]

function answerJson(a: Answer): Record<string, unknown> {
  const { message, base, errno, refusal, meta, findings } = a
  const known = meta === undefined ? {} : { meta: 'name' in meta ? meta : metaJson(meta) }
  return {
    dialect: a.dialect.id,
    message,
    bodyOffset: base,
    errno,
    err: errnoName(errno),
    ...(refusal === undefined ? {} : { ...refusal, place: undefined }),
    ...known,
    findings: findings.map(f => ({ ...f, place: undefined })),
  }
}
