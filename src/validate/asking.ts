/** The bodies of the requests with which a kernel asks for a map or a device: what stands where, in the shape of the dialect. facts: wire 2.1, 2.3 */
import type { Dialect, RequestShape } from '../schema/dialect.ts'
import { placesOf, type Spot } from '../schema/layout.ts'
import { fixedSize } from '../schema/size.ts'
import type { StructType } from '../schema/types.ts'
import { requestBody } from '../uapi/famfs/messages.ts'
import { numberAt } from './bytes.ts'
import { IN_HEADER_SIZE, inHeaderFields } from './generated/messages.ts'

interface Shape {
  /** bytes of the body */
  readonly size: number
  readonly spots: ReadonlyMap<string, Spot>
}

const shapes = /* @__PURE__ */ new Map<RequestShape, Shape>()

function shapeOf(request: RequestShape): Shape {
  const known = shapes.get(request)
  if (known !== undefined) return known
  // of one length, whatever the dialect: `defineDialect` has seen to that
  const type = requestBody(request).type as StructType
  const shape = { size: fixedSize(type) as number, spots: new Map(placesOf(type).map(p => [p.name, [p.offset, p.size] as const])) }
  shapes.set(request, shape)
  return shape
}

/** Where a field stands in the body; without a name nowhere. */
const spotIn = (request: RequestShape, field: string | undefined): Spot =>
  (field === undefined ? undefined : shapeOf(request).spots.get(field)) ?? [0, 0]

/** A body of zeros with these numbers in its fields; fields that have no name are left out. */
function filled(request: RequestShape, values: readonly (readonly [field: string | undefined, value: bigint])[]): Uint8Array {
  const bytes = new Uint8Array(shapeOf(request).size)
  for (const [field, value] of values) {
    const [offset, width] = spotIn(request, field)
    for (let i = 0; i < width; i++) bytes[offset + i] = Number((value >> BigInt(8 * i)) & 0xffn)
  }
  return bytes
}

/** Bytes of a request for a map behind its header. */
export const fmapRequestSize = ({ request }: Dialect): number => shapeOf(request.GET_FMAP).size
/** Bytes of a request for a device behind its header. */
export const daxdevRequestSize = ({ request }: Dialect): number => shapeOf(request.GET_DAXDEV).size

/** The body of a request for a map: `size` bytes are offered, and the page that starts at `offset` is asked for. */
export const fmapRequest = ({ request, reply }: Dialect, size: number, offset = 0n): Uint8Array =>
  filled(request.GET_FMAP, [
    [reply.GET_FMAP?.offers, BigInt(size)],
    [reply.GET_FMAP?.more?.request, offset],
  ])

/** The body of a request for a device, and the nodeid in its header. */
export function daxdevRequest({ request, reply }: Dialect, index: number): { readonly node: bigint; readonly body: Uint8Array } {
  const field = reply.GET_DAXDEV?.index
  return { node: field === undefined ? BigInt(index) : 0n, body: filled(request.GET_DAXDEV, [[field, BigInt(index)]]) }
}

const fieldIn = (request: RequestShape, bytes: Uint8Array, field: string): bigint => {
  const [offset, size] = spotIn(request, field)
  return numberAt(bytes, IN_HEADER_SIZE + offset, size)
}

/** Bytes that a request for a map offers. */
export function offeredIn({ request, reply }: Dialect, bytes: Uint8Array): number {
  const { offers, buffer = 0 } = reply.GET_FMAP ?? {}
  return offers === undefined ? buffer : Number(fieldIn(request.GET_FMAP, bytes, offers))
}

/** The device that a request asks for. */
export function deviceIn({ request, reply }: Dialect, bytes: Uint8Array): bigint {
  const field = reply.GET_DAXDEV?.index
  return field === undefined ? numberAt(bytes, ...inHeaderFields.nodeid) : fieldIn(request.GET_DAXDEV, bytes, field)
}
