/** Command lines: node:util parseArgs, with messages that help. */
import { parseArgs } from 'node:util'
import { type Args, type Command, Failure, type Options } from './command.ts'
import { COMMON, PROGRAM } from './help.ts'
import { suggestion } from './near.ts'

/**
 * The values of the options and the operands.
 * @throws Failure for unknown options, missing or unwanted values and too many operands
 */
export function readArgs(command: Command, argv: readonly string[]): Args {
  const options: Options = { ...command.options, ...COMMON }
  const config = Object.fromEntries(
    Object.entries(options).map(([name, o]) => [
      name,
      { type: o.type, multiple: o.multiple ?? false, ...(o.short === undefined ? {} : { short: o.short }) },
    ]),
  )
  const { tokens } = parseArgs({ args: [...argv], options: config, allowPositionals: true, strict: false, tokens: true })
  const values: Record<string, boolean | string | string[]> = {}
  const positionals: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined
    if (option === undefined) throw new Failure(`unknown option ${token.rawName}`, { hint: hintFor(command, token.name, options) })
    if (option.type === 'boolean') {
      if (token.value !== undefined) throw new Failure(`${token.rawName} takes no value, found ${token.value}`, { usage: true })
      values[token.name] = true
    } else {
      if (token.value === undefined || (token.inlineValue === false && /^-\D/.test(token.value)))
        throw new Failure(`${token.rawName} needs a value: ${token.rawName} ${option.value ?? 'VALUE'}`, { usage: true })
      const before = values[token.name]
      if (option.multiple !== true && before !== undefined && before !== token.value)
        throw new Failure(`${token.rawName} is given twice, as ${String(before)} and as ${token.value}`, {
          hint: token.name === 'dialect' ? 'one is taken; validate --all shows every dialect, dialects A B compares two' : 'one is taken',
        })
      values[token.name] = option.multiple === true ? [...(Array.isArray(before) ? before : []), token.value] : token.value
    }
  }
  const most = command.operands ?? 0
  if (positionals.length > most && values.help !== true) throw new Failure(`unexpected operand ${positionals[most]}`, { usage: true })
  return { values: values as Args['values'], positionals }
}

const hintFor = (command: Command, typed: string, options: Options): string | undefined =>
  suggestion(
    `--${typed}`,
    Object.keys(options).map(name => `--${name}`),
    `${PROGRAM} ${command.name} --help lists its options`,
  )

const NUMBER = /^(0[xX][0-9a-fA-F]{1,16}|[0-9]{1,20})$/
const UNITS: Readonly<Record<string, bigint>> = { '': 1n, k: 1n << 10n, m: 1n << 20n, g: 1n << 30n, t: 1n << 40n }

/** A number option: decimal or 0x, within bounds. */
export function integer(name: string, given: string, min: bigint, max: bigint): bigint {
  const value = NUMBER.test(given) ? BigInt(given) : undefined
  if (value === undefined || value < min || value > max)
    throw new Failure(`--${name}: expected a number from ${min} to ${max} (decimal or 0x...), found ${given}`)
  return value
}

/** A number of bytes: as {@link integer}, also with a unit: 4k, 2M, 2MiB, 1G. Undefined when it is none, or has more than 64 bits. */
export function bytesIn(given: string): bigint | undefined {
  const [, digits, unit] = /^(0[xX][0-9a-fA-F]{1,16}|[0-9]{1,20})([kmgt]?)(?:i?b)?$/i.exec(given) ?? []
  const value = digits === undefined ? undefined : BigInt(digits) * (UNITS[(unit ?? '').toLowerCase()] ?? 1n)
  return value === undefined || value >= 1n << 64n ? undefined : value
}

/** How numbers of bytes are written. */
export const BYTES = 'bytes below 2^64, as 4096, 0x1000, 4k or 2M'

/** An option that takes {@link bytesIn}. */
export function byteCount(name: string, given: string): bigint {
  const value = bytesIn(given)
  if (value === undefined) throw new Failure(`--${name}: expected ${BYTES}, found ${given}`)
  return value
}

/** An option that takes one of a few words. */
export function oneOf<const W extends string>(name: string, given: string, words: readonly W[]): W {
  const found = words.find(word => word === given)
  if (found === undefined) throw new Failure(`--${name}: expected ${words.join(', ')}, found ${given}`, { hint: suggestion(given, words) })
  return found
}
