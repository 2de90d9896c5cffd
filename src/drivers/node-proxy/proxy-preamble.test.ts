import assert from 'node:assert/strict'
import { test } from 'node:test'
import { proxyPreamble } from './proxy-preamble.ts'

test('a target is told who connected to where, in 28 bytes', () => {
  const client = { address: '10.0.1.2', port: 40_000 }
  const preamble = proxyPreamble(client, { address: '10.0.9.9', port: 443 })
  assert.equal(preamble.toString('hex'), '0d0a0d0a000d0a515549540a2111000c0a0001020a0009099c4001bb')
})
