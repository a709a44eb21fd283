/** `famfs-wire testee`: speaks the testee protocol on standard input and output. */
import { serveLines } from '../../conformance/testee.ts'
import { command, GOOD } from '../command.ts'
import { dialectFileOption, dialectsOf } from '../dialects.ts'
import { imageFilesAnswer } from '../image/testee.ts'

export const testee = command({
  usage: ['[--dialect-file FILE]'],
  about: [
    'Reads JSON Lines from standard input and answers each with one line, in order, until the input ends. The same questions can be put to any other implementation that speaks this protocol: docs/testee.md.',
    'Operations: verdict, roundtrip, decode, encode, resolve, image. What is not known here is answered with "skipped", what is refused with "error"; a line that is not JSON does not end the process.',
  ],
  options: { ...dialectFileOption },
  examples: [
    [`echo '{"id":1,"op":"verdict","dialect":"fuse-v10","hex":"00"}' | famfs-wire testee`, 'what that kernel does with a map of one byte'],
  ],
  async run({ values }, io) {
    const dialects = Object.values(await dialectsOf(values))
    if (io.inputIsTerminal) io.warn('reading requests from standard input, one JSON object per line; Ctrl-D ends\n')
    const write = async (text: string): Promise<void> => {
      await io.print(text)
      await io.flush()
    }
    await serveLines(io.input, write, { image: imageFilesAnswer, dialects })
    return GOOD
  },
})
