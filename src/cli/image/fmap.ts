/** `image fmap`: the GET_FMAP reply of a file, for each kernel, and as the daemon of the reference sends it. */
import type { Entry } from '../../metadata/index.ts'
import { fmapOfEntry, fmapsOfEntry, fusedReplyOfEntry } from '../../metadata/replay/index.ts'
import { knownDialects } from '../../uapi/dialects/known.ts'
import { oneOf } from '../args.ts'
import { Failure, GOOD, REFUSED } from '../command.ts'
import { dialectNamed } from '../dialects.ts'
import { table } from '../table.ts'
import { safe } from '../values.ts'
import { fileNamed } from './nodes.ts'
import type { Call, Sub, Values, Work } from './sub.ts'

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** The bytes of the one reply that was asked for; `path` is what messages call the file. */
function replyFor(entry: Entry, path: string, values: Values): Uint8Array {
  if (values.as !== undefined) {
    oneOf('as', values.as, ['famfs_fused'])
    const bytes = fusedReplyOfEntry(entry)
    if (bytes !== undefined) return bytes
    throw new Failure(`${path}: a lookup of it fails in the daemon, there is no reply`, { exit: REFUSED })
  }
  const dialect = dialectNamed(values.dialect ?? '', knownDialects)
  const reply = fmapOfEntry(entry, dialect)
  if (reply.ok) return reply.value
  throw new Failure(`${path}: no kernel of dialect ${dialect.id} can be given it: ${reply.error.detail}`, {
    exit: REFUSED,
    hint: 'without --dialect all dialects are compared',
  })
}

/** @throws Failure for options that do not go together */
export function checkReplyOptions({ as, dialect }: Values): void {
  if (as !== undefined && dialect !== undefined) throw new Failure('--as famfs_fused and --dialect exclude each other')
}

/** Whether one reply is asked for. */
export const asksForReply = ({ as, dialect }: Values): boolean => as !== undefined || dialect !== undefined

/** Prints the reply that was asked for as hex. */
export const printReply = (entry: Entry, path: string, { values, io }: Call): Promise<void> =>
  io.print(`${hexOf(replyFor(entry, path, values))}\n`)

/** Prints which kernels can be given the file. The exit code. */
export async function printReplies(entry: Entry, { io, paint }: Call): Promise<number> {
  const replies = fmapsOfEntry(entry)
  const rows = replies.map(({ dialect, reply }) =>
    reply.ok
      ? [dialect, paint('good', `${reply.value.length} bytes`)]
      : [dialect, `${paint('error', 'cannot be given it')}: ${safe(reply.error.detail)}`],
  )
  await io.print(`${table([{ title: 'dialect' }, { title: 'reply' }], rows, paint).join('\n')}\n`)
  return replies.some(({ reply }) => reply.ok) ? GOOD : REFUSED
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
  summary: 'the GET_FMAP reply of a file, as hex; without a dialect which kernels can be given it',
  options: ['dialect', 'as', 'policy'],
  operands: [1, 1],
  run,
}
