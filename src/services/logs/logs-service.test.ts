import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silentLog } from '../../kernel/ports.ts'
import { createLogs } from '../../logs/create-logs.ts'
import type { ResourceContext, ResourceType } from '../../stacks/resource-type.ts'
import { call } from '../../testing/fake-request.ts'
import { manualClock } from '../../testing/manual-clock.ts'
import { memoryEvents } from '../../testing/memory-events.ts'
import { memoryStore } from '../../testing/memory-store.ts'
import { seededRandom } from '../../testing/seeded-random.ts'
import { logsResourceTypes, logsService } from './index.ts'

const scope = { account: '000000000000', region: 'us-east-1' }
const arn = 'arn:aws:logs:us-east-1:000000000000:log-group:'

function world() {
  const clock = manualClock()
  const context = {
    ...{ store: memoryStore(clock), clock, random: seededRandom(1), log: silentLog },
    events: { publish: () => undefined },
    wake: { wake: () => undefined },
  }
  const logs = createLogs(context, { events: memoryEvents(), metrics: { put: async () => {} } })
  const service = logsService({ logs })
  const types = new Map(logsResourceTypes({ logs }).map((type) => [type.name, type]))
  return {
    ...{ clock, logs },
    type: (name: string) => types.get(`AWS::Logs::${name}`) as ResourceType,
    ask: <Output>(operation: string, input: object) => call<Output>(service, operation, input),
  }
}

interface Streams {
  readonly logStreams: readonly { readonly logStreamName: string }[]
  readonly nextToken?: string
}

test('streams are listed page by page, by name or by their last event, either way', async () => {
  const { clock, ask } = world()
  const logGroupName = 'web'
  await ask('CreateLogGroup', { logGroupName })
  for (const logStreamName of ['b', 'd', 'a', 'c']) {
    await ask('CreateLogStream', { logGroupName, logStreamName })
  }
  for (const [logStreamName, seconds] of [
    ['c', 1],
    ['a', 2],
    ['b', 3],
  ] as const) {
    const logEvents = [{ timestamp: clock.now() + seconds * 1000, message: 'x' }]
    await ask('PutLogEvents', { logGroupName, logStreamName, logEvents })
  }
  const names = async (more: object): Promise<string> => {
    const found: string[] = []
    let nextToken: string | undefined
    do {
      const token = nextToken === undefined ? {} : { nextToken }
      const input = { logGroupName, limit: 3, ...more, ...token }
      const page = await ask<Streams>('DescribeLogStreams', input)
      found.push(page.logStreams.map(({ logStreamName }) => logStreamName).join(''))
      nextToken = page.nextToken
    } while (nextToken !== undefined)
    return found.join(' ')
  }
  assert.equal(await names({}), 'abc d')
  assert.equal(await names({ descending: true }), 'dcb a')
  assert.equal(await names({ orderBy: 'LastEventTime' }), 'dca b')
  assert.equal(await names({ orderBy: 'LastEventTime', descending: true }), 'bac d')
  assert.equal(await names({ logStreamNamePrefix: 'c' }), 'c')
})

test('a group goes by its name or its ARN, with a star at its end or without', async () => {
  const { ask } = world()
  await ask('CreateLogGroup', { logGroupName: 'web', tags: { a: '1' } })
  for (const resourceArn of [`${arn}web`, `${arn}web:*`]) {
    const { tags } = await ask<{ tags: object }>('ListTagsForResource', { resourceArn })
    assert.deepEqual(tags, { a: '1' })
  }
  for (const logGroupIdentifier of ['web', `${arn}web`, `${arn}web:*`]) {
    const { events } = await ask<{ events: object[] }>('FilterLogEvents', { logGroupIdentifier })
    assert.deepEqual(events, [])
  }
  const elsewhere = { logGroupIdentifier: `${arn.replace('us-east-1', 'eu-west-1')}web` }
  await assert.rejects(ask('FilterLogEvents', elsewhere), { name: 'InvalidParameterException' })
  const both = { logGroupIdentifier: 'web', logGroupName: 'web' }
  await assert.rejects(ask('FilterLogEvents', both), { name: 'InvalidParameterException' })
})

test('a protected group keeps itself and its streams until it is protected no more', async () => {
  const { ask } = world()
  const at = { logGroupName: 'web' }
  await ask('CreateLogGroup', { ...at, deletionProtectionEnabled: true })
  await ask('CreateLogStream', { ...at, logStreamName: 's' })
  await assert.rejects(ask('DeleteLogGroup', at), { name: 'ValidationException' })
  const stream = { ...at, logStreamName: 's' }
  await assert.rejects(ask('DeleteLogStream', stream), { name: 'ValidationException' })
  const off = { logGroupIdentifier: 'web', deletionProtectionEnabled: false }
  await ask('PutLogGroupDeletionProtection', off)
  await ask('DeleteLogStream', stream)
  await ask('DeleteLogGroup', at)
})

test('groups, streams and filters follow their templates, and go with them', async () => {
  const { logs, type } = world()
  const context = (token: string): ResourceContext =>
    ({
      ...{ scope, token, tags: [{ Key: 'stack', Value: 's' }] },
      physicalName: () => `stack-${token}`,
      started: async () => undefined,
    }) as unknown as ResourceContext
  const [group, stream, filter] = [type('LogGroup'), type('LogStream'), type('MetricFilter')]
  const before = { RetentionInDays: '7', Tags: [{ Key: 'a', Value: '1' }] }
  const made = await group.create(before, context('group'))
  assert.deepEqual(made, {
    physicalId: 'stack-group',
    attributes: { Arn: `${arn}stack-group:*` },
  })
  await assert.rejects(group.create({ LogGroupName: 'stack-group' }, context('other')), {
    name: 'ResourceAlreadyExistsException',
  })
  const { physicalId } = made
  await group.update?.({ physicalId, before, after: {} }, context('group'))
  const held = await logs.groups.require(scope, physicalId)
  assert.deepEqual([held.retentionDays, held.tags], [undefined, { stack: 's' }])
  const drift = await group.read?.({ physicalId, properties: {} }, context('group'))
  assert.deepEqual(drift, {})

  const inGroup = { LogGroupName: physicalId }
  const streamState = await stream.create(inGroup, context('stream'))
  assert.equal(streamState.physicalId, 'stack-stream')
  const errors = { MetricName: 'Errors', MetricNamespace: 'Site', MetricValue: '1' }
  const filtering = (more: object) => ({
    ...{ ...inGroup, FilterPattern: 'ERROR' },
    MetricTransformations: [{ ...errors, ...more }],
  })
  await filter.create(filtering({ DefaultValue: '0' }), context('filter'))
  const after = filtering({ Dimensions: [{ Key: 'Code', Value: '$.code' }] })
  const change = { physicalId: 'stack-filter', before: filtering({}), after }
  await filter.update?.(change, context('filter'))
  const shown = await filter.read?.({ physicalId: 'stack-filter', properties: after }, context('f'))
  assert.deepEqual(shown, after)
  const gone = { physicalId: 'stack-filter', properties: after }
  await filter.remove(gone, context('filter'))
  await stream.remove({ physicalId: 'stack-stream', properties: inGroup }, context('stream'))
  await group.remove({ physicalId, properties: {} }, context('group'))
  assert.equal(await logs.groups.find(scope, physicalId), undefined)
  await filter.remove(gone, context('filter'))
})
