/** `famfs-wire negotiate`: INIT from both sides, bit by bit. */
import { walk } from '../../conformance/capture.ts'
import { type KernelSide, type Negotiation, negotiate as play } from '../../kernel/negotiate/index.ts'
import type { Dialect } from '../../schema/dialect.ts'
import { fuseV10 } from '../../uapi/dialects/index.ts'
import { fuse_opcode } from '../../uapi/fuse/codes.ts'
import { type Item, readCapture } from '../capture.ts'
import { painter } from '../color.ts'
import { command, Failure, GOOD, type Io, REFUSED } from '../command.ts'
import { type Dialects, dialectFileOption, dialectNamed, dialectsOf } from '../dialects.ts'
import { type Input, readInput } from '../input.ts'
import { negotiationJson, negotiationLines } from '../negotiateview.ts'
import { hexOption } from '../subject.ts'
import { jsonText, safe } from '../values.ts'

/** One INIT exchange, with what the capture calls it. */
interface Found {
  readonly title: string
  readonly dialect: Dialect
  readonly negotiation: Negotiation
}

/** What the messages do not say. */
type Sides = Required<Pick<KernelSide, 'capable' | 'userNamespace' | 'defaultPermissions'>>

type Message = Item & { readonly direction: 'request' | 'reply' | 'notify' }

/** Every INIT of a capture that was answered. */
function inCapture(input: Input, among: Dialects, dialect: Dialect | undefined, sides: Sides): Found[] {
  const items = [...readCapture(input, among, dialect)].filter((i): i is Message => i.direction !== 'map')
  const found: Found[] = []
  for (const { connection, direction, bytes, note, kernel, dialect: of } of walk(items)) {
    const request = 'opcode' in connection && connection.opcode === fuse_opcode.values.FUSE_INIT ? connection.request : undefined
    if (direction !== 'reply' || request === undefined) continue
    const title = [note, of.id, kernel].filter(s => s !== '').join(', ')
    found.push({ title, dialect: of, negotiation: play({ kernel: { ...sides, dialect: of, request }, server: { reply: bytes } }) })
  }
  if (found.length === 0) throw new Failure(`${input.name}: holds no INIT with its reply`, { exit: REFUSED })
  return found
}

const HEADERS = { request: 40, reply: 16 } as const

/** Every INIT is the first request of its mount. */
const FIRST_UNIQUE = 2n
const UNIQUE_AT = 8

const uniqueOf = (message: Uint8Array): bigint =>
  new DataView(message.buffer, message.byteOffset, message.length).getBigUint64(UNIQUE_AT, true)

/** A body alone gets the header that it would have. */
function whole(bytes: Uint8Array, side: keyof typeof HEADERS, unique = FIRST_UNIQUE): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (bytes.length >= HEADERS[side] && view.getUint32(0, true) === bytes.length) return bytes
  const message = new Uint8Array(HEADERS[side] + bytes.length)
  const head = new DataView(message.buffer)
  head.setUint32(0, message.length, true)
  head.setBigUint64(UNIQUE_AT, unique, true)
  if (side === 'request') head.setUint32(4, fuse_opcode.values.FUSE_INIT, true)
  message.set(bytes, HEADERS[side])
  return message
}

async function inputOf(operands: readonly string[], among: Dialects, given: Dialect | undefined, sides: Sides, io: Io): Promise<Found[]> {
  const dialect = given ?? fuseV10
  const [first, second] = operands
  if (first === undefined) return [{ title: '', dialect, negotiation: play({ kernel: { dialect, ...sides } }) }]
  const input = await readInput(first, {}, io)
  if (input.format === 'jsonl') return inCapture(input, among, given, sides)
  const request = whole(input.bytes, 'request')
  const kernel = { ...sides, dialect, request }
  const server = second === undefined ? {} : { reply: whole((await readInput(second, {}, io)).bytes, 'reply', uniqueOf(request)) }
  return [{ title: '', dialect, negotiation: play({ kernel, server }) }]
}

export const negotiate = command({
  usage: ['[REQUEST [REPLY] | CAPTURE] [--dialect D] [--no-rawio] [--userns] [--default-permissions] [--reply HEX] [--all] [--json]'],
  about: [
    'Shows what a kernel offered in INIT, what the server took, and what the kernel makes of it: every bit with the reason, the limits of the connection, whether maps will be asked for, and which numbers mean something else elsewhere. REQUEST and REPLY are files or hex, whole messages or their bodies; a capture (JSON Lines) is searched for all its INIT exchanges.',
    'Without operands the request is the one that a kernel of the dialect sends; without a reply the server takes everything that is offered. The dialect is never guessed: INIT does not tell it (default fuse-v10). The exit code is 1 when the mount is dead.',
  ],
  options: {
    dialect: { type: 'string', short: 'd', value: 'D', help: 'dialect of the kernel, as in famfs-wire dialects' },
    ...dialectFileOption,
    reply: { type: 'string', value: 'HEX', help: 'the reply, where the request is not given' },
    'no-rawio': { type: 'boolean', help: 'the task that mounts lacks CAP_SYS_RAWIO' },
    userns: { type: 'boolean', help: 'the mount is made inside a user namespace' },
    'default-permissions': { type: 'boolean', help: 'the mount has this option, without which some kernels refuse FUSE_ALLOW_IDMAP' },
    all: { type: 'boolean', help: 'bits that were offered and left, too' },
    json: { type: 'boolean', help: 'one JSON object an exchange' },
  },
  operands: 2,
  examples: [
    ['famfs-wire negotiate --dialect fuse-v10 --no-rawio', 'what a kernel offers without the capability'],
    ['famfs-wire negotiate fixtures/wire/famfs-7.46-trace.jsonl', 'every INIT of a capture'],
  ],
  async run({ values, positionals }, io) {
    const among = await dialectsOf(values)
    const dialect = values.dialect === undefined ? undefined : dialectNamed(values.dialect, among)
    const sides = {
      capable: values['no-rawio'] !== true,
      userNamespace: values.userns === true,
      defaultPermissions: values['default-permissions'] === true,
    }
    const found = await inputOf(positionals, among, dialect, sides, io)
    const given = values.reply === undefined ? undefined : hexOption('reply', values.reply)
    const all = given === undefined ? found : found.map(f => answered(f, given, sides))
    const paint = painter(values.color, io)
    for (const [i, { title, negotiation }] of all.entries()) {
      if (values.json === true) await io.print(`${jsonText(negotiationJson(negotiation), 0)}\n`)
      else {
        const head = title === '' ? [] : [paint('label', safe(title))]
        await io.print(`${[...(i === 0 ? [] : ['']), ...head, ...negotiationLines(negotiation, paint, values.all === true)].join('\n')}\n`)
      }
    }
    return all.every(f => f.negotiation.outcome === 'connected') ? GOOD : REFUSED
  },
})

/** The same request with a reply of the command line. */
const answered = ({ title, dialect, negotiation: { request } }: Found, reply: Uint8Array, sides: Sides): Found => ({
  title,
  dialect,
  negotiation: play({
    kernel: { ...sides, dialect, request },
    server: { reply: whole(reply, 'reply', uniqueOf(request)) },
  }),
})
