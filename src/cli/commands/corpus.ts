/** `famfs-wire corpus`: test messages as files. */
import { existsSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { partialOf, writeCorpus } from '../../corpus/write.ts'
import { integer } from '../args.ts'
import { type Paint, painter } from '../color.ts'
import { command, Failure, GOOD } from '../command.ts'
import { dialectFileOption, dialectNamed, dialectsOf } from '../dialects.ts'
import { fileFailure } from '../file-failure.ts'
import { machineOf, machineOptions } from '../machine.ts'
import { pulseOf } from '../progress.ts'
import { table } from '../table.ts'
import { orUndone } from '../undo.ts'
import { errnoName } from '../values.ts'

/** More would be a mistake: one directory holds them all. */
const MOST_CASES = 1_000_000n
const DEFAULT_COUNT = '500'

export const corpus = command({
  usage: ['--dialect D --out DIR [--seed S] [--count N]'],
  about: [
    'Writes GET_FMAP replies of the form that the dialect has, in all classes, legal ones and ones that break one or two relations, into a new directory: fmap/ (bodies), reply/ (with fuse_out_header) and request/ hold raw files named by the sha1 of their content, as fuzzers take them; sidecar/ tells of each what was done to it and what every dialect with this form of the map says to it; manifest.json lists them. The same dialect, seed and count give the same files everywhere.',
  ],
  options: {
    dialect: { type: 'string', short: 'd', value: 'D', help: 'for whose limits the messages are made' },
    ...dialectFileOption,
    out: { type: 'string', short: 'o', value: 'DIR', help: 'a directory that is new or empty' },
    seed: { type: 'string', short: 's', value: 'S', help: 'any text; default 1' },
    count: { type: 'string', short: 'n', value: 'N', help: `how many; default ${DEFAULT_COUNT}` },
    'page-size': machineOptions['page-size'],
    'pmd-size': machineOptions['pmd-size'],
  },
  examples: [
    ['famfs-wire corpus --dialect fuse-v10 --seed 1 --count 1000 --out corpus-7.46', 'a thousand messages'],
    ['afl-fuzz -i corpus-7.46/fmap -x corpus-7.46/fmap.dict ...', 'what to do with them'],
  ],
  async run({ values }, io) {
    if (values.dialect === undefined) throw new Failure('--dialect D is needed', { usage: true })
    const { out } = values
    if (out === undefined || out === '') throw new Failure('--out DIR is needed', { usage: true })
    const dialect = dialectNamed(values.dialect, await dialectsOf(values))
    const count = Number(integer('count', values.count ?? DEFAULT_COUNT, 0n, MOST_CASES))
    const { pageSize, pmdSize } = machineOf(values)
    const machine = { ...(pageSize === undefined ? {} : { pageSize }), ...(pmdSize === undefined ? {} : { pmdSize }) }
    const pulse = pulseOf(io)
    const progress = (done: number) => pulse.beat(() => `${done} of ${count} messages`)
    const manifest = await orUndone(
      () => remove(partialOf(out)),
      () => writeCorpus(out, { dialect, seed: values.seed ?? '1', count, progress, ...machine }),
    ).catch(error => {
      throw explained(error, out)
    })
    pulse.end()
    await io.print(`${report(manifest, out, painter(values.color, io)).join('\n')}\n`)
    return GOOD
  },
})

/** Forced removal minds a part of the path that is no directory. */
function remove(directory: string): void {
  if (existsSync(directory)) rmSync(directory, { recursive: true, force: true })
}

/** Errors of the file system as messages; everything else as it is. */
function explained(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string' || !/^E[A-Z]+$/.test(error.code)) return error
  if (!('syscall' in error)) return new Failure(error.message.replace(resolve(path), path))
  return error.code === 'EEXIST'
    ? new Failure(`${path}: could not be written, a part of its path is not a directory`)
    : fileFailure(path, error.code, 'could not be written')
}

function report(manifest: Awaited<ReturnType<typeof writeCorpus>>, path: string, paint: Paint): string[] {
  const verdicts = new Map<number, number>()
  for (const { errno } of manifest.cases) verdicts.set(errno, (verdicts.get(errno) ?? 0) + 1)
  const rows = Object.entries(manifest.categories).map(([name, n]) => [paint('name', name), String(n)])
  const answers = [...verdicts].sort(([a], [b]) => a - b).map(([errno, n]) => `${n} ${errno === 0 ? 'accepted' : errnoName(errno)}`)
  return [
    `${paint('strong', path)}: ${manifest.count} messages, ${manifest.bytes} bytes of maps, ${manifest.dialect}, seed ${manifest.seed}`,
    `${manifest.dialect} says: ${answers.join(', ') || 'nothing'}`,
    '',
    ...table([{ title: 'class' }, { title: 'messages', align: 'right' }], rows, paint),
  ]
}
