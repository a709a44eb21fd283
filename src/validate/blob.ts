/** Maps that travel in an envelope, without it. facts: wire 7 */

import { WireError } from '../codec/errors.ts'
import { checkBytes } from '../codec/input.ts'
import type { Dialect } from '../schema/dialect.ts'
import { dialectOf, type VerdictOptions, X86_64 } from './options.ts'
import { famfsLayout } from './parse.ts'
import { type Verdict, verdictOf, walkPage } from './walk.ts'

/**
 * What the parse program of this dialect does with a blob alone, when it is given a buffer of `metaSize` bytes: outside of FUSE, as the program
 * is called. The kernel's own steps are left out: what it does with the envelope before, and with the devices of the bitmap behind.
 *
 * ```ts
 * import { encode } from 'famfs-wire/inspect'
 * import { dax_simple_fmap, fuseBpfSimple } from 'famfs-wire/uapi'
 * import { verdictBlob } from 'famfs-wire/validate'
 *
 * const extents = [{ dev_index: 0, offset: 0x40000000n, len: 0x200000n }]
 * const blob = encode(dax_simple_fmap, { file_size: 0x200000n, extents })
 * const v = verdictBlob(blob, fuseBpfSimple, 32)
 * if (v.ok) console.log(v.meta.dev_bitmap)    // 1n
 * ```
 *
 * @param blob what follows the envelope of a GET_FMAP reply
 * @param dialect one whose maps travel in an envelope, such as `fuseBpfSimple`
 * @param metaSize bytes of the buffer, a u32
 * @returns as `verdict`, with offsets that count from the first byte of the blob; `dev_bitmap` is what the program reports
 * @throws WireError code unsupported for a dialect without an envelope, code range for a `metaSize` that is no u32 or options out of range
 */
export function verdictBlob(blob: Uint8Array, dialect: Dialect, metaSize: number, options: VerdictOptions = X86_64): Verdict {
  checkBytes(blob, 'blob')
  const d = dialectOf(dialect, 'GET_FMAP')
  const { envelope, header } = d.map?.layout ?? famfsLayout
  const spot = header.fields.meta_size
  if (envelope === undefined || spot === undefined)
    throw new WireError({ code: 'unsupported', path: 'dialect', offset: 0, detail: `maps of dialect ${d.id} travel without an envelope` })
  if (!Number.isInteger(metaSize) || metaSize < 0 || metaSize > 0xffffffff)
    throw new WireError({ code: 'range', path: 'metaSize', offset: 0, detail: `a u32, not ${metaSize}`, actual: metaSize })
  const bytes = new Uint8Array(envelope + blob.length)
  new DataView(bytes.buffer).setUint32(spot[0], metaSize, true)
  bytes.set(blob, envelope)
  const program = { ...d, checks: d.checks.filter(step => !isOfKernel(step)) }
  const found = verdictOf(walkPage(bytes, program, options, { parserOnly: true }))
  return found.ok ? found : { ...found, offset: Math.max(0, found.offset - envelope) }
}

/** The kernel looks at meta_size before the program is called; the program compares it with what the map needs. */
const isOfKernel = (step: Dialect['checks'][number]): boolean =>
  step.kind === 'check' && step.test.op !== 'belowSum' && 'x' in step.test && step.test.x === 'meta_size'
