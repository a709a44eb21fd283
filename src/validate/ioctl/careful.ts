/** What no driver has a step for: the map as such, and bytes that mean nothing. */
import { write } from '../../codec/encode.ts'
import { attempt } from '../../codec/errors.ts'
import { type FieldPlace, sizeOf } from '../../codec/ioctl/fields.ts'
import { decodeIoctl } from '../../codec/ioctl/index.ts'
import type { CallPart, IoctlCommand, IoctlDialect } from '../../schema/ioctl.ts'
import type { CallRegister } from '../../schema/ioctl-steps.ts'
import { fuse_famfs_fmap_push } from '../../uapi/famfs/fmap.ts'
import { findings } from '../findings/index.ts'
import type { MetaExtent } from '../meta.ts'
import type { VerdictOptions } from '../options.ts'
import { ruleNamed as messageRule, type Severity } from '../rules/index.ts'
import { type Call, places, pointerIn } from './call.ts'
import { ruleNamed } from './rules/index.ts'
import type { IoctlPlace } from './types.ts'

/** A finding without the versions that it holds for. */
export interface Spot {
  readonly rule: string
  readonly severity: Severity
  readonly at: IoctlPlace
  readonly message: string
  readonly more?: number
}

/** Rules about GET_FMAP replies that hold for a map however it reaches the kernel, and that no driver of the ioctl ABI has a step for. */
const OF_MAPS: readonly string[] = [
  'fmap/overlap',
  'fmap/device-bounds',
  'fmap/end-wrap',
  'fmap/sum-wrap',
  'fmap/length-zero',
  'fmap/length-signed',
  'fmap/file-size-signed',
  'fmap/strip-short',
  'fmap/strips-unequal',
  'fmap/nbytes-beyond-file',
  'fmap/nbytes-signed',
]

/** The same for the bytes of a message. */
const OF_BYTES: readonly string[] = ['fmap/reserved', 'fmap/trailing']

const U32_MAX = 0xffff_ffff

const extentFields = ({ dev_index, offset, len }: MetaExtent) => ({ se_devindex: dev_index, se_offset: offset, se_len: len })

/** The map that the walk has read, as a message; undefined where its numbers do not fit in one. */
function messageOf({ values, extents, kept }: Call): Uint8Array | undefined {
  const pieces = [...extents, ...kept.flatMap(g => g.strips)]
  const narrow = [...pieces.map(p => p.dev_index), ...kept.map(g => g.chunk_size)]
  if (pieces.length === 0 || narrow.some(n => n > U32_MAX)) return undefined
  const groups = kept.map(g => ({ ie_chunk_size: g.chunk_size, ie_nbytes: g.nbytes, ie_strips: g.strips.map(extentFields) }))
  return write(fuse_famfs_fmap_push.type, {
    file_type: 0,
    fmap_version: 1,
    ext_type: kept.length > 0 ? 1 : 0,
    file_size: values.file_size,
    extents: kept.length > 0 ? groups : extents.map(extentFields),
  })
}

const EXTENT = /^extents\[(\d+)\](?:\.ie_strips\[(\d+)\])?\.(\w+)$/

/** What the argument calls the elements of its map. */
const listName = ({ argument, kept }: Call): string => (kept.length > 0 ? argument.group : argument.extent).as

/** A field of the message as the field of a part from which its number came. */
function fieldOf(part: CallPart, register: string, before: string, address: bigint): IoctlPlace {
  const field = part.loads[register as CallRegister] as string
  const [offset, length] = places(part).get(field) as FieldPlace
  return { path: `${before}${field}`, address: address + BigInt(offset), length }
}

/** A place in the message as a place in the argument. */
function translated(call: Call, path: string): IoctlPlace {
  const { argument, head, list, groupsAt, stripsAt, kept } = call
  const { extent, group } = argument
  const [, index, strip, register] = EXTENT.exec(path) ?? []
  if (index === undefined || register === undefined) return fieldOf(argument, path, '', head.address)
  const own = `${listName(call)}[${index}]`
  const size = sizeOf(extent.schema)
  if (kept.length === 0) return fieldOf(extent, register, `${own}.`, list.address + BigInt(extent.first + Number(index) * size))
  if (strip === undefined) return fieldOf(group, register, `${own}.`, groupsAt[Number(index)] as bigint)
  const first = stripsAt[Number(index)] as bigint
  return fieldOf(extent, register, `${own}.ie_strips[${strip}].`, first + BigInt(Number(strip) * size))
}

/** Objections to the map as such; KABI 44 has it as the message itself. */
export function mapFindings(call: Call, deviceSizes: Readonly<Record<number, bigint>>, limit: number, machine: VerdictOptions): Spot[] {
  const isMessage = call.argument.whole !== undefined
  const bytes = isMessage ? call.bytes : messageOf(call)
  if (bytes === undefined || bytes.length === 0) return []
  const rules = isMessage ? [...OF_MAPS, ...OF_BYTES] : OF_MAPS
  return findings(bytes, 'fuse-push-il', { ...machine, deviceSizes, limit, against: ['fuse-push-il'] })
    .filter(f => rules.includes(f.rule))
    .map(({ rule, path, offset, length, message, more }) => ({
      rule,
      severity: messageRule(rule).severity ?? 'warning',
      at: isMessage ? { path, address: call.address + BigInt(offset), length } : translated(call, path),
      message: isMessage ? message : message.replace(/\bextents\[/g, `${listName(call)}[`),
      ...(more === undefined ? {} : { more }),
    }))
}

/** Groups in the form of the early headers: as the final driver reads them they lead nowhere. facts: wire 9.3 */
export function earlyGroups(call: Call, dialect: IoctlDialect, { name, argument }: IoctlCommand): Spot[] {
  const { memory, address, values, head } = call
  const { pointers, group } = call.argument
  // absent: no limit
  const most = dialect.limits.groups as number
  if (argument?.early === undefined || !call.partial || values.nextents > most) return []
  const early = attempt(() => decodeIoctl(dialect, name, memory, address, { layout: 'early' }))
  if (!early.ok || early.value.regions.length < 3) return []
  const rule = ruleNamed('ioctl/early-layout')
  const at = { path: group.as, address: pointerIn(call.argument, pointers, group.as, head, 0), length: 1 }
  return [{ rule: rule.id, severity: 'error', at, message: rule.says(call) }]
}
