/** How the kernels differ around the parser: what a dialect says, completed. facts: wire 4.4, 4.5 */
import type { Dialect, Habits } from '../../schema/dialect.ts'

/** With nothing left open. */
export type KnownHabits = Required<Omit<Habits, 'asksAgain'>> & { readonly asksAgain: boolean }

/** Those of the newest pull series. facts: wire 4.5 V7..V10 */
const NEWEST: KnownHabits = { acquireFails: 'valid', mapTwice: 0, mapRaced: 0, deviceTwice: 0, asksAgain: false, slots: 24 }

/** Those of a dialect. */
export function habitsOf({ habits, limits }: Dialect): KnownHabits {
  const all = { ...NEWEST, ...habits }
  return { ...all, slots: limits.devSlots ?? all.slots }
}
