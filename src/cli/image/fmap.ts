/** `image fmap`: the GET_FMAP reply of a file, or the ioctl that maps it, for each kernel, and as the daemon of the reference sends it. */

import type { WireError } from '../../codec/errors.ts'
import type { IoctlForm } from '../../kernel/ioctl/to.ts'
import type { Entry } from '../../metadata/index.ts'
import { fmapOfEntry, fmapsOfEntry, fusedReplyOfEntry, ioctlOfEntry, ioctlsOfEntry } from '../../metadata/replay/index.ts'
import { oneOf } from '../args.ts'
import { Failure, GOOD, REFUSED } from '../command.ts'
import { type Dialects, dialectsOf } from '../dialects.ts'
import { formJson, formText } from '../ioctl/form.ts'
import { jsonText } from '../json-text.ts'
import { anyDialectNamed } from '../subject.ts'
import { table } from '../table.ts'
import { safe } from '../values.ts'
import { fileNamed } from './nodes.ts'
import type { Call, Sub, Values, Work } from './sub.ts'

/** What a kernel is given for a file: the same in three ways. */
interface Given {
  readonly words: string
  /** all of it */
  readonly text: string
  readonly json: object
}

const replyGiven = (of: object, bytes: Uint8Array): Given => ({
  words: `${bytes.length} bytes`,
  text: `${Buffer.from(bytes).toString('hex')}\n`,
  json: { ...of, hex: bytes },
})

const callGiven = (dialect: string, { command, payload }: IoctlForm): Given => ({
  words: `${command}, ${payload.bytes.length} bytes`,
  text: formText(dialect, command, payload),
  json: formJson(dialect, command, payload),
})

/** The one reply or call that was asked for; `path` is what messages call the file. */
async function givenFor(entry: Entry, path: string, values: Values): Promise<Given> {
  if (values.as !== undefined) {
    const as = oneOf('as', values.as, ['famfs_fused'])
    const bytes = fusedReplyOfEntry(entry)
    if (bytes !== undefined) return replyGiven({ as }, bytes)
    throw new Failure(`${path}: a lookup of it fails in the daemon, there is no reply`, { exit: REFUSED })
  }
  const dialect = anyDialectNamed(values.dialect ?? '', await dialectsOf(values))
  const id = typeof dialect === 'string' ? dialect : dialect.id
  const reply = typeof dialect === 'string' ? ioctlOfEntry(entry, dialect) : fmapOfEntry(entry, dialect)
  if (!reply.ok)
    throw new Failure(`${path}: no kernel of dialect ${id} can be given it: ${reply.error.detail}`, {
      exit: REFUSED,
      hint: 'without --dialect all dialects are compared',
    })
  const { value } = reply
  return 'payload' in value ? callGiven(id, value) : replyGiven({ dialect: id }, value)
}

/** @throws Failure for options that do not go together */
export function checkReplyOptions({ as, dialect }: Values): void {
  if (as !== undefined && dialect !== undefined) throw new Failure('--as famfs_fused and --dialect exclude each other')
}

/** Whether one reply is asked for. */
export const asksForReply = ({ as, dialect }: Values): boolean => as !== undefined || dialect !== undefined

/** Prints the reply that was asked for as hex. */
export async function printReply(entry: Entry, path: string, { values, io }: Call): Promise<void> {
  const { text, json } = await givenFor(entry, path, values)
  await io.print(values.json === true ? `${jsonText(json, 0)}\n` : text)
}

interface Offer {
  readonly dialect: string
  readonly given: Given | WireError
}

/** What kernels can be given for a file: a reply of FUSE, or a call of the ioctl ABI. */
const offersFor = (entry: Entry, among: Dialects): Offer[] => [
  ...fmapsOfEntry(entry, {}, among).map(({ dialect: { id: dialect }, reply }) => ({
    dialect,
    given: reply.ok ? replyGiven({ dialect }, reply.value) : reply.error,
  })),
  ...ioctlsOfEntry(entry).map(({ dialect, form }) => ({ dialect, given: form.ok ? callGiven(dialect, form.value) : form.error })),
]

const jsonOf = ({ dialect, given }: Offer): string => `${jsonText('words' in given ? given.json : { dialect, error: given.detail }, 0)}\n`

/** Prints which kernels can be given the file. The exit code. */
export async function printReplies(entry: Entry, { values, io, paint }: Call): Promise<number> {
  const offers = offersFor(entry, await dialectsOf(values))
  const rows = offers.map(({ dialect, given }) => [
    dialect,
    'words' in given ? paint('good', given.words) : `${paint('error', 'cannot be given it')}: ${safe(given.detail)}`,
  ])
  if (values.json === true) for (const offer of offers) await io.print(jsonOf(offer))
  else await io.print(`${table([{ title: 'dialect' }, { title: 'reply or call' }], rows, paint).join('\n')}\n`)
  return offers.some(({ given }) => 'words' in given) ? GOOD : REFUSED
}

async function run(work: Work): Promise<number> {
  checkReplyOptions(work.values)
  const entry = await fileNamed(work)
  if (!asksForReply(work.values)) return printReplies(entry, work)
  await printReply(entry, work.operands[0] ?? '', work)
  return GOOD
}

export const fmap: Sub = {
  options: ['dialect', 'dialect-file', 'as', 'json', 'policy'],
  meanings: { json: { help: 'as JSON, one line for each dialect' } },
  operands: [1, 1],
  run,
}
