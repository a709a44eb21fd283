import fc from 'fast-check'
import { afterAll } from 'vitest'

/** Random tests ask the same questions of every mutant, and do not look for the smallest answer. */
fc.configureGlobal({ seed: 20_251_101, endOnFailure: true })

interface Instrumented {
  readonly __stryker__?: { readonly hitCount?: number; readonly mutantCoverage?: object }
}

/**
 * Which test reaches which mutant. The runner's own hook leaves it at the file in the way of Vitest before 4.1; without this one it would
 * know nothing and run all tests for each mutant.
 */
// biome-ignore lint/correctness/noEmptyPattern: Vitest reads the names of the fixtures that a hook wants from its first parameter
afterAll(({}, file) => {
  const { hitCount, mutantCoverage } = (globalThis as Instrumented).__stryker__ ?? {}
  Object.assign(file.meta, { hitCount, mutantCoverage })
})
