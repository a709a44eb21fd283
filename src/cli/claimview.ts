/** Who claims which number of FUSE, as a table. */
import { claimants, claimedNumbers, claims, claimText, initOut, offeredFlags } from '../kernel/negotiate/index.ts'
import { fuse_opcode } from '../uapi/fuse/codes.ts'
import { initFlags } from '../uapi/fuse/init.ts'
import type { Paint } from './color.ts'
import type { Shown } from './message.ts'
import { table } from './table.ts'

const listed = (numbers: readonly number[] = []): string => {
  const [first, last] = [numbers[0], numbers.at(-1)]
  const isRun = numbers.length > 2 && numbers.length - 1 === Number(last) - Number(first)
  return numbers.length === 0 ? '-' : isRun ? `${first}..${last}` : numbers.join(', ')
}

const COLUMNS = [{ title: 'name' }, { title: 'bit' }, { title: 'opcode' }, { title: 'minor' }, { title: 'state' }] as const

/** Everyone who claims a number of FUSE that others claim too. */
export const claimLines = (paint: Paint): string[] => [
  paint('strong', 'numbers of FUSE that more than one protocol claims'),
  ...table(
    COLUMNS,
    claims.map(({ name, bits, opcodes, minors, state }) => [paint('name', name), listed(bits), listed(opcodes), listed(minors), state]),
    paint,
  ),
]

/** What of an INIT message others give another meaning: a line for each bit that is set. None for other messages. */
export function claimNotes({ as, opcode, bytes }: Pick<Shown, 'as' | 'opcode' | 'bytes'>): readonly string[] {
  if (opcode !== fuse_opcode.values.FUSE_INIT || (as !== 'request' && as !== 'reply')) return []
  const flags = as === 'request' ? offeredFlags(bytes) : initFlags(initOut(bytes))
  const bits = claimedNumbers('bit').filter(bit => ((flags >> BigInt(bit)) & 1n) === 1n && claimants('bit', bit).length > 1)
  return bits.map(bit => `bit ${bit} is claimed by more than one: ${claimText('bit', bit)}`)
}
