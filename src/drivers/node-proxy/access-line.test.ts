import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ListenerSpec } from '../../protocol/gateway.ts'
import { applicationLine, classicLine, type AccessFacts } from './access-line.ts'

const listener: ListenerSpec = {
  ...{ id: 'app/web/1/2', balancerId: 'app/web/1', address: '10.0.0.9', port: 443 },
  ...{ protocol: 'https', allowedCidrs: [], rules: [], idleTimeoutSeconds: 60 },
  accessLog: {
    ...{ form: 'application', balancerName: 'app/web/1', dnsName: 'web.test', periodSeconds: 300 },
    ...{ groupArns: { 'web/7': 'arn:group' }, priorities: { 'app/web/1/2/3': 10 } },
  },
}
const facts: AccessFacts = {
  client: { address: '192.168.131.39', port: 2817 },
  request: {
    ...{ method: 'GET', target: '/a?b=c', host: 'www.example.com:4567', version: 'HTTP/1.1' },
    ...{ userAgent: 'curl/7.46.0', isWebSocket: false },
  },
  ...{ createdAt: Date.UTC(2018, 6, 2, 22, 22, 48, 364), endedAt: Date.UTC(2018, 6, 2, 22, 23) },
  ...{ requestMilliseconds: 86, targetMilliseconds: 48.4, answerMilliseconds: 37 },
  ...{ target: '10.0.0.1:80', status: 200, targetStatus: 200, received: 34, sent: 366 },
  ...{ receivedBody: 0, sentBody: 57, targetGroupId: 'web/7', traceId: 'Root=1-58337281-1d8' },
  tls: {
    ...{ cipher: 'ECDHE-RSA-AES128-GCM-SHA256', protocol: 'TLSv1.2' },
    ...{ name: 'www.example.com', certificate: 'arn:certificate' },
  },
  ...{ ruleId: 'app/web/1/2/3', action: 'forward', connectionId: 'TID_1' },
}
const refused: AccessFacts = {
  ...{ client: facts.client, createdAt: facts.createdAt, endedAt: facts.endedAt },
  ...{ status: 400, received: 20, sent: 300, receivedBody: 0, sentBody: 122 },
  ...{ classification: ['Severe', 'BadHeader'] as const, connectionId: 'TID_1' },
}

test('a line has every field of an Application Load Balancer, in its order', () => {
  assert.equal(
    applicationLine(listener, facts),
    'https 2018-07-02T22:23:00.000000Z app/web/1 192.168.131.39:2817 10.0.0.1:80 0.086 0.048 0.037 200 200 34 366 ' +
      '"GET https://www.example.com:443/a?b=c HTTP/1.1" "curl/7.46.0" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:group ' +
      '"Root=1-58337281-1d8" "www.example.com" "arn:certificate" 10 2018-07-02T22:22:48.364000Z "forward" "-" "-" ' +
      '"10.0.0.1:80" "200" "-" "-" TID_1',
  )
})

test('what did not happen is a dash, and a head that was refused says why', () => {
  assert.equal(
    applicationLine(listener, refused),
    'https 2018-07-02T22:23:00.000000Z app/web/1 192.168.131.39:2817 - -1 -1 -1 400 - 20 300 ' +
      '"- https://web.test:443- -" "-" - - - "-" "-" "-" -1 2018-07-02T22:22:48.364000Z "-" "-" "-" "-" "-" ' +
      '"Severe" "BadHeader" TID_1',
  )
})

test('a client cannot end a field or a line, and its long texts are cut', () => {
  const request = { ...facts.request!, userAgent: `a" b\\c\u00e9\t${'x'.repeat(9000)}` }
  const line = applicationLine(listener, { ...facts, request })
  assert.match(line, /"a\\x22 b\\x5cc\\xe9\\x09x+" ECDHE/)
  assert.ok(line.length < 9000)
  assert.equal(line.includes('\n'), false)
})

test('a classic balancer counts bodies, and says of connections what there is to say', () => {
  const { accessLog } = listener
  const classic = { ...listener, accessLog: { ...accessLog!, balancerName: 'web' } }
  assert.equal(
    classicLine(classic, facts),
    '2018-07-02T22:22:48.364000Z web 192.168.131.39:2817 10.0.0.1:80 0.086000 0.048400 0.037000 200 200 0 57 ' +
      '"GET https://www.example.com:443/a?b=c HTTP/1.1" "curl/7.46.0" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2',
  )
  const { request: _request, tls: _tls, targetStatus: _status, ...others } = facts
  const connection = { ...others, status: 0, receivedBody: 82, sentBody: 305 }
  assert.equal(
    classicLine({ ...classic, protocol: 'tcp' }, connection),
    '2018-07-02T22:22:48.364000Z web 192.168.131.39:2817 10.0.0.1:80 0.086000 0.048400 0.037000 - - 82 305 "- - - " "-" - -',
  )
})
