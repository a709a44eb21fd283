/** All commands, in the order of the help text. */
import type { Command } from '../command.ts'
import { corpus } from './corpus.ts'
import { dialects } from './dialects.ts'
import { diff } from './diff.ts'
import { inspect } from './inspect.ts'
import { layout } from './layout.ts'
import { report } from './report.ts'
import { testee } from './testee.ts'

export const commands: readonly Command[] = [inspect, diff, layout, dialects, corpus, report, testee]
