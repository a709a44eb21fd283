/** Copies between the caller's memory and the driver, and what is left of them. facts: wire 9.4 to 9.7 */
import { sizeOf } from '../../codec/ioctl/fields.ts'
import type { CallCopy, CopyPart } from '../../schema/ioctl-steps.ts'
import { answerOf } from './answer.ts'
import { type Call, extentSize, groupPath, groupSize, load, NOTHING, pointerIn, type Window } from './call.ts'
import type { IoctlPlace } from './types.ts'

/** A copy that did not reach its end. */
export interface Cut extends IoctlPlace {
  /** bytes that were not copied */
  readonly left: bigint
  /** it is longer than its place in the kernel */
  readonly copySizeChecked?: true
  /** bytes that reached the caller */
  readonly written?: Uint8Array
}

const MODULUS = 1n << 64n

/** Copies to `length` bytes; the window holds those that were mapped. */
function from(call: Call, address: bigint, length: bigint, path: string): { readonly window: Window; readonly cut: Cut | undefined } {
  const bytes = call.memory.read(address, length)
  const window = { bytes, address }
  const left = length - BigInt(bytes.length)
  const cut = left === 0n ? undefined : { path, address: address + BigInt(bytes.length), length: 1, left }
  return { window, cut }
}

function copyArgument(call: Call): Cut | undefined {
  const { window, cut } = from(call, call.address, BigInt(sizeOf(call.argument.schema)), '')
  call.head = window
  call.list = window
  call.groups = window
  call.bytes = window.bytes
  call.size = window.bytes.length
  load(call, call.argument, window, 0)
  return cut
}

function copyMessage(call: Call): Cut | undefined {
  const { window, cut } = from(call, call.address, call.values.fmap_size, '')
  call.list = window
  call.groups = window
  call.bytes = window.bytes
  call.size = window.bytes.length
  return cut
}

function copyExtents(call: Call): Cut | undefined {
  const { argument, head, values } = call
  const { as } = argument.extent
  const address = pointerIn(argument, argument.pointers, as, head, 0)
  const { window, cut } = from(call, address, values.nextents * BigInt(extentSize(call)), as)
  call.list = window
  return cut
}

function copyGroups(call: Call): Cut | undefined {
  const { argument, head, values } = call
  const { as } = argument.group
  const address = pointerIn(argument, argument.pointers, as, head, 0)
  const { window, cut } = from(call, address, values.nextents * BigInt(groupSize(call)), as)
  call.groups = window
  return cut
}

/** Where the strips of the group at hand are, and how many bytes of them: the driver's product of count and size has 64 bits. */
function stripsOf(call: Call): { readonly address: bigint; readonly length: bigint; readonly path: string } {
  const { argument, values, groups, group } = call
  const inner = argument.pointers.flatMap(p => p.pointers ?? [])
  return {
    address: pointerIn(argument.group, inner, 'ie_strips', groups, group),
    length: (values.ie_nstrips * BigInt(extentSize(call))) % MODULUS,
    path: `${groupPath(call)}.ie_strips`,
  }
}

function copyStrips(call: Call): Cut | undefined {
  const { address, length, path } = stripsOf(call)
  const most = BigInt(call.budget)
  const { window, cut } = from(call, address, length < most ? length : most, path)
  call.strips = window
  call.budget -= window.bytes.length
  const copied = BigInt(window.bytes.length)
  return length <= most ? cut : { path, address: address + copied, length: 1, left: length - copied }
}

/** Only as far as its NUL: what lies behind need not be mapped. */
function copyPath(call: Call): Cut | undefined {
  const { argument, head, values } = call
  const address = pointerIn(argument, argument.pointers, 'daxdev_path', head, 0)
  const { window, cut } = from(call, address, values.daxdev_path_len + 1n, 'daxdev_path')
  call.path = window
  return window.bytes.includes(0) ? undefined : cut
}

function copyAnswer(call: Call): Cut | undefined {
  const answer = answerOf(call)
  const { window, cut } = from(call, call.address, BigInt(answer.length), '')
  return cut && { ...cut, written: answer.subarray(0, window.bytes.length) }
}

const parts: { readonly [K in CopyPart]: (call: Call) => Cut | undefined } = {
  argument: copyArgument,
  message: copyMessage,
  extents: copyExtents,
  groups: copyGroups,
  strips: copyStrips,
  path: copyPath,
  answer: copyAnswer,
}

/**
 * The kernel knows how large the place of a copy is, and copies nothing at all of what would go beyond it. facts: wire 9.6
 * @returns undefined where the copy fits
 */
export function refusedCopy(call: Call, { room }: CallCopy): Cut | undefined {
  if (room === undefined) return undefined
  const { address, length, path } = stripsOf(call)
  if (length <= BigInt(room)) return undefined
  call.strips = { bytes: NOTHING.bytes, address }
  return { path, address, length: 1, left: length, copySizeChecked: true }
}

/** Makes a copy; undefined when it reached its end. */
export const copyPart = (call: Call, part: CopyPart): Cut | undefined => parts[part](call)
