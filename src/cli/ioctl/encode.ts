/** `ioctl encode`: a value in JSON as the memory of a caller. */

import { attempt } from '../../codec/errors.ts'
import { encodeIoctl } from '../../codec/ioctl/index.ts'
import { decodeIoctlJson } from '../../codec/json/index.ts'
import { jsonValue } from '../../codec/json-text.ts'
import { Failure, GOOD, REFUSED } from '../command.ts'
import { readText } from '../input.ts'
import { jsonText } from '../json-text.ts'
import { formJson, formText } from './form.ts'
import { commandOfDialect, dialectIn, layoutIn } from './names.ts'
import { baseIn } from './payload.ts'
import type { Call, Sub } from './sub.ts'

function parsed(text: string, name: string): unknown {
  try {
    return jsonValue(text)
  } catch (error) {
    throw new Failure(`${name}: no JSON: ${error instanceof Error ? error.message : String(error)}`, { exit: REFUSED })
  }
}

async function run({ values, operands: [name = '', operand], io }: Call): Promise<number> {
  const id = dialectIn(values)
  const { number, argument, name: command } = commandOfDialect(name, id)
  if (argument === undefined) throw new Failure(`${command} has no argument`, { hint: 'its number alone is the call' })
  const { name: input, text } = await readText(operand, io)
  const json = parsed(text, input)
  const layout = layoutIn(values)
  const payload = attempt(() => encodeIoctl(id, number, decodeIoctlJson(id, number, json, layout), { layout, ...baseIn(values) }))
  if (!payload.ok) {
    const { code, path, detail } = payload.error
    throw new Failure(`${input}: no argument of ${id}: ${code} at ${path === '' ? 'the top' : path}: ${detail}`, {
      exit: REFUSED,
      hint: `famfs-wire ioctl decode ${command} --dialect ${id} --json shows what a value looks like`,
    })
  }
  await io.print(values.json === true ? `${jsonText(formJson(id, command, payload.value))}\n` : formText(id, command, payload.value))
  return GOOD
}

export const encode: Sub = {
  options: ['dialect', 'layout', 'base', 'json'],
  about: [
    'In JSON lists stand where C has pointers: kse, kie, ie_strips, daxdev_path. Counts and lengths may be left out. What decode --json prints as value is taken as it is.',
  ],
  examples: [
    ['famfs-wire ioctl encode DAXDEV_OPEN -d 44d \'{"daxdev_index":"1","daxdev_path":"/dev/dax1.0","flags":0}\'', 'a device by path'],
  ],
  operands: [1, 2],
  run,
}
