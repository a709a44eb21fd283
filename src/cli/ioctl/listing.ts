/** `ioctl list` and `ioctl NUMBER`. */
import { explainIoctl, ioctlText } from '../../codec/ioctl/index.ts'
import type { IoctlDialect } from '../../schema/ioctl.ts'
import { ioctlDialects } from '../../uapi/dialects/ioctl.ts'
import { GOOD, REFUSED } from '../command.ts'
import { jsonText } from '../json-text.ts'
import { explained, full, overview } from './list.ts'
import { allDialects, ioctlDialectNamed } from './names.ts'
import type { Call, Sub } from './sub.ts'

/** Numbers and sizes without the checks. */
const tableJson = (d: IoctlDialect) => ({
  id: d.id,
  title: d.title,
  headers: d.headers.map(h => ({
    id: h.id,
    title: h.title,
    commands: h.commands.map(({ name, number, direction, nr, size }) => ({ name, number: ioctlText(number), direction, nr, size })),
  })),
})

export const list: Sub = {
  options: ['json'],
  about: ['Numbers, directions and sizes, what older headers had instead, and where one number means several things.'],
  examples: [['famfs-wire ioctl list ioctl-44d', 'one version with its checks']],
  operands: [0, 1],
  async run({ values, operands: [id], io, paint }: Call) {
    const own = id === undefined ? undefined : ioctlDialects[ioctlDialectNamed(id)]
    if (values.json === true) await io.print(`${jsonText(own ?? allDialects.map(tableJson))}\n`)
    else await io.print(`${(own === undefined ? overview(paint) : full(own, paint)).join('\n')}\n`)
    return GOOD
  },
}

/** Not in the list of subcommands: a number stands in the place of a name. */
export const explain: Sub = {
  options: ['json'],
  about: [],
  examples: [],
  operands: [1, 1],
  async run({ values, operands: [given], io, paint }: Call) {
    const number = Number(given)
    const about = explainIoctl(number)
    await io.print(values.json === true ? `${jsonText(about)}\n` : `${explained(number, paint).join('\n')}\n`)
    return about.uses.length > 0 ? GOOD : REFUSED
  },
}
