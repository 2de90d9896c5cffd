import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { DataPlane } from '../../balance/data-plane.ts'
import type { ListenerRule, TrafficCounts } from '../../protocol/gateway.ts'
import { exchangeBytes, forwardToGroup, until, type BackendScript } from './data-plane-fixture.ts'
import { onStage } from './data-plane-stage.ts'

const fixed: ListenerRule = {
  id: 'fixed',
  conditions: [{ field: 'path', values: ['/fixed'] }],
  action: { type: 'fixed-response', statusCode: 404, contentType: 'text/plain', body: 'no' },
}

/** Answers in a hundredth of a second: 500 where it is asked for. */
const answering: BackendScript = (socket, text) => {
  if (!text.endsWith('\r\n\r\n')) return
  const status = text.includes(' /broken ') ? '500 No' : '200 OK'
  setTimeout(() => socket.write(`HTTP/1.1 ${status}\r\nContent-Length: 2\r\n\r\nok`), 10)
}

/** What every data plane must tell of what went through it. */
export function dataPlaneTrafficSuite(
  name: string,
  create: (gatewayId: string) => DataPlane,
): void {
  describe(`${name} and what went through it`, () => {
    test('targets’ answers are told by group, the balancer’s own apart, with connections and bytes', async () => {
      await onStage(
        create,
        [answering],
        async ({ plane, port }) => {
          for (const path of ['/', '/', '/broken', '/fixed']) {
            await exchangeBytes(
              port,
              `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
            )
          }
          const find = (groupId: string | undefined): TrafficCounts | undefined =>
            plane
              .report()
              .traffic?.find(({ targetGroupId, requests, connections }) =>
                groupId === undefined
                  ? targetGroupId === undefined && connections > 0
                  : targetGroupId === groupId && requests > 0,
              )
          const isTold = () => find('group')?.answers === 3 && find(undefined)?.connections === 4
          await until('all is told', isTold)
          const group = find('group')
          assert.deepEqual(
            [group?.balancerId, group?.requests, group?.status2xx, group?.status5xx],
            ['balancer', 3, 2, 1],
          )
          assert.ok((group?.answerSeconds ?? 0) >= 0.02)
          const own = find(undefined)
          assert.deepEqual([own?.status2xx, own?.status4xx, own?.status5xx], [0, 1, 0])
          assert.ok((own?.bytes ?? 0) > 400)
        },
        { rules: [fixed, forwardToGroup] },
      )
    })
  })
}
