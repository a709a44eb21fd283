/** The race of the conversation machine: open(2) with its exchanges - OPEN, GET_FMAP, and for the first file GET_DAXDEV - over many files. */
import { encodeDaxdevOut } from '../src/codec/generated/daxdev.ts'
import { type Conversation, conversation, step } from '../src/kernel/conversation/index.ts'
import type { Race } from './race.ts'

/** Files that are opened one after the other; each is two exchanges and one look at the map. */
const FILES = 500
const EXCHANGES = 2 * FILES + 1

const message = (unique: bigint, body: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(16 + body.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, bytes.length, true)
  view.setBigUint64(8, unique, true)
  bytes.set(body, 16)
  return bytes
}

/** One simple extent of 2 MiB. */
function mapBody(): Uint8Array {
  const body = new Uint8Array(56)
  const view = new DataView(body.buffer)
  view.setUint16(2, 1, true)
  view.setUint32(8, 1, true)
  view.setBigUint64(16, 0x200000n, true)
  view.setBigUint64(48, 0x200000n, true)
  return body
}

const bodies: Readonly<Record<number, Uint8Array>> = {
  14: new Uint8Array(16),
  54: mapBody(),
  55: encodeDaxdevOut({ index: 0, name: '/dev/dax0.0' }),
}

/** Opens every file once; the state after it. */
export function openAll(files: number): { readonly state: Conversation; readonly exchanges: number } {
  let state = conversation({ dialect: 'fuse-7.46', settled: {}, names: { '/dev/dax0.0': { kind: 'character', device: 'dax0.0' } } })
  let exchanges = 0
  for (let i = 0; i < files; i++) {
    let { state: next, effects } = step(state, { event: 'open', node: BigInt(i + 2) })
    for (let asked = effects.find(e => e.effect === 'request'); asked !== undefined; asked = effects.find(e => e.effect === 'request')) {
      ;({ state: next, effects } = step(next, { event: 'write', bytes: message(asked.unique, bodies[asked.opcode] ?? new Uint8Array()) }))
      exchanges++
    }
    state = next
  }
  return { state, exchanges }
}

const one = (): unknown => openAll(FILES)

export const races: readonly Race[] = [
  {
    name: `conversation: ${EXCHANGES} exchanges, ${FILES} files`,
    runs: { ours: one },
    ours: 'ours',
    ratios: {},
    check: () => {
      const { exchanges } = openAll(FILES)
      if (exchanges !== EXCHANGES) throw new Error(`${exchanges} exchanges instead of ${EXCHANGES}`)
    },
  },
]
