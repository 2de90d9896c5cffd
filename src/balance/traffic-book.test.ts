import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TrafficCounts } from '../protocol/gateway.ts'
import { createTrafficBook } from './traffic-book.ts'

function report(requests: number, targetGroupId?: string) {
  const counts: TrafficCounts = {
    ...{ balancerId: 'app/web/1', requests, answers: requests, answerSeconds: requests / 10 },
    ...{ status2xx: requests, status3xx: 0, status4xx: 0, status5xx: 0 },
    ...{ connections: requests, activeConnections: 1, bytes: 100 * requests },
    ...(targetGroupId === undefined ? {} : { targetGroupId }),
  }
  return {
    ...{ gatewayId: 'gw', generation: 1, targets: [], requestCount: 0, listening: [] },
    traffic: [counts],
  }
}

test('what a gateway had counted before it is heard first is no news, what it counts after is', () => {
  const book = createTrafficBook()
  book.take('gw-a', report(100))
  assert.deepEqual(book.drain(), [])
  book.take('gw-a', report(103))
  book.take('gw-a', report(110))
  const [traffic] = book.drain()
  assert.deepEqual([traffic?.requests, traffic?.bytes], [10, 1000])
  assert.deepEqual(book.drain(), [])
})

test('gateways add up, and one that began anew counts from nothing', () => {
  const book = createTrafficBook()
  for (const gateway of ['gw-a', 'gw-b']) book.take(gateway, report(50, 'web/1'))
  book.take('gw-a', report(52, 'web/1'))
  book.take('gw-b', report(5, 'web/1'))
  const [traffic] = book.drain()
  assert.deepEqual([traffic?.requests, traffic?.targetGroupId], [7, 'web/1'])
})
