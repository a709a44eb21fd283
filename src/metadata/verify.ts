/** Checking every entry of a log, keeping nothing but what is bad. */
import { logOf } from './entries.ts'
import type { Image } from './image.ts'
import { type BadSlot, verifyLog } from './scan.ts'
import { run, runNow } from './source.ts'

/**
 * Checks sequence number and crc of all used slots, as the reference does; what fails is read and checked once more. Memory does not grow
 * with the log.
 * @param bad hears of each bad slot, in order
 * @returns the number of slots checked
 */
export const verify = (image: Image, bad: (slot: BadSlot) => void): Promise<number> => run(verifyLog(logOf(image), bad))

/** As {@link verify}, for an image in memory. */
export const verifyNow = (image: Image, bad: (slot: BadSlot) => void): number => runNow(verifyLog(logOf(image), bad))
