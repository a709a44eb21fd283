/** The structs that restructure fills and writes: the fields of a schema under marked names, since the library hides `parent` and `_length` there. */
import { type ChoicePlan, type Count, exactSize, type Plan } from './plan.ts'

export type Values = Record<string, unknown>

/** The key of a field in a struct of the library. */
export const marked = (name: string): string => `$${name}`

/** A count in a struct of the library. */
export const numberOf = (count: Count, raw: unknown): number => (typeof count === 'number' ? count : Number((raw as Values)[marked(count)]))

/** Bytes that a list with room, or a union of fixed size, leaves unused in this struct of the library. */
export function unusedSize(plan: Plan, raw: Values): number {
  if (plan.kind === 'list') return ((plan.capacity as number) - numberOf(plan.count, raw)) * (exactSize(plan.of) as number)
  const { tag, cases, otherwise, size } = plan as ChoicePlan
  return (size as number) - (exactSize((cases.get(raw[marked(tag)] as number) ?? otherwise) as Plan) as number)
}
