/** `resolve --reverse`: which file, and which byte of it, is at an address. */

import { hex } from '../../kernel/render-words.ts'
import { type Owner, ownersOf, type ReverseIndex, reverse } from '../../kernel/reverse.ts'
import type { Paint } from '../color.ts'
import { Failure, GOOD, type Io, REFUSED } from '../command.ts'
import { jsonText } from '../json-text.ts'
import { table } from '../table.ts'
import { safe } from '../values.ts'
import type { Address } from './ask.ts'
import type { NamedMap } from './maps.ts'

const pieceText = ({ extent, strip }: Owner<string>): string =>
  strip === undefined ? `extent ${extent}` : `group ${extent} strip ${strip}`

function rowsOf(index: ReverseIndex<string>, address: Address, paint: Paint): string[][] {
  const owners = ownersOf(index, address.dev, address.addr)
  const at = `${address.dev}:${hex(address.addr)}`
  if (owners.length === 0) return [[at, paint('warning', 'nobody'), '', '']]
  return owners.map((owner, i) => {
    const byte = owner.offset === null ? paint('dim', 'no byte of it: allocated') : `${hex(owner.offset)}`
    const file = owners.length > 1 ? paint('error', safe(owner.file)) : safe(owner.file)
    return [i === 0 ? at : '', file, byte, pieceText(owner)]
  })
}

/**
 * Prints the owners of every address.
 * @returns 1 when an address has none, or several
 * @throws Failure for bytes that are no map
 */
export async function printOwners(
  maps: readonly NamedMap[],
  addresses: readonly Address[],
  json: boolean,
  paint: Paint,
  io: Io,
): Promise<number> {
  const files = maps.map(({ name, map }) => {
    if (map.ok) return [name, map.value] as const
    throw new Failure(`${name}: is no map: ${map.error.message}`, { exit: REFUSED })
  })
  const index = reverse(files)
  if (json) for (const at of addresses) await io.print(`${jsonText({ ...at, owners: ownersOf(index, at.dev, at.addr) }, 0)}\n`)
  else {
    const columns = [{ title: 'address' }, { title: 'file' }, { title: 'byte of the file' }, { title: 'piece' }]
    await io.print(
      `${table(
        columns,
        addresses.flatMap(at => rowsOf(index, at, paint)),
        paint,
      ).join('\n')}\n`,
    )
  }
  return addresses.every(({ dev, addr }) => ownersOf(index, dev, addr).length === 1) ? GOOD : REFUSED
}
