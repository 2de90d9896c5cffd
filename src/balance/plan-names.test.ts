import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Instance } from '../compute/instance.ts'
import type { Vpc } from '../network/records.ts'
import { drawNames, planNames } from './plan-names.ts'
import type { Picture } from './plan-configuration.ts'

const scope = { account: '000000000000', region: 'eu-west-1' }
const vpc: Vpc = {
  ...{ vpcId: 'vpc-1', cidr: '10.0.0.0/16', isDefault: false, tags: [] },
  ...{ dnsSupport: true, dnsHostnames: true },
}
const instance = {
  ...{ vpcId: 'vpc-1', state: 'running' },
  ...{ privateAddress: '10.0.1.5', publicAddress: '198.18.0.7' },
} as Instance
const drawn = (
  of: Partial<Vpc>,
  members = [instance],
  before: Parameters<typeof drawNames>[2] = [],
) =>
  drawNames(
    [{ scope, value: { ...vpc, ...of } }],
    members.map((value) => ({ scope, value })),
    before,
  )

test('a network knows its instances by their addresses, and its resolver by its range', () => {
  assert.deepEqual(drawn({}), [
    {
      networkId: 'vpc-1',
      resolvers: ['169.254.169.254', '169.254.169.253', '10.0.0.2'],
      privateDomain: 'eu-west-1.compute.internal',
      publicDomain: 'eu-west-1.compute.amazonaws.com',
      addresses: ['10.0.1.5'],
      publicAddresses: { '198.18.0.7': '10.0.1.5' },
    },
  ])
})

test('without host names instances have none, without support or machines there is no resolver', () => {
  assert.deepEqual(drawn({ dnsHostnames: false })[0]?.addresses, [])
  assert.deepEqual(drawn({ dnsSupport: false }), [])
  assert.deepEqual(drawn({}, [{ ...instance, state: 'terminated' }]), [])
})

test('the resolver of a network that had machines stays until it is turned off', () => {
  const before = drawn({})
  assert.deepEqual(drawn({}, [], before)[0]?.addresses, [])
  assert.deepEqual(drawn({ dnsSupport: false }, [], before), [])
})

test('a balancer is told by its nodes in zones that serve, and by all of them when none does', () => {
  const zones = ['a', 'b'].map((zone) => ({ zone, subnetId: `subnet-${zone}` }))
  const balancer = { balancerId: 'app/web/1', vpcId: 'vpc-1', zones }
  const picture = {
    balancers: [{ ...balancer, dnsName: 'Web-1.eu-west-1.elb.localhost' }],
    gateways: zones.map(({ zone, subnetId }) => ({
      ...{ gatewayId: `gw-${zone}`, vpcId: 'vpc-1', zone, subnetId },
    })),
    nodeAddresses: new Map([
      ['app/web/1 subnet-a', '10.0.1.9'],
      ['app/web/1 subnet-b', '10.0.2.9'],
    ]),
  } as unknown as Picture
  const told = (lost: readonly string[]) =>
    planNames(picture, drawn({}), (id) => lost.includes(id))[0]?.balancers
  const names = ['web-1.eu-west-1.elb.localhost', 'web-1.eu-west-1.elb.amazonaws.com']
  assert.deepEqual(told([]), [{ names, addresses: ['10.0.1.9', '10.0.2.9'] }])
  assert.deepEqual(told(['gw-a'])?.[0]?.addresses, ['10.0.2.9'])
  assert.deepEqual(told(['gw-a', 'gw-b'])?.[0]?.addresses, ['10.0.1.9', '10.0.2.9'])
})

test('a network balancer has a name for its node in each zone, whatever the others do', () => {
  const zones = ['a', 'b'].map((zone) => ({ zone: `eu-west-1${zone}`, subnetId: `subnet-${zone}` }))
  const balancer = { balancerId: 'net/web/1', type: 'network', vpcId: 'vpc-1', zones }
  const picture = {
    balancers: [{ ...balancer, dnsName: 'Web-1.elb.eu-west-1.localhost' }],
    listeners: [],
    gateways: [],
    nodeAddresses: new Map([['net/web/1 subnet-a', '10.0.1.9']]),
  } as unknown as Picture
  const [, a, b] = planNames(picture, drawn({}), () => false)[0]?.balancers ?? []
  assert.deepEqual(a, {
    names: [
      'eu-west-1a.web-1.elb.eu-west-1.localhost',
      'eu-west-1a.web-1.elb.eu-west-1.amazonaws.com',
    ],
    addresses: ['10.0.1.9'],
  })
  assert.deepEqual(b?.addresses, [])
})
