/** Several files and directories, judged in one line each. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Paint, padEnd } from './color.ts'
import { Failure, GOOD, type Io, REFUSED, USAGE } from './command.ts'
import { codeOf, fileFailure } from './file-failure.ts'
import type { Input } from './input.ts'
import { jsonText } from './json-text.ts'
import type { Answer } from './judged.ts'
import { errnoName, safe } from './values.ts'

/** What one file holds: its messages as a kernel answers them. */
export interface FileJudge {
  read(path: string): Promise<Input>
  /** @throws Failure when there is nothing to judge in it */
  answers(input: Input): Iterable<Answer>
  /** what is wrong with the message around the body, for people; undefined when nothing is */
  around(input: Input): string | undefined
}

interface View {
  readonly paint: Paint
  readonly json: boolean
}

/** The files of directories, in the order of their names, those of subdirectories too; names with a dot in front are passed over. */
async function* filesIn(path: string): AsyncGenerator<string> {
  const entries = await readdir(path, { withFileTypes: true })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue
    if (entry.isDirectory()) yield* filesIn(join(path, entry.name))
    else if (entry.isFile()) yield join(path, entry.name)
  }
}

/** Whether operands are judged in one line each: there are several, or one is a directory. */
export async function isMany(operands: readonly string[]): Promise<boolean> {
  if (operands.length > 1) return true
  const [only] = operands
  const found = only === undefined || only === '-' ? undefined : await stat(only).catch(() => undefined)
  return found?.isDirectory() === true
}

async function* filesOf(operands: readonly string[]): AsyncGenerator<string> {
  for (const operand of operands) {
    const found = await stat(operand).catch(() => undefined)
    if (found?.isDirectory() !== true) yield operand
    else
      try {
        yield* filesIn(operand)
      } catch (error) {
        throw fileFailure(operand, codeOf(error) ?? 'EIO')
      }
  }
}

/** What became of one file. */
interface Result {
  readonly exit: number
  readonly text: string
  readonly json: object
}

function failed(path: string, { exit, message }: Failure): Result {
  const text = message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message
  return { exit: exit === GOOD ? USAGE : exit, text, json: { error: text } }
}

const errorsOf = (answer: Answer): string[] => answer.findings.filter(f => f.severity === 'error').map(f => f.rule)

/** `refuses it: EINVAL (aligned) at extents[0].se_len, bytes 48..56`. */
function answerText({ dialect, errno, refusal, ...rest }: Answer): string {
  const rules = [...new Set(errorsOf({ dialect, errno, refusal, ...rest }))]
  const why = refusal === undefined ? '' : ` (${refusal.reason} at ${refusal.place})`
  return `${dialect.id} ${errno === 0 ? 'accepts it' : `refuses it: ${errnoName(errno)}${why}`}${rules.length === 0 ? '' : `; ${rules.join(' ')}`}`
}

/** Of many answers the worst one, and how many there are. */
function summaryOf(answers: readonly Answer[]): string {
  const bad = answers.filter(a => !a.good)
  const [first] = bad
  if (answers.length === 1) return answerText(answers[0] as Answer)
  return first === undefined
    ? `${answers.length} answers, all accepted`
    : `${bad.length} of ${answers.length} answers refused, the first: ${answerText(first)}`
}

async function judgeFile(path: string, judge: FileJudge): Promise<Result> {
  try {
    const input = await judge.read(path)
    const answers = [...judge.answers(input)]
    if (answers.length === 0) throw new Failure(`${path}: taken as ${input.taken}: holds no map and no device`, { exit: REFUSED })
    const around = judge.around(input)
    const good = around === undefined && answers.every(a => a.good)
    const told = answers.map(({ dialect, message, errno, good: taken, refusal, ...rest }) => ({
      dialect: dialect.id,
      message,
      errno,
      err: errnoName(errno),
      good: taken,
      ...(refusal === undefined ? {} : { reason: refusal.reason, path: refusal.path, offset: refusal.offset }),
      errors: errorsOf({ dialect, message, errno, good: taken, refusal, ...rest }),
    }))
    return {
      exit: good ? GOOD : REFUSED,
      text: [summaryOf(answers), ...(around === undefined ? [] : [around])].join('; '),
      json: { taken: input.taken, ...(around === undefined ? {} : { around }), answers: told },
    }
  } catch (error) {
    if (error instanceof Failure) return failed(path, error)
    throw error
  }
}

const WORDS = { [GOOD]: 'good', [REFUSED]: 'refused', [USAGE]: 'not read' } as const
const STYLES = { [GOOD]: 'good', [REFUSED]: 'error', [USAGE]: 'warning' } as const

type Exit = keyof typeof WORDS

/** Judges every file; the exit code is the worst of them. */
export async function validateMany(operands: readonly string[], judge: FileJudge, { paint, json }: View, io: Io): Promise<number> {
  const counts = new Map<Exit, number>()
  let worst: number = GOOD
  for await (const path of filesOf(operands)) {
    const { exit, text, json: told } = await judgeFile(path, judge)
    const kind: Exit = exit === GOOD || exit === REFUSED ? exit : USAGE
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
    worst = Math.max(worst, kind)
    if (json) await io.print(`${jsonText({ file: path, exit: kind, ...told }, 0)}\n`)
    else await io.print(`${paint(STYLES[kind], padEnd(WORDS[kind], 8))}  ${paint('name', safe(path))}: ${safe(text)}\n`)
  }
  if (counts.size === 0) throw new Failure(`${operands.join(', ')}: there are no files`, { exit: USAGE })
  const total = [...counts.values()].reduce((sum, n) => sum + n, 0)
  const parts = ([GOOD, REFUSED, USAGE] as const).flatMap(kind => (counts.has(kind) ? [`${counts.get(kind)} ${WORDS[kind]}`] : []))
  if (!json) await io.print(`${total} file${total === 1 ? '' : 's'}: ${parts.join(', ')}\n`)
  return worst
}
