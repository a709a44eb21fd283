/** Where the fields of a C struct lie. */
import { fixedSize, type Schema } from '../../schema/index.ts'

/** First byte and bytes of a field. */
export type FieldPlace = readonly [offset: number, size: number]

/** The fields of a struct of fixed size, by name. */
export function fieldPlaces({ type }: Schema<unknown, unknown>): ReadonlyMap<string, FieldPlace> {
  const places = new Map<string, FieldPlace>()
  let offset = 0
  for (const field of type.kind === 'struct' ? type.fields : []) {
    const size = fixedSize(field.type) ?? 0
    places.set(field.name, [offset, size])
    offset += size
  }
  return places
}

/** Bytes of a struct of fixed size. */
export const sizeOf = (schema: Schema<unknown, unknown>): number => fixedSize(schema.type) ?? 0

/** The place of a field that the struct has. */
export const placeOf = (schema: Schema<unknown, unknown>, field: string): FieldPlace => fieldPlaces(schema).get(field) ?? [0, 0]
