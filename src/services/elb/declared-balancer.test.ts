import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClassicBalancer, ClassicListener } from '../../balance/classic-records.ts'
import { declaredBalancer, declaredListeners } from './declared-balancer.ts'

const balancer: ClassicBalancer = {
  name: 'web',
  balancerId: 'classic/web/1',
  dnsName: 'web-1.us-east-1.elb.localhost',
  scheme: 'internet-facing',
  vpcId: 'vpc-1',
  zones: [],
  securityGroupIds: [],
  isInSharedGroup: true,
  listeners: [],
  policies: [{ name: 'old', type: 'lb-cookie' }],
  healthCheck: {
    ...{ protocol: 'http', port: 1, path: '/', intervalSeconds: 5, timeoutSeconds: 2 },
    ...{ unhealthyThreshold: 2, healthyThreshold: 2 },
  },
  isCrossZone: true,
  isDraining: true,
  drainingSeconds: 5,
  idleTimeoutSeconds: 5,
  createdAt: 0,
  tags: [],
}
const listener: ClassicListener = {
  ...{ port: 80, protocol: 'http', instancePort: 8080, policyNames: [] },
}

test('what the properties do not say is as for a new balancer', () => {
  const plain = declaredBalancer(balancer, [listener], {})
  assert.deepEqual(plain.policies, [])
  assert.equal(plain.healthCheck.port, 8080)
  assert.equal(plain.healthCheck.protocol, 'tcp')
  assert.deepEqual(
    [plain.isCrossZone, plain.isDraining, plain.drainingSeconds, plain.idleTimeoutSeconds],
    [false, false, 300, 60],
  )
})

test('policies stick to the listeners that name them, or that they name', () => {
  const properties = {
    Listeners: [{ LoadBalancerPort: 80, InstancePort: 8080, PolicyNames: ['app'] }],
    AppCookieStickinessPolicy: { PolicyName: 'app', CookieName: 'SESSION' },
    ConnectionDrainingPolicy: { Enabled: true, Timeout: 20 },
  }
  const made = declaredBalancer(balancer, [listener], properties)
  assert.deepEqual(made.listeners[0]?.policyNames, ['app'])
  assert.deepEqual([made.isDraining, made.drainingSeconds], [true, 20])
  const named = declaredBalancer(balancer, [listener], {
    Listeners: { LoadBalancerPort: '80', InstancePort: '8080' },
    Policies: {
      PolicyName: 'week',
      PolicyType: 'LBCookieStickinessPolicyType',
      Attributes: [{ Name: 'CookieExpirationPeriod', Value: '604800' }],
      LoadBalancerPorts: ['80'],
    },
  })
  assert.deepEqual(named.listeners[0]?.policyNames, ['week'])
  assert.deepEqual(named.policies, [{ name: 'week', type: 'lb-cookie', seconds: 604_800 }])
})

test('one listener may stand where a list is meant, and logs are refused by name', () => {
  const one = { Protocol: 'HTTP', LoadBalancerPort: 80, InstancePort: 80, PolicyNames: 'x' }
  assert.deepEqual(declaredListeners({ Listeners: one }), [
    { Protocol: 'HTTP', LoadBalancerPort: 80, InstancePort: 80 },
  ])
  const logs = { AccessLoggingPolicy: { Enabled: true, S3BucketName: 'logs', EmitInterval: 7 } }
  assert.throws(() => declaredBalancer(balancer, [listener], logs), /AccessLog\.EmitInterval/)
})
