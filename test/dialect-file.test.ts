/** `--dialect-file`: dialects that files of the user define, in every command that takes one. Real modules, run by the built command. */
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { transform } from 'esbuild'
import { fmapPages } from 'famfs-wire/kernel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pagingDialect, scattered } from '../examples/paging-dialect.ts'
import { buildCommand } from './cli-build.ts'
import { type Finished, runCommand } from './command.ts'

const ROOT = resolve(import.meta.dirname, '..')
const MINE = join(ROOT, 'fixtures/examples/mine.mjs')
const EXTENTS = join(ROOT, 'fixtures/examples/two-extents.hex')

let scratch = ''
let main = ''

beforeAll(async () => {
  main = await buildCommand('famfs-wire-dialect-file')
  scratch = await mkdtemp(join(tmpdir(), 'famfs-wire-dialects-'))
  await mkdir(join(scratch, 'project/node_modules'), { recursive: true })
  // as npm installs it
  await symlink(ROOT, join(scratch, 'project/node_modules/famfs-wire'))
})

afterAll(async () => {
  await rm(scratch, { recursive: true, force: true })
})

/** A file of the user, in a project that has famfs-wire installed. */
async function written(name: string, text: string): Promise<string> {
  const path = join(scratch, 'project', name)
  await writeFile(path, text)
  return path
}

const run = (...args: string[]): Promise<Finished> => runCommand(main, args)
const json = async (...args: string[]): Promise<unknown> => JSON.parse((await run(...args, '--json')).out)

const MADE = `import { defineDialect } from 'famfs-wire/schema'\nimport { fuseV10 } from 'famfs-wire/uapi'\nconst made = id => defineDialect({ ...fuseV10, id })\n`

describe('commands', () => {
  it('dialects: beside those of the library, in full, compared', async () => {
    const all = (await json('dialects', '--dialect-file', MINE)) as { id: string }[]
    expect(all.map(d => d.id)).toContain('fuse-mine')
    expect((await run('dialects', 'fuse-mine', '--dialect-file', MINE)).out).toContain('nextents at most 8 · ENOSPC')
    expect((await run('dialects', 'fuse-v10', 'fuse-mine', '--dialect-file', MINE)).out).toContain('| nextents at most 8 · ENOSPC')
    expect((await run('dialects', 'fuse-mine')).err).toContain('unknown dialect fuse-mine')
  })

  it('validate: alone, and among those whose maps have the same form', async () => {
    expect(await json('validate', EXTENTS, '--dialect-file', MINE, '-d', 'fuse-mine')).toMatchObject({ dialect: 'fuse-mine', errno: 0 })
    const all = (await json('validate', EXTENTS, '--dialect-file', MINE, '--all')) as { dialect: string; otherForm?: true }[]
    expect(all.filter(a => a.otherForm === undefined).at(-1)).toMatchObject({ dialect: 'fuse-mine', errno: 0 })
    // the device index is free in it, and a finding says so
    const other = (await readFile(EXTENTS, 'utf8')).replace(/#.*/g, '').replace(/\s/g, '')
    const moved = `${other.slice(0, 64)}05${other.slice(66)}`
    const [first] = (await json('validate', moved, '--dialect-file', MINE, '--all')) as [
      { errno: number; findings: { rule: string; acceptedBy: string[] }[] },
    ]
    const index = first.findings.find(f => f.rule === 'fmap/devindex')
    expect([first.errno, index?.acceptedBy]).toEqual([22, ['fuse-push-il', 'fuse-mine']])
  })

  it('inspect, encode, diff, layout, negotiate, resolve, corpus, testee', async () => {
    const about = ['--dialect-file', MINE, '-d', 'fuse-mine']
    const shown = (await json('inspect', EXTENTS, ...about)) as { dialect: string; value: object }
    expect(shown.dialect).toBe('fuse-mine')
    const unaligned = { ...shown.value, extents: [{ se_devindex: 0, se_offset: '1', se_len: '4194304' }], nextents: 1 }
    const refused = await run('encode', JSON.stringify(unaligned), '--as', 'fuse_famfs_fmap', ...about)
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('fmap/offset-page')])
    expect((await run('encode', JSON.stringify(shown.value), '--as', 'fuse_famfs_fmap', '--hex', ...about)).code).toBe(0)
    expect((await run('diff', EXTENTS, EXTENTS, ...about)).out).toContain('no differences, fuse-mine')
    expect((await run('layout', 'fuse_famfs_fmap', ...about)).code).toBe(0)
    expect(await json('negotiate', ...about)).toMatchObject({ dialect: 'fuse-mine', famfs: { on: true } })
    expect((await run('resolve', EXTENTS, '0x200000', ...about)).out).toContain('0x80000000..0x80000001')
    expect((await run('resolve', EXTENTS, '--dialect-file', MINE)).out).toContain('fuse-mine, ioctl-rfc')
    const made = await run('corpus', ...about, '--count', '60', '--out', join(scratch, 'corpus'))
    expect([made.code, made.out]).toEqual([0, expect.stringContaining('fuse-mine says: ')])
    const question = JSON.stringify({ id: 1, op: 'verdict', dialect: 'fuse-mine', hex: '00' })
    expect(JSON.parse((await runCommand(main, ['testee', '--dialect-file', MINE], question)).out)).toMatchObject({ id: 1, errno: 22 })
  })

  it('docs/dialects.md shows what the command prints', async () => {
    const page = await readFile(join(ROOT, 'docs/dialects.md'), 'utf8')
    const [, args = '', output] = /```console\n\$ famfs-wire ([^\n]*)\n([\s\S]*?)```/.exec(page) ?? []
    expect((await run(...args.split(' '))).out).toBe(output)
  })

  it('a capture may name it', async () => {
    const map = (await readFile(EXTENTS, 'utf8')).replace(/#.*/g, '').replace(/\s/g, '')
    const capture = await written('capture.jsonl', `${JSON.stringify({ dialect: 'fuse-mine', hex: map })}\n`)
    expect((await run('validate', capture, '--dialect-file', MINE)).out).toContain('fuse-mine')
    expect((await run('validate', capture)).err).toContain('line 1: dialect: unknown dialect fuse-mine')
  })
})

