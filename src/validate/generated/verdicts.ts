// Made by `npm run generate`; do not edit.
import type { Step } from '../../schema/check.ts'
import { dialects } from '../../uapi/dialects/index.ts'
import { anyStripShort, differencePositive } from '../tests.ts'

/** errno of a message of `size` bytes, as little-endian words; 0: accepted. The words after its end are never read. */
export type FastCheck = (words: Uint32Array, size: number, page: number, pmd: number, kmallocMax: number) => number

const fuse_v1: FastCheck = (words, size, page, pmd, kmallocMax) => {
  if (32 > size) return 22
  const ext_type = words[1] as number
  const nextents = words[2] as number
  const file_sizeL = words[4] as number
  const file_sizeH = words[5] as number
  let totalL = 0
  let totalH = 0
  let anyCounted = false
  if (nextents < 1) return 22
  if (nextents > 2) return 7
  if (ext_type !== 0 && ext_type !== 1) return 22
  if (ext_type === 0) {
    if (32 + nextents * 24 > size) return 22
    for (let i = 0, extent = 8; i < nextents; i++, extent += 6) {
      const se_devindex = words[extent] as number
      const se_offsetL = words[extent + 2] as number
      const se_lenL = words[extent + 4] as number
      const se_lenH = words[extent + 5] as number
      if (se_devindex > 0) anyCounted = true
      if ((se_offsetL & (pmd - 1)) !== 0) anyCounted = true
      if ((se_lenL & (pmd - 1)) !== 0) anyCounted = true
      totalL = (totalL + se_lenL) >>> 0
      totalH = (totalH + se_lenH + (totalL < se_lenL ? 1 : 0)) >>> 0
    }
  }
  if (ext_type === 1) {
    let group = 8
    for (let g = 0; g < nextents; g++) {
      if (group * 4 + 24 > size) return 22
      const ie_nstrips = words[group] as number
      const ie_nbytesL = words[group + 2] as number
      const ie_nbytesH = words[group + 3] as number
      if (ie_nbytesL === 0 && ie_nbytesH === 0) return 22
      if (group * 4 + 24 + ie_nstrips * 24 > size) return 22
      if (ie_nstrips < 1 || ie_nstrips > 16) anyCounted = true
      for (let i = 0, extent = group + 6; i < ie_nstrips; i++, extent += 6) {
        const se_devindex = words[extent] as number
        const se_offsetL = words[extent + 2] as number
        const se_lenL = words[extent + 4] as number
        const se_lenH = words[extent + 5] as number
        if (se_devindex > 0) anyCounted = true
        if ((se_offsetL & (pmd - 1)) !== 0) anyCounted = true
        if ((se_lenL & (pmd - 1)) !== 0) anyCounted = true
        totalL = (totalL + se_lenL) >>> 0
        totalH = (totalH + se_lenH + (totalL < se_lenL ? 1 : 0)) >>> 0
      }
      group += 6 + ie_nstrips * 6
    }
    if (differencePositive(file_sizeL, file_sizeH, totalL, totalH)) return 22
  }
  if (anyCounted) return 22
  if (totalH < file_sizeH || (totalH === file_sizeH && totalL < file_sizeL)) return 22
  return 0
}

