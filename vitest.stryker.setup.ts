import fc from 'fast-check'
import { afterAll } from 'vitest'

/** Random tests ask the same questions of every mutant, and do not look for the smallest answer. */
fc.configureGlobal({ seed: 20_251_101, endOnFailure: true })

/**
 * The modules are loaded here, before any test: what runs while they load belongs to no test then, and its mutants are tried with all tests.
 * One that makes a module throw is left to test/validate.test.ts, as a file that cannot be loaded is no test that fails.
 */
for (const load of [
  () => import('./src/validate/index.ts'),
  () => import('./src/validate/ioctl/findings.ts'),
  () => import('./src/validate/ioctl/options.ts'),
])
  await load().catch(() => {})

interface Instrumented {
  readonly __stryker__?: { readonly hitCount?: number; readonly mutantCoverage?: { static: object; perTest: object } }
}

/**
 * Which test reaches which mutant, and how often. The runner's own hook leaves it at the file in the way of Vitest before 4.1; without this
 * one it would know nothing and run all tests for each mutant. All files share one counter: each takes its own part and leaves it empty.
 */
// biome-ignore lint/correctness/noEmptyPattern: Vitest reads the names of the fixtures that a hook wants from its first parameter
afterAll(({}, file) => {
  const { hitCount, mutantCoverage } = (globalThis as Instrumented).__stryker__ ?? {}
  Object.assign(file.meta, { hitCount, ...(mutantCoverage === undefined ? {} : { mutantCoverage: { ...mutantCoverage } }) })
  if (mutantCoverage !== undefined) Object.assign(mutantCoverage, { static: {}, perTest: {} })
})
