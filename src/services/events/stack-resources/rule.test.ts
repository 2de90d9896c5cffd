import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRules } from '../../../rules/create-rules.ts'
import type { ResourceContext } from '../../../stacks/resource-type.ts'
import { topicsWorld } from '../../../testing/topics-world.ts'
import { ruleType } from './rule.ts'

const scope = { account: '000000000000', region: 'us-east-1' }
const queueArn = 'arn:aws:sqs:us-east-1:000000000000:jobs'

const context = {
  scope,
  token: 'token-1',
  tags: [],
  physicalName: () => 'stack-rule-1',
  started: async () => undefined,
} as unknown as ResourceContext

test('a rule and its targets follow their template, and go with it', async () => {
  const rules = createRules(topicsWorld().context, {
    queues: { find: async () => ({ isFifo: false }), send: async () => ({ kind: 'delivered' }) },
    topics: { publish: async () => ({ kind: 'delivered' }) },
  })
  const type = ruleType({ rules })
  const before = {
    EventPattern: { source: ['shop'] },
    Targets: [
      { Id: 'a', Arn: queueArn, RetryPolicy: { MaximumRetryAttempts: '3' } },
      { Id: 'b', Arn: queueArn },
    ],
  }
  const made = await type.create(before, context)
  assert.equal(made.attributes['Arn'], 'arn:aws:events:us-east-1:000000000000:rule/stack-rule-1')
  assert.deepEqual(await type.create(before, context), made)
  const after = {
    ScheduleExpression: 'rate(5 minutes)',
    State: 'DISABLED',
    Targets: [before.Targets[1]],
  }
  await type.update?.({ physicalId: made.physicalId, before, after }, context)
  const rule = await rules.catalogue.find(scope, made.physicalId)
  assert.deepEqual(
    [rule?.pattern, rule?.schedule, rule?.isEnabled, rule?.targets.map(({ id }) => id)],
    [undefined, 'rate(5 minutes)', false, ['b']],
  )
  await type.remove({ physicalId: made.physicalId, properties: after }, context)
  assert.equal(await rules.catalogue.find(scope, made.physicalId), undefined)
})
