/** Memory of a process, as far as an ioctl looks at it: what user pointers lead to. */

import { WireError } from '../errors.ts'
import { checkBytes } from '../input.ts'

/** Where user pointers are followed. A copy that meets a byte that is not mapped ends there, as the kernel's does. */
export interface AddressSpace {
  /** The bytes from `address` on: `length` of them, or as many as are mapped without a gap. A copy. */
  read(address: bigint, length: bigint): Uint8Array
  /** Writes `bytes` from `address` on; the number of bytes that were written before the first one that is not mapped. */
  write(address: bigint, bytes: Uint8Array): number
  /** Maps `size` zero bytes where there is room; their address is a multiple of 16. */
  allocate(size: number): bigint
}

interface Region {
  readonly address: bigint
  readonly bytes: Uint8Array
}

/** The upper half of all addresses belongs to the kernel. */
const USER_END = 1n << 63n
const PAGE = 0x1000n

/** Linux maps nothing below it (vm.mmap_min_addr), so that null pointers lead nowhere. */
export const LOWEST_ADDRESS = 0x10000n

const endOf = ({ address, bytes }: Region): bigint => address + BigInt(bytes.length)

const min = (a: bigint, b: number): number => (a < BigInt(b) ? Number(a) : b)

/**
 * An address space of a few regions.
 *
 * ```ts
 * import { UserMemory } from 'famfs-wire/kernel'
 *
 * const memory = new UserMemory()
 * memory.map(0x10000n, Uint8Array.of(1, 2, 3))
 * memory.read(0x10001n, 8n)    // 2, 3: the byte after them is not mapped
 * ```
 */
export class UserMemory implements AddressSpace {
  readonly #regions: Region[] = []

  /**
   * Maps bytes, shared with the caller.
   * @throws WireError code range when they reach into the kernel's half or into another region
   */
  map(address: bigint, bytes: Uint8Array): this {
    checkBytes(bytes)
    const region = { address, bytes }
    if (address < 0n || endOf(region) > USER_END) throw outside(address, `user memory ends at 0x${USER_END.toString(16)}`)
    const place = this.#placeOf(address)
    const before = this.#regions[place - 1]
    const after = this.#regions[place]
    if ((before !== undefined && endOf(before) > address) || (after !== undefined && endOf(region) > after.address))
      throw outside(address, `${bytes.length} bytes there overlap what is mapped`)
    if (bytes.length > 0) this.#insert(place, region)
    return this
  }

  read(address: bigint, length: bigint): Uint8Array {
    const parts: Uint8Array[] = []
    let size = 0
    for (let left = length; left > 0n; ) {
      const part = this.#from(address + BigInt(size))
      if (part === undefined) break
      const taken = part.subarray(0, min(left, part.length))
      parts.push(taken)
      size += taken.length
      left -= BigInt(taken.length)
    }
    const all = new Uint8Array(size)
    let at = 0
    for (const part of parts) {
      all.set(part, at)
      at += part.length
    }
    return all
  }

  write(address: bigint, bytes: Uint8Array): number {
    checkBytes(bytes)
    let done = 0
    while (done < bytes.length) {
      const part = this.#from(address + BigInt(done))
      if (part === undefined) break
      const taken = Math.min(part.length, bytes.length - done)
      part.set(bytes.subarray(done, done + taken))
      done += taken
    }
    return done
  }

  allocate(size: number): bigint {
    const last = this.#regions.at(-1)
    const end = last === undefined ? LOWEST_ADDRESS : endOf(last)
    // a page between two regions, so that reading on behind one of them is seen
    const address = last === undefined ? end : (end / PAGE + 2n) * PAGE
    this.map(address, new Uint8Array(size))
    return address
  }

  /** What is mapped from an address to the end of its region. */
  #from(address: bigint): Uint8Array | undefined {
    const region = this.#regions[this.#placeOf(address + 1n) - 1]
    return region !== undefined && address < endOf(region) ? region.bytes.subarray(Number(address - region.address)) : undefined
  }

  /** How many regions begin before an address: the list is in the order of addresses, and is halved until one place is left. */
  #placeOf(address: bigint): number {
    let [low, high] = [0, this.#regions.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#regions[middle] as Region).address < address) low = middle + 1
      else high = middle
    }
    return low
  }

  /** At the end without moving anything: that is where regions in the order of their addresses go. */
  #insert(place: number, region: Region): void {
    if (place === this.#regions.length) this.#regions.push(region)
    else this.#regions.splice(place, 0, region)
  }
}

const outside = (address: bigint, detail: string): WireError =>
  new WireError({ code: 'range', path: 'memory', offset: 0, detail: `cannot map at 0x${address.toString(16)}: ${detail}`, actual: address })
