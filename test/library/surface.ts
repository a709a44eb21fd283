/** Everything that the entries of package.json export, as the compiler sees it: a new export is found by being exported. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

const root = join(import.meta.dirname, '..', '..')

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>
}

const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest

/** The source of each entry by its name, such as `famfs-wire/kernel`. */
export const entries: readonly (readonly [name: string, source: string])[] = Object.entries(exports).flatMap(([name, target]) =>
  typeof target === 'string'
    ? []
    : [[name.replace('.', 'famfs-wire'), join(root, target.default.replace('./dist/', 'src/').replace(/\.js$/, '.ts'))] as const],
)

/** A parameter of a function, or a member of one that is an object: `connection.request`. */
export interface Place {
  /** number of the parameter */
  readonly position: number
  /** members below it; `[]` is an element of a list */
  readonly steps: readonly string[]
}

export interface ExportedFunction {
  readonly entry: string
  readonly name: string
  readonly parameters: readonly { readonly name: string; readonly type: string; readonly optional: boolean }[]
  /** where it takes bytes */
  readonly bytes: readonly Place[]
}

const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: ['src/index.ts'] }, ts.sys, root)
const program = ts.createProgram(
  entries.map(([, source]) => source),
  options,
)
const checker = program.getTypeChecker()

const parts = (type: ts.Type): readonly ts.Type[] => (type.isUnion() ? type.types : [type])
const isBytes = (type: ts.Type): boolean => type.symbol?.name === 'Uint8Array'

/** Interfaces that a caller implements are no plain values: what they give back is theirs. */
const isPlain = (type: ts.Type): boolean =>
  (type.flags & ts.TypeFlags.Object) !== 0 && type.getCallSignatures().length === 0 && !checker.isArrayType(type)

const DEPTH = 2

function bytesBelow(type: ts.Type, steps: readonly string[]): (readonly string[])[] {
  return parts(type).flatMap(part => {
    if (isBytes(part)) return [steps]
    if (steps.length >= DEPTH) return []
    if (checker.isArrayType(part)) return bytesBelow(checker.getTypeArguments(part as ts.TypeReference)[0] as ts.Type, [...steps, '[]'])
    if (!isPlain(part) || part.symbol?.declarations?.[0]?.getSourceFile().fileName.includes('node_modules')) return []
    return part.getProperties().flatMap(member => bytesBelow(checker.getTypeOfSymbol(member), [...steps, member.name]))
  })
}

const resolved = (symbol: ts.Symbol): ts.Symbol => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol)

function functionOf(entry: string, symbol: ts.Symbol): ExportedFunction[] {
  const [signature] = checker.getTypeOfSymbol(resolved(symbol)).getCallSignatures()
  if (signature === undefined) return []
  const types = signature.parameters.map(parameter => checker.getTypeOfSymbol(parameter))
  const parameters = signature.parameters.map((parameter, i) => ({
    name: parameter.name,
    type: checker.typeToString(types[i] as ts.Type),
    optional:
      ((parameter.valueDeclaration as ts.ParameterDeclaration).questionToken ??
        (parameter.valueDeclaration as ts.ParameterDeclaration).initializer) !== undefined,
  }))
  const bytes = types.flatMap((type, position) => bytesBelow(type, []).map(steps => ({ position, steps })))
  return [{ entry, name: symbol.name, parameters, bytes }]
}

const moduleOf = (source: string): ts.Symbol => checker.getSymbolAtLocation(program.getSourceFile(source) as ts.SourceFile) as ts.Symbol

/** Every function that is exported, once for each entry. */
export const functions: readonly ExportedFunction[] = entries.flatMap(([entry, source]) =>
  checker.getExportsOfModule(moduleOf(source)).flatMap(symbol => functionOf(entry, symbol)),
)
