/** Everything that a careful caller should object to in a call, also where the driver looks away. */
import { ioctlDialectOf } from '../../codec/ioctl/command.ts'
import { structOf } from '../../codec/ioctl/fields.ts'
import type { IoctlCommand, IoctlDialect } from '../../schema/ioctl.ts'
import { type IoctlDialectId, ioctlDialects } from '../../uapi/dialects/ioctl.ts'
import type { VerdictOptions } from '../options.ts'
import type { Severity } from '../rules/index.ts'
import type { Call } from './call.ts'
import { earlyGroups, mapFindings } from './careful.ts'
import { type IoctlRule, ruleNamed, ruleOfStep, unknownCommand } from './rules/index.ts'
import type { IoctlCall, IoctlPlace } from './types.ts'
import { commandIn, enter } from './verdict.ts'
import { type Listener, run } from './walk.ts'

/** One thing that a careful caller objects to. */
export interface IoctlFinding extends IoctlPlace {
  /** id in the rule catalogue, such as `ioctl/offset-zero` or `fmap/overlap` */
  readonly rule: string
  readonly severity: Severity
  readonly message: string
  /** ids of the compared versions whose drivers do not refuse this (they may refuse something else in the same call) */
  readonly acceptedBy: readonly string[]
  /** further findings of this rule and severity that were left out */
  readonly more?: number
}

/** Sizes of the machine, and of its devices where they are known. */
export interface IoctlFindingOptions extends VerdictOptions {
  /** bytes that each device has, by index */
  readonly deviceSizes?: Readonly<Record<number, bigint>>
  /** the versions to compare with, as far as they have this command with this argument; default all */
  readonly against?: readonly (IoctlDialect | IoctlDialectId)[]
  /** most findings of one rule and severity, default 20 */
  readonly limit?: number
}

const LIMIT = 20

/** What is said about one place, and by whom. */
interface Said {
  readonly rule: IoctlRule
  readonly at: IoctlPlace
  readonly message: string
  /** ids of the versions that refuse it */
  readonly refusedBy: Set<string>
  /** the version that is asked says it */
  readonly own: boolean
  /** it is about the argument, not about the state of things */
  readonly ofArgument: boolean
}

/** Everything that is said, as far as it is shown: a hostile argument has a fault in every field. */
interface Hearing {
  readonly limit: number
  readonly said: Map<string, Said>
  /** by rule: places that are kept, and places of the version that is asked that are only counted */
  readonly kept: Map<IoctlRule, number>
  readonly left: Map<IoctlRule, number>
}

const STATES: readonly string[] = ['situation', 'optionClear', 'given']

/** A place that is new: kept while there is room for it. */
function keep(h: Hearing, key: string, rule: IoctlRule, own: boolean, make: () => Said): Said | undefined {
  const kept = h.kept.get(rule) ?? 0
  if (kept >= h.limit || (!own && h.left.has(rule))) {
    if (own) h.left.set(rule, (h.left.get(rule) ?? 0) + 1)
    return undefined
  }
  const said = make()
  h.kept.set(rule, kept + 1)
  h.said.set(key, said)
  return said
}

/** Hears everything that the steps of a version object to; that of the version that is asked comes first. */
function hear(h: Hearing, dialect: IoctlDialect, call: IoctlCall, options: VerdictOptions, own: boolean): Call {
  const command = commandIn(dialect, call.command)
  const c = enter(dialect, command, call, options)
  const listener: Listener = (step, at) => {
    const rule = step.kind === 'remark' ? ruleNamed(step.rule) : ruleOfStep(step.name)
    if (rule === undefined) return
    const key = `${rule.id} ${at.path} ${at.address ?? ''}`
    const ofArgument = step.kind === 'copy' || !STATES.includes(step.test.op)
    const make = (): Said => ({ rule, at, message: rule.says(c), refusedBy: new Set(), own, ofArgument })
    const said = h.said.get(key) ?? keep(h, key, rule, own, make)
    if (step.kind !== 'remark') said?.refusedBy.add(dialect.id)
  }
  const w = { call: c, listener }
  run(w, dialect.entry)
  run(w, c.handler.checks ?? [])
  return c
}

