import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { gateways } from '../balance/records.ts'
import { askInner } from '../drivers/inner-door/index.ts'
import { systemClock } from '../kernel/system/clock.ts'
import { sockets } from '../protocol/run-directory.ts'
import { memoryStore } from '../testing/memory-store.ts'
import { openGatewayDoors } from './gateway-doors.ts'

const scope = { partition: 'aws', account: '000000000000', region: 'us-east-1' } as const
const log = { write: () => undefined }

test('at the door of a gateway nobody gets the configuration of another one', async () => {
  const runDirectory = mkdtempSync(join(tmpdir(), 'ek-doors-'))
  const store = memoryStore()
  const source = {
    gatewayConfiguration: async (gatewayId: string) => ({
      ...{ generation: 1, gatewayId, zone: 'a' },
      ...{ listeners: [], targetGroups: [] },
    }),
    report: async () => undefined,
    accessLog: async () => undefined,
  }
  const ask = (door: string, path: string) =>
    askInner({
      socketPath: join(runDirectory, sockets.gatewayControl(door)),
      method: 'GET',
      path,
      timeoutMilliseconds: 5000,
    })
  const add = (id: string) => {
    const place = { gatewayId: id, vpcId: 'vpc-1', zone: 'a', subnetId: 'subnet-1' }
    return store.insert(gateways, { scope, id, owner: 'vpc-1' }, place)
  }
  await add('gw-a')
  const doors = await openGatewayDoors({ store, log, clock: systemClock }, runDirectory, source)
  try {
    const record = await add('gw-b')
    const path = join(runDirectory, sockets.gatewayControl('gw-b'))
    while (!existsSync(path)) await systemClock.sleep(5)
    for (const own of ['gw-a', 'gw-b']) {
      const answer = await ask(own, `/gateways/${own}/configuration`)
      assert.equal((JSON.parse(answer.body) as { gatewayId: string }).gatewayId, own)
    }
    assert.equal((await ask('gw-a', '/gateways/gw-b/configuration')).status, 404)
    await store.remove(record)
    while (existsSync(path)) await systemClock.sleep(5)
  } finally {
    await doors.close()
    rmSync(runDirectory, { recursive: true })
  }
})
