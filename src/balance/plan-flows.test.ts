import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GatewayReport, TargetHealthState } from '../protocol/gateway.ts'
import { planFlows } from './plan-flows.ts'
import type { BalancerListener, TargetGroup } from './records.ts'

const action = {
  type: 'forward',
  targetGroups: [{ targetGroupId: 'group', weight: 1 }],
} as const
const listener = { listenerId: 'l', protocol: 'tcp', action } as unknown as BalancerListener
const group = { groupId: 'group', protocol: 'tcp' } as TargetGroup
const target = (id: string, state = 'active') => ({ id, address: `10.0.0.${id}`, port: 53, state })
const configuration = {
  listeners: [{ id: 'l', address: '10.0.9.9', port: 53, allowedCidrs: ['10.0.0.0/16'] }],
  targetGroups: [{ id: 'group', targets: [target('2'), target('1'), target('3', 'draining')] }],
} as unknown as Parameters<typeof planFlows>[1]

function flowsOf(
  more: { listener?: Partial<BalancerListener>; group?: Partial<TargetGroup> },
  states: Readonly<Record<string, TargetHealthState>>,
) {
  const picture = {
    listeners: [{ ...listener, ...more.listener }],
    groups: [{ ...group, ...more.group }],
    allowedSenders: new Map([['l', ['0.0.0.0/0']]]),
  }
  const targets = Object.entries(states).map(([targetId, state]) => ({
    ...{ targetGroupId: 'group', targetId, state },
  }))
  return planFlows(picture, configuration, { targets } as unknown as GatewayReport)
}

const both = { '1': 'healthy', '2': 'healthy', '3': 'draining' } as const
const udp = { listener: { transport: 'udp' }, group: { transport: 'udp' } } as const

test('datagrams go to healthy targets in one order, from whom the groups let in for datagrams', () => {
  const targets = [
    { address: '10.0.0.1', port: 53 },
    { address: '10.0.0.2', port: 53 },
  ]
  assert.deepEqual(flowsOf(udp, both), [
    { protocol: 'udp', address: '10.0.9.9', port: 53, allowedCidrs: ['0.0.0.0/0'], targets },
  ])
  const one = flowsOf(udp, { ...both, '1': 'unhealthy' })
  assert.deepEqual(one[0]?.targets, [targets[1]])
})

test('with no healthy target those that fail are tried, and never those that nobody knows yet', () => {
  const failing = flowsOf(udp, { '1': 'unhealthy', '2': 'initial' })
  assert.deepEqual(failing[0]?.targets, [{ address: '10.0.0.1', port: 53 }])
  assert.deepEqual(flowsOf(udp, { '1': 'initial' }), [])
  assert.deepEqual(flowsOf(udp, {}), [])
})

test('connections are the network’s where the client is to be kept, and are not inside TLS', () => {
  assert.deepEqual(flowsOf({}, both), [])
  const kept = { group: { preservesClient: true } }
  assert.deepEqual(
    flowsOf(kept, both).map(({ protocol, allowedCidrs }) => [protocol, allowedCidrs]),
    [['tcp', ['10.0.0.0/16']]],
  )
  assert.deepEqual(flowsOf({ ...kept, listener: { tls: {} as never } }, both), [])
  const two = { listener: { transport: 'tcp_udp' }, group: { transport: 'tcp_udp' } } as const
  assert.deepEqual(
    flowsOf(two, both).map(({ protocol }) => protocol),
    ['tcp', 'udp'],
  )
})
