/** What a browser has to load: the bundle of one import, minified and compressed. */
import { brotliCompressSync } from 'node:zlib'
import { build, type Metafile } from 'esbuild'
import { expect, it } from 'vitest'

const root = new URL('../', import.meta.url).pathname

interface Bundle {
  readonly text: string
  readonly brotli: number
  readonly modules: readonly string[]
}

async function bundle(contents: string): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    absWorkingDir: root,
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
    metafile: true,
  })
  const text = outputFiles[0]?.text ?? ''
  return { text, brotli: brotliCompressSync(text).length, modules: contained(metafile) }
}

const contained = (metafile: Metafile): string[] =>
  Object.values(metafile.outputs).flatMap(output =>
    Object.entries(output.inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  )

it('decodeFmap alone has at most 3,000 bytes', async () => {
  const { brotli } = await bundle(`export { decodeFmap } from './src/index.ts'`)
  console.log(`import { decodeFmap }: ${brotli} bytes (brotli)`)
  expect(brotli).toBeGreaterThan(1000)
  expect(brotli).toBeLessThanOrEqual(3000)
})

it('the whole main entry has at most 12 KiB, no third-party module, and no docs of fields', async () => {
  const { brotli, modules, text } = await bundle(`export * from './src/index.ts'`)
  console.log(`the main entry: ${brotli} bytes (brotli)`)
  expect(brotli).toBeGreaterThan(5000)
  expect(brotli).toBeLessThanOrEqual(12 * 1024)
  expect(modules.filter(path => path.includes('node_modules'))).toEqual([])
  expect(modules.filter(path => /uapi\/(famfs\/(?!constants)|fuse\/)/.test(path))).toEqual([])
  expect(text).not.toContain('chooses what follows')
})
