import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ListenerSpec } from '../../protocol/gateway.ts'
import { alertOf, networkLine } from './network-line.ts'

const listener: ListenerSpec = {
  ...{ id: 'net/web/c6e77e28c25b2234/g3d4b5e8bb8464cd', balancerId: 'net/web/c6e77e28c25b2234' },
  ...{ address: '172.100.100.185', port: 443, protocol: 'tls', allowedCidrs: [], rules: [] },
  idleTimeoutSeconds: 350,
  accessLog: {
    ...{ form: 'network', balancerName: 'net/web/c6e77e28c25b2234', dnsName: 'web.test' },
    ...{ periodSeconds: 300, groupArns: {}, priorities: {} },
  },
}
const client = { address: '72.21.218.154', port: 51_341 }
const createdAt = Date.UTC(2020, 3, 1, 8, 51, 20, 100)

test('a line has every field of a Network Load Balancer, in its order', () => {
  assert.equal(
    networkLine(listener, {
      ...{ client, createdAt, endedAt: createdAt + 22_005, handshakeMilliseconds: 2.4 },
      ...{ received: 98, sent: 246, certificate: 'arn:certificate', name: 'a.b%é' },
      ...{ cipher: 'ECDHE-RSA-AES128-SHA', protocol: 'TLSv1.2' },
    }),
    'tls 2.0 2020-04-01T08:51:42 net/web/c6e77e28c25b2234 g3d4b5e8bb8464cd 72.21.218.154:51341 ' +
      '172.100.100.185:443 22005 2 98 246 - arn:certificate - ECDHE-RSA-AES128-SHA tlsv12 - ' +
      'a.b%25%C3%A9 - - - 2020-04-01T08:51:20',
  )
})

test('of a handshake that failed there is what was learned until then', () => {
  const failed = { client, createdAt, endedAt: createdAt + 7, received: 0, sent: 0 }
  assert.equal(
    networkLine(listener, { ...failed, alert: 48 }),
    'tls 2.0 2020-04-01T08:51:20 net/web/c6e77e28c25b2234 g3d4b5e8bb8464cd 72.21.218.154:51341 ' +
      '172.100.100.185:443 7 - 0 0 48 - - - - - - - - - 2020-04-01T08:51:20',
  )
})

test('alerts of clients are told by their numbers, and nothing else is one', () => {
  assert.equal(alertOf('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA'), 48)
  assert.equal(alertOf('ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN'), 46)
  assert.equal(alertOf('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'), 116)
  assert.equal(alertOf('ERR_SSL_NO_SHARED_CIPHER'), undefined)
  assert.equal(alertOf('ECONNRESET'), undefined)
  assert.equal(alertOf(undefined), undefined)
})
