import assert from 'node:assert/strict'
import { test } from 'node:test'
import { healthCheckView, readHealthCheck } from './health-check.ts'

const given = { Interval: 10, Timeout: 5, UnhealthyThreshold: 2, HealthyThreshold: 3 }

test('targets of every form are read and shown alike', () => {
  for (const Target of ['HTTP:80/x?y=1', 'HTTPS:8443/', 'TCP:7000', 'SSL:443']) {
    assert.deepEqual(healthCheckView(readHealthCheck({ ...given, Target })), { ...given, Target })
  }
  assert.equal(readHealthCheck({ ...given, Target: 'ssl:443' }).protocol, 'tls')
})

test('what is no target, or out of bounds, is refused', () => {
  for (const Target of [
    'HTTP:80',
    'TCP:80/x',
    'UDP:53',
    'HTTP:0/x',
    'TCP:70000',
    'toString:1',
    '',
  ]) {
    assert.throws(() => readHealthCheck({ ...given, Target }), /HealthCheck target/, Target)
  }
  const Target = 'TCP:80'
  assert.throws(() => readHealthCheck({ ...given, Target, Timeout: 10 }), /less than interval/)
  assert.throws(() => readHealthCheck({ ...given, Target, Interval: 4 }), /between 5 and 300/)
})
