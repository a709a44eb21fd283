/** Builds the command from source, beside the installed packages so that it finds them. */
import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'tsup'

const ROOT = resolve(import.meta.dirname, '..')

/**
 * The path of the built main file. It is gone when this process ends.
 * @param name of the directory that it is built into; test files run at the same time and need one each
 */
export async function buildCommand(name = 'famfs-wire-cli'): Promise<string> {
  const outDir = join(ROOT, 'node_modules/.cache', `${name}-${process.pid}`)
  process.on('exit', () => rmSync(outDir, { recursive: true, force: true }))
  await build({
    config: false,
    entry: { main: join(ROOT, 'src/cli/main.ts') },
    outDir,
    format: 'esm',
    target: 'node20',
    platform: 'node',
    silent: true,
    clean: true,
    dts: false,
    outExtension: () => ({ js: '.mjs' }),
  })
  return join(outDir, 'main.mjs')
}
