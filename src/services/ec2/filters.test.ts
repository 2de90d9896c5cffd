import assert from 'node:assert/strict'
import { test } from 'node:test'
import { filtered, paged } from './filters.ts'

const items = [
  { id: 'a', zone: 'us-east-1a', tags: [{ Key: 'Name', Value: 'web-1' }] },
  { id: 'b', zone: 'us-east-1b', tags: [{ Key: 'Name', Value: 'web-2' }] },
  { id: 'c', zone: 'us-east-1b', tags: [] },
]
const fields = { zone: (item: { zone: string }) => item.zone }
const ids = (found: readonly { id: string }[]) => found.map((item) => item.id).join('')

test('filters are all to hold, each by one of its values', () => {
  const zone = { Name: 'zone', Values: ['us-east-1b', 'us-east-1c'] }
  assert.equal(ids(filtered(items, [zone], fields)), 'bc')
  assert.equal(ids(filtered(items, [zone, { Name: 'tag:Name', Values: ['web-*'] }], fields)), 'b')
  assert.equal(ids(filtered(items, [{ Name: 'tag-key', Values: ['Name'] }], fields)), 'ab')
})

test('wild cards are the only special characters', () => {
  assert.equal(ids(filtered(items, [{ Name: 'tag:Name', Values: ['web-?'] }], fields)), 'ab')
  assert.equal(ids(filtered(items, [{ Name: 'tag:Name', Values: ['web.1'] }], fields)), '')
})

test('an unknown filter is refused', () => {
  assert.throws(() => filtered(items, [{ Name: 'colour', Values: ['x'] }], fields), {
    name: 'InvalidParameterValue',
  })
})

test('pages follow each other to the end, and a foreign token is refused', () => {
  const first = paged(items, (item) => item.id, { MaxResults: 2 })
  assert.equal(ids(first.items), 'ab')
  const second = paged(items, (item) => item.id, { MaxResults: 2, NextToken: first.NextToken })
  assert.equal(ids(second.items), 'c')
  assert.equal(second.NextToken, undefined)
  assert.throws(() => paged(items, (item) => item.id, { NextToken: 'x' }), {
    name: 'InvalidNextToken',
  })
})
