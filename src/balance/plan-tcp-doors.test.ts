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
