/** Look-ups in words. */
import type { FileMap } from '../../kernel/map.ts'
import { roomOf } from '../../kernel/ranges.ts'
import type { RangeStep } from '../../kernel/resolve-range.ts'
import type { State } from '../../kernel/state.ts'
import { EHWPOISON, EINVAL } from '../../uapi/errno.ts'
import { errnoName } from '../values.ts'
import type { AnyDialect } from './judge.ts'

interface Kernel {
  readonly dialect: AnyDialect
  readonly map: FileMap
}

const NOTHING = 'nothing is there'

/** Why a kernel that looked found nothing, in the order in which it looks. facts: wire 5.1, 5.3, 6 */
function endReason({ offset }: RangeStep, { dialect, map }: Kernel, before: State): string {
  if (before.file.error) return 'the error flag of the file is set'
  if (map.ext_type === 'interleaved' && dialect.resolver?.groups === 'broken') return 'this kernel finds nothing in groups'
  if (offset >= roomOf(map) || (map.ext_type === 'interleaved' && offset >= map.file_size)) return 'behind the end of the map'
  return Object.values(before.devices).some(device => device !== 'ready') ? 'the device does not work' : NOTHING
}

function bareReason(errno: number): string {
  if (errno === EHWPOISON) return 'the device reported a memory error'
  return errno === EINVAL ? 'the chunk size is no multiple of the PMD' : 'the device does not work'
}

/** Why there is no place, with the errno. `before`: the state in which the look-up was made. */
export function failureText(step: RangeStep, kernel: Kernel, before: State): string {
  const { result } = step
  if ('oops' in result) return 'the kernel would divide by zero'
  if (!('dev' in result)) {
    // some kernels fill nothing in at the end of the map either
    const { bare, end } = kernel.dialect.resolver ?? {}
    const why = bare === true && result.rc + (end ?? 0) === 0 ? endReason(step, kernel, before) : bareReason(-result.rc)
    return `${errnoName(-result.rc)}: ${why}`
  }
  const reason = endReason(step, kernel, before)
  return result.rc === 0 ? `no error and no bytes: ${reason}` : `${errnoName(-result.rc)}: ${reason}`
}
