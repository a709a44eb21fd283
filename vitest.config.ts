import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    coverage: {
      provider: 'v8',
      include: ['src/codec/**', 'src/validate/**', 'src/kernel/**'],
      exclude: ['src/**/generated/**', 'src/**/*.d.ts'],
      reporter: ['text', 'json-summary'],
    },
  },
})
