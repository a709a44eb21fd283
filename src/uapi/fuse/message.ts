/** Whole messages: header, body by opcode, extensions. facts: wire 2.5, 10.1, 10.2 */
import { array, byOpcode, message, nested, REST, region } from '../../schema/index.ts'
import { extension } from './extensions.ts'
import { fuse_in_header, fuse_out_header } from './header.ts'

/** A request. What lies between header and extensions is its body and must be used up by it. */
export const request = message(
  'request',
  {
    header: nested(fuse_in_header),
    body: region({ rest: true, terms: [{ field: 'header.total_extlen', times: -8 }] }, byOpcode('request')),
    extensions: region({ terms: [{ field: 'header.total_extlen', times: 8 }] }, array(extension, REST)).elided(),
  },
  { total: 'header.len' },
)

/** A reply. One that carries an errno has no body. */
export const reply = message(
  'reply',
  { header: nested(fuse_out_header), body: region(REST, byOpcode('reply')).when({ field: 'header.error', equals: 0 }) },
  { total: 'header.len' },
)

/** A notification: `error` in its header is the code that chooses the body. */
export const notify = message(
  'notify',
  { header: nested(fuse_out_header), body: region(REST, byOpcode('notify')) },
  { total: 'header.len' },
)
