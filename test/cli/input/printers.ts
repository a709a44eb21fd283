/** Printers of bytes in every form that is read: those of the tools, written anew, and those of languages. */

/** Bytes in a form of text. */
export type Printer = (bytes: Uint8Array) => string

const digits = (b: Uint8Array): string => Buffer.from(b).toString('hex')
export const pairs = (b: Uint8Array): string[] => Array.from(b, x => x.toString(16).padStart(2, '0'))
const shown = (b: Uint8Array): string => Array.from(b, x => (x >= 0x20 && x < 0x7f ? String.fromCharCode(x) : '.')).join('')

export const rowsOf = (b: Uint8Array, size = 16): [number, Uint8Array][] =>
  Array.from({ length: Math.ceil(b.length / size) }, (_, i) => [i * size, b.subarray(i * size, (i + 1) * size)])

/** Numbers of a little-endian machine; the last one is filled up with zeros. */
function words(b: Uint8Array, size: number): bigint[] {
  return rowsOf(b, size).map(([, part]) => part.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n))
}

const cells = (b: Uint8Array, size: number, radix: number, width: number, fill = '0'): string[] =>
  words(b, size).map(word => word.toString(radix).padStart(width, fill))

/** Rows with addresses; equal ones are squeezed into `*` as hexdump and od do. */
function dump(b: Uint8Array, address: (at: number) => string, row: (part: Uint8Array) => string, tail: boolean): string {
  const lines: string[] = []
  let before = ''
  for (const [at, part] of rowsOf(b)) {
    const text = digits(part)
    if (text === before && part.length === 16) {
      if (lines.at(-1) !== '*') lines.push('*')
    } else lines.push(`${address(at)}${row(part)}`)
    before = text
  }
  return [...lines, ...(tail ? [address(b.length)] : []), ''].join('\n')
}

const hexAddress =
  (width: number) =>
  (at: number): string =>
    at.toString(16).padStart(width, '0')
const octalAddress = (at: number): string => at.toString(8).padStart(7, '0')

const hexdumpC: Printer = b =>
  dump(
    b,
    hexAddress(8),
    part => {
      const [left, right] = [pairs(part).slice(0, 8).join(' '), pairs(part).slice(8).join(' ')]
      return `  ${left.padEnd(23)}  ${right.padEnd(23)}  |${shown(part)}|`
    },
    true,
  )

const xxd =
  (group: number, columns = 16): Printer =>
  b =>
    rowsOf(b, columns)
      .map(([at, part]) => {
        const groups = rowsOf(part, group).map(([, g]) => digits(g))
        const width = Math.ceil(columns / group) * (2 * group + 1) - 1
        return `${hexAddress(8)(at)}: ${groups.join(' ').padEnd(width)}  ${shown(part)}`
      })
      .join('\n')

const xxdE =
  (group: number): Printer =>
  b =>
    rowsOf(b)
      .map(([at, part]) => {
        const groups = rowsOf(part, group).map(([, g]) => digits(Uint8Array.from(g).reverse()).padStart(2 * group))
        return `${hexAddress(8)(at)}: ${groups.join(' ').padEnd((16 / group) * (2 * group + 1) - 1)}  ${shown(part)}`
      })
      .join('\n')

const od =
  (size: number, radix: number, width: number, address: (at: number) => string = octalAddress, fill = '0'): Printer =>
  b =>
    dump(b, address, part => ` ${cells(part, size, radix, width, fill).join(' ')}`, true)

const gdb =
  (size: number, perRow: number): Printer =>
  b => {
    const whole = b.subarray(0, b.length - (b.length % size))
    return rowsOf(whole, size * perRow)
      .map(([at, part]) => {
        const values = cells(part, size, 16, 2 * size).map(cell => `\t0x${cell}`)
        return `0x${(0x555555558010 + at).toString(16)} <buf${at === 0 ? '' : `+${at}`}>:${values.join('')}\n`
      })
      .join('')
  }

const kernel =
  (group: number, head: (at: number) => string): Printer =>
  b =>
    rowsOf(b)
      .map(([at, part]) => {
        const size = part.length % group === 0 ? group : 1
        return `${head(at)}${cells(part, size, 16, 2 * size)
          .join(' ')
          .padEnd(49)} ${shown(part)}`
      })
      .join('\n')

const cEscape = (byte: number, next: number | undefined): string => {
  const named: Record<number, string> = { 9: '\\t', 10: '\\n', 11: '\\v', 12: '\\f', 13: '\\r', 34: '\\"', 92: '\\\\' }
  if (named[byte] !== undefined) return named[byte]
  if (byte >= 0x20 && byte < 0x7f) return String.fromCharCode(byte)
  const digit = next !== undefined && next >= 0x30 && next <= 0x37
  return `\\${digit ? byte.toString(8).padStart(3, '0') : byte.toString(8)}`
}

