/** Writes every file that is made from other files of this repository; with --check names those that are not current instead. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { families } from './generate/messages.ts'
import { moduleOf } from './generate/module.ts'
import { typeTest } from './generate/type-test.ts'
import { generateJsonForm } from './generate-json.ts'
import { generateVerdicts } from './generate-verdicts.ts'

/** A generated file: path from the root of the repository, and what belongs in it. */
export interface Product {
  readonly path: string
  readonly text: string
}

const codecs = (): Product[] => families.map(family => ({ path: `src/codec/generated/${family.file}.ts`, text: moduleOf(family) }))

/** Everything that is generated, by who makes it. */
const producers: readonly (() => readonly Product[])[] = [
  codecs,
  () => [{ path: 'test/generated/types.test-d.ts', text: typeTest(families) }],
  generateVerdicts,
  generateJsonForm,
]

export const products = (): Product[] => producers.flatMap(produce => produce())

const root = new URL('../', import.meta.url)

export function isCurrent({ path, text }: Product): boolean {
  try {
    return readFileSync(new URL(path, root), 'utf8') === text
  } catch {
    return false
  }
}

function main(check: boolean): void {
  const stale = products().filter(p => !isCurrent(p))
  for (const { path, text } of stale) {
    if (check) console.error(`${path} is not current: run npm run generate`)
    else {
      const file = fileURLToPath(new URL(path, root))
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
      console.log(`wrote ${path}`)
    }
  }
  if (check && stale.length > 0) process.exitCode = 1
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.includes('--check'))
