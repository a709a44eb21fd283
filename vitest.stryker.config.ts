import { defineConfig } from 'vitest/config'

/** The tests that speak of src/validate; the rest would only make every mutant slower. */
export default defineConfig({ test: { include: ['test/{verdict,findings,rules}*.test.ts'], testTimeout: 120_000 } })
