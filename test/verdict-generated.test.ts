import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { generateVerdicts } from '../tools/generate-verdicts.ts'

it('the generated files are what the check lists and layouts make of them', () => {
  const files = generateVerdicts()
  expect(files.length).toBeGreaterThan(0)
  for (const { path, text } of files) expect(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'), path).toBe(text)
})
