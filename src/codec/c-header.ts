/** One header of all structs, constants and enumerations, for C11 and C++17, beside <linux/fuse.h> where that was included before. */
import type { Schema } from '../schema/index.ts'
import type { EnumTable, Since } from '../schema/types.ts'
import { type LinuxFuse, linuxFuse } from '../uapi/fuse/linux.ts'
import { ownConstants, ownEnumerations, ownFlags } from '../uapi/names.ts'
import { calledAsInTable, toC } from './c.ts'

/** The minor of a <linux/fuse.h> that stands before this header; 0 without one. */
const MINOR = 'FAMFS_WIRE_FUSE_MINOR'

const START = `/*
 * Structs, constants and enumerations of FUSE and famfs, with assertions on every offset. For C11 and C++17.
 * Where <linux/fuse.h> is needed too, include it before: what it defines is left to it.
 */
#ifndef FAMFS_WIRE_H
#define FAMFS_WIRE_H

#include <stddef.h>
#include <stdint.h>

#ifdef _LINUX_FUSE_H
#define ${MINOR} FUSE_KERNEL_MINOR_VERSION
#else
#define ${MINOR} 0
#endif`

/** Kernels of 7.38 have these or not: they came with a flag that is a macro. facts: fixtures/uapi */
const CAME_WITH: Readonly<Record<string, string>> = {
  fuse_supp_groups: 'FUSE_CREATE_SUPP_GROUP',
  FUSE_EXT_GROUPS: 'FUSE_CREATE_SUPP_GROUP',
}

const isMissing = (name: string, since: number): string => {
  const macro = CAME_WITH[name]
  return `${MINOR} < ${since}${macro === undefined ? '' : ` && !defined(${macro})`}`
}

/** Under which condition a struct of this name is defined here; undefined: always. */
export function structGuard(name: string, { structs }: LinuxFuse = linuxFuse()): string | undefined {
  const type = structs[name]?.type
  return type?.kind === 'struct' ? isMissing(name, type.since ?? 1) : undefined
}

const literal = (value: bigint): string =>
  value >= 1n << 63n ? `0x${value.toString(16)}ULL` : value >= 1n << 31n ? `${value}ULL` : `${value}`

const macro = ([name, value]: readonly [string, bigint]): string => `#ifndef ${name}\n#define ${name} ${literal(value)}\n#endif`

const enumeration = (name: string, values: readonly (readonly [string, number])[]): string =>
  `enum${name === '' ? '' : ` ${name}`} {\n${values.map(([key, value]) => `  ${key} = ${value},`).join('\n')}\n};`

/** An enumeration of <linux/fuse.h>: whole, or what an older header lacks of it. */
function linuxEnumeration(name: string, values: Readonly<Record<string, number>>, since: Since = {}): string {
  const younger = Object.entries(values).filter(([key]) => since[key] !== undefined)
  const missing = younger.map(([key, value]) => `#if ${isMissing(key, since[key] as number)}\n${enumeration('', [[key, value]])}\n#endif`)
  return [`#if ${MINOR} == 0`, enumeration(name, Object.entries(values)), '#else', ...missing, '#endif'].join('\n')
}

/** The enumerations of famfs: a second form of one has the ending of its export, and so have its names. */
function ownEnumerationsIn(): string[] {
  const seen = new Set<string>()
  return ownEnumerations.flatMap(([key, table]) => {
    const ending = endingOf(key, table)
    const values = Object.entries(table.values).map(([name, value]): [string, number] => [`${name}${ending}`, value])
    const fresh = values.filter(([name]) => !seen.has(name))
    for (const [name] of fresh) seen.add(name)
    return fresh.length === 0 ? [] : [enumeration(key, fresh)]
  })
}

const endingOf = (key: string, { name }: EnumTable): string => (key.startsWith(name) ? key.slice(name.length) : '')

const ownBits = (): [string, bigint][] =>
  ownFlags.flatMap(([, { bits }]) => Object.entries(bits).map(([name, bit]): [string, bigint] => [name, 1n << BigInt(bit)]))

/**
 * The header that `famfs-wire layout --c` prints.
 * @param structs all structs by name, as the registry has them
 */
export function cHeader(structs: Readonly<Record<string, Schema<unknown>>>): string {
  const linux = linuxFuse()
  const constants = new Map([...Object.entries(linux.constants), ...Object.entries(ownConstants), ...ownBits()])
  const parts = [
    START,
    toC(calledAsInTable(structs), { includes: false, guard: name => structGuard(name, linux) }).trimEnd(),
    ...Object.entries(linux.enums).map(([name, values]) => linuxEnumeration(name, values, linux.since[name])),
    ...ownEnumerationsIn(),
    ...Array.from(constants, macro),
    '#endif /* FAMFS_WIRE_H */',
  ]
  return `${parts.join('\n\n')}\n`
}
