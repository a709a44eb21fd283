/** What a driver does with a call, in the form of fixtures/ioctl/FORMAT.md: 64-bit numbers are strings in hex. */
import { UserMemory } from '../../codec/ioctl/index.ts'
import type { IoctlDialectId } from '../../uapi/dialects/ioctl.ts'
import type { IoctlVerdict } from '../../validate/ioctl/types.ts'
import { ioctlVerdict } from '../../validate/ioctl/verdict.ts'
import { hexOf } from '../hex.ts'
import { machineIn } from '../machine.ts'
import type { Json } from '../record.ts'
import { mapRegions } from './memory.ts'
import { commandOf, hexNumbers, wideIn } from './numbers.ts'
import { stateIn } from './state.ts'

/** The call of a request, made. */
export const madeCall = (request: Json, dialect: IoctlDialectId): IoctlVerdict =>
  ioctlVerdict(
    dialect,
    {
      command: commandOf(request.command, 'command'),
      address: wideIn(request, 'address'),
      memory: mapRegions(new UserMemory(), request, 'memory'),
      state: stateIn(request),
    },
    machineIn(request),
  )

/** A copy that failed: what is left is a positive number, and one that came out negative may be taken for an errno. */
function residue({ residue: left, check, copySizeChecked, written }: Extract<IoctlVerdict, { residue: bigint }>): Json {
  return {
    ...(left > 0n ? { residue: left.toString() } : { returns: Number(left) }),
    check,
    ...(copySizeChecked === undefined ? {} : { copySizeChecked }),
    ...(written === undefined || written.bytes.length === 0 ? {} : { written: hexOf(written.bytes) }),
  }
}

/** A verdict as the answer to `call`; undefined: nobody has read what the driver does. */
export function toldCall(verdict: IoctlVerdict): Json | undefined {
  if ('unread' in verdict) return undefined
  if ('oops' in verdict) return { oops: verdict.oops, check: verdict.check }
  if ('residue' in verdict) return residue(verdict)
  if ('check' in verdict) {
    const { errno, check, slotFailed } = verdict
    return slotFailed === undefined ? { errno, check } : { errno, check, slotFailed }
  }
  const { map, dev_bitmap, device, written } = verdict
  const kept = Object.fromEntries(Object.entries({ map, dev_bitmap, device }).filter(([, value]) => value !== undefined))
  return { errno: 0, ...(hexNumbers(kept) as Json), ...(written === undefined ? {} : { written: hexOf(written.bytes) }) }
}

/** The answer to `call`; undefined: nobody has read what the driver does. */
export const callAnswer = (request: Json, dialect: IoctlDialectId): Json | undefined => toldCall(madeCall(request, dialect))