const fuse_v2: FastCheck = (words, size, page, pmd, kmallocMax) => {
  if (32 > size) return 22
  const ext_type = words[1] as number
  const nextents = words[2] as number
  const file_sizeL = words[4] as number
  const file_sizeH = words[5] as number
  let totalL = 0
  let totalH = 0
  let anyCounted = false
  if (nextents < 1) return 22
  if (nextents > 32) return 7
  if (ext_type !== 0 && ext_type !== 1) return 22
  if (ext_type === 0) {
    if (32 + nextents * 24 > size) return 22
    for (let i = 0, extent = 8; i < nextents; i++, extent += 6) {
      const se_devindex = words[extent] as number
      const se_offsetL = words[extent + 2] as number
      const se_lenL = words[extent + 4] as number
      const se_lenH = words[extent + 5] as number
      if (se_devindex > 0) anyCounted = true
      if ((se_offsetL & (pmd - 1)) !== 0) anyCounted = true
      if ((se_lenL & (pmd - 1)) !== 0) anyCounted = true
      totalL = (totalL + se_lenL) >>> 0
      totalH = (totalH + se_lenH + (totalL < se_lenL ? 1 : 0)) >>> 0
    }
  }
  if (ext_type === 1) {
    let group = 8
    for (let g = 0; g < nextents; g++) {
      if (group * 4 + 24 > size) return 22
      const ie_nstrips = words[group] as number
      const ie_nbytesL = words[group + 2] as number
      const ie_nbytesH = words[group + 3] as number
      if (ie_nbytesL === 0 && ie_nbytesH === 0) return 22
      if (group * 4 + 24 + ie_nstrips * 24 > size) return 22
      if (ie_nstrips < 1 || ie_nstrips > 32) anyCounted = true
      for (let i = 0, extent = group + 6; i < ie_nstrips; i++, extent += 6) {
        const se_devindex = words[extent] as number
        const se_offsetL = words[extent + 2] as number
        const se_lenL = words[extent + 4] as number
        const se_lenH = words[extent + 5] as number
        if (se_devindex > 0) anyCounted = true
        if ((se_offsetL & (pmd - 1)) !== 0) anyCounted = true
        if ((se_lenL & (pmd - 1)) !== 0) anyCounted = true
        totalL = (totalL + se_lenL) >>> 0
        totalH = (totalH + se_lenH + (totalL < se_lenL ? 1 : 0)) >>> 0
      }
      group += 6 + ie_nstrips * 6
    }
    if (differencePositive(file_sizeL, file_sizeH, totalL, totalH)) return 22
  }
  if (anyCounted) return 22
  if (totalH < file_sizeH || (totalH === file_sizeH && totalL < file_sizeL)) return 22
  return 0
}

const fuse_v7: FastCheck = (words, size, page, pmd, kmallocMax) => {
  if (32 > size) return 22
  const ext_type = words[1] as number
  const nextents = words[2] as number
  const file_sizeL = words[4] as number
  const file_sizeH = words[5] as number
  let totalL = 0
  let totalH = 0
  let anyCounted = false
  if (nextents < 1) return 22
  if (nextents > 32) return 7
  if (ext_type !== 0 && ext_type !== 1) return 22
  if (ext_type === 0) {
    if (32 + nextents * 24 > size) return 22
    for (let i = 0, extent = 8; i < nextents; i++, extent += 6) {
      const se_devindex = words[extent] as number
      const se_offsetL = words[extent + 2] as number
      const se_lenL = words[extent + 4] as number
      const se_lenH = words[extent + 5] as number
      if (se_devindex > 0) anyCounted = true
      if ((se_offsetL & (pmd - 1)) !== 0) anyCounted = true
      if ((se_lenL & (pmd - 1)) !== 0) anyCounted = true
      totalL = (totalL + se_lenL) >>> 0
      totalH = (totalH + se_lenH + (totalL < se_lenL ? 1 : 0)) >>> 0
    }
  }
  if (ext_type === 1) {
    let group = 8
    for (let g = 0; g < nextents; g++) {
      if (group * 4 + 24 > size) return 22
      const ie_nstrips = words[group] as number
      const ie_chunk_size = words[group + 1] as number
      const ie_nbytesL = words[group + 2] as number
      const ie_nbytesH = words[group + 3] as number
      if ((ie_chunk_size & (pmd - 1)) !== 0) return 22
      if (ie_nbytesL === 0 && ie_nbytesH === 0) return 22
      if (group * 4 + 24 + ie_nstrips * 24 > size) return 22
      if (ie_nstrips < 1 || ie_nstrips > 32) anyCounted = true
      for (let i = 0, extent = group + 6; i < ie_nstrips; i++, extent += 6) {
        const se_devindex = words[extent] as number
        const se_offsetL = words[extent + 2] as number
        const se_lenL = words[extent + 4] as number
        const se_lenH = words[extent + 5] as number
        if (se_devindex > 0) anyCounted = true
        if ((se_offsetL & (pmd - 1)) !== 0) anyCounted = true
        if ((se_lenL & (pmd - 1)) !== 0) anyCounted = true
        totalL = (totalL + se_lenL) >>> 0
        totalH = (totalH + se_lenH + (totalL < se_lenL ? 1 : 0)) >>> 0
      }
      group += 6 + ie_nstrips * 6
    }
    if (differencePositive(file_sizeL, file_sizeH, totalL, totalH)) return 22
  }
  if (anyCounted) return 22
  if (totalH < file_sizeH || (totalH === file_sizeH && totalL < file_sizeL)) return 22
  return 0
}

