/** `famfs-wire negotiate`: INIT from both sides, bit by bit. */
import { attempt } from '../../codec/errors.ts'
import { walk } from '../../conformance/capture.ts'
import { type KernelSide, type Negotiation, negotiate as play, wholeInitReply, wholeInitRequest } from '../../kernel/negotiate/index.ts'
import type { Dialect } from '../../schema/dialect.ts'
import { fuseV10 } from '../../uapi/dialects/index.ts'
import { fuse_opcode } from '../../uapi/fuse/codes.ts'
import { type Item, readCapture } from '../capture.ts'
import { painter } from '../color.ts'
import { command, Failure, GOOD, type Io, REFUSED } from '../command.ts'
import { type Dialects, dialectFileOption, dialectNamed, dialectsOf } from '../dialects.ts'
import { type Input, readInput } from '../input.ts'
import { jsonText } from '../json-text.ts'
import { negotiationJson, negotiationLines } from '../negotiateview.ts'
import { hexOption } from '../subject.ts'
import { safe } from '../values.ts'

/** One INIT exchange, with what the capture calls it. */
interface Found {
  readonly title: string
  readonly dialect: Dialect
  readonly negotiation: Negotiation
}

/** What the messages do not say. */
type Sides = Required<Pick<KernelSide, 'capable' | 'userNamespace' | 'defaultPermissions' | 'ioUring'>>

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

/** The message that was meant; what is no INIT is refused by the name of the input. */
function init(name: string, read: () => Uint8Array): Uint8Array {
  const message = attempt(read)
  if (message.ok) return message.value
  throw new Failure(`${name}: ${message.error.message}`, { exit: REFUSED })
}

async function inputOf(operands: readonly string[], among: Dialects, given: Dialect | undefined, sides: Sides, io: Io): Promise<Found[]> {
  const dialect = given ?? fuseV10
  const [first, second] = operands
  if (first === undefined) return [{ title: '', dialect, negotiation: play({ kernel: { dialect, ...sides } }) }]
  const input = await readInput(first, {}, io)
  if (input.format === 'jsonl') return inCapture(input, among, given, sides)
  const request = init(input.name, () => wholeInitRequest(input.bytes))
  const kernel = { ...sides, dialect, request }
  const answer = second === undefined ? undefined : await readInput(second, {}, io)
  const server = answer === undefined ? {} : { reply: init(answer.name, () => wholeInitReply(answer.bytes, request)) }
  return [{ title: '', dialect, negotiation: play({ kernel, server }) }]
}

export const negotiate = command({
  usage: [
    '[REQUEST [REPLY] | CAPTURE] [--dialect D] [--no-rawio] [--userns] [--default-permissions] [--io-uring] [--reply HEX] [--all] [--json]',
  ],
  about: [
    'Shows what a kernel offered in INIT, what the server took, and what the kernel makes of it: every bit with the reason, the limits of the connection, how large the buffer of the server must be, whether maps will be asked for, and which numbers mean something else elsewhere. REQUEST and REPLY are files or hex, whole messages or their bodies; a capture (JSON Lines) is searched for all its INIT exchanges. What is no INIT is refused with the reason.',
    'Without operands the request is the one that a kernel of the dialect sends; without a reply the server takes everything that is offered. The dialect is never guessed: INIT does not tell it (default fuse-v10). The exit code is 1 when the mount is dead.',
  ],
  options: {
    dialect: { type: 'string', short: 'd', value: 'D', help: 'dialect of the kernel, as in famfs-wire dialects' },
    ...dialectFileOption,
    reply: { type: 'string', value: 'HEX', help: 'the reply, where the request is not given' },
    'no-rawio': { type: 'boolean', help: 'the task that mounts lacks CAP_SYS_RAWIO' },
    userns: { type: 'boolean', help: 'the mount is made inside a user namespace' },
    'default-permissions': { type: 'boolean', help: 'the mount has this option, without which some kernels refuse FUSE_ALLOW_IDMAP' },
    'io-uring': { type: 'boolean', help: 'the kernel has io_uring for FUSE enabled: it offers bits 41 and 43' },
    all: { type: 'boolean', help: 'bits that were offered and left, too' },
    json: { type: 'boolean', help: 'one JSON object an exchange' },
  },
  operands: 2,
  examples: [
    ['famfs-wire negotiate --dialect fuse-v10 --no-rawio', 'what a kernel offers without the capability'],
    ['famfs-wire negotiate --dialect fuse --io-uring', 'what mainline 7.46 offers, and for whom it may be taken'],
    ['famfs-wire negotiate fixtures/wire/famfs-7.46-trace.jsonl', 'every INIT of a capture'],
  ],
  async run({ values, positionals }, io) {
    const among = await dialectsOf(values)
    const dialect = values.dialect === undefined ? undefined : dialectNamed(values.dialect, among)
    const sides = {
      capable: values['no-rawio'] !== true,
      userNamespace: values.userns === true,
      defaultPermissions: values['default-permissions'] === true,
      ioUring: values['io-uring'] === true,
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
    server: { reply: init('--reply', () => wholeInitReply(reply, request)) },
  }),
})
