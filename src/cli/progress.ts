/** How far long work has come, on standard error. */
import type { Io } from './command.ts'

/** Work that takes less says nothing. Milliseconds, as everything here. */
const QUIET = 1000
const BETWEEN_LINES = 100
const BETWEEN_TURNS = 50

/** To be told how far work is, as often as one likes. */
export interface Pulse {
  /** Shows the text once the work has taken a second, and a new one ten times a second at most. */
  show(text: () => string): void
  /** As `show`; what it returns is to be awaited: now and then the event loop turns, so that signals are seen in work that never waits. */
  beat(text: () => string): Promise<void> | undefined
  /** Removes the line. */
  end(): void
}

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

/** A pulse from now on. */
export function pulseOf({ progress }: Pick<Io, 'progress'>, now: () => number = () => performance.now()): Pulse {
  let nextLine = now() + QUIET
  let nextTurn = now() + BETWEEN_TURNS
  const show = (text: () => string): void => {
    if (now() < nextLine) return
    nextLine = now() + BETWEEN_LINES
    progress(text())
  }
  return {
    show,
    beat(text) {
      show(text)
      if (now() < nextTurn) return undefined
      nextTurn = now() + BETWEEN_TURNS
      return turn()
    },
    end: () => progress(''),
  }
}
