import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NetworkSpec } from '../../protocol/network.ts'
import { planRouter } from './plan-router.ts'

const spec: NetworkSpec = {
  id: 'vpc-1',
  generation: 1,
  cidr: '10.0.0.0/16',
  interfaces: [],
  securityGroups: [],
  subnets: [
    {
      id: 'subnet-1',
      zone: 'a',
      cidr: '10.0.1.0/24',
      gateway: '10.0.1.1',
      routes: [
        { destinationCidr: '0.0.0.0/0', target: 'internet' },
        { destinationCidr: '192.0.2.0/24', target: 'drop' },
      ],
    },
  ],
}

test('the router answers on each gateway and on the addresses of metadata and the resolver', () => {
  const link = ['169.254.169.254', '169.254.169.253']
  assert.deepEqual(planRouter(spec, undefined).addresses, [...link, '10.0.0.2', '10.0.1.1'])
})

test('the VPC’s own range comes before any subnet’s routes', () => {
  const { batch } = planRouter(spec, undefined)
  const own = batch.indexOf('rule add to 10.0.0.0/16 lookup main priority 1000')
  const subnets = batch.indexOf('rule add from 10.0.1.0/24 lookup 1000 priority 2000')
  assert.ok(own >= 0 && own < subnets)
})

test('a route to the internet is unreachable where there is no uplink', () => {
  assert.ok(
    planRouter(spec, undefined).batch.includes('route replace unreachable 0.0.0.0/0 table 1000'),
  )
  const uplink = { device: 'uplink', hostAddress: '169.254.1.0' }
  const { batch } = planRouter(spec, uplink)
  assert.ok(batch.includes('route replace 0.0.0.0/0 via 169.254.1.0 dev uplink table 1000'))
  assert.ok(batch.includes('route replace blackhole 192.0.2.0/24 table 1000'))
})
