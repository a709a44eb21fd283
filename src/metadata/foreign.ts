/** What else bytes may be that are no famfs image. */

interface Mark {
  readonly at: number
  readonly bytes: readonly number[]
  readonly what: string
}

const ascii = (text: string): number[] => [...text].map(c => c.charCodeAt(0))

const MARKS: readonly Mark[] = [
  { at: 0, bytes: [0x1f, 0x8b], what: 'gzip data, to be unpacked first' },
  { at: 0, bytes: [0x28, 0xb5, 0x2f, 0xfd], what: 'zstd data, to be unpacked first' },
  { at: 0, bytes: [0xfd, ...ascii('7zXZ')], what: 'xz data, to be unpacked first' },
  { at: 0, bytes: [0x7f, ...ascii('ELF')], what: 'an ELF file' },
  { at: 0, bytes: ascii('XFSB'), what: 'an XFS file system' },
  { at: 0, bytes: ascii('LUKS'), what: 'an encrypted device (LUKS)' },
  { at: 0x200, bytes: ascii('LABELONE'), what: 'a part of LVM' },
  { at: 0xff6, bytes: ascii('SWAPSPACE2'), what: 'swap' },
  { at: 0x10040, bytes: ascii('_BHRfS_M'), what: 'a btrfs file system' },
  { at: 0, bytes: ascii('QFI'), what: 'a qcow2 disk image, to be converted to raw first' },
  { at: 0x438, bytes: [0x53, 0xef], what: 'an ext2, ext3 or ext4 file system' },
  { at: 0x1fe, bytes: [0x55, 0xaa], what: 'a partition table or boot sector' },
  { at: 0, bytes: [0x0d, 0xf0, 0xfe, 0xca, 0xad, 0x0b, 0, 0], what: 'a famfs log without its superblock' },
]

/** A few words on what the first bytes of a file or device look like. */
export function whatElse(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'it is empty'
  const mark = MARKS.find(m => m.bytes.every((b, i) => bytes[m.at + i] === b))
  if (mark !== undefined) return `it looks like ${mark.what}`
  if (bytes.every(b => b === 0)) return 'it starts with zeros'
  if (bytes.every(b => b === 0xff)) return 'it starts with 0xff bytes'
  if (bytes.subarray(0, 64).every(b => b === 9 || b === 10 || b === 13 || (b >= 0x20 && b < 0x7f))) return 'it starts with text'
  const first = Array.from(bytes.subarray(0, 8), b => b.toString(16).padStart(2, '0')).join(' ')
  return `it starts with ${first}`
}
