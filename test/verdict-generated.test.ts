import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { generateVerdicts } from '../tools/generate-verdicts.ts'

it.each(generateVerdicts())('$path is what the check lists and layouts make of it', ({ path, text }) => {
  expect(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')).toBe(text)
})
