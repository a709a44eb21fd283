/**
 * The real tools' output through the real commands, and docs/input.md, which is made from the table of forms and from what came out here.
 * UPDATE_TRANSCRIPTS=1 rewrites it. A tool that is not there is passed over, with the reason.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { askedForms, forms } from '../../../src/cli/input/forms.ts'
import { run } from '../../cli-inside.ts'
import { printers } from './printers.ts'

/** A GET_FMAP reply of 72 bytes that every kernel takes; its `len` is a character, H. */
const REPLY =
  '48000000000000000200000000000000' +
  '00000100000000000100000000000000' +
  '00002000000000000000000000000000' +
  '00000000000000000000000000000000' +
  '0000200000000000'
const bytes = Buffer.from(REPLY, 'hex')

const scratch = mkdtempSync(join(tmpdir(), 'famfs-wire-tools-'))
const file = join(scratch, 'reply.bin')
writeFileSync(file, bytes)
writeFileSync(join(scratch, 'reply.c'), `unsigned char buf[] = {${[...bytes].join(',')}};\nint main(void) { return buf[0]; }\n`)
afterAll(() => rmSync(scratch, { recursive: true }))

/** Command lines, as in a directory with reply.bin, and what their output is taken for. */
const TOOLS: readonly (readonly [line: string, taken: string])[] = [
  ['xxd reply.bin', 'xxd'],
  ['xxd -g1 reply.bin', 'xxd'],
  ['xxd -c 8 -u reply.bin', 'xxd'],
  ['xxd -e reply.bin', 'xxd -e or a dump of the kernel, 32-bit words in hex, swapped to little-endian bytes'],
  ['xxd -e -g8 reply.bin', 'xxd -e or a dump of the kernel, 64-bit words in hex, swapped to little-endian bytes'],
  ['xxd -g4 reply.bin', 'xxd'],
  ['xxd -b reply.bin', 'xxd -b, bytes in binary'],
  ['xxd -i reply.bin', 'source code'],
  ['xxd -p reply.bin', 'hex'],
  ['hexdump reply.bin', 'hexdump without options, 16-bit words in hex, swapped to little-endian bytes'],
  ['hexdump -v reply.bin', 'hexdump without options, 16-bit words in hex, swapped to little-endian bytes'],
  ['hexdump -C reply.bin', 'hexdump -C, bytes in hex'],
  ['hexdump -x reply.bin', 'hexdump without options, 16-bit words in hex, swapped to little-endian bytes'],
  ['hexdump -b reply.bin', 'hexdump, bytes in octal'],
  ['hexdump -d reply.bin', 'hexdump, 16-bit words in decimal, swapped to little-endian bytes'],
  ['hexdump -o reply.bin', 'hexdump, 16-bit words in octal, swapped to little-endian bytes'],
  ['hexdump -c reply.bin', 'hexdump, characters'],
  ['od reply.bin', 'od, 16-bit words in octal, swapped to little-endian bytes'],
  ['od -t x1 reply.bin', 'od, bytes in hex'],
  ['od -t x1z reply.bin', 'od, bytes in hex'],
  ['od -t x2 reply.bin', 'od, 16-bit words in hex, swapped to little-endian bytes'],
  ['od -t x4 reply.bin', 'od, 32-bit words in hex, swapped to little-endian bytes'],
  ['od -t x8 reply.bin', 'od, 64-bit words in hex, swapped to little-endian bytes'],
  ['od -A x -t x4 reply.bin', 'od -A x, 32-bit words in hex, swapped to little-endian bytes'],
  ['od -A d -t x1 reply.bin', 'od, bytes in hex'],
  ['od -A n -t x1 -v reply.bin', 'hex'],
  ['od -A n -t u1 -v reply.bin', 'bytes in decimal'],
  ['od -t u1 reply.bin', 'od, bytes in decimal'],
  ['od -t d4 reply.bin', 'od, 32-bit words in decimal, swapped to little-endian bytes'],
  ['od -c reply.bin', 'od, characters'],
  ["gdb -batch -ex 'x/72xb buf' reply", 'x of gdb, bytes in hex'],
  ["gdb -batch -ex 'x/36xh &buf' reply", 'x of gdb, 16-bit words in hex, swapped to little-endian bytes'],
  ["gdb -batch -ex 'x/18xw &buf' reply", 'x of gdb, 32-bit words in hex, swapped to little-endian bytes'],
  ["gdb -batch -ex 'x/9xg &buf' reply", 'x of gdb, 64-bit words in hex, swapped to little-endian bytes'],
  ["gdb -batch -ex 'x/72db &buf' reply", 'x of gdb, bytes in decimal'],
  ["gdb -batch -ex 'print/x buf' reply", 'source code'],
  ['strace -s 96 -e trace=write dd if=reply.bin of=/dev/null bs=72 status=none 2>&1', 'strace'],
  ['strace -xx -s 96 -e trace=write dd if=reply.bin of=/dev/null bs=72 status=none 2>&1', 'strace'],
  ['strace -tt -y -e trace=write -e write=1 dd if=reply.bin of=/dev/null bs=72 status=none 2>&1', 'strace'],
]

