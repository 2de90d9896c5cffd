import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ResourceContext } from '../../../stacks/resource-type.ts'
import { topicsWorld } from '../../../testing/topics-world.ts'
import { snsResourceTypes } from '../index.ts'

const scope = { account: '000000000000', region: 'us-east-1' }
const queueArn = 'arn:aws:sqs:us-east-1:000000000000:jobs'

const context = {
  scope,
  token: 'token-1',
  tags: [{ Key: 'team', Value: 'web' }],
  physicalName: () => 'stack-news-1',
  started: async () => undefined,
} as unknown as ResourceContext

test('a topic, its subscription and its policy follow their template, and go with it', async () => {
  const { topics } = topicsWorld()
  const types = snsResourceTypes({ topics })
  const [topicType, subscriptionType, policyType] = types
  assert.ok(topicType?.update && subscriptionType?.update && policyType)
  const inline = { Subscription: [{ Protocol: 'sqs', Endpoint: queueArn }] }
  const made = await topicType.create({ DisplayName: 'News', ...inline }, context)
  assert.equal(made.physicalId, 'arn:aws:sns:us-east-1:000000000000:stack-news-1')
  // A second attempt finds what the first one made.
  assert.deepEqual(await topicType.create({ DisplayName: 'News', ...inline }, context), made)
  const topic = await topics.catalogue.byArn(made.physicalId)
  assert.deepEqual([topic?.attributes['DisplayName'], topic?.tags], ['News', { team: 'web' }])
  const change = { physicalId: made.physicalId, before: { DisplayName: 'News', ...inline } }
  await topicType.update({ ...change, after: { SignatureVersion: '2' } }, context)
  const changed = await topics.catalogue.byArn(made.physicalId)
  assert.ok(changed)
  assert.deepEqual(changed.attributes, { SignatureVersion: '2' })
  assert.deepEqual(await topics.subscriptions.ofTopic(changed), [])

  const wish = { TopicArn: made.physicalId, Protocol: 'sqs', Endpoint: queueArn }
  const before = { ...wish, FilterPolicy: { a: { b: [1] } }, FilterPolicyScope: 'MessageBody' }
  const { physicalId } = await subscriptionType.create(before, context)
  const after = { ...wish, RawMessageDelivery: 'true' }
  await subscriptionType.update({ physicalId, before, after }, context)
  const subscription = await topics.subscriptions.byArn(physicalId)
  assert.deepEqual(subscription?.attributes, { RawMessageDelivery: 'true' })

  const policy = { PolicyDocument: { Statement: [] }, Topics: [made.physicalId] }
  const put = await policyType.create(policy, context)
  assert.equal(
    (await topics.catalogue.byArn(made.physicalId))?.attributes['Policy'],
    '{"Statement":[]}',
  )
  await policyType.remove({ physicalId: put.physicalId, properties: policy }, context)
  await subscriptionType.remove({ physicalId, properties: after }, context)
  await topicType.remove({ physicalId: made.physicalId, properties: {} }, context)
  assert.equal(await topics.catalogue.byArn(made.physicalId), undefined)
  assert.deepEqual(await topics.subscriptions.list(scope), [])
})
