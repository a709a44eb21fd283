/** Cases of open(2) on real kernels, played through the model: requests, writes, errnos, reads, mappings, what follows, the log. */

import { conversation, type Effect, get, type Named } from '../../kernel/conversation/index.ts'
import { type Negotiation, negotiate } from '../../kernel/negotiate/index.ts'
import type { Dialect } from '../../schema/dialect.ts'
import { knownDialects } from '../../uapi/dialects/known.ts'
import { famfsDialectIn } from '../capture.ts'
import { bytesOf } from '../hex.ts'
import type { Dialects } from '../named.ts'
import { bad, eachLine, inLine, type Json, list, number, object, optional, text } from '../record.ts'
import type { CaseInputs, Inputs } from './inputs.ts'
import { load, type Memory, shown, store } from './memory.ts'
import { ANNOUNCED, errnoText, FIRST_HANDLE, fileIn, headerOf, lookup, O_RDWR, open, type Play } from './player.ts'
import { begin, compare, compareLog, compareRest, play, type Story, tell } from './story.ts'

/** A case as the file has it: its lines, the one with what happened first. */
export interface RawCase {
  /** of its first line, from 0 */
  readonly index: number
  readonly id: string
  readonly name: string
  readonly kernel: string
  readonly dialect: Dialect
  readonly head: Json
  readonly lines: readonly Json[]
}

/** The head of a case with its lines so far. */
interface Open {
  readonly index: number
  readonly head: Json
  readonly lines: Json[]
}

/** The exchange of a line is looked at here, so that a refusal names the line. */
function exchangeIn(record: Json): void {
  for (const key of ['request_hex', 'reply_hex']) bytesOf(text(record, key), key)
}

/** Bytes of the argument of DAXDEV_OPEN: descriptor, flags, index. */
const PUSH_SIZE = 16

