/**
 * The races of the conversation machine: open(2) with its exchanges - OPEN, GET_FMAP, and for the first file GET_DAXDEV - over many files;
 * and a recording of all that, played through the machine and compared.
 */
import { encodeDaxdevOut } from '../src/codec/generated/daxdev.ts'
import { decodeFmap } from '../src/codec/generated/fmap.ts'
import { decodeInHeader, decodeOutHeader } from '../src/codec/generated/header.ts'
import type { CapturedMessage } from '../src/conformance/capture.ts'
import { allAgree } from '../src/conformance/conversation/story.ts'
import { playTrace } from '../src/conformance/conversation/traces.ts'
import { type Conversation, conversation, step } from '../src/kernel/conversation/index.ts'
import { fuseV10 } from '../src/uapi/dialects/index.ts'
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

const bodies = {
  14: new Uint8Array(16),
  54: mapBody(),
  55: encodeDaxdevOut({ index: 0, name: '/dev/dax0.0' }),
}

const names = { '/dev/dax0.0': { kind: 'character', device: 'dax0.0' } } as const

type Heard = (direction: 'request' | 'reply', bytes: Uint8Array) => void

/** Opens every file once; the state after it. */
export function openAll(files: number, heard: Heard = () => undefined): { readonly state: Conversation; readonly exchanges: number } {
  let state = conversation({ dialect: 'fuse-v10', settled: {}, names })
  let exchanges = 0
  for (let i = 0; i < files; i++) {
    let { state: next, effects } = step(state, { event: 'open', node: BigInt(i + 2) })
    for (let asked = effects.find(e => e.effect === 'request'); asked !== undefined; asked = effects.find(e => e.effect === 'request')) {
      const bytes = message(asked.unique, bodies[asked.opcode as keyof typeof bodies] ?? new Uint8Array())
      heard('request', asked.bytes)
      heard('reply', bytes)
      ;({ state: next, effects } = step(next, { event: 'write', bytes }))
      exchanges++
    }
    state = next
  }
  return { state, exchanges }
}

function recording(): CapturedMessage[] {
  const messages: CapturedMessage[] = []
  openAll(FILES, (direction, bytes) =>
    messages.push({ id: `${messages.length}`, kernel: 'none', dialect: fuseV10, direction, bytes, name: '', note: '' }),
  )
  return messages
}

const recorded = recording()

/** The same bytes decoded and no more: what a replay cannot do without. */
function decoded(): number {
  let sum = 0
  for (const { direction, bytes } of recorded) {
    if (direction === 'request') sum += decodeInHeader(bytes.subarray(0, 40)).opcode
    else {
      sum += decodeOutHeader(bytes.subarray(0, 16)).len
      if (bytes.length === 16 + bodies[54].length) sum += decodeFmap(bytes.subarray(16)).file_type
    }
  }
  return sum
}
const replay = () => playTrace(recorded, { dialect: 'fuse-v10', names })

export const races: readonly Race[] = [
  {
    name: `conversation: ${EXCHANGES} exchanges, ${FILES} files`,
    runs: { ours: () => openAll(FILES) },
    ours: 'ours',
    ratios: {},
    rate: { count: EXCHANGES, of: 'exchanges' },
    check: () => {
      const { exchanges } = openAll(FILES)
      if (exchanges !== EXCHANGES) throw new Error(`${exchanges} exchanges instead of ${EXCHANGES}`)
    },
  },
  {
    name: `a recording of ${EXCHANGES} exchanges, replayed`,
    runs: { ours: replay, 'decoding alone': decoded },
    ours: 'ours',
    ratios: { decoding: ['ours', 'decoding alone'] },
    rate: { count: EXCHANGES, of: 'exchanges' },
    check: () => {
      const story = replay()
      if (!allAgree(story) || recorded.length !== 2 * EXCHANGES) throw new Error('the recording does not agree with itself')
    },
  },
]
