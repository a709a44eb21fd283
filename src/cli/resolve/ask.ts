/** What is asked: ranges of a file, devices that fail, addresses. */

import type { DeviceState, Devices } from '../../kernel/state.ts'
import { BYTES, bytesIn } from '../args.ts'
import { Failure } from '../command.ts'

/** A range of the file that is looked up. */
export interface Range {
  readonly offset: bigint
  readonly length: bigint
}

/** Nothing lies beyond: an offset is a loff_t. */
const MOST = 1n << 64n

function bytes(what: string, given: string): bigint {
  const value = bytesIn(given)
  if (value === undefined) throw new Failure(`${what}: expected ${BYTES}, found ${given}`)
  return value
}

function range(offset: bigint, length: bigint, given: string): Range {
  if (offset + length > MOST) throw new Failure(`${given}: ends behind 2^64`)
  return { offset, length }
}

/** `OFFSET+LENGTH` or `FROM..TO`; undefined for a number alone. */
function spelledOut(given: string): Range | undefined {
  const [start = '', end] = given.split('..', 2)
  if (end !== undefined) {
    const [from, to] = [bytes('FROM', start), bytes('TO', end)]
    if (to < from) throw new Failure(`${given}: ends before it starts`)
    return range(from, to - from, given)
  }
  const [offset = '', length] = given.split('+', 2)
  return length === undefined ? undefined : range(bytes('OFFSET', offset), bytes('LENGTH', length), given)
}

const ONE = 1n

/**
 * The ranges that the operands behind the map name: one as `OFFSET` (a byte) or `OFFSET LENGTH`, any number as `OFFSET+LENGTH` or `FROM..TO`.
 * @throws Failure for what is none of them
 */
export function rangesIn(operands: readonly string[]): Range[] {
  const ranges = operands.map(spelledOut)
  const plain = operands.filter((_, i) => ranges[i] === undefined)
  if (plain.length === 0) return ranges.filter(r => r !== undefined)
  const [offset = '', length] = plain
  if (plain.length < operands.length || plain.length > 2)
    throw new Failure(`${offset}: of several look-ups each is written OFFSET+LENGTH or FROM..TO`, { hint: `${offset}+1 is one byte` })
  return [range(bytes('OFFSET', offset), length === undefined ? ONE : bytes('LENGTH', length), plain.join(' '))]
}

const STATES: readonly DeviceState[] = ['ready', 'missing', 'busy', 'error']
const HIGHEST = 0xffff_ffff

/**
 * Devices that do not work: `1=missing,2=error`; a state alone is that of device 0.
 * @throws Failure for a state that there is not
 */
export function deviceStates(given: readonly string[]): Devices {
  const devices: Record<number, DeviceState> = {}
  for (const text of given.flatMap(list => list.split(','))) {
    const [, index = '0', word = ''] = /^(?:(\d{1,10})=)?(.*)$/.exec(text) ?? []
    const state = STATES.find(known => known === word)
    if (state === undefined || Number(index) > HIGHEST)
      throw new Failure(`--dev-state: expected N=STATE, a state being ${STATES.join(', ')}, found ${text}`, {
        hint: 'as in 0=missing,2=error',
      })
    devices[Number(index)] = state
  }
  return devices
}

/** A byte of a device. */
export interface Address {
  readonly dev: number
  readonly addr: bigint
}

/**
 * `DEV:ADDR`.
 * @throws Failure for what is none
 */
export function addressIn(given: string): Address {
  const [, dev = '', at = ''] = /^(\d{1,10}):(.+)$/.exec(given) ?? []
  const addr = bytesIn(at)
  if (dev === '' || addr === undefined || Number(dev) > HIGHEST)
    throw new Failure(`--reverse: expected DEV:ADDR, an index and ${BYTES}, found ${given}`, { hint: 'as in 0:0x40000000' })
  return { dev: Number(dev), addr }
}
