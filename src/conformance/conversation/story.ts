/** A recorded conversation beside the model: what happened, in order, and where the model says otherwise. */
import { hex } from '../../codec/input.ts'
import { type Conversation, type Effect, type Event, step } from '../../kernel/conversation/index.ts'
import { classOf, saysSame } from './log.ts'

/** One thing that happened. `expected` is what the kernel did, `found` what the model says; both are there where they were compared. */
export interface Entry {
  readonly who: 'process' | 'kernel' | 'server' | 'result'
  readonly event?: Event
  readonly effect?: Effect
  /** in words: a system call, a follow-up, a result that was compared */
  readonly text?: string
  readonly expected?: string
  readonly found?: string
  readonly agree: boolean
  /** why the two could not be compared: what decides was said before the recording began */
  readonly unknown?: string
}

/** A replay under way. */
export interface Story {
  state: Conversation
  /** the recording has no INIT of this connection: it begins in the middle */
  partial: boolean
  /** it did so when it began; a later INIT may have made it whole */
  readonly beganInside: boolean
  readonly entries: Entry[]
  /** requests of the model that the recording has not shown yet */
  readonly asked: (Effect & { readonly effect: 'request' })[]
  readonly logged: (Effect & { readonly effect: 'log' })[]
}

export const begin = (state: Conversation, partial = false): Story => ({
  state,
  partial,
  beganInside: partial,
  entries: [],
  asked: [],
  logged: [],
})

const note = (story: Story, entry: Entry): void => {
  story.entries.push(entry)
}

/** Something that is told only. */
export const tell = (story: Story, who: Entry['who'], text: string): void => note(story, { who, text, agree: true })

/** What the kernel did, beside what the model says. */
export function compare(story: Story, text: string, expected: string, found: string): void {
  note(story, { who: 'result', text, expected, found, agree: expected === found })
}

/** What the kernel did, where the model would have to know what was said before the recording began. */
export function compareUnknown(story: Story, text: string, expected: string, found: string, unknown: string): void {
  note(story, { who: 'result', text, expected, found, agree: true, unknown })
}

/** One event into the model; its effects. */
export function play(story: Story, event: Event, who: Entry['who'] = 'process'): readonly Effect[] {
  const { state, effects } = step(story.state, event)
  story.state = state
  note(story, { who, event, agree: true })
  for (const effect of effects) {
    if (effect.effect === 'request') story.asked.push(effect)
    if (effect.effect === 'log') story.logged.push(effect)
    note(story, { who: 'kernel', effect, agree: true })
  }
  return effects
}

/** Texts of what is compared, of which counts are kept. */
export const NEXT_REQUEST = 'the next request'
export const REPLY_WRITTEN = 'write(2) of the server'
export const NOTIFICATION_WRITTEN = 'write(2) of a notification'
const LOG = 'the log of the kernel'

const isSame = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i])

/** A request that only the model has; why it may have been sent before the recording began. */
export function dropAsked(story: Story, unknown: string): void {
  const next = story.asked.shift()
  if (next !== undefined) compareUnknown(story, NEXT_REQUEST, 'no request', hex(next.bytes), unknown)
}

/** The next request of the recording, beside the next one of the model. True when they are the same bytes. */
export function compareRequest(story: Story, recorded: Uint8Array): boolean {
  const next = story.asked.shift()
  if (next !== undefined && isSame(next.bytes, recorded)) return true
  const found = next === undefined ? 'no request' : hex(next.bytes)
  note(story, { who: 'result', text: NEXT_REQUEST, expected: hex(recorded), found, agree: false })
  return false
}

/** At the end nothing may be left that only the model asked. */
export function compareRest(story: Story): void {
  for (const next of story.asked.splice(0))
    note(story, { who: 'result', text: NEXT_REQUEST, expected: 'no request', found: hex(next.bytes), agree: false })
}

/** The log of the kernel beside that of the model, line by line. */
export function compareLog(story: Story, lines: readonly string[]): void {
  const own = lines.filter(line => classOf(line) !== undefined)
  for (let i = 0; i < Math.max(own.length, story.logged.length); i++) {
    const line = own[i]
    const said = story.logged[i]
    if (line !== undefined && said !== undefined && saysSame(line, said)) continue
    const found = said === undefined ? 'nothing' : [said.what, said.refused?.reason ?? ''].join(' ').trim()
    note(story, { who: 'result', text: LOG, expected: line ?? 'nothing', found, agree: false })
  }
}

export const allAgree = (story: Story): boolean => story.entries.every(entry => entry.agree)

/** What two may disagree about. */
export type Kind = 'reply' | 'notification' | 'request' | 'open' | 'access' | 'device' | 'log' | 'other'

/** How the texts of each kind begin; the first that fits. */
const KINDS: readonly (readonly [begins: string, kind: Kind])[] = [
  [NOTIFICATION_WRITTEN, 'notification'],
  ['write(2) of', 'reply'],
  [NEXT_REQUEST, 'request'],
  ['requests that it caused', 'request'],
  ['exchanges that', 'request'],
  ['open(2)', 'open'],
  ['ioctl(', 'device'],
  [LOG, 'log'],
  ...['pread', 'pwrite', 'splice', 'size that', 'mmap', 'what a read', 'read(2)'].map(text => [text, 'access'] as const),
]

/** Disagreements of a story, counted by kind. */
export function countsOf({ entries }: Pick<Story, 'entries'>): Partial<Record<Kind, number>> {
  const counts: Partial<Record<Kind, number>> = {}
  for (const { text = '', agree } of entries) {
    const kind = KINDS.find(([begins]) => text.startsWith(begins))?.[1] ?? 'other'
    if (!agree) counts[kind] = (counts[kind] ?? 0) + 1
  }
  return counts
}