describe('a form of the map of its own: examples/paging-dialect.ts, compiled', () => {
  const PAGES = fmapPages(scattered(400), pagingDialect)
  let file = ''

  beforeAll(async () => {
    const { code } = await transform(await readFile(join(ROOT, 'examples/paging-dialect.ts'), 'utf8'), { loader: 'ts', format: 'esm' })
    file = await written('paging-dialect.mjs', code)
  })

  it('every command reads its maps and requests', async () => {
    const page = Buffer.from(PAGES.at(-1) as Uint8Array).toString('hex')
    const about = ['--dialect-file', file, '-d', 'fuse-paging']
    expect((await run('dialects', 'fuse-paging', '--dialect-file', file)).out).toContain(
      'in pages: the request says where to go on (offset)',
    )
    expect((await run('layout', 'fuse_get_fmap_page_in', ...about)).out).toContain('bytes that the kernel has room for')
    const shown = (await json('inspect', page, ...about)) as { as: string; value: { next_offset: string } }
    expect([shown.as, shown.value.next_offset]).toEqual(['fuse_famfs_fmap_page', '18446744073709551615'])
    const again = await run('encode', JSON.stringify(shown.value), '--as', 'fuse_famfs_fmap_page', '--unchecked', '--hex', ...about)
    expect(again.out.replace(/\s/g, '')).toBe(page)
    const whole = Buffer.from(fmapPages(scattered(3), pagingDialect)[0] as Uint8Array).toString('hex')
    expect(await json('validate', whole, ...about)).toMatchObject({ errno: 0, findings: [{ severity: 'warning' }] })
    expect((await run('validate', whole, '--all', ...about)).out).toMatch(/fuse-paging +accepted\n\nkernels whose maps have another form/)
    expect((await run('resolve', whole, '2M', ...about)).out).toContain('0x400000..0x400001')
    expect((await run('resolve', whole, '2M', '--dialect-file', file, '--form', 'fuse-paging', '-d', 'fuse-v10')).out).toContain('0x400000')
    expect((await run('negotiate', ...about)).out).toContain('famfs on')
  })
})

