import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  addressNumber,
  addressText,
  cidrText,
  freeAddress,
  holds,
  overlap,
  parseCidr,
  usableRange,
} from './cidr.ts'

const cidr = (text: string) => parseCidr(text) ?? assert.fail(text)

test('an address survives the way to a number and back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (number) => {
      assert.equal(addressNumber(addressText(number)), number)
    }),
  )
})

test('a range drops the bits after its prefix', () => {
  assert.equal(cidrText(cidr('10.0.1.7/16')), '10.0.0.0/16')
  assert.equal(cidrText(cidr('0.0.0.0/0')), '0.0.0.0/0')
})

test('what is not a range is not taken for one', () => {
  for (const text of ['10.0.0.0', '10.0.0.0/33', '10.0.0.256/8', '10.0.0/8', '', '1.2.3.04/8']) {
    assert.equal(parseCidr(text), undefined, text)
  }
})

test('a range holds its parts and overlaps them', () => {
  assert.ok(holds(cidr('10.0.0.0/16'), cidr('10.0.255.0/24')))
  assert.ok(!holds(cidr('10.0.0.0/24'), cidr('10.0.0.0/16')))
  assert.ok(overlap(cidr('10.0.0.0/24'), cidr('10.0.0.0/16')))
  assert.ok(!overlap(cidr('10.0.0.0/24'), cidr('10.0.1.0/24')))
})

test('the first four addresses and the last one of a subnet are never given', () => {
  const { first, count } = usableRange(cidr('10.0.0.0/28'))
  assert.equal(addressText(first), '10.0.0.4')
  assert.equal(count, 11)
})

test('a free address is free and in its range, until none is left', () => {
  const range = usableRange(cidr('10.0.0.0/28'))
  fc.assert(
    fc.property(fc.array(fc.nat(20)), fc.nat(range.count - 1), (offsets, start) => {
      const taken = new Set(offsets.map((offset) => range.first + offset))
      const found = freeAddress(range, taken, start)
      if (found === undefined) return taken.size >= range.count
      return !taken.has(found) && found >= range.first && found < range.first + range.count
    }),
  )
})
