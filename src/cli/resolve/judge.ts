/** A map put to kernels: each is given it in its own form, as a GET_FMAP reply or as the argument of an ioctl. */
import { attempt, type WireError } from '../../codec/errors.ts'
import { toIoctl } from '../../kernel/ioctl/to.ts'
import { fmapReply } from '../../kernel/legal.ts'
import type { FileMap } from '../../kernel/map.ts'
import type { Dialect } from '../../schema/dialect.ts'
import type { IoctlDialect } from '../../schema/ioctl.ts'
import { verdictOfPayload } from '../../validate/ioctl/verdict.ts'
import { verdict } from '../../validate/verdict.ts'
import { haveOneForm } from '../dialects.ts'
import { placed } from '../judged.ts'
import type { Machine } from '../machine.ts'
import type { NamedMap } from './maps.ts'

/** Everything whose kernels look offsets up. */
export type AnyDialect = Dialect | IoctlDialect

/** A kernel that took the map. */
export interface Taker {
  readonly dialect: AnyDialect
  readonly map: FileMap
}

/** A kernel that did not. */
export interface Refuser {
  readonly dialect: AnyDialect
  readonly errno: number
  readonly reason?: string
  readonly check: string
  readonly path: string
  readonly offset?: number
  readonly length?: number
  readonly place: string
}

/** A kernel that cannot be given it: its form has no room for such a map. */
export interface Unasked {
  readonly dialect: AnyDialect
  readonly why: string
}

/** What the kernel of each dialect says to the map. */
export interface Judgement {
  readonly takers: readonly Taker[]
  readonly refusers: readonly Refuser[]
  readonly unasked: readonly Unasked[]
}

type Said = Taker | Refuser | Unasked

const isIoctl = (dialect: AnyDialect): dialect is IoctlDialect => 'handlers' in dialect

const unasked = (dialect: AnyDialect, { message, detail, path }: WireError): Unasked => ({
  dialect,
  why: path === '' ? detail || message : `${path}: ${detail}`,
})

function callSays(dialect: IoctlDialect, map: FileMap, machine: Machine): Said {
  const form = attempt(() => toIoctl(map, dialect, { ...machine, legal: false }))
  if (!form.ok) return unasked(dialect, form.error)
  const { command, payload } = form.value
  const said = verdictOfPayload(dialect, payload, {}, machine)
  if (said.ok) return { dialect, map }
  if (said.errno === undefined) return { dialect, why: `what its driver does with ${command} is not known` }
  const { errno, check, path } = said
  return { dialect, errno, check, path, place: path === '' ? command : `${path} of ${command}` }
}

/** The bytes that a kernel of the dialect would be given: those that are there, or the same map in its own form. */
function replySays(dialect: Dialect, { form, body, map }: NamedMap, machine: Machine): Said {
  const same = haveOneForm(dialect, form)
  if (!same && !map.ok) return { dialect, why: 'the bytes are no map in the form in which they are read' }
  const bytes = same || !map.ok ? { ok: true as const, value: body.bytes } : attempt(() => fmapReply(map.value, dialect))
  if (!bytes.ok) return unasked(dialect, bytes.error)
  const said = verdict(bytes.value, dialect, machine)
  if (said.ok) return { dialect, map: said.meta }
  const { errno, reason, check, path, offset, length } = said
  const own = same ? body : { bytes: bytes.value, base: 0 }
  return { dialect, errno, reason, check, path, offset, length, place: placed({ path, offset, length }, own).place }
}

function says(dialect: AnyDialect, named: NamedMap, machine: Machine): Said {
  if (!isIoctl(dialect)) return replySays(dialect, named, machine)
  return named.map.ok ? callSays(dialect, named.map.value, machine) : { dialect, why: 'the bytes are no map' }
}

/** Puts a map to the kernels of all these dialects. */
export function judge(named: NamedMap, dialects: readonly AnyDialect[], machine: Machine): Judgement {
  const all = dialects.map(dialect => says(dialect, named, machine))
  return {
    takers: all.filter(said => 'map' in said),
    refusers: all.filter(said => 'errno' in said),
    unasked: all.filter(said => 'why' in said),
  }
}
