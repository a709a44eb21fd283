/** The header of `layout --c`: for C11 and C++17, alone, twice, and after <linux/fuse.h>; its numbers are those of the library. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { toC } from '../../src/codec/c.ts'
import { cHeader, structGuard } from '../../src/codec/c-header.ts'
import { famfs_log_entry, fuse_supp_groups, linuxFuse, structs } from '../../src/uapi/index.ts'
import { ownConstants, ownEnumerations, ownFlags } from '../../src/uapi/names.ts'

const scratch = mkdtempSync(join(tmpdir(), 'c-header-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const COMPILERS = [
  { title: 'C11', command: 'gcc', flags: ['-std=c11', '-x', 'c'] },
  { title: 'C++17', command: 'g++', flags: ['-std=c++17', '-x', 'c++'] },
] as const
const has = (command: string): boolean => spawnSync(command, ['--version']).status === 0
const missing = COMPILERS.filter(({ command }) => !has(command)).map(({ command }) => command)
for (const command of missing) console.warn(`the header of layout --c was not compiled by ${command}: this machine has none`)
const linux = existsSync('/usr/include/linux/fuse.h')
if (!linux) console.warn('the header of layout --c was not tried beside <linux/fuse.h>: this machine has none')

const header = cHeader(structs)
writeFileSync(join(scratch, 'famfs_wire.h'), header)

/** What the compiler says against it; empty when it takes it. */
function compile({ command, flags }: (typeof COMPILERS)[number], text: string): string {
  const source = join(scratch, 'source')
  writeFileSync(source, text)
  const run = spawnSync(command, [...flags, '-Wall', '-Wextra', '-Werror', `-I${scratch}`, '-c', '-o', join(scratch, 'object'), source], {
    encoding: 'utf8',
  })
  return run.status === 0 ? '' : `${run.error ?? ''}${run.stderr}`
}

const INCLUDE = '#include "famfs_wire.h"\n'
/** What the macros of that header need. */
const LINUX = '#include <sys/ioctl.h>\n#define PAGE_SIZE 4096\n#include <linux/fuse.h>\n'

/** Every number of the library, asserted under its name. */
const numbers = (): string => {
  const { constants, enums } = linuxFuse()
  const values = [
    ...Object.entries(constants).filter(([name]) => name !== 'FUSE_KERNEL_MINOR_VERSION' && name !== 'FUSE_INIT_RESERVED'),
    ...Object.entries(ownConstants),
    ...Object.values(enums).flatMap(table => Object.entries(table)),
    ...ownFlags.flatMap(([, { bits }]) => Object.entries(bits).map(([name, bit]): [string, bigint] => [name, 1n << BigInt(bit)])),
    ...ownEnumerations.filter(([key, { name }]) => key === name).flatMap(([, table]) => Object.entries(table.values)),
  ]
  return values.map(([name, value]) => `_Static_assert((uint64_t)${name} == ${value}ULL, "${name}");\n`).join('')
}

describe.skipIf(missing.length > 0).each(COMPILERS)('$title', compiler => {
  it('takes it alone, and twice', () => {
    expect(compile(compiler, INCLUDE + INCLUDE)).toBe('')
  })

  it('gives every name its number', () => {
    expect(compile(compiler, INCLUDE + numbers())).toBe('')
  })

  it.skipIf(!linux)('takes it after <linux/fuse.h>, and fills in what an older one lacks', () => {
    expect(compile(compiler, LINUX + INCLUDE + numbers())).toBe('')
    const younger = 'struct fuse_uring_req_header *ring; struct fuse_statx_out *statx; int since = FUSE_COPY_FILE_RANGE_64;\n'
    expect(compile(compiler, LINUX + INCLUDE + younger)).toBe('')
  })

  it('takes one struct alone', () => {
    expect(compile(compiler, toC(famfs_log_entry))).toBe('')
    expect(compile(compiler, toC(famfs_log_entry).replace('== 544', '== 545'))).toContain('static assertion failed')
  })
})

describe('the header', () => {
  it('has every struct of the registry, and every enumeration', () => {
    for (const name of Object.keys(structs)) expect(header).toContain(`struct ${name} {`)
    for (const name of [...Object.keys(linuxFuse().enums), ...ownEnumerations.map(([key]) => key)])
      expect(header).toContain(`enum ${name} {`)
  })

  it('leaves structs to an older <linux/fuse.h> as far as that has them', () => {
    expect(structGuard('fuse_attr')).toBe('FAMFS_WIRE_FUSE_MINOR < 1')
    expect(structGuard('fuse_statx')).toBe('FAMFS_WIRE_FUSE_MINOR < 39')
    expect(structGuard('fuse_supp_groups')).toBe('FAMFS_WIRE_FUSE_MINOR < 39 && !defined(FUSE_CREATE_SUPP_GROUP)')
    expect(structGuard('famfs_log_entry')).toBeUndefined()
    expect(toC(fuse_supp_groups, { guard: structGuard, includes: false, assertions: false })).toBe(
      '#if FAMFS_WIRE_FUSE_MINOR < 39 && !defined(FUSE_CREATE_SUPP_GROUP)\nstruct fuse_supp_groups {\n  uint32_t nr_groups;\n  uint32_t groups[];\n};\n#endif\n',
    )
  })
})
