/** `image fmap`: the GET_FMAP reply of a file, or the ioctl that maps it, for each kernel, and as the daemon of the reference sends it. */

import type { WireError } from '../../codec/errors.ts'
import type { Entry } from '../../metadata/index.ts'
import { fmapOfEntry, fmapsOfEntry, fusedReplyOfEntry, ioctlOfEntry, ioctlsOfEntry } from '../../metadata/replay/index.ts'
import { knownDialects } from '../../uapi/dialects/known.ts'
import { oneOf } from '../args.ts'
import { Failure, GOOD, REFUSED } from '../command.ts'
import { formText } from '../ioctl/form.ts'
import { anyDialectNamed } from '../subject.ts'
import { table } from '../table.ts'
import { safe } from '../values.ts'
import { fileNamed } from './nodes.ts'
import type { Call, Sub, Values, Work } from './sub.ts'

const hexLine = (bytes: Uint8Array): string => `${Buffer.from(bytes).toString('hex')}\n`

/** The one reply or call that was asked for, as text; `path` is what messages call the file. */
function replyFor(entry: Entry, path: string, values: Values): string {
  if (values.as !== undefined) {
    oneOf('as', values.as, ['famfs_fused'])
    const bytes = fusedReplyOfEntry(entry)
    if (bytes !== undefined) return hexLine(bytes)
    throw new Failure(`${path}: a lookup of it fails in the daemon, there is no reply`, { exit: REFUSED })
  }
  const dialect = anyDialectNamed(values.dialect ?? '', knownDialects)
  const id = typeof dialect === 'string' ? dialect : dialect.id
  const reply = typeof dialect === 'string' ? ioctlOfEntry(entry, dialect) : fmapOfEntry(entry, dialect)
  if (!reply.ok)
    throw new Failure(`${path}: no kernel of dialect ${id} can be given it: ${reply.error.detail}`, {
      exit: REFUSED,
      hint: 'without --dialect all dialects are compared',
    })
  const { value } = reply
  return 'payload' in value ? formText(id, value.command, value.payload) : hexLine(value)
}

/** @throws Failure for options that do not go together */
export function checkReplyOptions({ as, dialect }: Values): void {
  if (as !== undefined && dialect !== undefined) throw new Failure('--as famfs_fused and --dialect exclude each other')
}

/** Whether one reply is asked for. */
export const asksForReply = ({ as, dialect }: Values): boolean => as !== undefined || dialect !== undefined

/** Prints the reply that was asked for as hex. */
export const printReply = (entry: Entry, path: string, { values, io }: Call): Promise<void> => io.print(replyFor(entry, path, values))

interface Offer {
  readonly dialect: string
  /** what the kernel is given, in words */
  readonly given: string | WireError
}

/** What kernels can be given for a file: a reply of FUSE, or a call of the ioctl ABI. */
const offersFor = (entry: Entry): Offer[] => [
  ...fmapsOfEntry(entry).map(({ dialect, reply }) => ({ dialect, given: reply.ok ? `${reply.value.length} bytes` : reply.error })),
  ...ioctlsOfEntry(entry).map(({ dialect, form }) => ({
    dialect,
    given: form.ok ? `${form.value.command}, ${form.value.payload.bytes.length} bytes` : form.error,
  })),
]

/** Prints which kernels can be given the file. The exit code. */
export async function printReplies(entry: Entry, { io, paint }: Call): Promise<number> {
  const offers = offersFor(entry)
  const rows = offers.map(({ dialect, given }) => [
    dialect,
    typeof given === 'string' ? paint('good', given) : `${paint('error', 'cannot be given it')}: ${safe(given.detail)}`,
  ])
  await io.print(`${table([{ title: 'dialect' }, { title: 'reply or call' }], rows, paint).join('\n')}\n`)
  return offers.some(({ given }) => typeof given === 'string') ? GOOD : REFUSED
}

async function run(work: Work): Promise<number> {
  checkReplyOptions(work.values)
  const entry = await fileNamed(work)
  if (!asksForReply(work.values)) return printReplies(entry, work)
  await printReply(entry, work.operands[0] ?? '', work)
  return GOOD
}

export const fmap: Sub = {
  name: 'fmap',
  usage: 'PATH [--dialect D | --as famfs_fused]',
  summary:
    'the GET_FMAP reply of a file, or the argument of the ioctl that maps it, as hex; without a dialect which kernels can be given it',
  options: ['dialect', 'as', 'policy'],
  operands: [1, 1],
  run,
}
