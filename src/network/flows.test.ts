import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FlowSpec } from '../protocol/network.ts'
import { zoneAfter } from './flows.ts'

const flow = (protocol: 'tcp' | 'udp', ...targets: readonly string[]): FlowSpec => ({
  ...{ protocol, address: '10.0.9.9', port: 53, allowedCidrs: [] },
  targets: targets.map((address) => ({ address, port: 53 })),
})

test('flows of datagrams are looked at anew when a target has gone, and not when one has come', () => {
  assert.equal(zoneAfter([flow('udp', 'a')], [flow('udp', 'a', 'b')], 1), 1)
  assert.equal(zoneAfter([flow('udp', 'a', 'b')], [flow('udp', 'b')], 1), 2)
  assert.equal(zoneAfter([flow('udp', 'a')], [], 65_535), 1)
  assert.equal(zoneAfter([flow('tcp', 'a', 'b')], [flow('tcp', 'b')], 1), 1)
})
