import { WireError } from '../../src/codec/errors.ts'

/** The WireError that `f` throws; anything else fails the test. */
export function refusal(f: () => unknown): WireError {
  try {
    f()
  } catch (error) {
    if (error instanceof WireError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

/** What a refusal says, in one line. */
export const refused = (f: () => unknown): string => refusal(f).message
