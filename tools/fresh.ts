/** Builds when a source is newer than the build: tests that use the package as users do need dist/ to be that of the sources. */
import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

const newest = (folder: string): number =>
  Math.max(...readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(name => statSync(join(folder, name)).mtimeMs))

const builtAt = statSync(join(root, 'dist', 'index.d.ts'), { throwIfNoEntry: false })?.mtimeMs ?? 0

if (builtAt < Math.max(newest(join(root, 'src')), statSync(join(root, 'tsup.config.ts')).mtimeMs))
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
