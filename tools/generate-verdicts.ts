/** Writes what src/validate needs to know of the layouts, and the fast form of every list of checks. */

import { imageChapters } from '../src/metadata/rules/index.ts'
import type { Block, Check, Step, Test } from '../src/schema/check.ts'
import type { Dialect } from '../src/schema/dialect.ts'
import { fixedSize, type StructType } from '../src/schema/index.ts'
import { dialects } from '../src/uapi/dialects/index.ts'
import { fuse_daxdev_out, fuse_get_fmap_in } from '../src/uapi/famfs/daxdev.ts'
import { fuse_famfs_fmap_header, fuse_famfs_iext, fuse_famfs_simple_ext } from '../src/uapi/famfs/fmap.ts'
import { fuse_in_header, fuse_out_header } from '../src/uapi/fuse/header.ts'
import { ioctlChapters } from '../src/validate/ioctl/rules/chapter.ts'
import { renderRules } from '../src/validate/rules/render.ts'
import { type FastOp, templates } from '../src/validate/tests.ts'

export interface GeneratedFile {
  readonly path: string
  readonly text: string
}

const NOTE = '// Made by `npm run generate`; do not edit.\n'

interface Place {
  readonly name: string
  readonly offset: number
  readonly size: number
}

/** Offset and size of every field of a struct of fixed size. */
function places(type: StructType): Place[] {
  let offset = 0
  return type.fields.map(field => {
    const size = fixedSize(field.type) ?? 0
    offset += size
    return { name: field.name, offset: offset - size, size }
  })
}

type Part = readonly [table: string, size: string, type: StructType]

const MAP: readonly Part[] = [
  ['headerFields', 'HEADER_SIZE', fuse_famfs_fmap_header.type],
  ['groupFields', 'GROUP_SIZE', fuse_famfs_iext.type],
  ['extentFields', 'EXTENT_SIZE', fuse_famfs_simple_ext.type],
]
const MESSAGES: readonly Part[] = [
  ['inHeaderFields', 'IN_HEADER_SIZE', fuse_in_header.type],
  ['outHeaderFields', 'OUT_HEADER_SIZE', fuse_out_header.type],
  ['getFmapFields', 'GET_FMAP_SIZE', fuse_get_fmap_in.type],
  ['daxdevFields', 'DAXDEV_SIZE', fuse_daxdev_out.type],
]

const fieldsText = (parts: readonly Part[]): string => {
  const tables = parts.map(([table, size, type]) => {
    const rows = places(type).map(f => `  ${f.name}: [${f.offset}, ${f.size}],`)
    return `export const ${size} = ${fixedSize(type)}\n/** ${type.name}: offset and size of each field */\nexport const ${table} = {\n${rows.join('\n')}\n} as const\n`
  })
  return `${NOTE}${tables.join('\n')}`
}

const word = (base: string, offset: number): string =>
  `words[${base === '' ? offset / 4 : offset === 0 ? base : `${base} + ${offset / 4}`}] as number`

/** Registers of the fields of a struct that the steps look at: one number, or two for a u64. */
function registers(type: StructType, base: string, code: string): string[] {
  return places(type).flatMap(({ name, offset, size }) =>
    size === 4
      ? new RegExp(`\\b${name}\\b`).test(code)
        ? [`const ${name} = ${word(base, offset)}`]
        : []
      : [`${name}L`, `${name}H`].flatMap((half, i) =>
          new RegExp(`\\b${half}\\b`).test(code) ? [`const ${half} = ${word(base, offset + 4 * i)}`] : [],
        ),
  )
}

function condition(test: Test): string {
  const template = templates[test.op as FastOp] as ((test: Test) => string) | undefined
  if (template === undefined) throw new Error(`no fast form of the test ${test.op}`)
  return template(test)
}

const checkText = (check: Check): string =>
  check.errno === undefined ? `if (${condition(check.test)}) anyCounted = true` : `if (${condition(check.test)}) return ${check.errno}`

const isCheck = (step: Step): step is Check => step.kind === 'check'

/** Adds a u64 of two words to a sum, modulo 2^64. */
const add = (sum: string, x: string): string[] => [
  `${sum}L = (${sum}L + ${x}L) >>> 0`,
  `${sum}H = (${sum}H + ${x}H + (${sum}L < ${x}L ? 1 : 0)) >>> 0`,
]