describe('what is refused', () => {
  const said = async (...files: string[]): Promise<string> => {
    const { code, out, err } = await run('dialects', 'fuse-v10', ...files.flatMap(file => ['--dialect-file', file]))
    expect(out).toBe('')
    expect(err).not.toContain('internal error')
    return `${code} ${err.replaceAll(join(scratch, 'project/'), '')}`
  }

  it('files that cannot be loaded', async () => {
    expect(await said(join(scratch, 'project/nothing.mjs'))).toBe('2 famfs-wire: nothing.mjs: there is no such file\n')
    expect(await said(scratch)).toContain('is a directory')
    expect(await said(await written('text.md', '# no code'))).toContain('text.md: is no JavaScript')
    expect(await said(await written('half.mjs', 'export const = 1'))).toContain('1 famfs-wire: half.mjs: its code failed: SyntaxError')
    expect(await said(await written('throws.mjs', 'throw new Error("not today")'))).toContain('throws.mjs: its code failed: not today')
    expect(await said(await written('odd.mjs', 'throw null'))).toContain('odd.mjs: its code failed: null')
    expect(await said(await written('astray.mjs', 'import "./nowhere.mjs"'))).toContain('its code failed: Cannot find module')
  })

  it('a file outside of any project that has famfs-wire', async () => {
    const path = join(scratch, 'alone.mjs')
    await writeFile(path, MADE)
    expect(await said(path)).toContain('it imports famfs-wire, which is not installed where it stands\nhint: npm install famfs-wire')
  })

  it('modules without a dialect, or with a wrong one', async () => {
    expect(await said(await written('none.mjs', 'export const a = 1, b = { id: "fuse-x" }'))).toContain(
      'exports no dialect, but a, b\nhint:',
    )
    expect(await said(await written('empty.mjs', 'export {}'))).toContain('exports no dialect, and nothing else')
    expect(await said(await written('rash.mjs', `${MADE}export default made('Loud')`))).toContain('an id of lower case letters')
    const partial = 'export default { id: "fuse-x", opcodes: {}, limits: { devIndex: 0 }, checks: [] }'
    expect(await said(await written('partial.mjs', partial))).toContain('1 famfs-wire: partial.mjs: dialect fuse-x: title is missing')
  })

  it('ids that are taken', async () => {
    const one = await written('one.mjs', `${MADE}export const a = made('fuse-one')\nexport default a`)
    const two = await written('two.mjs', `${MADE}export const a = made('fuse-two'), b = made('fuse-one')`)
    const same = await written('same.mjs', `${MADE}export const a = made('fuse-one'), b = made('fuse-one')`)
    expect(await said(same)).toBe('2 famfs-wire: same.mjs: there are two dialects fuse-one in it\n')
    expect(await said(one, two)).toBe('2 famfs-wire: two.mjs: there are two dialects fuse-one, the other one is in one.mjs\n')
    for (const id of ['fuse-push', 'fuse-bpf-simple', 'ioctl-42'])
      expect(await said(await written(`${id}.mjs`, `${MADE}export default made('${id}')`))).toContain(
        `${id} is a dialect of famfs-wire itself`,
      )
    const good = await run('dialects', 'fuse-one', '--dialect-file', one, '--dialect-file', one)
    expect(good.code).toBe(0)
  })

  it('several in one file, and exports of CommonJS', async () => {
    const two = await written('several.mjs', `${MADE}export const a = made('fuse-a'), b = made('fuse-b'), other = 3`)
    expect((await run('dialects', 'fuse-a', 'fuse-b', '--dialect-file', two)).code).toBe(0)
    const text = `const { defineDialect } = require('famfs-wire/schema')\nconst { fuseV10 } = require('famfs-wire/uapi')\nmodule.exports = { ['com' + 'mon']: defineDialect({ ...fuseV10, id: 'fuse-common' }) }`
    expect((await run('dialects', 'fuse-common', '--dialect-file', await written('common.cjs', text))).code).toBe(0)
  })

  it('TypeScript where this Node.js does not load it; else it is loaded', async () => {
    const path = await written('typed.ts', `${MADE}export const mine = made('fuse-typed' as string)`)
    const { code, err } = await run('dialects', 'fuse-typed', '--dialect-file', path)
    if ('typescript' in process.features && process.features.typescript !== false) expect(code).toBe(0)
    else expect([code, err]).toEqual([2, expect.stringContaining('cannot load it: TypeScript\nhint: Node.js 22.18 and newer')])
  })
})
