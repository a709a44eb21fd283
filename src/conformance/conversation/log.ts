/** The kernel's log, line by line, as the classes in which the model tells it. */
import type { Effect, LogClass } from '../../kernel/conversation/index.ts'

/** Classes of lines, the first that fits. The wording of a kernel is no promise: only what a line is about is compared. */
const CLASSES: readonly (readonly [LogClass, RegExp])[] = [
  ['map-request', /^fuse_get_fmap: err=/],
  ['map-short', /^fuse_get_fmap: short fmap reply/],
  ['map-too-large', /^fuse_get_fmap: fmap size \d+ exceeds max/],
  ['map-grew', /^fuse_get_fmap: fmap grew/],
  ['map-refused', /^famfs_fuse_meta_alloc/],
  ['device-request', /^famfs_fuse_get_daxdev: rc=-\d+ from fuse_simple_request/],
  ['device-name', /^famfs_fuse_get_daxdev: rc=-\d+ from famfs_verify_daxdev/],
  ['device-acquire', /^famfs_(fuse_get|install)_daxdev: fs_dax_get/],
  ['device-dropped', /^famfs_update_daxdev_table: failed to get/],
  ['device-missing', /^famfs_check_daxdev_table: \d+ missing/],
  ['device-index', /^famfs_install_daxdev: index\(/],
  ['push-failed', /^famfs_daxdev_open: failed to install/],
  ['file-device-missing', /^famfs_dax_err: daxdev=.* invalid$/],
  ['file-device-failed', /^famfs_dax_err: daxdev=.* dax_err$/],
  ['file-device-error', /^famfs_dax_err: daxdev=.* error$/],
  ['file-size', /^famfs_file_bad: i_size overwritten/],
]

/** Said at once of an error that is only counted; the refusal by the count follows. */
const COUNTED = /^famfs_fuse_meta_alloc: invalid nstrips/

/** What the parser says of the reason of a refusal; a reason that is not here may be said in any words. */
const REASONS: Readonly<Record<string, RegExp>> = {
  underflow: /fmap_buf underflow/,
  nextents_zero: /nextents 0 < 1/,
  nextents_max: /nextents -?\d+ > max/,
  ext_type: /invalid ext_type/,
  size_remainder: /size_remainder/,
  file_size: /file size -?\d+ larger than map size/,
  chunk_align: /chunk_size \d+ not PMD-aligned/,
  nbytes_zero: /zero-length interleave/,
  ext_errors: /alignment errors found/,
}

/** A line of famfs as its class; undefined for what other parts of the kernel say, such as a warning with its registers. */
export const classOf = (line: string): LogClass | undefined =>
  COUNTED.test(line) ? undefined : CLASSES.find(([, pattern]) => pattern.test(line))?.[0]

type Logged = Effect & { readonly effect: 'log' }

/** Whether a line of the kernel's log says what the model says; for a refused map the reason too. */
export function saysSame(line: string, { what, refused }: Logged): boolean {
  const reason = refused === undefined ? undefined : REASONS[refused.reason]
  return classOf(line) === what && (reason === undefined || reason.test(line))
}
