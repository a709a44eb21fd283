/** The packed tarball as a user gets it: contents, types under both resolutions, require(), strict CSP. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  exports: Record<string, unknown>
  files: string[]
  dependencies: Record<string, string>
}
const dependencies = Object.keys(manifest.dependencies)
const subpaths = Object.keys(manifest.exports).filter(path => path !== './package.json')

let work = ''
let tarball = ''
let user = ''

/** A project that has installed the tarball; its dependencies are those of this checkout. */
function installTarball(): string {
  const project = join(work, 'user')
  const target = join(project, 'node_modules', 'famfs-wire')
  mkdirSync(target, { recursive: true })
  execFileSync('tar', ['-xzf', tarball, '-C', target, '--strip-components=1'])
  for (const name of [...dependencies, 'typescript', '@types'])
    symlinkSync(join(root, 'node_modules', name), join(project, 'node_modules', name))
  writeFileSync(join(project, 'package.json'), '{"name":"user","private":true,"type":"module"}')
  return project
}

beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'famfs-wire-package-'))
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', work], { cwd: root })
  tarball = join(work, readdirSync(work).find(name => name.endsWith('.tgz')) as string)
  user = installTarball()
})

afterAll(() => rmSync(work, { recursive: true, force: true }))

describe('the tarball', () => {
  test('holds what users need and nothing else', () => {
    const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n')
    const places = new Set(files.map(file => file.replace(/^package\//, '').split('/')[0]))
    expect([...places].sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'package.json'])
    expect(files.filter(file => file.includes('/dist/') && !/\.(js|d\.ts)$/.test(file))).toEqual([])
  })

  test('publint has nothing to say', async () => {
    const { messages, pkg } = await publint({ pkgDir: root, pack: false, strict: true })
    // the `browser` map replaces two modules inside of the bundle, which conditions of exports cannot do
    expect(
      messages
        .filter(({ code }) => code !== 'USE_EXPORTS_OR_IMPORTS_BROWSER')
        .map(message => formatMessage(message, pkg, { color: false })),
    ).toEqual([])
  })

  test('the types are right for ESM users', async () => {
    const pack = createPackageFromTarballData(new Uint8Array(readFileSync(tarball)))
    const result = await checkPackage(pack)
    // ESM only, so CommonJS resolution (require() of ESM from Node 20.19 on) and node10 are not promised.
    const problems = result.types === false ? ['no types'] : result.problems.filter(p => !isAboutCommonJs(p))
    expect(problems).toEqual([])
  })
})

function isAboutCommonJs(problem: { kind: string; resolutionKind?: string }): boolean {
  return problem.kind === 'CJSResolvesToESM' || problem.resolutionKind === 'node10' || problem.resolutionKind === 'node16-cjs'
}

const SAMPLE = `
import { decodeFmap, encodeFmap, tryDecodeFmap, verdict, WireError, FUSE_FAMFS_EXT_SIMPLE } from 'famfs-wire'
import { decode, inspect } from 'famfs-wire/inspect'
import { fuse_famfs_fmap } from 'famfs-wire/uapi'
import { struct, u32, u64, type Value } from 'famfs-wire/schema'

const mine = struct('mine', { a: u32, b: u32, c: u64 })
const value: Value<typeof mine> = decode(mine, new Uint8Array(16))
const wide: bigint = value.c

const fmap = decodeFmap(new Uint8Array(56))
if (fmap.ext_type === FUSE_FAMFS_EXT_SIMPLE) {
  const first = fmap.extents[0]
  const length: bigint | undefined = first?.se_len
  console.log(length, wide)
} else {
  const strips: number | undefined = fmap.extents[0]?.ie_strips.length
  console.log(strips)
}
const result = tryDecodeFmap(new Uint8Array(3))
if (!result.ok) {
  const error: WireError = result.error
  const offset: number = error.offset
  console.log(offset)
}
const bytes: Uint8Array = encodeFmap(fmap)
const errno: number = verdict(bytes, 'fuse-v10').errno
console.log(errno, inspect(fuse_famfs_fmap, bytes).tree.length)
// @ts-expect-error a map of no known extent type
encodeFmap({ file_type: 0, fmap_version: 1, ext_type: 7, file_size: 0n, extents: [] })
`

describe('a TypeScript user', () => {
  test.each([
    ['NodeNext', 'NodeNext'],
    ['ESNext', 'Bundler'],
  ])('compiles against module %s, resolution %s', (module, moduleResolution) => {
    writeFileSync(join(user, 'sample.ts'), SAMPLE)
    const options = {
      module,
      moduleResolution,
      target: 'ES2022',
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      types: ['node'],
    }
    writeFileSync(join(user, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['sample.ts'] }))
    const tsc = spawnSync('node', [join(root, 'node_modules/typescript/bin/tsc'), '-p', user], { encoding: 'utf8' })
    expect(tsc.stdout).toBe('')
  })

  test('finds no third-party type in the published declarations of the main entry', () => {
    const declarations = readFileSync(join(user, 'node_modules/famfs-wire/dist/index.d.ts'), 'utf8')
    expect(declarations).not.toMatch(new RegExp(`from ['"](${dependencies.join('|')})['"/]`))
  })
})

const node = (...args: string[]): string => execFileSync('node', args, { cwd: user, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

describe('at run time', () => {
  test.each(subpaths)('%s can be imported', subpath => {
    const name = `famfs-wire${subpath.slice(1)}`
    expect(Number(node('--input-type=module', '-e', `console.log(Object.keys(await import('${name}')).length)`))).toBeGreaterThan(0)
  })

  test('require() works', () => {
    const script = "const { decodeFmap } = require('famfs-wire'); console.log(typeof decodeFmap)"
    expect(node('--no-warnings', '--input-type=commonjs', '-e', script).trim()).toBe('function')
  })

  test.each(['famfs-wire', 'famfs-wire/json', 'famfs-wire/validate'])('%s runs where code generation from strings is forbidden', name => {
    const script = `const m = await import('${name}'); console.log(Object.keys(m).length)`
    expect(Number(node('--disallow-code-generation-from-strings', '--input-type=module', '-e', script))).toBeGreaterThan(0)
  })
})
