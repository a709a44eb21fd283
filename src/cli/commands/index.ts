/** All commands, in the order of the help text. */
import type { Command } from '../command.ts'
import { corpus } from './corpus.ts'
import { dialects } from './dialects.ts'
import { diff } from './diff.ts'
import { encode } from './encode.ts'
import { image } from './image.ts'
import { inspect } from './inspect.ts'
import { ioctl } from './ioctl.ts'
import { layout } from './layout.ts'
import { negotiate } from './negotiate.ts'
import { replay } from './replay.ts'
import { report } from './report.ts'
import { resolve } from './resolve.ts'
import { rules } from './rules.ts'
import { testee } from './testee.ts'
import { validate } from './validate.ts'

export const commands: readonly Command[] = [
  inspect,
  validate,
  encode,
  diff,
  layout,
  dialects,
  rules,
  corpus,
  image,
  ioctl,
  negotiate,
  replay,
  resolve,
  testee,
  report,
]
