/** Numbers in findings. */
export const hex = (value: bigint): string => `0x${value.toString(16)}`
