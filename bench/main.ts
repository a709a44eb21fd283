/** `npm run bench`: all races in one process. `-- --json` prints one object instead of tables, `-- --quick` takes fewer turns. */
import { existsSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { races as codecs } from './codecs.ts'
import { type Effort, type Outcome, type Race, runAll } from './race.ts'
import { markdown } from './report.ts'

const { values: options } = parseArgs({
  options: { json: { type: 'boolean' }, quick: { type: 'boolean' }, only: { type: 'string' } },
})

/** Further files of races, by those who own them. */
async function others(): Promise<Race[]> {
  const files = ['./verdict.ts', './view.ts', './resolve.ts', './conversation.ts', './metadata.ts']
    .map(file => new URL(file, import.meta.url))
    .filter(existsSync)
  const modules: { readonly races: readonly Race[] }[] = await Promise.all(files.map(file => import(file.href)))
  return modules.flatMap(module => module.races)
}

const effort: Effort = options.quick === true ? { rounds: 31, milliseconds: 0.5 } : { rounds: 201, milliseconds: 0.5 }
const { only } = options
const races = [...codecs, ...(await others())].filter(race => only === undefined || race.name.includes(only))
const outcomes: Record<string, Outcome> = runAll(races, effort)

if (options.json === true) console.log(JSON.stringify(outcomes, null, 2))
else console.log(markdown(races, outcomes, `${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`))
