import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TrafficMeter } from './traffic.ts'

test('the balancer’s own failures and the answers of rules are counted apart, too', () => {
  const meter = new TrafficMeter('app/web/1')
  for (const status of [502, 502, 503, 504, 505, 404]) meter.respond(status)
  meter.ruled('fixed-response')
  meter.ruled('redirect')
  meter.ruled('redirect')
  const [own] = meter.report([])
  assert.deepEqual(
    [own?.status4xx, own?.status5xx, own?.status500, own?.status502, own?.status503],
    [1, 5, undefined, 2, 1],
  )
  assert.deepEqual([own?.status504, own?.fixedResponses, own?.redirects], [1, 1, 2])
})