const fuse_v10: FastCheck = (words, size, page, pmd, kmallocMax) => {
  if (32 > size) return 22
  const ext_type = words[1] as number
  const nextents = words[2] as number
  const file_sizeL = words[4] as number
  const file_sizeH = words[5] as number
  let totalL = 0
  let totalH = 0
  let anyCounted = false
  if (nextents < 1) return 34
  if (nextents > 32) return 34
  if (ext_type !== 0 && ext_type !== 1) return 22
  if (ext_type === 0) {
    if (32 + nextents * 24 > size) return 22
    for (let i = 0, extent = 8; i < nextents; i++, extent += 6) {
      const se_devindex = words[extent] as number
      const se_offsetL = words[extent + 2] as number
      const se_lenL = words[extent + 4] as number
      const se_lenH = words[extent + 5] as number
      if (se_devindex > 0) anyCounted = true
      if ((se_offsetL & (pmd - 1)) !== 0) anyCounted = true
      if ((se_lenL & (pmd - 1)) !== 0) anyCounted = true
      totalL = (totalL + se_lenL) >>> 0
      totalH = (totalH + se_lenH + (totalL < se_lenL ? 1 : 0)) >>> 0
    }
  }
  if (ext_type === 1) {
    let group = 8
    for (let g = 0; g < nextents; g++) {
      if (group * 4 + 24 > size) return 22
      const ie_nstrips = words[group] as number
      const ie_chunk_size = words[group + 1] as number
      const ie_nbytesL = words[group + 2] as number
      const ie_nbytesH = words[group + 3] as number
      if ((ie_chunk_size & (pmd - 1)) !== 0) return 22
      if (ie_nbytesL === 0 && ie_nbytesH === 0) return 22
      if (group * 4 + 24 + ie_nstrips * 24 > size) return 22
      if (ie_nstrips < 1 || ie_nstrips > 32) anyCounted = true
      for (let i = 0, extent = group + 6; i < ie_nstrips; i++, extent += 6) {
        const se_devindex = words[extent] as number
        const se_offsetL = words[extent + 2] as number
        const se_lenL = words[extent + 4] as number
        const se_lenH = words[extent + 5] as number
        if (se_devindex > 0) anyCounted = true
        if ((se_offsetL & (pmd - 1)) !== 0) anyCounted = true
        if ((se_lenL & (pmd - 1)) !== 0) anyCounted = true
        totalL = (totalL + se_lenL) >>> 0
        totalH = (totalH + se_lenH + (totalL < se_lenL ? 1 : 0)) >>> 0
      }
      group += 6 + ie_nstrips * 6
    }
    if (differencePositive(file_sizeL, file_sizeH, totalL, totalH)) return 22
  }
  if (anyCounted) return 22
  if (totalH < file_sizeH || (totalH === file_sizeH && totalL < file_sizeL)) return 22
  return 0
}

const fuse_push: FastCheck = (words, size, page, pmd, kmallocMax) => {
  if (32 > size) return 22
  const ext_type = words[1] as number
  const nextents = words[2] as number
  const file_sizeL = words[4] as number
  const file_sizeH = words[5] as number
  let totalL = 0
  let totalH = 0
  let anyCounted = false
  if (nextents < 1) return 34
  if (ext_type !== 0) return 22
  if (ext_type === 0) {
    if (32 + nextents * 24 > size) return 22
    if (nextents >= 0x80000000 || nextents * 24 > kmallocMax) return 12
    for (let i = 0, extent = 8; i < nextents; i++, extent += 6) {
      const se_devindex = words[extent] as number
      const se_offsetL = words[extent + 2] as number
      const se_lenL = words[extent + 4] as number
      const se_lenH = words[extent + 5] as number
      if (se_devindex > 0) anyCounted = true
      if ((se_offsetL & (pmd - 1)) !== 0) anyCounted = true
      if ((se_lenL & (pmd - 1)) !== 0) anyCounted = true
      totalL = (totalL + se_lenL) >>> 0
      totalH = (totalH + se_lenH + (totalL < se_lenL ? 1 : 0)) >>> 0
    }
  }
  if (anyCounted) return 22
  if (totalH < file_sizeH || (totalH === file_sizeH && totalL < file_sizeL)) return 22
  return 0
}

