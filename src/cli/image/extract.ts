/** `image extract`: all files and directories into a new directory, and never anywhere else. */
import { chmodSync, closeSync, constants, mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs'
import { WireError } from '../../codec/errors.ts'
import { entryAt } from '../../metadata/index.ts'
import { type Node, walk } from '../../metadata/replay/index.ts'
import { Failure, REFUSED } from '../command.ts'
import { fileFailure } from '../input.ts'
import { contentOf, deviceOf } from './content.ts'
import { count, replayOf, shown, warnOfRefusals } from './nodes.ts'
import type { Opened } from './open.ts'
import type { Sub, Work } from './sub.ts'

const SLASH = 0x2f
const PERMISSIONS = 0o777
const NAMES_NOBODY: ReadonlySet<string> = new Set(['', '.', '..'])

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined

/** The place of a node below the target, byte for byte. Its names come from a replay that refuses `..`; that is not relied upon. */
function placeOf(target: string, { path }: Node): Buffer {
  const names = Buffer.from(path).toString('latin1').split('/')
  if (names.some(name => NAMES_NOBODY.has(name) || name.includes('\0'))) throw new Failure('its path leads elsewhere', { exit: REFUSED })
  return Buffer.concat([Buffer.from(target), Buffer.of(SLASH), path])
}

/** A directory that is new or empty: nothing in it can lead out of it. */
function makeTarget(target: string): void {
  try {
    mkdirSync(target, { recursive: true })
    if (readdirSync(target).length > 0)
      throw new Failure(`${target}: is not empty`, { hint: 'name a directory that does not exist yet', exit: REFUSED })
  } catch (error) {
    const code = codeOf(error)
    throw error instanceof Failure || code === undefined ? error : fileFailure(target, code, 'could not be made')
  }
}

const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done)
}

/** Writes one file; what cannot be read whole is not left there. */
async function writeFile(image: Opened, node: Node, place: Buffer): Promise<void> {
  const entry = await entryAt(image, node.entry)
  const fd = openSync(place, NEW_FILE, 0o600)
  try {
    for await (const bytes of contentOf(image, entry)) writeAll(fd, bytes)
  } catch (error) {
    rmSync(place, { force: true })
    throw error
  } finally {
    closeSync(fd)
  }
  chmodSync(place, node.mode & PERMISSIONS)
}

const reasonOf = (error: unknown): string | undefined => {
  if (error instanceof WireError) return error.detail
  if (error instanceof Failure) return error.message
  return codeOf(error) === undefined ? undefined : (error as Error).message
}

/** Makes a node; false, with a line that says why, when it cannot be made. */
async function extractNode({ image, io, operands }: Work, node: Node): Promise<boolean> {
  try {
    const place = placeOf(operands[0] ?? '', node)
    if (node.kind === 'directory') mkdirSync(place, 0o700)
    else await writeFile(image, node, place)
    return true
  } catch (error) {
    const reason = reasonOf(error)
    if (reason === undefined) throw error
    io.warn(`${shown(node.path)}: left out: ${reason}\n`)
    return false
  }
}

async function run(work: Work): Promise<number> {
  const { image, values, operands, io } = work
  const target = operands[0] ?? ''
  deviceOf(image)
  const tree = await replayOf(image, values)
  makeTarget(target)
  const made = { files: 0, directories: [] as Node[], failed: 0 }
  for (const node of walk(tree)) {
    io.progress(`${made.files} files, ${shown(node.path)}`)
    if (!(await extractNode(work, node))) made.failed++
    else if (node.kind === 'file') made.files++
    else made.directories.push(node)
  }
  io.progress('')
  // Rights of directories come last, so that one without write permission can be filled.
  for (const node of made.directories.reverse()) chmodSync(placeOf(target, node), node.mode & PERMISSIONS)
  await io.print(`${target}: ${count(made.directories.length, 'directory', 'directories')}, ${count(made.files, 'file')}\n`)
  const cut = await warnOfRefusals(work, tree)
  return made.failed > 0 ? REFUSED : cut
}

export const extract: Sub = {
  name: 'extract',
  usage: 'DIR',
  summary: 'all files and directories into a new directory DIR, with their permissions',
  options: ['policy'],
  operands: [1, 1],
  run,
}
