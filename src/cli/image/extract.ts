/** `image extract`: all files and directories into a new directory, and never anywhere else. */
import { fchmodSync, fchownSync, ftruncateSync, mkdirSync, readdirSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { WireError } from '../../codec/errors.ts'
import { filledParts } from '../../metadata/build/content.ts'
import { entryAt } from '../../metadata/index.ts'
import { type Node, type Replay, refusals, walk } from '../../metadata/replay/index.ts'
import { Failure, REFUSED } from '../command.ts'
import { codeOf, fileFailure } from '../file-failure.ts'
import { type Pulse, pulseOf } from '../progress.ts'
import { orUndone } from '../undo.ts'
import { type Below, belowDirectory } from './below.ts'
import { contentOf, deviceOf } from './content.ts'
import { sized } from './modes.ts'
import { count, replayOf, shown, warnOfRefusals } from './nodes.ts'
import type { Sub, Work } from './sub.ts'

const SLASH = 0x2f
const PERMISSIONS = 0o777

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

/** What is owned by others is theirs where this process may give files away, as tar does. What cannot be owned so is told, and counts. */
function finish(work: Work, node: Node, fd: number, made: Made): void {
  try {
    if (process.geteuid?.() === 0) fchownSync(fd, node.uid, node.gid)
  } catch (error) {
    const code = codeOf(error)
    if (code === undefined) throw error
    made.failed++
    work.io.warn(`${shown(node.path)}: owner ${node.uid}:${node.gid} could not be set: ${code}\n`)
  }
  fchmodSync(fd, node.mode & PERMISSIONS)
}

/** Writes one file; what cannot be read whole, or is interrupted, is not left there. */
async function writeFile(work: Work, node: Node, below: Below, made: Made): Promise<void> {
  const place = below.newFile(node.path)
  try {
    await orUndone(place.remove, () => writeContent(work, node, place.fd, made))
    finish(work, node, place.fd, made)
  } finally {
    place.close()
  }
}

const reasonOf = (error: unknown): string | undefined => {
  if (error instanceof WireError) return error.detail
  if (error instanceof Failure) return error.message
  // behind the comma stands a path, of no use to a person and not escaped
  return codeOf(error) === undefined ? undefined : (error as Error).message.split(',')[0]
}

/** Makes a node; false, with a line that says why, when it cannot be made. */
async function extractNode(work: Work, node: Node, below: Below, made: Made): Promise<boolean> {
  try {
    if (node.kind === 'directory') below.makeDirectory(node.path)
    else await writeFile(work, node, below, made)
    return true
  } catch (error) {
    const reason = reasonOf(error)
    if (reason === undefined) throw error
    made.pulse.end()
    work.io.warn(`${shown(node.path)}: left out: ${reason}\n`)
    return false
  }
}

/** Owner and rights of directories come last, so that one without write permission can be filled. */
function finishDirectories(work: Work, below: Below, made: Made): void {
  for (const node of made.directories.toReversed())
    try {
      below.inDirectory(node.path, fd => finish(work, node, fd, made))
    } catch (error) {
      const reason = reasonOf(error)
      if (reason === undefined) throw error
      made.failed++
      work.io.warn(`${shown(node.path)}: owner and permissions could not be set: ${reason}\n`)
    }
}

const isBelow = (path: Uint8Array, directory: Uint8Array): boolean =>
  path.length > directory.length && path[directory.length] === SLASH && directory.every((byte, i) => path[i] === byte)

/** Everything in the order of the tree; what lies in a directory that could not be made is not tried. */
async function extractAll(work: Work, tree: Replay, below: Below, made: Made): Promise<void> {
  let missing: Uint8Array | undefined
  for (const node of walk(tree)) {
    if (missing !== undefined && isBelow(node.path, missing)) made.failed++
    else if (!(await extractNode(work, node, below, made))) {
      made.failed++
      if (node.kind === 'directory') missing = node.path.slice()
    } else if (node.kind === 'directory') made.directories.push(node)
    else {
      made.files++
      made.bytes += node.size
    }
  }
}

async function run(work: Work): Promise<number> {
  const { image, values, operands, io } = work
  const target = operands[0] ?? ''
  deviceOf(image)
  const tree = await replayOf(image, values)
  makeTarget(target)
  const made: Made = { pulse: pulseOf(io), directories: [], files: 0, bytes: 0n, failed: 0 }
  const below = belowDirectory(target)
  try {
    await extractAll(work, tree, below, made)
    made.pulse.end()
    finishDirectories(work, below, made)
  } finally {
    below.close()
  }
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
