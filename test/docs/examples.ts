/** Every example in the documents: blocks of TypeScript in README, docs and the comments of the source, and the compiler that reads them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { snippetsOf } from '../snippets.ts'

export const root = join(import.meta.dirname, '..', '..')

export interface Example {
  /** such as `docs/kernel.md:120` */
  readonly where: string
  readonly code: string
}

const BLOCK = /```ts\n([\s\S]*?)```/g

/** The text of the comments of a source file, its lines kept in their places. */
const comments = (source: string): string => source.replace(/^(?! *\*).*$/gm, '').replace(/^ *\* ?/gm, '')

const lineOf = (text: string, index: number): number => text.slice(0, index).split('\n').length

const examplesIn = (file: string, text: string): Example[] =>
  [...text.matchAll(BLOCK)].map(block => ({ where: `${file}:${lineOf(text, block.index)}`, code: block[1] as string }))

const read = (file: string): string => readFileSync(join(root, file), 'utf8')

export const pages: readonly string[] = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name}`),
]

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter(
  name => name.endsWith('.ts') && !name.endsWith('.d.ts'),
)

/** The first block of a page that prints nothing stands before each of the others, as in the tests that run them. */
function withStart(page: string): Example[] {
  const text = read(page)
  const start = snippetsOf(text)[0]
  const [first, ...more] = examplesIn(page, text)
  if (first === undefined || start?.output !== undefined) return examplesIn(page, text)
  return [first, ...more.map(example => ({ ...example, code: `${first.code}\n${example.code}` }))]
}

export const pageExamples: readonly Example[] = pages.flatMap(withStart)
export const commentExamples: readonly Example[] = sources.flatMap(name => examplesIn(`src/${name}`, comments(read(`src/${name}`))))

const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: ['src/index.ts'] }, ts.sys, root)

/** What the compiler says to each piece of code: strict NodeNext, with the options of this project, `famfs-wire` being its source. */
export function complaints(examples: readonly Example[]): readonly string[] {
  const files = new Map(examples.map((example, i) => [join(root, '.cache', 'examples', `example-${i}.ts`), example]))
  // examples in pages stand in the root folder
  const textOf = ({ code }: Example): string => `${code.replaceAll("'./", "'../../")}\nexport {}\n`
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile, getSourceFile } = host
  host.fileExists = name => files.has(name) || fileExists(name)
  host.readFile = name => {
    const example = files.get(name)
    return example === undefined ? readFile(name) : textOf(example)
  }
  host.getSourceFile = (name, how, ...more) => {
    const example = files.get(name)
    return example === undefined ? getSourceFile(name, how, ...more) : ts.createSourceFile(name, textOf(example), how)
  }
  const program = ts.createProgram([...files.keys()], options, host)
  return [...files].flatMap(([name, { where }]) => {
    const file = program.getSourceFile(name)
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
    return found.map(d => `${where}: ${ts.flattenDiagnosticMessageText(d.messageText, ' ')}`)
  })
}
