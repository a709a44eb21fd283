/** Look-up after look-up through a range of a file, as read(2), write(2) and faults go through it. */
import { type VerdictOptions, X86_64 } from '../validate/options.ts'
import type { FileMap } from './map.ts'
import { type Resolved, resolveIn } from './resolve.ts'
import { healthy, type ResolvingDialect, type State } from './state.ts'
import { least } from './wide.ts'

/** One look-up on the way through a range, and what it leaves behind. */
export interface RangeStep extends Resolved {
  /** byte of the file that was asked for */
  readonly offset: bigint
  /** bytes that were asked for: what was left of the range */
  readonly asked: bigint
}

/** Bytes of the range that a look-up settles; 0: nothing was found. A result can say more than was asked. facts: wire 5.4 */
export const found = ({ result, asked }: RangeStep): bigint => ('length' in result && result.rc === 0 ? least(result.length, asked) : 0n)

/**
 * The look-ups that a kernel of this dialect makes for a range: each asks for what the one before left over. The last one ends the range or
 * finds nothing; then the kernel stops there. A range of 0 bytes is one look-up.
 *
 * Nothing is cut at file_size: read(2) and write(2) do that before they ask the map, and a fault behind it is SIGBUS. facts: wire 5.1
 *
 * @param offset first byte of the file, as loff_t
 * @param length bytes, 0 or more
 * @param state devices and file as they are before the first look-up; default: everything works
 * @throws WireError as {@link resolveIn}
 */
export function* resolveRange(
  map: FileMap,
  offset: bigint,
  length: bigint,
  dialect: ResolvingDialect,
  state: State = healthy(map),
  options: VerdictOptions = X86_64,
): Generator<RangeStep, void, undefined> {
  let [at, left, before] = [offset, length, state]
  for (;;) {
    const step = { offset: at, asked: left, ...resolveIn(map, at, left, dialect, before, options) }
    yield step
    const bytes = found(step)
    if (bytes === 0n || bytes === left) return
    at += bytes
    left -= bytes
    before = step.state
  }
}
