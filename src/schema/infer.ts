/** Static types of the values that a schema describes, inferred from the constructors' results. */
import type { Field, Fields, Schema, Tagged } from './fields.ts'

type Simplify<T> = T extends unknown ? { [K in keyof T]: T[K] } : never

type OptionalKeys<F extends Fields> = {
  [K in keyof F]: F[K] extends Field<unknown, infer P, string> ? ('optional' extends P ? K : never) : never
}[keyof F]
type TaggedKeys<F extends Fields> = { [K in keyof F]: F[K] extends Tagged<string, object> ? K : never }[keyof F]
type DefaultedKeys<F extends Fields> = {
  [K in keyof F]: F[K] extends Field<unknown, infer P, string> ? ('defaulted' extends P ? K : never) : never
}[keyof F]
type CountKeys<F extends Fields> = { [K in keyof F]: F[K] extends Field<unknown, string, infer C> ? C : never }[keyof F]

type ValueOf<T> = T extends { readonly $value?: infer V } ? V : never
type InputOf<T> = T extends { readonly $input?: infer I } ? I : never

type Plain<F extends Fields> = {
  [K in Exclude<keyof F, OptionalKeys<F> | TaggedKeys<F>>]: ValueOf<F[K]>
} & { [K in Exclude<OptionalKeys<F>, TaggedKeys<F>>]?: ValueOf<F[K]> }

type PlainInput<F extends Fields, Free> = {
  [K in Exclude<keyof F, OptionalKeys<F> | TaggedKeys<F> | Free>]: InputOf<F[K]>
} & { [K in Exclude<OptionalKeys<F> | (keyof F & Free), TaggedKeys<F>>]?: InputOf<F[K]> }

type TagCases<T, K extends PropertyKey> =
  T extends Tagged<infer Tag, infer Cases>
    ? { [C in keyof Cases]: { [P in Tag]: C extends `${infer N extends number}` ? N : C } & { [P in K]: ValueOf<Cases[C]> } }[keyof Cases]
    : never
type TagInputs<T, K extends PropertyKey> =
  T extends Tagged<infer Tag, infer Cases>
    ? { [C in keyof Cases]: { [P in Tag]: C extends `${infer N extends number}` ? N : C } & { [P in K]: InputOf<Cases[C]> } }[keyof Cases]
    : never

type TagNames<F extends Fields> = { [K in TaggedKeys<F>]: F[K] extends Tagged<infer Tag, object> ? Tag : never }[TaggedKeys<F>]

/** Value of a struct: a plain object, or (with a tagged field) a union over the tag's literals. */
export type StructValue<F extends Fields> = [TaggedKeys<F>] extends [never]
  ? Simplify<Plain<F>>
  : Simplify<Omit<Plain<F>, TagNames<F>> & { [K in TaggedKeys<F>]: TagCases<F[K], K> }[TaggedKeys<F>]>

/** The same for encoding: counts, lengths and reserved words may be left out. */
export type StructInput<F extends Fields> = [TaggedKeys<F>] extends [never]
  ? Simplify<PlainInput<F, DefaultedKeys<F> | CountKeys<F>>>
  : Simplify<
      Omit<PlainInput<F, DefaultedKeys<F> | CountKeys<F>>, TagNames<F>> & { [K in TaggedKeys<F>]: TagInputs<F[K], K> }[TaggedKeys<F>]
    >

/** What decoding gives. */
export type Value<S extends Schema<unknown, unknown>> = ValueOf<S>
/** What encoding takes: as {@link Value}, with derived and reserved fields optional. */
export type Input<S extends Schema<unknown, unknown>> = InputOf<S>
