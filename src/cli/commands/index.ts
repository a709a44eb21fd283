/** All commands, in the order of the help text. */
import type { Command } from '../command.ts'

export const commands: readonly Command[] = []