/** As strace writes a string. */
export const straceString = (b: Uint8Array): string => `"${Array.from(b, (x, i) => cEscape(x, b[i + 1])).join('')}"`

const python: Printer = b => {
  const named: Record<number, string> = { 9: '\\t', 10: '\\n', 13: '\\r', 39: "\\'", 92: '\\\\' }
  return `b'${Array.from(b, x => named[x] ?? (x >= 0x20 && x < 0x7f ? String.fromCharCode(x) : `\\x${x.toString(16).padStart(2, '0')}`)).join('')}'`
}

const escaped: Printer = b =>
  pairs(b)
    .map(p => `\\x${p}`)
    .join('')
const cArray: Printer = b =>
  pairs(b)
    .map(p => `0x${p}`)
    .join(', ')

/** Every form in which all bytes come back. */
export const printers: Readonly<Record<string, Printer>> = {
  plain: digits,
  'upper case': b => digits(b).toUpperCase(),
  'with 0x': b => `0x${digits(b)}`,
  'pairs in lines': b =>
    rowsOf(b, 7)
      .map(([, r]) => pairs(r).join(' '))
      .join('\r\n'),
  'lines that end with CR': b =>
    rowsOf(b, 7)
      .map(([, r]) => pairs(r).join(' '))
      .join('\r'),
  colons: b => pairs(b).join(':'),
  hyphens: b => pairs(b).join('-'),
  underscores: b => pairs(b).join('_'),
  'broken anywhere': b => (digits(b).match(/.{1,79}/g) ?? []).join('\n'),
  'commented lines': b =>
    rowsOf(b, 4)
      .map(([, r]) => `${digits(r)} # four bytes: 00 or more`)
      .join('\n'),
  'in brackets': b => `[${pairs(b).join(' ')}]`,
  'C array': b => `{ ${cArray(b)} };`,
  'C array of xxd -i': b =>
    `unsigned char m_bin[] = {\n${rowsOf(b, 12)
      .map(([, r]) => `  ${cArray(r)}`)
      .join(',\n')}\n};\nunsigned int m_bin_len = ${b.length};\n`,
  'C array with a size, after comments': b => `/* a map */ // of one extent\nstatic const uint8_t map[${b.length}] = {${cArray(b)}};`,
  'C array without leading zeros': b => Array.from(b, x => `0x${x.toString(16)}`).join(','),
  'C array in decimal': b => `char x[] = { ${Array.from(b).join(', ')} };`,
  'C string': b => `"${escaped(b)}"`,
  // a string without any escape is no more than words
  'C string in octal': b => straceString(b).replace(/^"(?!\\)./, `"\\${(b[0] as number).toString(8).padStart(3, '0')}`),
  'escapes without quotes': escaped,
  'Python bytes': python,
  'Python list': b => `bytes([${Array.from(b).join(', ')}])`,
  'Python bytearray': b => `bytearray(${python(b)})`,
  'Python fromhex': b => `data = bytes.fromhex("${pairs(b).join(' ')}")`,
  'Go slice': b => `[]byte{${Array.from(b, x => `0x${x.toString(16)}`).join(', ')}}`,
  'Go string': b => `msg := []byte("${escaped(b)}")`,
  'Rust bytes': b => `let m = b"${escaped(b)}";`,
  'Rust array': b => `let m: [u8; ${b.length}] = [${Array.from(b, x => `0x${x.toString(16).padStart(2, '0')}u8`).join(', ')}];`,
  'Rust vec': b => `vec![${Array.from(b).join(', ')}]`,
  'JavaScript array': b => `[${Array.from(b).join(', ')}]`,
  'JavaScript typed array': b => `const m = new Uint8Array([${Array.from(b).join(',')}]);`,
  'JavaScript printed': b => `Uint8Array(${b.length}) [\n  ${Array.from(b).join(', ')}\n]`,
  'JavaScript Buffer.from': b => `Buffer.from('${digits(b)}', 'hex')`,
  'Java bytes': b => `[${Array.from(b, x => (x > 127 ? x - 256 : x)).join(', ')}]`,
  'Buffer in JSON': b => JSON.stringify({ type: 'Buffer', data: Array.from(b) }),
  Buffer: b => `<Buffer ${pairs(b).join(' ')}>`,
  xxd: xxd(2),
  'xxd -g1': xxd(1),
  'xxd -c 8': xxd(2, 8),
  'xxd -p': b => (digits(b).match(/.{1,60}/g) ?? []).join('\n'),
  'xxd -b': b =>
    rowsOf(b, 6)
      .map(
        ([at, r]) =>
          `${hexAddress(8)(at)}: ${Array.from(r, x => x.toString(2).padStart(8, '0'))
            .join(' ')
            .padEnd(53)}  ${shown(r)}`,
      )
      .join('\n'),
  'hexdump -C': hexdumpC,
  'od -A n -t x1': b =>
    rowsOf(b)
      .map(([, r]) => ` ${pairs(r).join(' ')}\n`)
      .join(''),
  'print_hex_dump with time stamps': kernel(1, at => `[  123.456789] famfs: ${hexAddress(8)(at)}: `),
  'print_hex_dump without addresses': b =>
    rowsOf(b)
      .map(([, r]) => `[  123.456789] fuse ${pairs(r).join(' ').padEnd(49)} ${shown(r)}\n`)
      .join(''),
  'dump of the kernel in words': kernel(4, at => `[  123.456789] famfs: ${hexAddress(8)(at)}: `),
  'dump of the kernel with a prefix': kernel(4, at => `famfs: ${hexAddress(8)(at)}: `),
  'dump of the kernel with pointers': kernel(
    8,
    at => `<7>[Mon Nov 30 06:29:49 2026] x ${(0xffff888012345680n + BigInt(at)).toString(16)}: `,
  ),
  journal: kernel(1, at => `Nov 30 06:29:49 host kernel: fuse: ${hexAddress(8)(at)}: `),
  'gdb x/xb': gdb(1, 8),
  strace: b => `write(3, ${straceString(b)}, ${b.length}) = ${b.length}\n`,
  'strace -xx': b => `12:00:01.123456 pwrite64(3</dev/fuse>, "${escaped(b)}", ${b.length}, 0) = ${b.length}\n`,
  'strace writev': b =>
    `[pid  123] writev(3, [{iov_base=${straceString(b.subarray(0, 16))}, iov_len=${Math.min(16, b.length)}}, {iov_base=${straceString(b.subarray(16))}, iov_len=${Math.max(0, b.length - 16)}}], 2) = ${b.length}\n`,
}

/** Forms that from two rows on are told from plain hex, and words that have their whole size. */
export const longPrinters: Readonly<Record<string, Printer>> = {
  'hexdump without options': od(2, 16, 4, hexAddress(7)),
  'hexdump -b': od(1, 8, 3, hexAddress(7)),
  'hexdump -d': b =>
    dump(
      b,
      hexAddress(7),
      part =>
        cells(part, 2, 10, 5)
          .map(cell => `   ${cell}`)
          .join(''),
      true,
    ),
  'hexdump -x': b =>
    dump(
      b,
      hexAddress(7),
      part =>
        cells(part, 2, 16, 4)
          .map(cell => `    ${cell}`)
          .join(''),
      true,
    ),
  od: od(2, 8, 6),
  'od -t x1': od(1, 16, 2),
  'od -t x1z': b => dump(b, octalAddress, part => ` ${pairs(part).join(' ').padEnd(47)}  >${shown(part)}<`, true),
  'od -t x2': od(2, 16, 4),
  'od -t x4': od(4, 16, 8),
  'od -t x8': od(8, 16, 16),
  'od -A x -t x4': od(4, 16, 8, hexAddress(6)),
  'od -A d -t x8': od(8, 16, 16, at => String(at).padStart(7, '0')),
  'od -t o4': od(4, 8, 11),
  'od -t u1': od(1, 10, 3, octalAddress, ' '),
  'od -t u4': od(4, 10, 10, octalAddress, ' '),
  Wireshark: b =>
    rowsOf(b)
      .map(([at, r]) =>
        [`${hexAddress(4)(at)}  ${pairs(r).slice(0, 8).join(' ')}  ${pairs(r).slice(8).join(' ')}`.padEnd(55), shown(r)].join('   '),
      )
      .join('\n'),
  'tcpdump -x': b =>
    `12:00:01.123456 IP a > b\n${rowsOf(b)
      .map(([at, r]) => `\t0x${hexAddress(4)(at)}:  ${(digits(r).match(/.{1,4}/g) ?? []).join(' ')}\n`)
      .join('')}`,
}

/** Words of a machine: bytes come back in fours and eights. */
export const wordPrinters: Readonly<Record<string, Printer>> = {
  'gdb x/xh': gdb(2, 8),
  'gdb x/xw': gdb(4, 4),
  'gdb x/xg': gdb(8, 2),
  'numbers with 0x': b =>
    cells(b, 4, 16, 8)
      .map(cell => `0x${cell}`)
      .join(' '),
  'C array of uint32_t': b =>
    `uint32_t x[] = { ${words(b, 4)
      .map(word => `0x${word.toString(16)}`)
      .join(', ')} };`,
}

/** Forms whose order of bytes the characters at the right tell. */
export const shownPrinters: Readonly<Record<string, Printer>> = {
  'xxd -e': xxdE(4),
  'xxd -e -g2': xxdE(2),
  'xxd -e -g8': xxdE(8),
  'xxd -g4': xxd(4),
  'xxd -g8': xxd(8),
}
