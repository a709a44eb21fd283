/**
 * The data model of a schema: what the constructors build and what every reader of a schema walks. Nothing here has behaviour, so that
 * a schema can be stripped of its docs, written out as a literal and interpreted without this folder.
 */

/** A number by its name. */
export type Numbers = Readonly<Record<string, number>>

/** The first FUSE minor that has a name; names that are not in it are older than everything described. */
export type Since = Readonly<Record<string, number>>

/** Names of the values of an integer field. Open: a value without a name is legal on the wire and kept. */
export interface EnumTable<V extends Numbers = Numbers> {
  readonly kind: 'enum'
  readonly name: string
  readonly values: V
  readonly since?: Since
}

/**
 * Names of the bits of an integer field; bit numbers, not masks. Open: unknown bits are legal on the wire and kept. The first name of a bit
 * is the one that is shown, later ones are aliases.
 */
export interface FlagTable<B extends Numbers = Numbers> {
  readonly kind: 'flags'
  readonly name: string
  readonly bits: B
  readonly since?: Since
}

/**
 * A byte or element count: what is left of the region (`rest`), plus fields times a factor, plus a constant.
 * A field is named by its path from any enclosing struct, the innermost first: `nextents`, `header.total_extlen`.
 */
export interface Expr {
  readonly rest?: true
  readonly terms?: readonly { readonly field: string; readonly times: number }[]
  readonly plus?: number
}

/** All given conditions must hold. `minor`, `flag` and `wordSize` ask the negotiated connection, the rest asks the bytes. */
export interface Condition {
  /** negotiated minor is at least this */
  readonly minor?: number
  /** negotiated minor is below this */
  readonly belowMinor?: number
  /** this bit (0..63) of the INIT flags was negotiated; a negative number asks that bit `-flag` was not */
  readonly flag?: number
  /** size of a C long in bits */
  readonly wordSize?: 32 | 64
  /** an earlier field has this value, or (with mask) some of these bits */
  readonly field?: string
  readonly equals?: number
  readonly mask?: number
  /** bytes are left in the region */
  readonly room?: true
}

/**
 * What chooses the case of a union. `length`: bytes left in the region. `request`: a field of the request that is being answered.
 * `command`: the io_uring command that the bytes belong to.
 */
export type Selector =
  | { readonly by: 'field'; readonly field: string; readonly mask?: number }
  | { readonly by: 'length' }
  | { readonly by: 'request'; readonly field: string }
  | { readonly by: 'dialect' }
  | { readonly by: 'command' }
  | { readonly by: 'opcode'; readonly direction: Direction }

/** Who speaks: the kernel, the server that answers, or the server unasked. */
export type Direction = 'request' | 'reply' | 'notify'

/** A case is chosen by equality, by an inclusive range, or (dialects) by one of several names. */
export type Match = number | string | readonly [number, number] | readonly string[]

/** An integer of 1 to 8 bytes. */
export interface IntType {
  readonly kind: 'int'
  readonly size: 1 | 2 | 4 | 8
  readonly signed: boolean
}
/** char[n]: n bytes, the unused ones zero. */
export interface TextType {
  readonly kind: 'text'
  readonly length: Expr
}
/** Text up to and including a terminating NUL. */
export interface NameType {
  readonly kind: 'name'
}
/** Bytes without meaning here. */
export interface BytesType {
  readonly kind: 'bytes'
  readonly length: Expr
}
/** Fields one after the other. */
export interface StructType {
  readonly kind: 'struct'
  readonly name: string
  readonly fields: readonly FieldData[]
  /** the bytes may end before any field: fields that do not fit are absent */
  readonly prefix?: true
  /** the field that holds the byte length of this struct, itself included; what the fields leave of it is kept as `gap` */
  readonly total?: string
  /** records of this struct start at multiples of this, what lies between them is kept as `gap` when it is not zero */
  readonly align?: number
  /** the first FUSE minor whose header has it; absent: older than everything described */
  readonly since?: number
  readonly doc?: string
}
/** Elements one after the other. */
export interface ArrayType {
  readonly kind: 'array'
  readonly of: Type
  readonly count: Expr
  /** room for this many elements is always there; what `count` leaves unused is kept as `<field>_unused` when it is not zero */
  readonly capacity?: number
  /** at the end of the bytes a record that does not fit ends the list instead of being an error */
  readonly lenient?: true
}
/** One of several types, chosen by what is known. */
export interface UnionType {
  readonly kind: 'union'
  readonly on: Selector
  readonly cases: readonly { readonly match: Match; readonly type: Type }[]
  readonly otherwise?: Type
  /** bytes that the union always takes (a C union); what the chosen case leaves is kept as `<field>_unused` when it is not zero */
  readonly size?: number
}
/** A type that must fill exactly this many bytes. */
export interface RegionType {
  readonly kind: 'region'
  readonly length: Expr
  readonly of: Type
}

/** Everything that bytes can be. */
export type Type = IntType | TextType | NameType | BytesType | StructType | ArrayType | UnionType | RegionType

/**
 * reserved: default 0, a finding when not. derived: filled on encode when absent, from what counts or measures it.
 * Everything else must be given.
 */
export type Role = 'reserved' | 'derived'

/** A field as the readers of a schema see it. */
export interface FieldData {
  readonly name: string
  readonly type: Type
  readonly role?: Role
  readonly when?: Condition
  /** filled with the length of the whole message when absent, never checked */
  readonly fill?: 'message'
  /** not aligned as C would (fields that follow text) */
  readonly loose?: true
  /** 'empty' types (bytes, arrays) whose empty value is left out */
  readonly elide?: true
  readonly names?: EnumTable | FlagTable
  /** before this FUSE minor the header had the same bytes as reserved words, under this name */
  readonly was?: { readonly name: string; readonly before: number }
  readonly doc?: string
}
