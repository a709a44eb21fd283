/** `image extract`: all files and directories into a new directory, and never anywhere else. */
import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { WireError } from '../../codec/errors.ts'
import { filledParts } from '../../metadata/build/content.ts'
import { entryAt } from '../../metadata/index.ts'
import { type Node, refusals, walk } from '../../metadata/replay/index.ts'
import { Failure, REFUSED } from '../command.ts'
import { codeOf, fileFailure } from '../file-failure.ts'
import { type Pulse, pulseOf } from '../progress.ts'
import { orUndone } from '../undo.ts'
import { contentOf, deviceOf } from './content.ts'
import { sized } from './modes.ts'
import { count, replayOf, shown, warnOfRefusals } from './nodes.ts'
import type { Sub, Work } from './sub.ts'

const SLASH = 0x2f
const PERMISSIONS = 0o777
const NAMES_NOBODY: ReadonlySet<string> = new Set(['', '.', '..'])

/** The place of a node below the target, byte for byte. Its names come from a replay that refuses `..`; that is not relied upon. */
function placeOf(target: string, { path }: Node): Buffer {
  const names = Buffer.from(path).toString('latin1').split('/')
  if (names.some(name => NAMES_NOBODY.has(name) || name.includes('\0'))) throw new Failure('its path leads elsewhere', { exit: REFUSED })
  return Buffer.concat([Buffer.from(target), Buffer.of(SLASH), path])
}

/** As `mkdir -p`: Node's own never ends where a directory takes no names, as /proc does. */
function makeDirectories(path: string): void {
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return
  makeDirectories(dirname(path))
  mkdirSync(path)
}

/** A directory that is new or empty: nothing in it can lead out of it. */
function makeTarget(target: string): void {
  try {
    makeDirectories(target)
    if (readdirSync(target).length > 0)
      throw new Failure(`${target}: is not empty`, { hint: 'name a directory that does not exist yet', exit: REFUSED })
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT') throw new Failure(`${target}: no directory can be made there`)
    throw error instanceof Failure || code === undefined ? error : fileFailure(target, code, 'could not be made')
  }
}

const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW

/** An extraction at work, and what it has made. */
interface Made {
  readonly pulse: Pulse
  readonly directories: Node[]
  files: number
  bytes: bigint
  failed: number
}

function writePart(fd: number, bytes: Uint8Array, offset: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done, offset + done)
}

/** The content of a file; what is zero becomes a hole. */
async function writeContent({ image }: Work, node: Node, fd: number, made: Made): Promise<void> {
  const entry = await entryAt(image, node.entry)
  ftruncateSync(fd, Number(node.size))
  let at = 0
  for await (const bytes of contentOf(image, entry)) {
    for (const [from, to] of filledParts(bytes)) writePart(fd, bytes.subarray(from, to), at + from)
    at += bytes.length
    await made.pulse.beat(() => `${count(made.files, 'file')}, ${sized(made.bytes + BigInt(at))}, ${shown(node.path)}`)
  }
}

/** The owner is kept where this process may give files away, as tar does. */
function takeOver(place: Buffer, { uid, gid }: Node): void {
  if (process.geteuid?.() === 0) chownSync(place, uid, gid)
}

/** Writes one file; what cannot be read whole, or is interrupted, is not left there. */
async function writeFile(work: Work, node: Node, place: Buffer, made: Made): Promise<void> {
  const fd = openSync(place, NEW_FILE, 0o600)
  try {
    await orUndone(
      () => rmSync(place, { force: true }),
      () => writeContent(work, node, fd, made),
    )
  } finally {
    closeSync(fd)
  }
  takeOver(place, node)
  chmodSync(place, node.mode & PERMISSIONS)
}

const reasonOf = (error: unknown): string | undefined => {
  if (error instanceof WireError) return error.detail
  if (error instanceof Failure) return error.message
  return codeOf(error) === undefined ? undefined : (error as Error).message
}

/** Makes a node; false, with a line that says why, when it cannot be made. */
async function extractNode(work: Work, node: Node, made: Made): Promise<boolean> {
  const { io, operands } = work
  try {
    const place = placeOf(operands[0] ?? '', node)
    if (node.kind === 'directory') mkdirSync(place, 0o700)
    else await writeFile(work, node, place, made)
    return true
  } catch (error) {
    const reason = reasonOf(error)
    if (reason === undefined) throw error
    made.pulse.end()
    io.warn(`${shown(node.path)}: left out: ${reason}\n`)
    return false
  }
}

/** Owner and rights of directories come last, so that one without write permission can be filled. */
function finishDirectories(target: string, { directories }: Made): void {
  for (const node of directories.toReversed()) {
    const place = placeOf(target, node)
    takeOver(place, node)
    chmodSync(place, node.mode & PERMISSIONS)
  }
}

async function run(work: Work): Promise<number> {
  const { image, values, operands, io } = work
  const target = operands[0] ?? ''
  deviceOf(image)
  const tree = await replayOf(image, values)
  makeTarget(target)
  const made: Made = { pulse: pulseOf(io), directories: [], files: 0, bytes: 0n, failed: 0 }
  for (const node of walk(tree)) {
    if (!(await extractNode(work, node, made))) made.failed++
    else if (node.kind === 'directory') made.directories.push(node)
    else {
      made.files++
      made.bytes += node.size
    }
  }
  made.pulse.end()
  finishDirectories(target, made)
  await io.print(`${target}: ${count(made.directories.length, 'directory', 'directories')}, ${count(made.files, 'file')}\n`)
  const cut = await warnOfRefusals(work, tree)
  const { done: whole = false } = refusals(tree).next()
  return made.failed > 0 || !whole ? REFUSED : cut
}

export const extract: Sub = {
  options: ['policy'],
  about: [
    'Nothing is ever written outside DIR, whatever the paths in the image say. DIR must be new or empty. What is zero becomes a hole; root keeps the owners, too. What cannot be read whole, and entries of the log that say nothing good, are left out, with a line that says why and exit code 1.',
  ],
  operands: [1, 1],
  run,
}
