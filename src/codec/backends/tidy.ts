/** What binary-parser cannot leave out: it fills every field, also those that a value does not have when they are empty. */
import { type FieldPlan, leavesUnused, type Plan, type StructPlan, unusedName } from './plan.ts'

type Values = Record<string, unknown>
type Tidy = (value: Values) => void

/** Takes out the fields that are left out when they are empty: the library can only fill fields. Undefined where there are none. */
export function tidier(plan: StructPlan): Tidy | undefined {
  const steps = plan.fields.flatMap(field => tidyField(field))
  if (steps.length === 0) return undefined
  return value => {
    for (const step of steps) step(value)
  }
}

function tidyField({ name, plan, data }: FieldPlan): Tidy[] {
  const inner = tidyInside(plan)
  const steps: Tidy[] = inner === undefined ? [] : [value => inner(value[name], value)]
  if (data.elide === true) steps.push(value => (value[name] as { length: number }).length === 0 && delete value[name])
  if (leavesUnused(plan)) steps.push(value => value[unusedName(name)] === undefined && delete value[unusedName(name)])
  return steps
}

function tidyInside(plan: Plan): ((value: unknown, owner: Values) => void) | undefined {
  if (plan.kind === 'struct') {
    const tidy = tidier(plan)
    return tidy === undefined ? undefined : value => tidy(value as Values)
  }
  if (plan.kind === 'list') {
    const tidy = tidyInside(plan.of)
    if (tidy === undefined) return undefined
    return (value, owner) => {
      for (const element of value as unknown[]) tidy(element, owner)
    }
  }
  if (plan.kind !== 'choice') return undefined
  const cases = new Map([...plan.cases].map(([match, of]) => [match, tidyInside(of)]))
  const otherwise = plan.otherwise === undefined ? undefined : tidyInside(plan.otherwise)
  if (otherwise === undefined && [...cases.values()].every(tidy => tidy === undefined)) return undefined
  return (value, owner) => {
    const match = owner[plan.tag] as number
    const tidy = cases.has(match) ? cases.get(match) : otherwise
    tidy?.(value, owner)
  }
}