const fuse_push_il: FastCheck = (words, size, page, pmd, kmallocMax) => {
  if (32 > size) return 22
  const ext_type = words[1] as number
  const nextents = words[2] as number
  const file_sizeL = words[4] as number
  const file_sizeH = words[5] as number
  let totalL = 0
  let totalH = 0
  let logicalL = 0
  let logicalH = 0
  let anyCounted = false
  if (nextents < 1) return 34
  if (file_sizeH > 0x7fffffff) return 22
  if (ext_type !== 0 && ext_type !== 1) return 22
  if (ext_type === 0) {
    if (32 + nextents * 24 > size) return 22
    if (nextents >= 0x80000000 || nextents * 24 > kmallocMax) return 12
    for (let i = 0, extent = 8; i < nextents; i++, extent += 6) {
      const se_devindex = words[extent] as number
      const se_offsetL = words[extent + 2] as number
      const se_offsetH = words[extent + 3] as number
      const se_lenL = words[extent + 4] as number
      const se_lenH = words[extent + 5] as number
      if (se_devindex > 63) anyCounted = true
      if ((se_offsetL & (page - 1)) !== 0) anyCounted = true
      if ((se_lenL & (page - 1)) !== 0) anyCounted = true
      if (se_offsetH + se_lenH + (se_offsetL + se_lenL > 0xffffffff ? 1 : 0) > 0xffffffff) return 22
      if (totalH + se_lenH + (totalL + se_lenL > 0xffffffff ? 1 : 0) > 0xffffffff) return 22
      totalL = (totalL + se_lenL) >>> 0
      totalH = (totalH + se_lenH + (totalL < se_lenL ? 1 : 0)) >>> 0
    }
  }
  if (ext_type === 1) {
    if (nextents >= 0x80000000 || nextents * 32 > kmallocMax) return 12
    let group = 8
    for (let g = 0; g < nextents; g++) {
      if (group * 4 + 24 > size) return 22
      const ie_nstrips = words[group] as number
      const ie_chunk_size = words[group + 1] as number
      const ie_nbytesL = words[group + 2] as number
      const ie_nbytesH = words[group + 3] as number
      if (ie_chunk_size !== page && ie_chunk_size !== pmd) return 22
      if (ie_nbytesL === 0 && ie_nbytesH === 0) return 22
      if (ie_nbytesH > 0x7fffffff) return 22
      if (ie_nstrips < 1 || ie_nstrips > 32) return 22
      if (group * 4 + 24 + ie_nstrips * 24 > size) return 22
      for (let i = 0, extent = group + 6; i < ie_nstrips; i++, extent += 6) {
        const se_devindex = words[extent] as number
        const se_offsetL = words[extent + 2] as number
        const se_offsetH = words[extent + 3] as number
        const se_lenL = words[extent + 4] as number
        const se_lenH = words[extent + 5] as number
        if (se_devindex > 63) anyCounted = true
        if ((se_offsetL & (page - 1)) !== 0) anyCounted = true
        if ((se_lenL & (page - 1)) !== 0) anyCounted = true
        if (se_offsetH + se_lenH + (se_offsetL + se_lenL > 0xffffffff ? 1 : 0) > 0xffffffff) return 22
        if (totalH + se_lenH + (totalL + se_lenL > 0xffffffff ? 1 : 0) > 0xffffffff) return 22
        totalL = (totalL + se_lenL) >>> 0
        totalH = (totalH + se_lenH + (totalL < se_lenL ? 1 : 0)) >>> 0
      }
      if (anyStripShort(words, group, ie_nstrips, ie_chunk_size, ie_nbytesL, ie_nbytesH)) return 22
      if (logicalH + ie_nbytesH + (logicalL + ie_nbytesL > 0xffffffff ? 1 : 0) > 0xffffffff) return 22
      logicalL = (logicalL + ie_nbytesL) >>> 0
      logicalH = (logicalH + ie_nbytesH + (logicalL < ie_nbytesL ? 1 : 0)) >>> 0
      group += 6 + ie_nstrips * 6
    }
    if (logicalH < file_sizeH || (logicalH === file_sizeH && logicalL < file_sizeL)) return 22
  }
  if (anyCounted) return 22
  if (totalH < file_sizeH || (totalH === file_sizeH && totalL < file_sizeL)) return 22
  return 0
}

/** By the very list of steps that they were made from. */
export const fastChecks: ReadonlyMap<readonly Step[], FastCheck> = /* @__PURE__ */ new Map<readonly Step[], FastCheck>([
  [dialects['fuse-v1'].checks, fuse_v1],
  [dialects['fuse-v2'].checks, fuse_v2],
  [dialects['fuse-v7'].checks, fuse_v7],
  [dialects['fuse-v10'].checks, fuse_v10],
  [dialects['fuse-push'].checks, fuse_push],
  [dialects['fuse-push-il'].checks, fuse_push_il],
])
