/** All commands, in the order of the help text. */
import type { Command } from '../command.ts'
import { inspect } from './inspect.ts'

export const commands: readonly Command[] = [inspect]
