import assert from 'node:assert/strict'
import { test } from 'node:test'
import { logFileKey } from './log-keys.ts'

const scope = { account: '123456789012', region: 'us-east-2' }
const file = {
  balancerId: 'app/web/50dc6c495c0c9188',
  address: '172.160.1.190',
  endedAt: Date.UTC(2026, 4, 1, 22, 15),
  mark: '20sg8hgm',
  content: '',
}

test('files are named as AWS names them, for each kind of balancer', () => {
  assert.equal(
    logFileKey(scope, 'site', file),
    'site/AWSLogs/123456789012/elasticloadbalancing/us-east-2/2026/05/01/' +
      '123456789012_elasticloadbalancing_us-east-2_app.web.50dc6c495c0c9188_20260501T2215Z_172.160.1.190_20sg8hgm.log.gz',
  )
  assert.equal(
    logFileKey(scope, '', { ...file, balancerId: 'net/web/50dc6c495c0c9188' }),
    'AWSLogs/123456789012/elasticloadbalancing/us-east-2/2026/05/01/' +
      '123456789012_elasticloadbalancing_us-east-2_net.web.50dc6c495c0c9188_20260501T2215Z_20sg8hgm.log.gz',
  )
  assert.equal(
    logFileKey(scope, '', { ...file, balancerId: 'classic/web/50dc6c49' }),
    'AWSLogs/123456789012/elasticloadbalancing/us-east-2/2026/05/01/' +
      '123456789012_elasticloadbalancing_us-east-2_web_20260501T2215Z_172.160.1.190_20sg8hgm.log',
  )
})
