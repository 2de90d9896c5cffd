import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readMetadata } from './metadata-tree.ts'

const leaves = {
  'meta-data/instance-id': 'i-1',
  'meta-data/placement/region': 'us-east-1',
  'meta-data/placement/availability-zone': 'us-east-1a',
  'user-data': '#!/bin/sh',
}

test('a leaf gives its text', () => {
  assert.equal(readMetadata(leaves, 'meta-data/instance-id'), 'i-1')
  assert.equal(readMetadata(leaves, 'user-data'), '#!/bin/sh')
})

test('a directory lists its children, directories with a slash, with or without a final slash', () => {
  assert.equal(readMetadata(leaves, ''), 'meta-data/\nuser-data')
  assert.equal(readMetadata(leaves, 'meta-data/'), 'instance-id\nplacement/')
  assert.equal(readMetadata(leaves, 'meta-data/placement'), 'availability-zone\nregion')
})

test('what is not there is undefined', () => {
  assert.equal(readMetadata(leaves, 'meta-data/public-ipv4'), undefined)
  assert.equal(readMetadata(leaves, 'constructor'), undefined)
})
