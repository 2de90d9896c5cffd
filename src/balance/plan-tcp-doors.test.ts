import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Picture } from './plan-configuration.ts'
import { planTcpDoors } from './plan-tcp-doors.ts'

const balancer = (balancerId: string, scheme: string) => ({
  balancerId,
  scheme,
  zones: [{ subnetId: 'subnet-a', zone: 'a' }],
})
const listener = (listenerId: string, balancerId: string, port: number, protocol?: string) => ({
  ...{ listenerId, balancerId, port },
  action: { type: 'forward', targetGroups: [{ targetGroupId: 'flow', weight: 1 }] },
  ...(protocol !== undefined && { protocol }),
})

test('TCP listeners of outward balancers get the port of their number, HTTP listeners none', () => {
  const picture = {
    balancers: [balancer('net/a', 'internet-facing'), balancer('net/b', 'internal')],
    listeners: [
      listener('l-2', 'net/a', 7000, 'tcp'),
      listener('l-1', 'net/a', 7001, 'tcp'),
      listener('l-3', 'net/b', 7002, 'tcp'),
      listener('l-4', 'net/a', 80),
      listener('l-5', 'net/a', 7001, 'tcp'),
    ],
    groups: [],
    gateways: [{ gatewayId: 'gw-a', zone: 'a', subnetId: 'subnet-a', vpcId: 'vpc-1' }],
  } as unknown as Picture
  const doors = planTcpDoors(picture, '/run', (id) => id === 'gw-a')
  assert.deepEqual(
    doors.map(({ listenerId, port }) => [listenerId, port]),
    [
      ['l-1', 7001],
      ['l-2', 7000],
    ],
  )
  assert.equal(doors[0]?.gateways[0]?.gatewayId, 'gw-a')
  assert.equal(doors[0]?.gateways[0]?.isLost, true)
})

test('a node whose zone has no target has no door, unless none has any', () => {
  const at = (zone: string) => ({
    ...{ gatewayId: `gw-${zone}`, zone, subnetId: `subnet-${zone}`, vpcId: 'vpc-1' },
  })
  const zones = ['a', 'b'].map((zone) => ({ zone, subnetId: `subnet-${zone}` }))
  const place = (zone: string) => ({ address: '10.0.0.1', zone, isRunning: true, isLeaving: false })
  const picture = (targets: readonly string[], isCrossZone: boolean) =>
    ({
      balancers: [{ ...balancer('net/a', 'internet-facing'), type: 'network', zones, isCrossZone }],
      listeners: [listener('l-1', 'net/a', 7000, 'tcp')],
      rules: [],
      groups: [{ groupId: 'flow', targetType: 'instance', healthCheck: { protocol: 'tcp' } }],
      targets: targets.map((targetId) => ({
        ...{ groupId: 'flow', targetId, port: 80, state: 'active' },
      })),
      instances: new Map([
        ['i-a', place('a')],
        ['i-gone', { ...place('b'), isRunning: false }],
      ]),
      gateways: ['a', 'b'].map(at),
    }) as unknown as Picture
  const doors = (targets: readonly string[], isCrossZone = false) =>
    planTcpDoors(picture(targets, isCrossZone), '/run', () => false)[0]?.gateways.map(
      ({ gatewayId }) => gatewayId,
    )
  assert.deepEqual(doors(['i-a', 'i-gone']), ['gw-a'])
  assert.deepEqual(doors(['i-a'], true), ['gw-a', 'gw-b'])
  assert.deepEqual(doors([]), ['gw-a', 'gw-b'])
})
