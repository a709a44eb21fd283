import { describe, expect, test } from 'vitest'
import { inspect, leaves, nodes, type TreeNode } from '../../src/codec/index.ts'
import { array, enumeration, message, nested, REST, region, struct, tagged, u8, u16 } from '../../src/schema/index.ts'
import { bytes } from '../bytes.ts'

const kind = enumeration('kind', { ONE: 1 })
const m = message('m', {
  head: nested(struct('head', { kind: u8.named(kind, 'what it is'), pad: u8.reserved() })),
  n: u8,
  list: region(REST, tagged('n', { 1: array(u16, 1), 2: array(u8, 2) })).doc('what follows'),
})

const row = (node: TreeNode): string =>
  `${node.path}|${node.offset}+${node.length}|${typeof node.value === 'object' ? '...' : String(node.value)}`

describe('the tree of a decode', () => {
  test('has every field with path, byte range and value; unions and regions are seen through', () => {
    const { tree, value, error } = inspect(m, bytes('0100 02 0708'))
    expect([...nodes(tree)].map(row)).toEqual([
      '|0+5|...',
      'head|0+2|...',
      'head.kind|0+1|1',
      'head.pad|1+1|0',
      'n|2+1|2',
      'list|3+2|...',
      'list[0]|3+1|7',
      'list[1]|4+1|8',
    ])
    expect(value).toEqual({ head: { kind: 1, pad: 0 }, n: 2, list: [7, 8] })
    expect(error).toBeUndefined()
  })

  test('knows names, docs and what is reserved', () => {
    const all = [...nodes(inspect(m, bytes('0100 02 0708')).tree)]
    expect(all.find(n => n.path === 'head.kind')).toMatchObject({ name: 'kind', names: kind, doc: 'what it is', reserved: false })
    expect(all.find(n => n.path === 'head.pad')).toMatchObject({ reserved: true })
    expect(all.find(n => n.path === 'list')).toMatchObject({ doc: 'what follows', type: { kind: 'array' } })
    expect(all.find(n => n.path === 'list[1]')).toMatchObject({ name: '[1]' })
  })

  test('ends where a fault strikes', () => {
    const { tree, value, error } = inspect(m, bytes('0100 01 07'))
    expect([...nodes(tree)].map(row)).toEqual([
      '|0+0|undefined',
      'head|0+2|...',
      'head.kind|0+1|1',
      'head.pad|1+1|0',
      'n|2+1|1',
      'list|3+0|undefined',
      'list[0]|3+0|undefined',
    ])
    expect(value).toEqual({ head: { kind: 1, pad: 0 }, n: 1, list: [] })
    expect(error?.message).toBe('truncated at list[0] (byte 3): needs 2 bytes, 1 left')
  })

  test('has leaves for the fields themselves', () => {
    expect([...leaves(inspect(m, bytes('0100 02 0708')).tree)].map(n => n.path)).toEqual([
      'head.kind',
      'head.pad',
      'n',
      'list[0]',
      'list[1]',
    ])
  })

  test('of a union without a case is the union', () => {
    const u = message('u', { n: u8, u: tagged('n', {}) })
    expect([...nodes(inspect(u, bytes('05')).tree)].map(row)).toEqual(['|0+0|undefined', 'n|0+1|5', 'u|1+0|undefined'])
  })
})
