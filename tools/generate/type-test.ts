/** The compile-time proof that the generated interfaces are the types which the schemas have: checked by tsc, never run. */
import type { Family } from './model.ts'

export function typeTest(families: readonly Family[]): string {
  const all = families.flatMap(f => f.messages.map(m => ({ ...m, module: f.file })))
  const schemas = group(all.map(m => [m.from[0], m.from[1]]))
  const values = group(all.flatMap(m => [m.value, `${m.value}Input`].map(name => [`${m.module}.ts`, name] as const)))
  const asserts = all.flatMap(m => [
    `  Same<${m.value}, Value<typeof ${m.from[1]}>>,`,
    `  Same<${m.value}Input, Input<typeof ${m.from[1]}>>,`,
  ])
  return [
    '/** The generated interfaces are the types which the schemas have. Made by `npm run generate`; checked by tsc, never run. */',
    `import type { Input, Value } from '../../src/schema/index.ts'`,
    ...schemas.map(([file, names]) => `import type { ${names.join(', ')} } from '../../src/uapi/${file}'`),
    ...values.map(([file, names]) => `import type {\n${names.map(n => `  ${n},\n`).join('')}} from '../../src/codec/generated/${file}'`),
    '',
    '/** Identical, not only assignable. */',
    'type Identical<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false',
    'type Same<A, B> = Identical<A, B> extends true ? true : { readonly generated: A; readonly schema: B }',
    'type AllTrue<T extends readonly true[]> = T',
    '',
    'export type Proof = AllTrue<[',
    ...asserts,
    ']>',
    '',
  ].join('\n')
}

function group(pairs: readonly (readonly [string, string])[]): [string, string[]][] {
  const groups = new Map<string, string[]>()
  for (const [key, name] of pairs) groups.set(key, [...new Set([...(groups.get(key) ?? []), name])].sort())
  return [...groups]
}
