/** Copies between the caller's memory and the driver, and what is left of them. facts: wire 9.4 to 9.7 */
import { sizeOf } from '../../codec/ioctl/fields.ts'
import type { CopyPart } from '../../schema/ioctl-steps.ts'
import { answerOf } from './answer.ts'
import { type Call, extentSize, groupPath, groupSize, load, pointerIn, type Window } from './call.ts'
import type { IoctlPlace } from './types.ts'

/** A copy that did not reach its end. */
export interface Cut extends IoctlPlace {
  /** bytes that were not copied */
  readonly left: bigint
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

/** The driver's product of count and size has 64 bits. */
function copyStrips(call: Call): Cut | undefined {
  const { argument } = call
  const length = (call.values.ie_nstrips * BigInt(extentSize(call))) % MODULUS
  const path = `${groupPath(call)}.ie_strips`
  const inner = argument.pointers.flatMap(p => p.pointers ?? [])
  const address = pointerIn(argument.group, inner, 'ie_strips', call.groups, call.group)
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
  const length = BigInt(answerOf(call).length)
  return from(call, call.address, length, '').cut
}

export const copies: { readonly [K in CopyPart]: (call: Call) => Cut | undefined } = {
  argument: copyArgument,
  message: copyMessage,
  extents: copyExtents,
  groups: copyGroups,
  strips: copyStrips,
  path: copyPath,
  answer: copyAnswer,
}
