/** A recorded conversation beside the model: what happened, in order, and where the model says otherwise. */
import { hex } from '../../codec/errors.ts'
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
}

/** A replay under way. */
export interface Story {
  state: Conversation
  readonly entries: Entry[]
  /** requests of the model that the recording has not shown yet */
  readonly asked: (Effect & { readonly effect: 'request' })[]
  readonly logged: (Effect & { readonly effect: 'log' })[]
}

export const begin = (state: Conversation): Story => ({ state, entries: [], asked: [], logged: [] })

const note = (story: Story, entry: Entry): void => {
  story.entries.push(entry)
}

/** Something that is told only. */
export const tell = (story: Story, who: Entry['who'], text: string): void => note(story, { who, text, agree: true })

/** What the kernel did, beside what the model says. */
export function compare(story: Story, text: string, expected: string, found: string): void {
  note(story, { who: 'result', text, expected, found, agree: expected === found })
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

const isSame = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i])

/** The next request of the recording, beside the next one of the model. True when they are the same bytes. */
export function compareRequest(story: Story, recorded: Uint8Array): boolean {
  const next = story.asked.shift()
  if (next !== undefined && isSame(next.bytes, recorded)) return true
  const found = next === undefined ? 'no request' : hex(next.bytes)
  note(story, { who: 'result', text: 'the next request', expected: hex(recorded), found, agree: false })
  return false
}

/** At the end nothing may be left that only the model asked. */
export function compareRest(story: Story): void {
  for (const next of story.asked.splice(0))
    note(story, { who: 'result', text: 'the next request', expected: 'no request', found: hex(next.bytes), agree: false })
}

/** The log of the kernel beside that of the model, line by line. */
export function compareLog(story: Story, lines: readonly string[]): void {
  const own = lines.filter(line => classOf(line) !== undefined)
  for (let i = 0; i < Math.max(own.length, story.logged.length); i++) {
    const line = own[i]
    const said = story.logged[i]
    if (line !== undefined && said !== undefined && saysSame(line, said)) continue
    const found = said === undefined ? 'nothing' : [said.what, said.refused?.reason ?? ''].join(' ').trim()
    note(story, { who: 'result', text: 'the log of the kernel', expected: line ?? 'nothing', found, agree: false })
  }
}

export const allAgree = (story: Story): boolean => story.entries.every(entry => entry.agree)
