/** `image mkdir`: directories in an image that is there. */
import type { NewDirectory } from '../../metadata/build/index.ts'
import { newPath, ownerIn } from './requests.ts'
import type { Tool } from './sub.ts'
import { ABOUT_WRITING, appendTo, writerMeanings, writerOptions } from './write.ts'

export const mkdir: Tool = {
  options: ['parents', 'mode', 'uid', 'gid', ...writerOptions],
  meanings: {
    ...writerMeanings,
    parents: { help: 'makes the directories above that are missing; one that is there already is no error' },
    mode: { value: 'MODE', help: 'permissions, octal; default 0755' },
  },
  about: [ABOUT_WRITING],
  examples: [['famfs-wire image mkdir data.img models/large -p --write', 'two directories, unless they are there']],
  operands: [2, Number.POSITIVE_INFINITY],
  start(call) {
    const { values, operands } = call
    const request = (path: string): NewDirectory => ({
      kind: 'mkdir',
      path: newPath(path, values),
      ...ownerIn(values),
      parents: values.parents === true,
    })
    return appendTo(call, async () => ({ entries: operands.slice(1).map(request) }))
  },
}