/** What a command takes: the struct and its size, or a message, whose header has had two names. Without an argument, nothing. */
const formOf = ({ argument, size }: IoctlCommand): string | undefined =>
  argument && `${argument.whole === undefined ? structOf(argument.schema).name : 'message'} ${size}`

/** The versions that can be asked about this call, each by the name of the command: what they do has been read, and they take the same bytes. */
function comparedWith(own: IoctlDialect, command: IoctlCommand, { against }: IoctlFindingOptions): IoctlDialect[] {
  const all = against === undefined ? Object.values<IoctlDialect>(ioctlDialects) : against.map(ioctlDialectOf)
  const form = formOf(command)
  const isRead = (d: IoctlDialect): boolean => d.handlers[command.name]?.checks !== undefined
  return all.filter(d => d !== own && isRead(d) && formOf(commandIn(d, command.name) as IoctlCommand) === form)
}

const ORDER: readonly string[] = /* @__PURE__ */ Object.keys(ioctlDialects)

/** In the order of their publication, those of a caller's own behind them. */
const inOrder = (ids: readonly string[]): string[] => {
  const rank = (id: string): number => (ORDER.includes(id) ? ORDER.indexOf(id) : ORDER.length)
  return [...ids].sort((a, b) => rank(a) - rank(b))
}

/** How grave it is for the version that is asked; undefined: not worth a word. */
function severityOf({ own, refusedBy, rule, ofArgument }: Said, id: string): Severity | undefined {
  if (own) return refusedBy.has(id) ? 'error' : rule.severity
  return ofArgument && (refusedBy.size > 0 || rule.severity === 'error') ? 'warning' : undefined
}

/** What is said as findings; the last of a rule tells how many more there are. */
function* told({ said, left }: Hearing, id: string, ids: readonly string[]): Generator<IoctlFinding> {
  const shown = [...said.values()]
  for (const [i, s] of shown.entries()) {
    const severity = severityOf(s, id)
    if (severity === undefined) continue
    const more = shown.some((later, k) => k > i && later.rule === s.rule) ? undefined : left.get(s.rule)
    const acceptedBy = ids.filter(d => !s.refusedBy.has(d))
    yield { rule: s.rule.id, severity, ...s.at, message: s.message, acceptedBy, ...(more === undefined ? {} : { more }) }
  }
}

/**
 * Everything to object to in a call. An `error` is what this version's driver refuses or suffers from, a `warning` what another version
 * refuses in the same bytes, or what is unsafe there, a `note` is harmless so far. The map itself is looked at as in a GET_FMAP reply
 * (`fmap/overlap` and its like).
 *
 * @param dialect a version of the ioctl ABI or its id
 * @throws WireError code unsupported for an unknown dialect, code range for options out of range; never for the call
 */
export function ioctlFindings(dialect: IoctlDialect | IoctlDialectId, call: IoctlCall, options: IoctlFindingOptions = {}): IoctlFinding[] {
  const own = ioctlDialectOf(dialect)
  const { limit = LIMIT, against: _against, deviceSizes = {}, ...machine } = options
  const command = commandIn(own, call.command)
  if (command === undefined) return [unknown(call)]
  const h: Hearing = { limit, said: new Map(), kept: new Map(), left: new Map() }
  const c = hear(h, own, call, machine, true)
  const others = comparedWith(own, command, options)
  for (const other of others) hear(h, other, { ...call, command: command.name }, machine, false)
  const ids = inOrder([own, ...others].map(d => d.id))
  const careful = [...mapFindings(c, deviceSizes, limit, machine), ...earlyGroups(c, own, command)]
  return [...told(h, own.id, ids), ...careful.map(({ at, ...spot }) => ({ ...spot, ...at, acceptedBy: ids }))]
}

/** A number that is no command of this version. */
function unknown({ command }: IoctlCall): IoctlFinding {
  const { id } = ruleNamed('ioctl/unknown-command')
  const knowing = Object.values<IoctlDialect>(ioctlDialects).filter(d => commandIn(d, command) !== undefined)
  return { rule: id, severity: 'error', path: '', length: 0, message: unknownCommand(command), acceptedBy: knowing.map(d => d.id) }
}
