/** Builds the command from source, beside the installed packages so that it finds them. */
import { join, resolve } from 'node:path'
import { build } from 'tsup'

const ROOT = resolve(import.meta.dirname, '..')
const OUT = join(ROOT, 'node_modules/.cache/famfs-wire-cli')

/** The path of the built main file. */
export async function buildCommand(): Promise<string> {
  await build({
    config: false,
    entry: { main: join(ROOT, 'src/cli/main.ts') },
    outDir: OUT,
    format: 'esm',
    target: 'node20',
    platform: 'node',
    silent: true,
    clean: true,
    dts: false,
    outExtension: () => ({ js: '.mjs' }),
  })
  return join(OUT, 'main.mjs')
}