/** The argument of an ioctl of the case. */
function pushArgument(push: Json, i: number): DataView {
  const path = `push[${i}].arg_hex`
  const bytes = bytesOf(text(push, 'arg_hex'), path)
  if (bytes.length < PUSH_SIZE)
    throw bad('length', path, `has ${bytes.length} bytes, the argument of DAXDEV_OPEN has ${PUSH_SIZE}`, PUSH_SIZE, bytes.length)
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

function finished({ index, head, lines }: Open, known: Dialects): RawCase {
  if (head.push !== undefined) for (const [i, push] of list(head, 'push').entries()) pushArgument(object(push), i)
  const about = { id: text(head, 'id'), name: text(head, 'case'), kernel: text(head, 'kernel') }
  return { index, ...about, dialect: famfsDialectIn(head, known), head, lines }
}

/**
 * The lines of famfs-*.jsonl, case by case; those that are undefined are left out.
 * @throws WireError when a line is none; its path begins with the index of the line
 */
export function rawCases(lines: readonly unknown[], known: Dialects = knownDialects): RawCase[] {
  const cases: Open[] = []
  eachLine(lines, (line, index) => {
    const record = object(line)
    if (number(record, 'seq') === 0) cases.push({ index, head: record, lines: [] })
    if (record.op === undefined) return
    exchangeIn(record)
    cases.at(-1)?.lines.push(record)
  })
  return cases.map(of => inLine(of.index, () => finished(of, known)))
}

type Accessed = Effect & { readonly effect: 'accessed' }

function access(p: Play, event: { op: Accessed['op']; node: bigint; offset: bigint; length: bigint; flags?: number }): Accessed {
  return play(p.story, { event: 'access', flags: p.flags, ...event }).find((e): e is Accessed => e.effect === 'accessed') as Accessed
}

/** What the program of the captures shows of a read: bytes and the text that it found there, or the errno. */
function readWords({ memory }: Play, done: Accessed): string {
  if (done.oops !== undefined) return done.oops
  if (done.errno !== 0) return `errno ${done.errno}`
  return `${done.bytes} bytes ${JSON.stringify(done.fuse ? '' : shown(memory, done.pieces))}`
}

function compareReads(p: Play, node: bigint, reads: readonly unknown[]): void {
  for (const item of reads) {
    const read = object(item)
    const offset = number(read, 'off')
    const done = access(p, { op: 'read', node, offset: BigInt(offset), length: 24n })
    const expected = read.errno === undefined ? `${number(read, 'n')} bytes ${JSON.stringify(read.text)}` : `errno ${number(read, 'errno')}`
    compare(p.story, `pread(24 bytes at ${offset})`, expected, readWords(p, done))
  }
}

/** mmap(2) of a file descriptor of its own, and the first touch of a page. */
function compareMapping(p: Play, node: bigint, item: unknown, offset: bigint): void {
  const mapping = object(item)
  const before = p.flags
  if (fileIn(p, node) !== undefined) open(p, node, 0, 'open(2) for mmap(2)', O_RDWR)
  const mapped = access(p, { op: 'mmap', node, offset: 0n, length: 4096n })
  const done = mapped.errno === 0 ? access(p, { op: 'fault', node, offset, length: 4096n }) : mapped
  const words =
    done.signal !== undefined
      ? `signal ${done.signal}`
      : done.errno !== 0
        ? `errno ${done.errno}`
        : shown(
            p.memory,
            done.pieces.map(x => ({ ...x, length: 24n })),
          )
  const expected =
    mapping.signal !== undefined
      ? `signal ${number(mapping, 'signal')}`
      : mapping.errno !== undefined
        ? `errno ${number(mapping, 'errno')}`
        : text(mapping, 'text')
  if (done.fuse) tell(p.story, 'result', 'mmap(2): the pages of a file without a map are the business of the server')
  else compare(p.story, `mmap(2) and a touch at ${offset}`, expected, words)
  p.flags = before
}

/** A further open(2) of a case, with the requests that it caused. */
function followUp(p: Play, node: bigint, item: unknown, what: string): void {
  const record = object(item)
  const before = p.left.length
  open(p, node, number(record, 'open_errno'), `open(2) ${what}`, O_RDWR)
  const asked = p.left.length
  if (record.requests !== undefined)
    compare(p.story, 'requests that it caused', String(list(record, 'requests').length), String(before - asked))
  actions(p, node, record)
}

/** What a member of a case tells, in the order in which the members stand: that is the order in which it happened. */
type Action = (p: Play, node: bigint, value: unknown, record: Json) => void

const NODE_2 = 4n
/** Where the program of the captures writes through a mapping. */
const WRITTEN_AT = 100n
const errnoOf = (value: unknown): string =>
  optional(object(value), 'errno', number) === undefined ? 'errno 0' : `errno ${number(object(value), 'errno')}`
const readAgain = (p: Play, node: bigint): string => {
  const { errno } = access(p, { op: 'read', node, offset: 0n, length: 24n })
  return `errno ${errno}`
}

const ACTIONS: Readonly<Record<string, Action>> = {
  reads: (p, node, value) => compareReads(p, node, value as readonly unknown[]),
  splice_read: (p, node, value) =>
    compare(
      p.story,
      'splice(2) of 16 bytes',
      String(number(object(value), 'rc')),
      String(access(p, { op: 'read', node, offset: 0n, length: 16n }).bytes),
    ),
  fstat_size: (p, node, value) => {
    const file = get(p.story.state.files, node)
    compare(p.story, 'size that fstat(2) tells', String(number(object(value), 'rc')), String(file?.state.i_size))
  },
  mmap_read: (p, node, value) => compareMapping(p, node, value, p.about.mmapOffset ?? 0n),
  mmap_write: (p, node, value) => {
    compareMapping(p, node, value, 0n)
    const expected = text(object(value), 'readback_at_100')
    const { pieces } = access(p, { op: 'fault', node, offset: 0n, length: 4096n })
    store(
      p.memory,
      pieces.map(x => ({ ...x, offset: x.offset + WRITTEN_AT })),
      new TextEncoder().encode(expected),
    )
    const done = access(p, { op: 'read', node, offset: WRITTEN_AT, length: BigInt(expected.length) })
    compare(p.story, 'what a read finds of a write through the mapping', expected, shown(p.memory, done.pieces))
  },
  ftruncate: (p, node) => play(p.story, { event: 'resize', node, size: p.about.truncate ?? 0n }),
  read_after_truncate: (p, node, value) => compare(p.story, 'read(2) after it', errnoOf(value), readAgain(p, node)),
  after_size_change: (p, node, value) => {
    play(p.story, { event: 'resize', node, size: p.about.newSize ?? 0n })
    compare(p.story, 'read(2) after the server changed the size', errnoOf(value), readAgain(p, node))
  },
  write: (p, node, value) => {
    const { offset, data } = p.about.write ?? { offset: 0n, data: new Uint8Array() }
    const done = access(p, { op: 'write', node, offset, length: BigInt(data.length) })
    compare(p.story, `pwrite(${data.length} bytes at ${offset})`, String(number(object(value), 'rc')), String(done.bytes))
    store(p.memory, done.pieces, data)
  },
  readback: (p, node, value) => {
    const expected = text(object(value), 'rc')
    const done = access(p, { op: 'read', node, offset: p.about.write?.offset ?? 0n, length: BigInt(expected.length / 2) })
    const found = load(p.memory, done.pieces)
    compare(p.story, 'what a read finds there', expected, found.map(b => b.toString(16).padStart(2, '0')).join(''))
  },
  open_again: (p, node, value) => followUp(p, node, value, 'again'),
  open_file2: (p, _, value) => {
    lookup(p, NODE_2, 'file2')
    followUp(p, NODE_2, value, 'of another file')
  },
  open_after_forget: (p, node, value) => {
    play(p.story, { event: 'forget', node })
    p.story.asked.splice(0)
    lookup(p, node, 'file')
    followUp(p, node, value, 'after the inode was dropped')
  },
}

function actions(p: Play, node: bigint, record: Json): void {
  for (const [key, value] of Object.entries(record)) ACTIONS[key]?.(p, node, value, record)
}

function pushes(p: Play, items: readonly unknown[], names: Readonly<Record<string, Named>>): void {
  for (const [i, item] of items.entries()) {
    const push = object(item)
    const index = pushArgument(push, i).getBigUint64(8, true)
    const name = String(push.path)
    const named = names[name]
    const effects = play(p.story, { event: 'push', index, name, ...(named === undefined ? {} : { named }) }, 'server')
    const found = effects.find(e => e.effect === 'pushed')?.errno
    compare(p.story, `ioctl(DAXDEV_OPEN ${name} as ${index})`, errnoText(number(push, 'errno')), errnoText(found))
  }
}

/** INIT is not in the list of cases: it is made of what the case says of it. */
function initOf({ dialect, head }: RawCase, { famfs }: CaseInputs): Negotiation {
  const kernel = { dialect, minor: ANNOUNCED, capable: head.offered_dax_fmap === true }
  return negotiate({ kernel, server: famfs === undefined ? {} : { famfs } })
}

function start(raw: RawCase, inputs: Inputs, names: Readonly<Record<string, Named>>, lines: readonly Json[], memory: Memory): Play {
  const story = begin(conversation({ dialect: raw.dialect, names, sizes: inputs.sizes }))
  const about = inputs.cases[raw.name] ?? {}
  const init = initOf(raw, about)
  play(story, { event: 'mount', request: init.request })
  play(story, { event: 'write', bytes: init.reply }, 'server')
  return { story, about, memory, left: [...lines], flags: O_RDWR, handles: FIRST_HANDLE }
}

/** Another mount at the same time, with a kernel state of its own. */
function secondMount(raw: RawCase, inputs: Inputs, record: Json, memory: Memory): Story {
  const names = { ...inputs.names, ...inputs.cases[raw.name]?.secondMount }
  const p = start(raw, inputs, names, list(record, 'exchanges').map(object), memory)
  const node = nodeOf(p.left)
  lookup(p, node, 'file')
  followUp(p, node, record, 'on the second mount')
  compareRest(p.story)
  return p.story
}

const FILE_NODE = 3n
const nodeOf = (lines: readonly Json[]): bigint => (lines[0] === undefined ? FILE_NODE : headerOf(lines[0]).nodeid)

/**
 * One case through the model.
 * @param memory of the devices; cases that follow one another share it
 * @throws WireError when a line is not what it should be
 */
export function playCase(raw: RawCase, inputs: Inputs, memory: Memory = new Map()): Story {
  const { head, lines } = raw
  const p = start(raw, inputs, inputs.names, lines, memory)
  const node = nodeOf(lines)
  if (head.push !== undefined) pushes(p, list(head, 'push'), inputs.names)
  lookup(p, node, 'file')
  open(p, node, number(head, 'open_errno'), 'open(2)', p.about.flags ?? O_RDWR)
  actions(p, node, head)
  compareRest(p.story)
  compare(p.story, 'exchanges that the model did not ask for', '0', String(p.left.length))
  if (head.second_mount !== undefined) {
    const second = secondMount(raw, inputs, object(head.second_mount), memory)
    p.story.entries.push(...second.entries)
    p.story.logged.push(...second.logged)
  }
  compareLog(p.story, optional(head, 'dmesg', list)?.map(String) ?? [])
  return p.story
}
