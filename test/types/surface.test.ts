/** What a caller in TypeScript may write, and what the compiler refuses. */
import { describe, expect, test } from 'vitest'
import { complaints } from '../docs/examples.ts'

const check = (code: string): readonly string[] => complaints([{ where: 'here', code }])

const HEAD = `import { verdict } from 'famfs-wire'
import { ioctlVerdict, type IoctlCall, optionErrno } from 'famfs-wire/kernel'
import { fuse_famfs_file_type, fuse_init_flags64, fuse_opcode } from 'famfs-wire/uapi'
import { verdict as fast, verdictBlob, verdictDaxdev, verdictPages } from 'famfs-wire/validate'
declare const bytes: Uint8Array
declare const call: IoctlCall
`

describe('a verdict narrows', () => {
  const good = [
    "const v = verdict(bytes, 'fuse-7.46'); if (v.errno === 0) v.meta; else v.check",
    "const v = verdict(bytes, 'fuse-v10'); if (v.ok) v.meta; else v.check",
    "const v = fast(bytes, 'fuse-v10'); if (v.errno === 0) v.meta; else v.reason",
    "const v = fast(bytes, 'fuse-v10'); if (v.errno !== 0) v.path; else v.next",
    "const v = verdictPages([bytes], 'fuse-v10'); if (v.ok) v.meta; else v.page",
    "const v = verdictDaxdev(bytes, 'fuse-v10'); if (v.errno === 0) v.meta.name; else v.check",
    "const v = verdictDaxdev(bytes, 'fuse-v10'); if (v.ok) v.meta.terminated; else v.offset",
    "const v = ioctlVerdict('ioctl-43', call); if (v.errno === 0) v.map; else if (v.errno !== undefined) v.check; else v.hazards",
    "const v = ioctlVerdict('ioctl-43', call); if (v.ok) v.written; else if ('residue' in v) v.residue; else if ('oops' in v) v.oops",
    'const v: 0 | 1 = optionErrno("UNLINK", 0n); console.log(v)',
    'const n: 54 = fuse_opcode.values.FUSE_COPY_FILE_RANGE_64 as never; console.log(n, fuse_init_flags64.bits.FUSE_ASYNC_READ)',
    'const t: 0 = fuse_famfs_file_type.values.FUSE_FAMFS_FILE_REG; console.log(t)',
  ]
  test('as documented', () => {
    expect(complaints(good.map((code, i) => ({ where: `${i}`, code: `${HEAD}${code}` })))).toEqual([])
  })

  const bad = [
    ["const v = verdict(bytes, 'fuse-v10'); v.meta", /'meta' does not exist/],
    ["const v = verdict(bytes, 'fuse-v10'); if (v.ok) v.check", /'check' does not exist/],
    ["const v = ioctlVerdict('ioctl-43', call); if (v.errno === 0) v.check", /'check' does not exist/],
    ["verdict(bytes, 'fuse-7.47')", /not assignable/],
    ["optionErrno('UNLNK', 0n)", /not assignable/],
    ['fuse_opcode.values.NO_SUCH', /'NO_SUCH' does not exist/],
    ['fuse_init_flags64.bits.NO_SUCH', /'NO_SUCH' does not exist/],
  ] as const
  test.each(bad)('%s is refused', (code, message) => {
    expect(check(`${HEAD}${code}`)).toEqual([expect.stringMatching(message)])
  })
})
