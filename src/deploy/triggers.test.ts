import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyOf } from '../reconcile/reconciler.ts'
import { deployScope, deployWorld } from '../testing/deploy-world.ts'
import type { DeployWorld } from './deploy-world.ts'
import type { TriggerMessage } from './trigger-message.ts'
import { tellingDeployments, triggersReconciler } from './triggers-reconciler.ts'

const topicArn = 'arn:aws:sns:us-east-1:000000000000:deployments'
const events = [
  'DeploymentStart',
  'DeploymentSuccess',
  'DeploymentFailure',
  'InstanceStart',
  'InstanceSuccess',
  'InstanceFailure',
] as const

async function stage() {
  const triggers = [{ name: 'all', topicArn, events }]
  const world = await deployWorld({ hosts: 2, group: { triggers } })
  const told: TriggerMessage[] = []
  const reach = { isThere: true }
  const context: Pick<DeployWorld['context'], 'store'> = { store: world.store }
  const reconciler = triggersReconciler({ context } as DeployWorld, async (_scope, message) => {
    if (reach.isThere) told.push(message)
    return reach.isThere
  })
  const tell = async (id: string): Promise<void> => {
    await reconciler.reconcile(keyOf(deployScope, id), new AbortController().signal)
  }
  return { world, told, reach, tell }
}

test('a topic is told of a deployment and of its instances, each happening once', async () => {
  const { world, told, tell } = await stage()
  const id = await world.begin()
  for (let round = 0; round < 60; round++) {
    await world.run(1)
    await tell(id)
  }
  assert.deepEqual(
    told.map((message) => message.id),
    [
      'all/DeploymentStart',
      'all/InstanceStart/i-1',
      'all/InstanceSuccess/i-1',
      'all/InstanceStart/i-2',
      'all/DeploymentSuccess',
      'all/InstanceSuccess/i-2',
    ],
  )
  assert.deepEqual(await world.store.list(tellingDeployments, deployScope), [], 'nothing is left')
})

test('the message is in the form of AWS: every member is text', async () => {
  const { world, told, tell } = await stage()
  world.answers.set('i-1 Install', 'fail')
  const id = await world.begin()
  await world.run()
  await tell(id)
  const failure = told.find((message) => message.id === 'all/DeploymentFailure')
  assert.equal(failure?.topicArn, topicArn)
  assert.equal(failure?.subject, `FAILED: AWS CodeDeploy ${id} in us-east-1 to app`)
  const message = JSON.parse(failure?.message ?? '{}') as Record<string, string>
  assert.ok(Object.values(message).every((member) => typeof member === 'string'))
  assert.equal(message['eventTriggerName'], 'all')
  assert.equal(message['status'], 'FAILED')
  assert.match(message['createTime'] ?? '', /^\w{3} \w{3} \d{2} \d\d:\d\d:\d\d UTC \d{4}$/)
  const error = JSON.parse(message['errorInformation'] ?? '{}') as Record<string, string>
  assert.equal(error['ErrorCode'], 'HEALTH_CONSTRAINTS')
  const instance = told.find((one) => one.id === 'all/InstanceFailure/i-1')
  const about = JSON.parse(instance?.message ?? '{}') as Record<string, string>
  assert.match(about['instanceId'] ?? '', /^arn:aws:ec2:.*instance\/i-1$/)
  const lifecycle = JSON.parse(about['lifecycleEvents'] ?? '[]') as Record<string, string>[]
  assert.equal(lifecycle[3]?.['LifecycleEvent'], 'Install')
  assert.equal(lifecycle[3]?.['LifecycleEventStatus'], 'Failed')
})

test('a topic that cannot be reached is told later, in order', async () => {
  const { world, told, reach, tell } = await stage()
  reach.isThere = false
  const id = await world.begin()
  await world.run()
  await tell(id)
  assert.equal(told.length, 0)
  reach.isThere = true
  await tell(id)
  assert.equal(told[0]?.id, 'all/DeploymentStart')
  assert.equal(told.length, 6)
})
