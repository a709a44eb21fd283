/** A dialect of the famfs FUSE protocol: what one published kernel sends, takes and refuses. Data; nothing in the library asks for a version. */
import type { Step, Unit } from './check.ts'

/** What follows the header of a request, by the C name of the struct. */
export type RequestShape = 'none' | 'fuse_get_fmap_in' | 'fuse_getxattr_in'

export interface FmapReply {
  /** bytes offered in the first request */
  readonly buffer: number
  /** the reply body has exactly `buffer` bytes */
  readonly exact?: true
  /** least and most bytes that a size probe may ask for; both are `buffer` where there is no probe */
  readonly least: number
  readonly most: number
}

export interface Limits {
  /** absent: no limit in the parser */
  readonly extents?: number
  /** absent: no interleaved maps */
  readonly strips?: number
  /** highest device index that is accepted */
  readonly devIndex: number
  /** slots of the device table; absent: not known */
  readonly devSlots?: number
  /** device indices below this are recorded without a shift past the width of the type. facts: wire 4.1 S4, 4.2 */
  readonly devShift: number
}

/** How a kernel turns a file offset into a range of a device. facts: wire 5, 6.2 */
export interface Resolver {
  /** errno when nothing holds the offset (the "end case"): some kernels say 0, with a length of 0 */
  readonly end: number
  /** the address is then the offset in the file, not 0 */
  readonly endAddress?: 'offset'
  /** how lengths of simple extents compare: as s64, as u64, or as u64 behind a shift where all extents are alike */
  readonly simple: 'signed' | 'unsigned' | 'shift'
  /** where a group ends: at the smaller of ie_nbytes and file_size, or at a variable that was never set. Absent: no groups */
  readonly groups?: 'smaller' | 'broken'
  /** a chunk size that is no multiple of it is EINVAL */
  readonly chunkUnit?: Unit
  /** a look-up behind the end of its strip is EIO, and lengths end there */
  readonly stripBound?: true
  /** a device that cannot be used: the end case, or its own errno and the error flag of the file, or nobody looks */
  readonly badDevice: 'end' | 'flag' | 'ignored'
  /** one device with a memory error ends every look-up of the mount */
  readonly failedMount?: true
  /** a strip on a device that is not in the table counts as that, too; otherwise it is the end case */
  readonly missingStrip?: 'flag'
  /** a map is installed with its error flag set while one of its devices is not in the table */
  readonly installFlags?: true
  /** a look-up does not ask for the state of the file */
  readonly anyFile?: true
  /** read, write and mmap look at the size and at DAX before the error flag, and either of them sets it. facts: wire 9.4 */
  readonly sizeFirst?: true
  /** read and write are cut by an unsigned difference: not at all behind the end of the file. facts: wire 9.4 */
  readonly unsignedCut?: true
}

/** Everything that tells one kernel from another. Made by {@link dialect}, which checks it. */
export interface Dialect {
  readonly id: string
  readonly title: string
  /** section of the fact sheet */
  readonly facts: string
  /** INIT flag bit that negotiates famfs; absent: this kernel has no famfs */
  readonly initBit?: number
  /** absent: this kernel's header has no such opcode */
  readonly opcodes: { readonly GET_FMAP?: number; readonly GET_DAXDEV?: number }
  readonly request: { readonly GET_FMAP: RequestShape; readonly GET_DAXDEV: 'none' }
  /** GET_DAXDEV absent: the kernel never asks for devices, the server pushes them */
  readonly reply: { readonly GET_FMAP?: FmapReply; readonly GET_DAXDEV?: { readonly exact: number } }
  /** how a server says that the map needs a larger buffer: not at all, by a body of 4 bytes, or by fmap_size in the header */
  readonly sizeProbe: 'none' | 'hint' | 'header'
  /** the word at header offset 12 is fmap_size, and devices are registered by ioctl */
  readonly push: boolean
  /** what the kernel is doing when it asks for a map */
  readonly trigger?: 'LOOKUP' | 'OPEN'
  /** a failed or refused map fails open(2) */
  readonly fatal: boolean
  readonly limits: Limits
  /** the kernel's parser, in its order */
  readonly checks: readonly Step[]
  /** absent: this kernel has no maps */
  readonly resolver?: Resolver
}

/** Steps that read, repeat or divide, and the decisive step that makes it safe. */
const NEEDS: Readonly<Record<string, string>> = { eachExtent: 'list', eachStrip: 'strips', stripTooShort: 'noneOf' }

const keyOf = (step: Step | undefined): string =>
  step === undefined ? '' : step.kind !== 'check' ? step.kind : step.test.op === 'pastEnd' ? step.test.part : step.test.op

function checkSteps(owner: string, steps: readonly Step[], first: string | undefined, before: readonly string[]): void {
  const passed = [...before]
  if (first !== undefined && keyOf(steps[0]) !== first) throw new Error(`${owner}: the first step must be that the ${first} fits`)
  for (const step of steps) {
    const key = keyOf(step)
    const needed = NEEDS[key]
    if (needed !== undefined && !passed.includes(needed)) throw new Error(`${owner}: ${key} stands without ${needed} before it`)
    if (step.kind !== 'check') checkSteps(owner, step.steps, key === 'eachGroup' ? 'group' : undefined, passed)
    else if (step.errno !== undefined) passed.push(key)
    else if (key === first) throw new Error(`${owner}: that the ${first} fits must be decisive`)
  }
}

/**
 * Define a dialect. Its steps are checked: nothing may read bytes, repeat or divide before the step that makes it safe.
 * @throws Error naming the dialect and the step
 */
export function dialect(definition: Dialect): Dialect {
  if (definition.checks.length > 0) checkSteps(definition.id, definition.checks, 'header', [])
  return definition
}
