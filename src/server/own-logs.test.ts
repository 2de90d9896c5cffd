import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instances, type Instance } from '../compute/instance.ts'
import { deployments, type Deployment } from '../deploy/deployment.ts'
import { eventLogs } from '../deploy/host-command.ts'
import { silentLog } from '../kernel/ports.ts'
import { createLogs } from '../logs/create-logs.ts'
import { parseFilterPattern } from '../logs/domain/pattern/filter-pattern.ts'
import type { ConsoleOrder, ConsolePart } from '../protocol/machine.ts'
import type { Reconciler } from '../reconcile/reconciler.ts'
import { modify } from '../store/records.ts'
import { manualClock } from '../testing/manual-clock.ts'
import { memoryEvents } from '../testing/memory-events.ts'
import { memoryStore } from '../testing/memory-store.ts'
import { seededRandom } from '../testing/seeded-random.ts'
import { consoleGroup, consoleLogs } from './console-logs.ts'
import { deploymentLogs } from './deployment-logs.ts'

const scope = { account: '000000000000', region: 'us-east-1' }

function world() {
  const clock = manualClock()
  const store = memoryStore(clock)
  const context = {
    ...{ store, clock, random: seededRandom(1), log: silentLog },
    events: { publish: () => undefined },
    wake: { wake: () => undefined },
  }
  const logs = createLogs(context, { events: memoryEvents(), metrics: { put: async () => {} } })
  return {
    ...{ clock, store, logs },
    async lines(groupName: string): Promise<readonly string[]> {
      const group = await logs.groups.find(scope, groupName)
      if (!group) return []
      const page = await logs.reader.group({
        ...{ scope, group, streams: undefined, pattern: parseFilterPattern('') },
        ...{ isBackward: false, eventsMax: 1000 },
      })
      return page.events.map(({ streamName, message }) => `${streamName} ${message}`)
    },
  }
}

async function round({ reconcilers }: { readonly reconcilers: readonly Reconciler[] }) {
  const { signal } = new AbortController()
  for (const reconciler of reconcilers) {
    for (const key of await reconciler.keys()) await reconciler.reconcile(key, signal)
  }
}

test('a console is taken line by line, once, and from where it was after a new start', async () => {
  const { store, logs, lines } = world()
  let text = ''
  let cut = 0
  const driver = {
    async consoles({ after, bytesMax }: ConsoleOrder): Promise<readonly ConsolePart[]> {
      return Object.entries(after).flatMap(([id, place]) => {
        const from = Math.max(place, cut)
        const part = text.slice(from, from + bytesMax)
        if (part === '') return []
        const bytes = Buffer.from(part).toString('base64')
        return [{ id, from, until: from + part.length, bytes }]
      })
    },
  }
  const instance = { instanceId: 'i-1', state: 'running', incarnation: 1 } as Instance
  await store.insert(instances, { scope, id: 'i-1' }, instance)
  const first = consoleLogs(logs, driver)
  await round(first)
  assert.deepEqual(await lines(consoleGroup), [])
  text = 'one\r\n\ntwo\nlog'
  await round(first)
  assert.deepEqual(await lines(consoleGroup), ['i-1 one', 'i-1 two'])
  await round(first)
  text += 'in:'
  await round(first)
  assert.equal((await lines(consoleGroup)).length, 2)
  await round(first)
  assert.deepEqual((await lines(consoleGroup)).slice(2), ['i-1 login:'])
  const second = consoleLogs(logs, driver)
  text += ' me\nlost\nlast\n'
  cut = text.indexOf('last')
  await round(second)
  await round(second)
  assert.deepEqual((await lines(consoleGroup)).slice(3), [
    'i-1 [9 bytes were left out]',
    'i-1 last',
  ])
  assert.equal((await logs.groups.require(scope, consoleGroup)).retentionDays, 14)
})

test('what hooks write is taken while they run, and its unfinished end when all is over', async () => {
  const { clock, store, logs, lines } = world()
  const deployment = { deploymentId: 'd-1', applicationName: 'my shop', status: 'InProgress' }
  await store.insert(deployments, { scope, id: 'd-1' }, deployment as Deployment)
  const id = 'd-1/i-1/AfterInstall'
  const log = { text: 'one\ntw', isTruncated: false }
  await store.insert(eventLogs, { scope, id, owner: 'd-1' }, log)
  const taking = deploymentLogs(logs)
  const visit = async () => {
    const [reconciler] = taking.reconcilers
    return reconciler?.reconcile('000000000000/us-east-1/d-1', new AbortController().signal)
  }
  await visit()
  const group = '/aws/codedeploy/my_shop'
  assert.deepEqual(await lines(group), ['d-1/i-1 one'])
  const at = { kind: eventLogs, scope, id }
  await modify(store, at, (value) => ({ ...value, text: 'one\ntwo\nthr' }))
  assert.deepEqual(await visit(), { againAfterMilliseconds: 1000 })
  await clock.advance(1000)
  await visit()
  assert.deepEqual(await lines(group), ['d-1/i-1 one', 'd-1/i-1 two'])
  await modify(store, { kind: deployments, scope, id: 'd-1' }, (value) => ({
    ...value,
    status: 'Succeeded' as const,
  }))
  await clock.advance(1000)
  assert.deepEqual(await taking.reconcilers[0]?.keys(), ['000000000000/us-east-1/d-1'])
  await round(taking)
  assert.deepEqual((await lines(group)).slice(2), ['d-1/i-1 thr'])
  assert.deepEqual(await taking.reconcilers[0]?.keys(), [])
  await visit()
  assert.equal((await lines(group)).length, 3)
})
