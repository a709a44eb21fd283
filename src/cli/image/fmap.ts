/** `image fmap`: the GET_FMAP reply of a file, for each kernel, and as the daemon of the reference sends it. */
import { fmapOfEntry, fmapsOfEntry, fusedReplyOfEntry } from '../../metadata/replay/index.ts'
import { oneOf } from '../args.ts'
import { Failure, GOOD, REFUSED } from '../command.ts'
import { dialectNamed } from '../subject.ts'
import { table } from '../table.ts'
import { safe } from '../values.ts'
import { fileNamed } from './nodes.ts'
import type { Sub, Work } from './sub.ts'

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** The bytes of the one reply that was asked for. */
function replyFor(entry: Awaited<ReturnType<typeof fileNamed>>, { values, operands }: Work): Uint8Array {
  const path = operands[0] ?? ''
  if (values.as !== undefined) {
    oneOf('as', values.as, ['famfs_fused'])
    const bytes = fusedReplyOfEntry(entry)
    if (bytes !== undefined) return bytes
    throw new Failure(`${path}: a lookup of it fails in the daemon, there is no reply`, { exit: REFUSED })
  }
  const dialect = dialectNamed(values.dialect ?? '')
  const reply = fmapOfEntry(entry, dialect)
  if (reply.ok) return reply.value
  throw new Failure(`${path}: no kernel of dialect ${dialect} can be given it: ${reply.error.detail}`, {
    exit: REFUSED,
    hint: 'without --dialect all dialects are compared',
  })
}

async function run(work: Work): Promise<number> {
  const { values, io, paint } = work
  if (values.as !== undefined && values.dialect !== undefined) throw new Failure('--as famfs_fused and --dialect exclude each other')
  const entry = await fileNamed(work)
  if (values.as !== undefined || values.dialect !== undefined) {
    await io.print(`${hexOf(replyFor(entry, work))}\n`)
    return GOOD
  }
  const replies = fmapsOfEntry(entry)
  const rows = replies.map(({ dialect, reply }) =>
    reply.ok
      ? [dialect, paint('good', `${reply.value.length} bytes`)]
      : [dialect, `${paint('error', 'cannot be given it')}: ${safe(reply.error.detail)}`],
  )
  await io.print(`${table([{ title: 'dialect' }, { title: 'reply' }], rows, paint).join('\n')}\n`)
  return replies.some(({ reply }) => reply.ok) ? GOOD : REFUSED
}

export const fmap: Sub = {
  name: 'fmap',
  usage: 'PATH [--dialect D | --as famfs_fused]',
  summary: 'the GET_FMAP reply of a file, as hex; without a dialect which kernels can be given it',
  options: ['dialect', 'as', 'policy'],
  operands: [1, 1],
  run,
}
