/** The argument of a call from the command line: bytes at an address, more memory, and the state of file, mount and caller. */
import { attempt } from '../../codec/errors.ts'
import { LOWEST_ADDRESS, UserMemory } from '../../codec/ioctl/index.ts'
import type { InstalledMap, IoctlCall, IoctlState } from '../../validate/ioctl/types.ts'
import { byteCount, integer } from '../args.ts'
import { Failure, type Io } from '../command.ts'
import { readInput } from '../input.ts'
import { hexOption } from '../subject.ts'

const U64 = (1n << 64n) - 1n
const USER = (1n << 63n) - 1n

export const memoryOptions = {
  base: { type: 'string', value: 'ADDR', help: 'address of the first byte given; default 0x10000' },
  memory: { type: 'string', multiple: true, value: 'ADDR=HEX', help: 'more memory of the caller; as often as needed' },
} as const

export const stateOptions = {
  mapped: { type: 'boolean', help: 'the inode has a map of one extent already' },
  'i-size': { type: 'string', value: 'BYTES', help: 'size of the inode; default the file_size of its map' },
  race: { type: 'boolean', help: 'another call gives the inode a map while this one is at work' },
  device: { type: 'string', value: 'STATE', help: 'works (the default), failed, or fails: during the call' },
  'no-inode': { type: 'boolean', help: 'the file has no inode' },
  'no-rawio': { type: 'boolean', help: 'the caller lacks CAP_SYS_RAWIO' },
  'no-memory': { type: 'boolean', help: 'the kernel is out of memory' },
  options: { type: 'string', value: '0x...', help: 'option bits of the mount (44d); default 0x5b03' },
  slots: { type: 'string', value: 'N,N', help: 'slots of the device table that are taken; default 0' },
  lookup: { type: 'string', value: 'ERRNO', help: 'errno of the look-up of a path' },
  acquire: { type: 'string', value: 'ERRNO', help: 'errno of taking the device' },
} as const

type Values<O> = { readonly [K in keyof O]?: string | boolean | string[] | undefined }

const MAPPED: InstalledMap = {
  ext_type: 'simple',
  file_size: 0x200000n,
  extents: [{ dev_index: 0, offset: 0x40000000n, len: 0x200000n }],
}

const number = (name: string, given: unknown, most: bigint): bigint => integer(name, String(given), 0n, most)

/** Where the first byte lies, where the option says it. */
export const baseIn = ({ base }: { readonly base?: string | undefined }): { readonly base?: bigint } =>
  base === undefined ? {} : { base: number('base', base, USER) }

/** Memory of a caller, with what messages call its first bytes. */
export interface NamedMemory extends Omit<IoctlCall, 'command'> {
  readonly name: string
}

/**
 * The memory that the options and the operand describe, and the address of its first byte.
 * @throws Failure for what is no address, no hex, or lies where something lies already
 */
export async function memoryOf(
  operand: string | undefined,
  values: Values<typeof memoryOptions> & { readonly format?: string | undefined },
  io: Io,
): Promise<NamedMemory> {
  const address = values.base === undefined ? LOWEST_ADDRESS : number('base', values.base, U64)
  const { name, bytes } = await readInput(operand, { format: values.format }, io)
  const memory = new UserMemory()
  mapped(memory, address, bytes, 'base')
  for (const region of Array.isArray(values.memory) ? values.memory : []) {
    const [at = '', digits] = region.split('=')
    if (digits === undefined) throw new Failure(`--memory: expected ADDR=HEX, found ${region}`)
    mapped(memory, number('memory', at, U64), hexOption('memory', digits), 'memory')
  }
  return { name, address, memory }
}

/** @throws Failure where nothing can be mapped */
function mapped(memory: UserMemory, address: bigint, bytes: Uint8Array, option: string): void {
  const done = attempt(() => memory.map(address, bytes))
  if (!done.ok) throw new Failure(`--${option}: ${done.error.detail}`)
}

const DEVICES = ['works', 'failed', 'fails'] as const

/**
 * The state that the options describe.
 * @param map of the inode, where one was given
 */
export function stateOf(values: Values<typeof stateOptions>, map?: InstalledMap): IoctlState {
  const device = DEVICES.find(d => d === (values.device ?? 'works'))
  if (device === undefined) throw new Failure(`--device: expected ${DEVICES.join(', ')}, found ${String(values.device)}`)
  return {
    device,
    inode: values['no-inode'] !== true,
    race: values.race === true,
    rawio: values['no-rawio'] !== true,
    outOfMemory: values['no-memory'] === true,
    ...(map !== undefined ? { map } : values.mapped === true ? { map: MAPPED } : {}),
    ...(values['i-size'] === undefined ? {} : { i_size: byteCount('i-size', String(values['i-size'])) }),
    ...(values.options === undefined ? {} : { options: number('options', values.options, U64) }),
    ...(values.slots === undefined
      ? {}
      : {
          slots: String(values.slots)
            .split(',')
            .map(n => Number(number('slots', n, 63n))),
        }),
    ...(values.lookup === undefined ? {} : { lookup: Number(number('lookup', values.lookup, 4095n)) }),
    ...(values.acquire === undefined ? {} : { acquire: Number(number('acquire', values.acquire, 4095n)) }),
  }
}
