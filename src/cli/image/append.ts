/** `image append`: entries as JSON into an image that is there. */

import { WireError } from '../../codec/errors.ts'
import { jsonValue } from '../../codec/json-text.ts'
import { readRequests } from '../../metadata/build/index.ts'
import { Failure, REFUSED } from '../command.ts'
import { readText } from '../input.ts'
import { contentFrom } from './requests.ts'
import type { Call, Tool } from './sub.ts'
import { ABOUT_WRITING, appendTo, type Requests, writerMeanings, writerOptions } from './write.ts'

function parsed(text: string, where: string): unknown {
  try {
    return jsonValue(text)
  } catch (error) {
    throw new Failure(`${where}: is not JSON: ${error instanceof Error ? error.message : ''}`, { exit: REFUSED })
  }
}

/** One JSON value, or JSON Lines: one object a line, as `image log --json` prints. */
function valueIn(text: string, name: string): unknown {
  const lines = text.split('\n').map((line, i) => [line.trim(), i + 1] as const)
  const full = lines.filter(([line]) => line !== '')
  if (full.length < 2 || !full.every(([line]) => line.startsWith('{') && line.endsWith('}'))) return parsed(text, name)
  return full.map(([line, number]) => parsed(line, `${name}: line ${number}`))
}

async function requestsIn({ operands, io }: Call): Promise<Requests> {
  const { name, text } = await readText(operands[1], io)
  const value = valueIn(text, name)
  try {
    return { text: name, entries: readRequests(value, { content: file => contentFrom(file).content }) }
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    throw new Failure(`${name}: ${error.path}: ${error.detail}`, { exit: REFUSED, hint: 'docs/image-json.md describes the form' })
  }
}

export const append: Tool = {
  options: writerOptions,
  meanings: writerMeanings,
  about: [
    'Reads a list of objects, one object, or JSON Lines: {"kind": "mkdir", "path": ...}, {"kind": "file", "path": ..., "size": ..., "from": ..., "extents": ..., "interleaved": ..., "interleave": ...} or {"kind": "add_daxdev", "dd_size": ..., "dd_uuid": ...}, with "mode", "uid", "gid" and "parents". Numbers may be texts such as "0x200000" or "2M", modes octal texts. docs/image-json.md has every field. What image log --json prints of an image of today is understood as it is. All of them are appended, or none.',
    ABOUT_WRITING,
  ],
  examples: [
    [`famfs-wire image append data.img '{"kind":"file","path":"a/b","size":"4M","parents":true}' --write`, 'one file'],
    [
      'famfs-wire image log old.img --json | famfs-wire image append new.img - --write',
      'the same directories and maps, without the contents',
    ],
  ],
  operands: [1, 2],
  start: call => appendTo(call, () => requestsIn(call)),
}
