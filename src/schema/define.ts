/** Dialects of one's own, checked when they are defined. */
import type { Check, Step } from './check.ts'
import type { Dialect, RequestShape } from './dialect.ts'
import { type MapLayout, placesOf } from './layout.ts'
import { fixedSize } from './size.ts'

/** Steps that read, repeat or divide, and the decisive step that makes it safe. */
const NEEDS: Readonly<Record<string, string>> = { eachExtent: 'list', eachStrip: 'strips', stripTooShort: 'chunk size' }
/** What may stand first inside a block instead. */
const FIRST: Readonly<Record<string, string>> = { eachExtent: 'extent', eachStrip: 'extent', eachGroup: 'group' }

const keyOf = (step: Step | undefined): string => {
  if (step === undefined) return ''
  if (step.kind !== 'check') return step.kind
  const { test } = step
  if (test.op === 'pastEnd') return test.part
  if ((test.op === 'noneOf' || test.op === 'zero') && test.x === 'ie_chunk_size') return 'chunk size'
  return test.op
}

const wrong = ({ id }: { readonly id: string }, what: string): Error => new Error(`dialect ${id}: ${what}`)

function checkFirst(d: Dialect, step: Step | undefined, part: string): void {
  if (keyOf(step) !== part) throw wrong(d, `the first step must be that the ${part} fits`)
  if (step?.kind === 'check' && step.errno === undefined) throw wrong(d, `that the ${part} fits must be decisive`)
}

/** Nothing may read bytes, repeat or divide before the step that makes it safe. */
function checkOrder(d: Dialect, steps: readonly Step[], before: readonly string[]): void {
  const passed = [...before]
  for (const step of steps) {
    const key = keyOf(step)
    if (step.kind === 'check') {
      const needed = NEEDS[key]
      if (needed !== undefined && !passed.includes(needed)) throw wrong(d, `${key} stands without ${needed} before it`)
      if (step.errno !== undefined) passed.push(key)
      continue
    }
    const [needed, first] = [NEEDS[key], FIRST[key]]
    if (first !== undefined && (needed === undefined || !passed.includes(needed))) {
      // counts may be looked at before the element
      const begins = step.steps.find(s => s.kind !== 'check' || !('x' in s.test) || s.test.x !== 'pieces')
      if (needed !== undefined && keyOf(begins) !== first)
        throw wrong(d, `${key} stands without ${needed} before it, and does not begin with ${first}`)
      checkFirst(d, begins, first)
    }
    checkOrder(d, step.steps, passed)
  }
}

function* checksOf(steps: readonly Step[]): Generator<Check> {
  for (const step of steps) {
    if (step.kind === 'check') yield step
    else yield* checksOf(step.steps)
  }
}

/** Fields that only some formats have; the others are computed, or every format has them. */
const SPECIAL = ['meta_size', 'next', 'ext_type'] as const

/** Behind the last page there is no next one to ask about. */
function checkNext(d: Dialect, steps: readonly Step[]): void {
  for (const step of steps) {
    if (step.kind === 'otherPages') continue
    if (step.kind !== 'check') checkNext(d, step.steps)
    else if (step.test.op === 'lessThan' && [step.test.a, step.test.b].includes('next'))
      throw wrong(d, `${step.name} asks about the next page: it belongs into otherPages`)
  }
}

/** Whether any of these steps is about groups or their strips. */
const ofGroups = (steps: readonly Step[]): boolean =>
  steps.some(step =>
    step.kind === 'check'
      ? step.test.op === 'pastEnd' && ['group', 'strips'].includes(step.test.part)
      : ['eachGroup', 'eachStrip'].includes(step.kind) || ofGroups(step.steps),
  )

