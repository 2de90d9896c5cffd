import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NetworkSpec } from '../../protocol/network.ts'
import { aclChains } from './plan-acls.ts'

const subnet = { zone: 'us-east-1a', gateway: '', routes: [] }
const spec: NetworkSpec = {
  id: 'vpc-1',
  generation: 1,
  cidr: '10.0.0.0/16',
  subnets: [
    { ...subnet, id: 'subnet-a', cidr: '10.0.1.0/24', aclId: 'acl-1' },
    { ...subnet, id: 'subnet-b', cidr: '10.0.2.0/24' },
  ],
  interfaces: [],
  securityGroups: [],
  acls: [
    {
      id: 'acl-1',
      ingress: [
        { protocol: 6, ports: { from: 80, to: 81 }, cidr: '10.0.2.0/24', isAllowed: true },
        { protocol: -1, cidr: '0.0.0.0/0', isAllowed: false },
      ],
      egress: [{ protocol: 1, icmp: { type: 8, code: -1 }, cidr: '10.0.2.0/24', isAllowed: true }],
    },
  ],
}

test('a subnet with an ACL has its packets asked both ways, and its own neighbours spared', () => {
  const text = aclChains(spec).join('\n')
  assert.match(text, /type filter hook forward priority -10; policy accept/)
  assert.match(text, /ip saddr 10\.0\.1\.0\/24 ip daddr 10\.0\.1\.0\/24 accept/)
  assert.match(text, /ip saddr 10\.0\.1\.0\/24 jump ae_acl1/)
  assert.match(text, /ip daddr 10\.0\.1\.0\/24 jump ai_acl1/)
  assert.doesNotMatch(text, /saddr 10\.0\.2\.0\/24 jump/)
})

test('the rules of an ACL stay in their order, and what none matches is dropped', () => {
  const [ingress, egress] = aclChains(spec)
  assert.equal(
    ingress,
    [
      'chain ai_acl1 {',
      '  ip saddr 10.0.2.0/24 meta l4proto 6 th dport 80-81 return',
      '  ip saddr 0.0.0.0/0 drop',
      '  drop',
      '}',
    ].join('\n'),
  )
  assert.match(egress ?? '', /ip daddr 10\.0\.2\.0\/24 meta l4proto 1 icmp type 8 return/)
})

test('without an ACL there is no chain at all', () => {
  assert.deepEqual(aclChains({ ...spec, acls: [] }), [])
})
