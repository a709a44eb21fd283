/** The part of binary-parser 2.3 that is used here; the package has no declarations that an ES module can import. */
declare module 'binary-parser' {
  type Values = Record<string, unknown>
  type Length = number | string | ((this: Values) => number)
  type Primitive = 'uint8' | 'uint16le' | 'uint32le' | 'uint64le' | 'int32le' | 'int64le'

  export class Parser {
    buffer(name: string, options: { length: Length; formatter?: (this: Values, bytes: Uint8Array) => unknown }): this
    buffer(name: string, options: { readUntil: 'eof' }): this
    array(name: string, options: { type: Parser | Primitive; length: Length }): this
    choice(options: { tag: string; choices: Readonly<Record<number, Parser>>; defaultChoice?: Parser }): this
    nest(name: string, options: { type: Parser }): this
    saveOffset(name: string): this
    uint8(name: string): this
    uint16le(name: string): this
    uint32le(name: string): this
    uint64le(name: string): this
    int32le(name: string): this
    int64le(name: string): this
    compile(): void
    parse(bytes: Uint8Array): Values
  }
}