/** A step that asks for a field which the format has not would always ask about 0. */
function checkFields(d: Dialect, layout: MapLayout): void {
  for (const { name, test } of checksOf(d.checks)) {
    const asked = ['x', 'a', 'b'].map(key => (test as unknown as Record<string, unknown>)[key])
    const missing = SPECIAL.find(role => asked.includes(role) && layout.header.fields[role] === undefined)
    if (missing !== undefined) throw wrong(d, `${name} asks for ${missing}, which the header of its maps does not have`)
    if (layout.group === undefined && asked.some(role => String(role).startsWith('ie_')))
      throw wrong(d, `${name} asks for a group, and its maps have none`)
  }
  if (layout.group === undefined && ofGroups(d.checks)) throw wrong(d, 'has steps for groups, and its maps have none')
}

const UINT = 0xffffffff
const isCount = (n: unknown, most = UINT): boolean => typeof n === 'number' && Number.isInteger(n) && n >= 0 && n <= most

/** A field of a request that the kernel fills in. */
function checkAsked(d: Dialect, shape: RequestShape, field: string | undefined, what: string, sizes: readonly number[]): void {
  if (typeof shape === 'string') {
    if (field !== undefined && shape === 'none') throw wrong(d, `${what} stands in ${field}, but the request has no body`)
    return
  }
  const { type } = shape
  if (type.kind !== 'struct') throw wrong(d, `the request that holds ${what} is no struct`)
  if (fixedSize(type) === undefined) throw wrong(d, `${type.name} has no fixed size: the kernel sends a request of one length`)
  if (field === undefined) return
  const place = placesOf(type).find(p => p.name === field)
  if (place === undefined) throw wrong(d, `${type.name} has no field ${field} for ${what}`)
  if (place.type.kind !== 'int' || !sizes.includes(place.size))
    throw wrong(d, `${type.name}.${field} must be a number of ${sizes.join(' or ')} bytes`)
}

function checkShapes(d: Dialect): void {
  const { request, reply, map, sizeProbe } = d
  const fmap = reply.GET_FMAP
  if (fmap === undefined) return
  const { buffer, least, most, offers, more, exact } = fmap
  if (![buffer, least, most].every(n => isCount(n)) || buffer > most || least > most)
    throw wrong(d, `offers ${buffer} bytes for a map, and ${least} to ${most} after a probe: no such buffers`)
  if (exact === true && (least !== buffer || most !== buffer)) throw wrong(d, 'an exact reply has one size')
  if (sizeProbe !== 'none' && offers === undefined) throw wrong(d, 'has a size probe, but no field in which the request offers a size')
  if (map !== undefined && sizeProbe === 'header' && map.layout.header.fields.fmap_size === undefined)
    throw wrong(d, 'has a size probe in the header of its maps, which has no field for it (fmap_size)')
  checkAsked(d, request.GET_FMAP, offers, 'the size offered', [4])
  checkAsked(d, request.GET_FMAP, more?.request, 'where to go on', [8])
  if ((more !== undefined) !== (map?.layout.header.fields.next !== undefined))
    throw wrong(d, 'a map in pages needs both: a field of its header in the role next, and reply.GET_FMAP.more')
  checkDevice(d)
}

function checkDevice(d: Dialect): void {
  const device = d.reply.GET_DAXDEV
  if (device === undefined) return
  if (d.opcodes.GET_DAXDEV === undefined) throw wrong(d, 'asks for devices, but has no opcode for it')
  checkAsked(d, d.request.GET_DAXDEV, device.index, 'the index of the device', [4])
  const { body, exact, name = 'name' } = device
  if (body === undefined && name !== 'name')
    throw wrong(d, `brings no body for replies about a device, and that of famfs has no text ${name}`)
  if (body === undefined) return
  if (fixedSize(body.type) !== exact) throw wrong(d, `the reply about a device has ${fixedSize(body.type)} bytes, not ${exact}`)
  const place = body.type.kind === 'struct' ? placesOf(body.type).find(p => p.name === name) : undefined
  if (place?.type.kind !== 'text') throw wrong(d, `the reply about a device has no text ${name}`)
}

