/**
 * `npm run bench`: all races in one process. `-- --json` prints one object instead of tables, `-- --quick` takes fewer turns, `-- --memory`
 * measures memory instead of time.
 */
import { existsSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { races as codecs } from './codecs.ts'
import { type Effort, type Outcome, type Race, runAll } from './race.ts'
import { markdown } from './report.ts'

const { values: options } = parseArgs({
  options: { json: { type: 'boolean' }, quick: { type: 'boolean' }, only: { type: 'string' }, memory: { type: 'boolean' } },
})

/** Further files of races, by those who own them. */
async function others(): Promise<Race[]> {
  const files = ['./verdict.ts', './view.ts', './resolve.ts', './conversation.ts', './metadata.ts']
    .map(file => new URL(file, import.meta.url))
    .filter(existsSync)
  const modules: { readonly races: readonly Race[] }[] = await Promise.all(files.map(file => import(file.href)))
  return modules.flatMap(module => module.races)
}

const machine = `${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`
const print = (outcome: unknown, text: () => string): void => console.log(options.json === true ? JSON.stringify(outcome, null, 2) : text())

async function race(): Promise<void> {
  const effort: Effort = options.quick === true ? { rounds: 31, milliseconds: 0.5 } : { rounds: 201, milliseconds: 0.5 }
  const { only } = options
  const races = [...codecs, ...(await others())].filter(({ name }) => only === undefined || name.includes(only))
  const outcomes: Record<string, Outcome> = runAll(races, effort)
  print(outcomes, () => markdown(races, outcomes, machine))
}

async function memory(): Promise<void> {
  const { measureMemory, memoryTable } = await import('./memory.ts')
  const measured = await measureMemory(({ what }) => {
    if (process.stderr.isTTY) console.error(`measuring: ${what}`)
  })
  print(measured, () => `${machine}.\n\n${memoryTable(measured)}`)
}

await (options.memory === true ? memory() : race())
