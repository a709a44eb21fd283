/** `famfs-wire/metadata`, built, in a browser: no module of Node, no code made at run time. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const sample = join(root, 'fixtures/metadata/v48/good-basic')

it('runs without Node, and says what it cannot do there', async () => {
  const { outputFiles, metafile } = await build({
    stdin: { contents: "export * from './dist/metadata/index.js'", resolveDir: root },
    absWorkingDir: root,
    bundle: true,
    format: 'iife',
    globalName: 'metadata',
    platform: 'browser',
    logLevel: 'error',
    write: false,
    metafile: true,
  })
  expect(Object.values(metafile.inputs).flatMap(({ imports }) => imports.filter(({ path }) => path.startsWith('node:')))).toEqual([])
  const bundle = outputFiles[0]?.text ?? ''
  const [superblock, log] = ['superblock.bin', 'log.bin'].map(file => readFileSync(join(sample, file)))
  const globals = { TextDecoder, TextEncoder, superblock, log }
  const context = createContext(globals, { codeGeneration: { strings: false, wasm: false } })
  const script = `${bundle}
    metadata.openImageFile('image').catch(({ code, detail }) => [metadata.openImageNow({ superblock: Uint8Array.from(superblock), log: Uint8Array.from(log) }).layout.id, code, detail].join())`
  expect(await runInContext(script, context)).toMatch(/^L24,unsupported,files and devices can be opened in Node.js only$/)
})
