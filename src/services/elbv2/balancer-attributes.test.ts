import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Balancer } from '../../balance/records.ts'
import { listed, withAttributes } from './attributes.ts'
import { balancerAttributesOf, checkBalancerAttributes } from './balancer-attributes.ts'

const balancer: Balancer = {
  ...{ balancerId: 'app/web/1', name: 'web', dnsName: 'web.test', scheme: 'internal' },
  ...{ vpcId: 'vpc-1', zones: [], securityGroupIds: [], idleTimeoutSeconds: 60 },
  ...{ isProtected: false, createdAt: 0, state: 'active', tags: [] },
}
const network: Balancer = { ...balancer, type: 'network' }

/** What ELBv2 says of a new Application Load Balancer. */
const defaults = {
  'access_logs.s3.enabled': 'false',
  'access_logs.s3.bucket': '',
  'access_logs.s3.prefix': '',
  'client_keep_alive.seconds': '3600',
  'connection_logs.s3.enabled': 'false',
  'connection_logs.s3.bucket': '',
  'connection_logs.s3.prefix': '',
  'deletion_protection.enabled': 'false',
  'health_check_logs.s3.enabled': 'false',
  'health_check_logs.s3.bucket': '',
  'health_check_logs.s3.prefix': '',
  'idle_timeout.timeout_seconds': '60',
  'load_balancing.cross_zone.enabled': 'true',
  'routing.http.desync_mitigation_mode': 'defensive',
  'routing.http.drop_invalid_header_fields.enabled': 'false',
  'routing.http.preserve_host_header.enabled': 'false',
  'routing.http.x_amzn_tls_version_and_cipher_suite.enabled': 'false',
  'routing.http.xff_client_port.enabled': 'false',
  'routing.http.xff_header_processing.mode': 'append',
  'routing.http2.enabled': 'true',
  'waf.fail_open.enabled': 'false',
  'zonal_shift.config.enabled': 'false',
}

function set(one: Balancer, given: Readonly<Record<string, string>>): Balancer {
  const attributes = Object.entries(given).map(([Key, Value]) => ({ Key, Value }))
  const changed = withAttributes(balancerAttributesOf(one), one, attributes)
  checkBalancerAttributes(changed)
  return changed
}

function shown(one: Balancer): Readonly<Record<string, string>> {
  const attributes = listed(balancerAttributesOf(one), one)
  return Object.fromEntries(attributes.map(({ Key = '', Value = '' }) => [Key, Value]))
}

test('a new balancer has every attribute at ELBv2’s default, and takes it', () => {
  assert.deepEqual(shown(balancer), defaults)
  assert.deepEqual(shown(set(balancer, defaults)), defaults)
  assert.deepEqual(shown(set(network, shown(network))), shown(network))
})

test('each attribute is honoured at another value, or refused by its name', () => {
  const honoured = {
    'access_logs.s3.bucket': 'logs',
    'access_logs.s3.prefix': 'web/site',
    'client_keep_alive.seconds': '60',
    'deletion_protection.enabled': 'true',
    'idle_timeout.timeout_seconds': '4000',
    'routing.http.desync_mitigation_mode': 'strictest',
    'routing.http.drop_invalid_header_fields.enabled': 'true',
    'routing.http.preserve_host_header.enabled': 'true',
    'routing.http.x_amzn_tls_version_and_cipher_suite.enabled': 'true',
    'routing.http.xff_client_port.enabled': 'true',
    'routing.http.xff_header_processing.mode': 'preserve',
    'routing.http2.enabled': 'false',
  }
  for (const [key, value] of Object.entries(honoured)) {
    assert.equal(shown(set(balancer, { [key]: value }))[key], value, key)
  }
  const refused = {
    'access_logs.s3.enabled': 'true',
    'access_logs.s3.prefix': 'a/AWSLogs',
    'client_keep_alive.seconds': '59',
    'connection_logs.s3.enabled': 'true',
    'deletion_protection.enabled': 'yes',
    'health_check_logs.s3.enabled': 'true',
    'idle_timeout.timeout_seconds': '4001',
    'load_balancing.cross_zone.enabled': 'false',
    'routing.http.desync_mitigation_mode': 'off',
    'routing.http.xff_header_processing.mode': 'drop',
    'waf.fail_open.enabled': 'true',
    'zonal_shift.config.enabled': 'true',
    'ipv6.deny_all_igw_traffic': 'true',
  }
  for (const [key, value] of Object.entries(refused)) {
    const named = (error: Error) => error.name === 'ValidationError' && error.message.includes(key)
    const isOfBucket = key === 'access_logs.s3.enabled'
    const expected = isOfBucket ? /access_logs\.s3\.bucket/ : named
    assert.throws(() => set(balancer, { [key]: value }), expected, key)
  }
})
