/** As much of JSON Schema as the schemas of this project use. */

/** A JSON Schema, or a part of one. */
export type Rules = { readonly [key: string]: unknown }

/** What each keyword that is used here demands, by the JSON Schema specification. */
const KEYWORDS: Readonly<Record<string, (rule: never, value: unknown, schema: Rules, root: Rules) => boolean>> = {
  $ref: (ref: string, value, _, root) => valid((root.$defs as Rules)[ref.replace('#/$defs/', '')] as Rules, value, root),
  anyOf: (cases: Rules[], value, _, root) => cases.some(c => valid(c, value, root)),
  enum: (values: unknown[], value) => values.includes(value),
  type: (type: string, value) => KINDS[type]?.(value) === true,
  minimum: (least: number, value) => typeof value !== 'number' || value >= least,
  maximum: (most: number, value) => typeof value !== 'number' || value <= most,
  pattern: (pattern: string, value) => typeof value !== 'string' || new RegExp(pattern, 'u').test(value),
  maxLength: (most: number, value) => typeof value !== 'string' || [...value].length <= most,
  items: (items: Rules, value, _, root) => !Array.isArray(value) || value.every(v => valid(items, v, root)),
  minItems: (least: number, value) => !Array.isArray(value) || value.length >= least,
  maxItems: (most: number, value) => !Array.isArray(value) || value.length <= most,
  required: (names: string[], value) => names.every(name => Object.hasOwn(value as object, name)),
  properties: (properties: Record<string, Rules>, value, _, root) =>
    Object.entries(properties).every(
      ([name, rules]) => !Object.hasOwn(value as object, name) || valid(rules, (value as Rules)[name], root),
    ),
  additionalProperties: (_allowed: false, value, schema) =>
    Object.keys(value as object).every(name => Object.hasOwn(schema.properties as object, name)),
  $schema: () => true,
  $defs: () => true,
  title: () => true,
  description: (text: string) => typeof text === 'string' && text !== '',
}

const KINDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  null: value => value === null,
  boolean: value => typeof value === 'boolean',
  object: value => typeof value === 'object' && value !== null && !Array.isArray(value),
  array: Array.isArray,
  string: value => typeof value === 'string',
  integer: Number.isInteger,
}

/** Whether a value fits a schema. @throws Error for a keyword that is not known here */
export function valid(schema: Rules, value: unknown, root: Rules = schema): boolean {
  const { type, ...others } = schema
  if (type !== undefined && KINDS[type as string]?.(value) !== true) return false
  return Object.entries(others).every(([keyword, rule]) => {
    const check = KEYWORDS[keyword]
    if (check === undefined) throw new Error(`keyword ${keyword}`)
    return check(rule as never, value, schema, root)
  })
}
