/** `famfs-wire/kernel` in a browser: no module of Node, no code made at run time, and it works with nothing but the language. */
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { expect, it } from 'vitest'

const root = new URL('../', import.meta.url).pathname

it('runs where there is neither Node nor code from strings', async () => {
  const { outputFiles } = await build({
    stdin: { contents: "export * from './src/kernel/index.ts'", resolveDir: root, loader: 'ts' },
    absWorkingDir: root,
    bundle: true,
    format: 'iife',
    globalName: 'kernel',
    platform: 'browser',
    write: false,
  })
  const bundle = outputFiles[0]?.text ?? ''
  const script = `${bundle}
    const map = kernel.plan({ size: 7n << 20n, devices: [{ dev_index: 0, size: 1n << 30n }], strips: 2 }, 'fuse-v10')
    const { addr } = kernel.resolve(map, 0x200000n, 1n, 'fuse-v10')
    ;[String(addr), kernel.renderSvg(map).slice(0, 4), kernel.ownersOf(kernel.reverse([[1, map]]), 0, addr).length].join()`
  const context = createContext({ TextDecoder, TextEncoder }, { codeGeneration: { strings: false, wasm: false } })
  expect(runInContext(script, context)).toBe('4194304,<svg,1')
})
