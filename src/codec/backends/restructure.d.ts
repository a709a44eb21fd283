/** The part of restructure 3.0 that is used here; the package has no declarations. */
declare module 'restructure' {
  export interface Encoder {
    readonly buffer: Uint8Array
    readonly view: DataView
    pos: number
    writeBuffer(bytes: Uint8Array): void
  }
  export interface Decoder {
    readonly buffer: Uint8Array
    readonly view: DataView
    readonly length: number
    pos: number
    readBuffer(length: number): Uint8Array
  }
  export interface Codec {
    decode(stream: Decoder, parent?: unknown): unknown
    encode(stream: Encoder, value: unknown, parent?: unknown): void
    size(value?: unknown, parent?: unknown): number
  }
  type CodecConstructor<A extends readonly unknown[]> = new (...args: A) => Codec

  export const Struct: CodecConstructor<[fields: Readonly<Record<string, Codec>>]>
  const ArrayT: CodecConstructor<[type: Codec, length: number | ((parent: unknown) => number)]>

  export { ArrayT as Array }
  export const DecodeStream: new (bytes: Uint8Array) => Decoder
  export const EncodeStream: new (bytes: Uint8Array) => Encoder
  export const uint8: Codec
  export const uint16le: Codec
  export const uint32le: Codec
  export const int32le: Codec
}
