/** The maps of facts wire 5.6. */
import { type FileMap, mapOf } from '../src/kernel/index.ts'

/** Two simple extents. */
export const mapA: FileMap = mapOf({
  ext_type: 0,
  file_size: 0x300000n,
  extents: [
    { se_devindex: 0, se_offset: 0x40000000n, se_len: 0x200000n },
    { se_devindex: 0, se_offset: 0x80000000n, se_len: 0x200000n },
  ],
})

/** Two strips. */
export const mapB: FileMap = mapOf({
  ext_type: 1,
  file_size: 0x700000n,
  extents: [
    {
      ie_chunk_size: 0x200000,
      ie_nbytes: 0x700000n,
      ie_strips: [
        { se_devindex: 0, se_offset: 0x40000000n, se_len: 0x400000n },
        { se_devindex: 0, se_offset: 0x80000000n, se_len: 0x400000n },
      ],
    },
  ],
})