/** Printers of languages that stand in the table with the tools. */
const LANGUAGES: readonly string[] = Object.keys(printers).filter(name =>
  /Python|Go|Rust|JavaScript|Java|C array|C string|Buffer|print_hex_dump|dump of the kernel|journal|strace/.test(name),
)

/** What each command is asked, and the exit code of a good answer. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  inspect: ['inspect', '-', '--as', 'reply', '--opcode', 'GET_FMAP', '-d', 'fuse-v10'],
  validate: ['validate', '-', '-d', 'fuse-v10'],
  diff: ['diff', '-', file, '-d', 'fuse-v10'],
  resolve: ['resolve', '-', '0', '-d', 'fuse-v10'],
  'ioctl convert': ['ioctl', 'convert', '-', '--from', 'fuse-v10', '--to', 'ioctl-43'],
}

const rows = TOOLS

/** What the command prints; undefined where it cannot be run here. */
function outputOf(line: string): string | undefined {
  const { status, stdout } = spawnSync('sh', ['-c', line], { cwd: scratch, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } })
  return status === 0 && stdout !== '' ? stdout : undefined
}

const compiled = spawnSync('cc', ['-g', '-o', 'reply', 'reply.c'], { cwd: scratch }).status === 0
const skip = (reason: string): void => console.warn(`skipped: ${reason}`)

async function everywhere(text: string, taken: string): Promise<void> {
  const said = await run([...(COMMANDS.inspect as string[]), '--json'], text)
  const json = JSON.parse(said.out)
  expect([json.taken, json.length, json.value.body.file_size]).toEqual([taken, bytes.length, '2097152'])
  for (const [name, argv] of Object.entries(COMMANDS)) {
    const { exit, err } = await run(argv, text)
    expect([name, exit, err]).toEqual([name, 0, ''])
  }
}

describe('the output of real tools is read by every command', () => {
  it.each(rows)('%s', async (line, taken) => {
    if (line.startsWith('gdb') && !compiled) return skip('there is no C compiler')
    const text = outputOf(line)
    if (text === undefined) return skip(`${line.split(' ')[0]} is not there, or may not do this here`)
    await everywhere(text, taken)
  })
})

const takenOf = (name: string): string => {
  if (/print_hex_dump|journal/.test(name)) return 'a hex dump of the kernel with time stamps'
  if (/kernel/.test(name))
    return `a hex dump of the kernel${/prefix/.test(name) ? '' : ' with time stamps'}, ${/pointers/.test(name) ? 64 : 32}-bit words in hex, swapped to little-endian bytes`
  if (/strace/.test(name)) return 'strace'
  if (name === 'Buffer') return 'a Buffer as Node.js prints it'
  if (name === 'C array without leading zeros') return 'hex'
  return 'source code'
}

describe('what languages and logs write is read by every command', () => {
  it.each(LANGUAGES)('%s', async name => {
    await everywhere((printers[name] as (b: Uint8Array) => string)(bytes), takenOf(name))
  })
})

const cell = (text: string): string => text.replaceAll('|', '\\|')

it('docs/input.md is current', async () => {
  const commands = Object.keys(COMMANDS)
  const page = `# Forms of text

Every command that takes bytes takes them raw, as JSON Lines ([captures](captures.md)), or as a text. A text is known by its structure, and never by
how much of it looks like hex: what has none of the forms below is refused (exit code 2), as prose, a log, or a text that two forms read with
different bytes; \`--format\` then says what it is. A byte-order mark is skipped, UTF-16 and Latin-1 are decoded first. What a text was taken for
is in the first line of \`inspect\` and \`validate\` and in \`taken\` of their JSON. A mistake is told by line, column and offset.

Several dumps, lists, strings or calls in one text are several messages, as a capture has them. A text that leaves bytes out (\`"..."...\` of strace,
\`... 30 more bytes\` of Node.js) is a truncated message: \`inspect\` shows what is there and says how much is missing, the others refuse it.

Made by test/cli/input/tools.test.ts.

## The forms, in the order in which they are tried

| \`--format\` | who writes it | how the bytes are found |
| --- | --- | --- |
${[...forms, ...askedForms].map(({ ids, title, how }) => `| ${ids.map(id => `\`${id}\``).join(' ')} | ${cell(title)} | ${cell(how)} |`).join('\n')}

\`--format raw\` takes the bytes as they are, \`jsonl\` JSON Lines, \`hex\` any of these forms.

## What was fed to each command

The output of each tool for a GET_FMAP reply of 72 bytes, and the same bytes as languages and logs write them, to ${commands.map(name => `\`${name}\``).join(', ')}: all give the same
bytes.

| written by | taken for | ${commands.join(' | ')} |
| --- | --- | ${commands.map(() => '---').join(' | ')} |
${[...rows.map(([line, taken]) => [`\`${line}\``, taken]), ...LANGUAGES.map(name => [name, takenOf(name)])]
  .map(([by, taken]) => `| ${cell(by as string)} | ${taken} | ${commands.map(() => 'read').join(' | ')} |`)
  .join('\n')}
`
  if (process.env.UPDATE_TRANSCRIPTS === '1') await writeFile('docs/input.md', page)
  expect(await readFile('docs/input.md', 'utf8')).toBe(page)
})
