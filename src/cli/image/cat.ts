/** `image cat`: the content of a file. */
import { Failure, GOOD } from '../command.ts'
import { contentOf, deviceOf } from './content.ts'
import { fileNamed } from './nodes.ts'
import type { Sub, Work } from './sub.ts'

async function run(work: Work): Promise<number> {
  const { image, io } = work
  deviceOf(image)
  const entry = await fileNamed(work)
  if (io.outputIsTerminal) throw new Failure('raw bytes do not belong on a terminal', { hint: 'send them to a file or a pipe' })
  for await (const bytes of contentOf(image, entry)) {
    await io.print(bytes.slice())
    await io.flush()
  }
  return GOOD
}

export const cat: Sub = { options: ['policy'], operands: [1, 1], run }