function checkInit(d: Dialect): void {
  const { reply, named } = d.init ?? {}
  if (named === undefined) return
  const fields = reply?.type.kind === 'struct' ? reply.type.fields : []
  if (fields.find(f => f.name === named.field)?.type.kind !== 'text') throw wrong(d, `the INIT reply has no text ${named.field}`)
}

const REQUIRED = ['title', 'facts', 'opcodes', 'request', 'reply', 'sizeProbe', 'push', 'fatal', 'limits', 'checks'] as const
const ID = /^[a-z][a-z0-9.-]*$/

/** Those who write plain JavaScript have no compiler that asks for a member. */
function checkMembers(d: Dialect): void {
  if (typeof d !== 'object' || d === null) throw new Error('a dialect is an object')
  if (typeof d.id !== 'string' || !ID.test(d.id))
    throw new Error(`a dialect has an id of lower case letters, digits, dots and dashes, not ${JSON.stringify(d.id)}`)
  for (const key of REQUIRED) if (d[key] === undefined) throw wrong(d, `${key} is missing`)
  const strange = d.checks.findIndex(step => typeof step !== 'object' || !('kind' in step))
  if (strange >= 0) throw wrong(d, `checks[${strange}] is no step; a list of steps outside of a block is written ...list`)
}

function checkNumbers(d: Dialect): void {
  const { initBit, opcodes, limits, reply } = d
  if (initBit !== undefined && !isCount(initBit, 63)) throw wrong(d, `initBit is a bit from 0 to 63, not ${initBit}`)
  const numbers = Object.entries(opcodes).filter(([, n]) => n !== undefined)
  for (const [name, n] of numbers) if (!isCount(n) || n === 0) throw wrong(d, `opcode ${name} is ${n}`)
  if (new Set(numbers.map(([, n]) => n)).size < numbers.length) throw wrong(d, 'both opcodes are the same')
  for (const [name, n] of Object.entries(limits)) if (n !== undefined && !isCount(n)) throw wrong(d, `limits.${name} is ${n}`)
  if (reply.GET_FMAP === undefined) return
  if (initBit === undefined) throw wrong(d, 'asks for maps, but has no initBit that turns famfs on')
  if (opcodes.GET_FMAP === undefined) throw wrong(d, 'asks for maps, but has no opcode for it')
}

/**
 * A dialect of your own: pass the value wherever the id of a built-in one goes. Start from a built-in one and say what differs:
 *
 * ```ts
 * import { defineDialect } from 'famfs-wire/schema'
 * import { fuseV10 } from 'famfs-wire/uapi'
 *
 * const mine = defineDialect({
 *   ...fuseV10,
 *   id: 'fuse-mine',
 *   title: 'as many extents as fit',
 *   checks: fuseV10.checks.filter(step => step.kind !== 'check' || step.name !== 'extentsAtMost'),
 * })
 * ```
 *
 * A new form of the map is its `map` ({@link mapFormat}), new bodies of requests and replies are schemas in `request` and `reply`.
 * The definition is checked: what belongs together is there, and no step reads bytes, repeats or divides before the one that makes it safe.
 *
 * @throws Error naming the dialect and what is wrong
 */
export function defineDialect<const D extends Dialect>(definition: D): D {
  const d: Dialect = definition
  checkMembers(d)
  checkNumbers(d)
  checkShapes(d)
  checkInit(d)
  if (d.reply.GET_FMAP !== undefined) {
    if (d.checks.length === 0) throw wrong(d, 'asks for maps, but has no checks: at least that the header fits')
    const envelope = d.map?.layout.envelope
    checkFirst(d, d.checks[0], envelope === undefined ? 'header' : 'envelope')
    if (envelope !== undefined && !d.checks.some(step => keyOf(step) === 'header')) throw wrong(d, 'nothing checks that the header fits')
  }
  checkOrder(d, d.checks, [])
  checkNext(d, d.checks)
  if (d.map !== undefined) checkFields(d, d.map.layout)
  if (d.resolver?.groups !== undefined && d.map !== undefined && d.map.layout.group === undefined)
    throw wrong(d, 'resolves groups, and its maps have none')
  return definition
}
