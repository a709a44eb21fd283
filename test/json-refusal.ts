/** What the tests of the JSON form share. */
import { expect } from 'vitest'
import { type JsonOptions, tryDecodeJson } from '../src/codec/json/index.ts'
import type { Schema } from '../src/schema/index.ts'

export type Any = Schema<unknown, unknown>

/** A good map of one extent. */
export const simple = {
  file_type: 'FUSE_FAMFS_FILE_REG',
  fmap_version: 1,
  ext_type: 'FUSE_FAMFS_EXT_SIMPLE',
  file_size: '2097152',
  extents: [{ se_devindex: 0, se_offset: '0', se_len: '2097152' }],
}

/** How JSON is refused: without byte offset, and JSON-safe. */
export const refusal = (schema: Any, json: unknown, options: JsonOptions = {}) => {
  const result = tryDecodeJson(schema, json, options)
  if (result.ok) throw new Error('accepted')
  const { code, path, offset, detail } = result.error
  expect(offset).toBe(0)
  JSON.stringify(result.error)
  return { code, path, detail }
}
