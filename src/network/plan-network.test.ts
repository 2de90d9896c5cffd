import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { InterfaceView } from './interfaces.ts'
import { planAllowedCidrs, planNetwork, routeTableOf, type VpcRecords } from './plan-network.ts'
import type { RouteTable, SecurityGroup } from './records.ts'

const member: InterfaceView = {
  interfaceId: 'eni-1',
  vpcId: 'vpc-1',
  subnetId: 'subnet-a',
  zone: 'us-east-1a',
  address: '10.0.0.4',
  publicAddress: '198.18.0.9',
  macAddress: '02:00:00:00:00:01',
  securityGroupIds: ['sg-web'],
  machineId: 'i-1',
  description: '',
  tags: [],
}
const main: RouteTable = {
  routeTableId: 'rtb-main',
  vpcId: 'vpc-1',
  routes: [],
  associations: [{ associationId: 'rtbassoc-0' }],
  tags: [],
}
const open: RouteTable = {
  routeTableId: 'rtb-open',
  vpcId: 'vpc-1',
  routes: [
    { destinationCidr: '0.0.0.0/0', gatewayId: 'igw-1' },
    { destinationCidr: '192.168.0.0/16', gatewayId: 'igw-gone' },
  ],
  associations: [{ associationId: 'rtbassoc-1', subnetId: 'subnet-a' }],
  tags: [],
}
const web: SecurityGroup = {
  groupId: 'sg-web',
  name: 'web',
  description: 'web',
  vpcId: 'vpc-1',
  rules: [
    {
      ruleId: 'sgr-1',
      direction: 'ingress',
      protocol: 'tcp',
      fromPort: 80,
      toPort: 80,
      cidr: '0.0.0.0/0',
      tags: [],
    },
    { ruleId: 'sgr-2', direction: 'ingress', protocol: 'all', peerGroupId: 'sg-web', tags: [] },
    { ruleId: 'sgr-3', direction: 'egress', protocol: 'all', cidr: '0.0.0.0/0', tags: [] },
  ],
  tags: [],
}
const subnet = {
  vpcId: 'vpc-1',
  isDefault: false,
  assignsPublicAddress: true,
  tags: [],
}
const records: VpcRecords = {
  vpc: {
    vpcId: 'vpc-1',
    cidr: '10.0.0.0/16',
    isDefault: false,
    dnsSupport: true,
    dnsHostnames: false,
    tags: [],
  },
  subnets: [
    { ...subnet, subnetId: 'subnet-a', zone: 'us-east-1a', cidr: '10.0.0.0/24' },
    { ...subnet, subnetId: 'subnet-b', zone: 'us-east-1b', cidr: '10.0.1.0/24' },
  ],
  internetGateways: [{ internetGatewayId: 'igw-1', vpcId: 'vpc-1', tags: [] }],
  routeTables: [main, open],
  securityGroups: [web],
  networkAcls: [],
  interfaces: [member],
}

test('a subnet follows its own table, else the main one', () => {
  assert.equal(routeTableOf('subnet-a', [main, open])?.routeTableId, 'rtb-open')
  assert.equal(routeTableOf('subnet-b', [main, open])?.routeTableId, 'rtb-main')
})

test('a route leads to the internet only through an attached gateway', () => {
  const [a, b] = planNetwork(records).subnets
  assert.deepEqual(a, {
    id: 'subnet-a',
    zone: 'us-east-1a',
    cidr: '10.0.0.0/24',
    gateway: '10.0.0.1',
    routes: [
      { destinationCidr: '0.0.0.0/0', target: 'internet' },
      { destinationCidr: '192.168.0.0/16', target: 'drop' },
    ],
  })
  assert.deepEqual(b?.routes, [])
})

test('a rule names a range or a group', () => {
  assert.deepEqual(planNetwork(records).securityGroups[0], {
    id: 'sg-web',
    ingress: [
      { protocol: 'tcp', ports: { from: 80, to: 80 }, peer: { cidr: '0.0.0.0/0' } },
      { protocol: 'all', peer: { securityGroupId: 'sg-web' } },
    ],
    egress: [{ protocol: 'all', peer: { cidr: '0.0.0.0/0' } }],
  })
})

test('an interface carries its machine and its public address', () => {
  assert.deepEqual(planNetwork(records).interfaces, [
    {
      id: 'eni-1',
      machineId: 'i-1',
      subnetId: 'subnet-a',
      address: '10.0.0.4',
      securityGroupIds: ['sg-web'],
      macAddress: '02:00:00:00:00:01',
      publicAddress: '198.18.0.9',
    },
  ])
})

test('who may reach a port: ranges, and the members of groups referred to', () => {
  assert.deepEqual(planAllowedCidrs([web], [member], { port: 80, protocol: 'tcp' }), [
    '0.0.0.0/0',
    '10.0.0.4/32',
  ])
  assert.deepEqual(planAllowedCidrs([web], [member], { port: 443, protocol: 'tcp' }), [
    '10.0.0.4/32',
  ])
})