const lines = (steps: readonly Step[]): string[] => steps.flatMap(step => (isCheck(step) ? [checkText(step)] : blockText(step)))

function blockText({ kind, steps }: Block): string[] {
  const text = blocks[kind]
  if (text === undefined) throw new Error(`no fast form of the block ${kind}`)
  return text(steps)
}

function extentLoop(count: string, first: string, steps: readonly Step[]): string[] {
  const body = [...lines(steps), ...add('total', 'se_len')]
  return [
    `for (let i = 0, extent = ${first}; i < ${count}; i++, extent += 6) {`,
    ...registers(fuse_famfs_simple_ext.type, 'extent', body.join('\n')),
    ...body,
    '}',
  ]
}

const blocks: { readonly [K in Block['kind']]?: (steps: readonly Step[]) => string[] } = {
  simple: steps => ['if (ext_type === 0) {', ...lines(steps), '}'],
  interleaved: steps => ['if (ext_type === 1) {', ...lines(steps), '}'],
  eachExtent: steps => extentLoop('nextents', '8', steps),
  eachStrip: steps => extentLoop('ie_nstrips', 'group + 6', steps),
  eachGroup: steps => {
    const sums = steps.some(s => isCheck(s) && s.test.op === 'carry') ? add('logical', 'ie_nbytes') : []
    const [fits, ...rest] = lines(steps)
    const body = [...rest, ...sums, 'group += 6 + ie_nstrips * 6']
    const loaded = registers(fuse_famfs_iext.type, 'group', body.join('\n'))
    return ['let group = 8', 'for (let g = 0; g < nextents; g++) {', fits ?? '', ...loaded, ...body, '}']
  },
}

function indented(code: readonly string[]): string {
  let depth = 1
  return code
    .map(line => {
      if (line.startsWith('}')) depth--
      const text = '  '.repeat(depth) + line
      if (line.endsWith('{')) depth++
      return text
    })
    .join('\n')
}

/** The body of the fast form: the header is there first, then its fields are read. */
function functionText(name: string, dialect: Dialect): string {
  const [first, ...rest] = lines(dialect.checks)
  const code = rest.join('\n')
  const sums = ['total', 'logical'].filter(sum => code.includes(`${sum}L`)).flatMap(sum => [`let ${sum}L = 0`, `let ${sum}H = 0`])
  const body = [first ?? '', ...registers(fuse_famfs_fmap_header.type, '', code), ...sums, 'let anyCounted = false', ...rest, 'return 0']
  return `const ${name}: FastCheck = (words, size, page, pmd, kmallocMax) => {\n${indented(body)}\n}\n`
}

const identifier = (id: string): string => id.replace(/[^a-z0-9]/g, '_')

function verdictsText(): string {
  const withChecks: Dialect[] = Object.values(dialects).filter(d => d.checks.length > 0)
  const distinct = withChecks.filter((d, i) => withChecks.findIndex(e => e.checks === d.checks) === i)
  const helpers = ['anyStripShort', 'differencePositive']
  const rows = distinct.map(d => `  [dialects['${d.id}'].checks, ${identifier(d.id)}],`)
  return `${NOTE}import type { Step } from '../../schema/check.ts'
import { dialects } from '../../uapi/dialects/index.ts'
import { ${helpers.join(', ')} } from '../tests.ts'

/** errno of a message of \`size\` bytes, as little-endian words; 0: accepted. The words after its end are never read. */
export type FastCheck = (words: Uint32Array, size: number, page: number, pmd: number, kmallocMax: number) => number

${distinct.map(d => functionText(identifier(d.id), d)).join('\n')}
/** By the very list of steps that they were made from. */
export const fastChecks: ReadonlyMap<readonly Step[], FastCheck> = /* @__PURE__ */ new Map<readonly Step[], FastCheck>([
${rows.join('\n')}
])
`
}

/** All files that this generator owns. */
export function generateVerdicts(): GeneratedFile[] {
  return [
    { path: 'src/validate/generated/fields.ts', text: fieldsText(MAP) },
    { path: 'src/validate/generated/messages.ts', text: fieldsText(MESSAGES) },
    { path: 'src/validate/generated/verdicts.ts', text: verdictsText() },
    { path: 'docs/rules.md', text: renderRules([...ioctlChapters, ...imageChapters]) },
  ]
}
