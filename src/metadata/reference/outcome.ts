/** What a function of the reference does with an image: it returns, it stops itself, or the C standard says nothing about it. */

/** A return value, with what the function hands out besides it. */
export interface Returned<T = undefined> {
  readonly outcome: 'returned'
  readonly rc: number
  readonly result: T
}

/** A failed assertion ends the process. */
export interface Aborted {
  readonly outcome: 'aborted'
  readonly why: string
}

/** Memory outside its buffers is read or written: anything can happen, a crash or a wrong answer. */
export interface Undefined {
  readonly outcome: 'undefined'
  readonly why: string
}

/** How a function of the reference ends. */
export type Outcome<T = undefined> = Returned<T> | Aborted | Undefined

export const returned = (rc: number): Returned => ({ outcome: 'returned', rc, result: undefined })
export const returnedWith = <T>(rc: number, result: T): Returned<T> => ({ outcome: 'returned', rc, result })
export const aborted = (why: string): Aborted => ({ outcome: 'aborted', why })
export const undefinedBehaviour = (why: string): Undefined => ({ outcome: 'undefined', why })

/** The number, or `undefined` for everything that is no return: as the testee protocol writes it. */
export const rcOf = (outcome: Outcome<unknown>): number | 'undefined' => (outcome.outcome === 'returned' ? outcome.rc : 'undefined')
