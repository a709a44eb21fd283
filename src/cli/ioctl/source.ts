/** Forms of a map by their names, and maps out of any of them. */
import { attempt } from '../../codec/errors.ts'
import { decodeIoctl } from '../../codec/ioctl/index.ts'
import { decodeLarge } from '../../codec/large.ts'
import { carriesMap, fromFmap, fromIoctl, type TypedMap } from '../../kernel/ioctl/from.ts'
import { mapCommandOf } from '../../kernel/ioctl/to.ts'
import type { Dialect } from '../../schema/dialect.ts'
import type { Schema } from '../../schema/index.ts'
import { fuseV10 } from '../../uapi/dialects/index.ts'
import { type IoctlDialectId, ioctlDialectIds, ioctlDialects } from '../../uapi/dialects/ioctl.ts'
import { fuse_famfs_fmap, fuse_famfs_fmap_push } from '../../uapi/famfs/fmap.ts'
import { Failure, type Io, REFUSED } from '../command.ts'
import { askingFor, type Dialects, dialectNamed } from '../dialects.ts'
import { suggestion } from '../near.ts'
import { imageMaps } from '../resolve/image-maps.ts'
import { type NamedMap, type Reading, readMap } from '../resolve/maps.ts'
import { decoded } from './decode.ts'
import { commandOfDialect } from './names.ts'
import { memoryOf } from './payload.ts'
import type { Values } from './sub.ts'

/** The body of a GET_FMAP reply of a dialect of FUSE. */
export interface FuseForm {
  readonly dialect: Dialect
}

/** The argument of a command of a version of the ioctl ABI. */
export interface CallForm {
  readonly id: IoctlDialectId
  /** name of the command */
  readonly command: string
  readonly layout: 'early' | 'final'
}

export type Form = FuseForm | CallForm

/** Ids of all that a form can be of. */
const idsIn = (known: Dialects): string[] => [...askingFor('GET_FMAP', known).map(({ id }) => id), ...ioctlDialectIds]

const SPELLED = 'expected DIALECT, DIALECT:COMMAND or DIALECT:COMMAND:early'

/**
 * `fuse-v10`, `ioctl-43`, `ioctl-43:MAP_GET_V2`, `ioctl-43:early`.
 * @throws Failure for what is no form
 */
export function formNamed(option: string, given: string, known: Dialects): Form {
  const ids = idsIn(known)
  const [name = '', ...rest] = given.split(':')
  const id = ids.includes(name) ? name : `ioctl-${name}`
  if (!ids.includes(id))
    throw new Failure(`--${option}: unknown dialect ${name}`, { hint: suggestion(name, ids, `dialects: ${ids.join(', ')}`) })
  const early = rest.at(-1) === 'early'
  const [command, ...more] = early ? rest.slice(0, -1) : rest
  if (more.length > 0) throw new Failure(`--${option}: ${SPELLED}, found ${given}`)
  const version = ioctlDialectIds.find(other => other === id)
  if (version === undefined) {
    if (rest.length > 0) throw new Failure(`--${option}: ${id} has one form, a GET_FMAP reply; what is ${rest.join(':')} for?`)
    return { dialect: dialectNamed(id, known) }
  }
  const own = commandOfDialect(command ?? mapCommandOf(ioctlDialects[version]), version)
  if (!carriesMap(own)) throw new Failure(`--${option}: ${own.name} of ${id} carries no map`)
  if (early && own.argument?.early === undefined)
    throw new Failure(`--${option}: ${own.name} of ${id} has one layout; early is that of ioctl-43:MAP_CREATE_V2`)
  return { id: version, command: own.name, layout: early ? 'early' : 'final' }
}

/** A map with its file type, with what messages call it. */
export interface NamedTypedMap extends TypedMap {
  readonly name: string
}

/** The map that the operand and the options name, as bytes in some form. */
async function namedIn(operand: string | undefined, reading: Reading, values: Values, io: Io): Promise<NamedMap> {
  if (values.image === undefined) return await readMap(operand, { format: values.format, line: values.line }, reading, io)
  if (operand === undefined)
    throw new Failure('--image: which file of the image? A path is missing', { hint: 'famfs-wire image tree shows them' })
  const [map] = await imageMaps(values.image, [operand], io)
  return map as NamedMap
}

const FMAP_SIZE = 12

/** The form of a body: that of its dialect. The word that says its length tells a push reply, too: others have nothing there. */
function schemaOf({ map, push }: Dialect, bytes: Uint8Array): Schema<unknown, unknown> {
  if (map !== undefined) return map.body
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const sized = bytes.length >= FMAP_SIZE + 4 && view.getUint32(FMAP_SIZE, true) === bytes.length
  return push || sized ? fuse_famfs_fmap_push : fuse_famfs_fmap
}

/**
 * The map in the body of a GET_FMAP reply, or of a file of an image.
 * @throws Failure when it cannot be read or is none
 */
async function mapInReply(operand: string | undefined, reading: Reading, values: Values, io: Io): Promise<NamedTypedMap> {
  const { name, body, form } = await namedIn(operand, reading, values, io)
  const typed = attempt(() => fromFmap(decodeLarge(schemaOf(form, body.bytes), body.bytes) as object, form))
  if (typed.ok) return { name, ...typed.value }
  const { code, path, offset, detail } = typed.error
  const where = `${path === '' ? 'the top' : path} (byte ${body.base + offset})`
  throw new Failure(`${name}: no GET_FMAP reply of ${form.id}: ${code} at ${where}: ${detail}`, {
    exit: REFUSED,
    hint: 'famfs-wire inspect shows what the bytes are',
  })
}

/**
 * The map in the argument of a call.
 * @throws Failure when it cannot be read or is none
 */
async function mapInCall(operand: string | undefined, form: CallForm, values: Values, io: Io): Promise<NamedTypedMap> {
  const { name, memory, address } = await memoryOf(operand, values, io)
  const { value } = decoded(name, form.id, () => decodeIoctl(form.id, form.command, memory, address, { layout: form.layout }))
  const typed = attempt(() => fromIoctl(form.id, form.command, value))
  if (typed.ok) return { name, ...typed.value }
  throw new Failure(`${name}: ${form.command} of ${form.id}: ${typed.error.message}`, { exit: REFUSED })
}

/**
 * The map of the operand in the form that was said.
 * @throws Failure when it cannot be read or is none
 */
export function mapFrom(
  operand: string | undefined,
  form: Form | undefined,
  known: Dialects,
  values: Values,
  io: Io,
): Promise<NamedTypedMap> {
  if (values.image !== undefined && form !== undefined) throw new Failure('--image and --from do not go together')
  if (form !== undefined && 'id' in form) return mapInCall(operand, form, values, io)
  return mapInReply(operand, { among: known, form: form?.dialect ?? fuseV10 }, values, io)
}
