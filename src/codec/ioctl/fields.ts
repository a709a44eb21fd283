/** Where the fields of a C struct lie. Every part of an argument is one of fixed size: `ioctlDialect` has seen to that. */
import { fixedSize, type Schema, type StructType } from '../../schema/index.ts'
import { placesOf } from '../../schema/layout.ts'

type Struct = Schema<unknown, unknown>

/** First byte and bytes of a field. */
export type FieldPlace = readonly [offset: number, size: number]

/** The struct of a part. */
export const structOf = ({ type }: Struct): StructType => type as StructType

/** The fields of a struct, by name. */
export const fieldPlaces = (schema: Struct): ReadonlyMap<string, FieldPlace> =>
  new Map(placesOf(structOf(schema)).map(({ name, offset, size }) => [name, [offset, size]]))

/** Bytes of a struct. */
export const sizeOf = ({ type }: Struct): number => fixedSize(type) as number

/** The place of a field that the struct has. */
export const placeOf = (schema: Struct, field: string): FieldPlace => fieldPlaces(schema).get(field) as FieldPlace
