/** What becomes of open(2): the answers to OPEN and those about the map. facts: wire 4.4, 6.3 */
import { encodeReleaseIn } from '../../codec/generated/file.ts'
import { fuse_opcode } from '../../uapi/fuse/codes.ts'
import { numberAt } from '../../validate/bytes.ts'
import { type Ending, openErrnoOf } from '../../validate/reply.ts'
import { resized } from './access.ts'
import { ESTALE, sendLookup, sendOpen, truncates } from './calls.ts'
import { lookedUp } from './lookups.ts'
import { askForMap, type MapDone } from './maps.ts'
import { NOBODY } from './requests.ts'
import { emit, fileOf, keepFile, send, type Turn } from './turn.ts'
import type { After, Opening } from './types.ts'

const { FUSE_RELEASE } = fuse_opcode.values
type Ended = Exclude<Ending, { kind: 'pending' }>

const FH_SIZE = 8

export function openEnded(turn: Turn, opening: Opening, ending: Ended): void {
  if (ending.kind === 'errno') return openFailed(turn, opening, ending.errno)
  const { dialect, settled, habits } = turn.state
  const after: After = { kind: 'open', opening, fh: numberAt(ending.body, 0, FH_SIZE) }
  const known = fileOf(turn, opening.node)
  const asks = settled.famfs && dialect.trigger === 'OPEN' && (habits.asksAgain || known?.map === undefined)
  if (asks) return askForMap(turn, opening.node, opening.node, opening.by, after)
  mapEnded(turn, { errno: 0, after }, opening.node)
}

/** The map is settled, one way or the other. */
export function mapEnded(turn: Turn, done: MapDone | undefined, node: bigint): void {
  if (done === undefined) return
  const { after } = done
  if (after.kind === 'lookup') return lookedUp(turn, node, 0, after)
  const { opening, fh } = after
  const file = fileOf(turn, node)
  const errno = openErrnoOf(turn.state.dialect, done.errno, file?.map !== undefined, opening.flags)
  if (errno === 0) return opened(turn, opening)
  const body = encodeReleaseIn({ fh, flags: opening.flags, release_flags: 0, lock_owner: 0n })
  send(turn, { opcode: FUSE_RELEASE, node, by: NOBODY, body }, { kind: 'nothing' })
  openFailed(turn, opening, errno)
}

/** O_TRUNC, where the server truncates by itself, leaves an inode of size 0 behind. */
function opened(turn: Turn, { id, node, flags }: Opening): void {
  const file = fileOf(turn, node)
  if (truncates(turn.state, flags) && file !== undefined) keepFile(turn, resized(file, 0n))
  emit(turn, { effect: 'opened', id, node, errno: 0 })
}

function openFailed(turn: Turn, opening: Opening, errno: number): void {
  const { id, node, by } = opening
  if (errno !== ESTALE || opening.again) return emit(turn, { effect: 'opened', id, node, errno })
  const again = { ...opening, again: true }
  const { parent, name } = fileOf(turn, node) ?? {}
  if (parent === undefined || name === undefined) sendOpen(turn, again)
  else sendLookup(turn, parent, name, by, again)
}
