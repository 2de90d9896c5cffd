import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DescribeStacksCommandOutput } from '@aws-sdk/client-cloudformation'
import { call } from '../../testing/fake-request.ts'
import { stackBench } from '../../testing/stack-bench.ts'
import { cloudformationService } from './index.ts'

const topic = 'arn:aws:sns:us-east-1:000000000000:events'
const alarm = 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:errors'

async function stage() {
  const told: string[] = []
  const states = new Map([['errors', 'OK']])
  const bench = await stackBench({
    alarms: { state: async (_scope, name) => states.get(name) },
    notifier: {
      refusal: async (_scope, arn) => (arn === topic ? undefined : `there is no topic ${arn}`),
      async publish(_scope, _arn, { message }) {
        told.push(message)
      },
    },
  })
  const service = cloudformationService({ stacks: bench.stacks, takesRole: async () => true })
  return { bench, service, told, states }
}

const body = (value: string): string => `
Resources:
  A: { Type: "Fake::Thing", Properties: { Value: ${value}, Needs: !Ref "AWS::NotificationARNs" } }`

const RollbackConfiguration = {
  RollbackTriggers: [{ Arn: alarm, Type: 'AWS::CloudWatch::Alarm' }],
  MonitoringTimeInMinutes: 1,
}

test('topics of a stack are told of every event, once and in order, and the template sees them', async () => {
  const { bench, service, told } = await stage()
  await call(service, 'CreateStack', {
    ...{ StackName: 'shop', TemplateBody: body('x'), ClientRequestToken: 'mine' },
    NotificationARNs: [topic],
  })
  await bench.settle()
  const named = (message: string, name: string): string =>
    new RegExp(`^${name}='(.*)'$`, 'm').exec(message)?.[1] ?? ''
  assert.deepEqual(
    told.map((message) => [named(message, 'LogicalResourceId'), named(message, 'ResourceStatus')]),
    [
      ['shop', 'CREATE_IN_PROGRESS'],
      ['A', 'CREATE_IN_PROGRESS'],
      ['A', 'CREATE_IN_PROGRESS'],
      ['A', 'CREATE_COMPLETE'],
      ['shop', 'CREATE_COMPLETE'],
    ],
  )
  assert.equal(named(told[0] ?? '', 'ClientRequestToken'), 'mine')
  assert.deepEqual([...bench.world.live.values()][0]?.properties['Needs'], [topic])
  const { Stacks } = await call<DescribeStacksCommandOutput>(service, 'DescribeStacks', {
    StackName: 'shop',
  })
  assert.deepEqual(Stacks?.[0]?.NotificationARNs, [topic])
  const other = { StackName: 'b', TemplateBody: body('x'), NotificationARNs: [`${topic}x`] }
  await assert.rejects(call(service, 'CreateStack', other), /there is no topic/)
})

test('an alarm within the time of monitoring rolls an update back; a quiet time completes it', async () => {
  const { bench, service, states } = await stage()
  const create = { StackName: 'shop', TemplateBody: body('x'), RollbackConfiguration }
  await call(service, 'CreateStack', create)
  await bench.settle()
  assert.equal((await bench.find('shop')).status, 'CREATE_IN_PROGRESS')
  await bench.settle(30_000)
  assert.equal((await bench.find('shop')).status, 'CREATE_IN_PROGRESS')
  await bench.settle(31_000)
  assert.equal((await bench.find('shop')).status, 'CREATE_COMPLETE')

  await call(service, 'UpdateStack', { StackName: 'shop', TemplateBody: body('y') })
  await bench.settle(20_000)
  assert.equal((await bench.find('shop')).status, 'UPDATE_IN_PROGRESS')
  states.set('errors', 'ALARM')
  await bench.settle(6000)
  const stack = await bench.find('shop')
  assert.equal(stack.status, 'UPDATE_ROLLBACK_COMPLETE')
  assert.equal([...bench.world.live.values()][0]?.properties['Value'], 'x')
  const events = await bench.events('shop')
  assert.ok(
    events.includes(
      `shop UPDATE_ROLLBACK_IN_PROGRESS Rollback trigger [${alarm}] is in state ALARM. `,
    ),
    events.join('\n'),
  )
})

test('an alarm that is not there fails the operation, and triggers that no alarm can be are refused', async () => {
  const { bench, service, states } = await stage()
  states.clear()
  const create = { StackName: 'shop', TemplateBody: body('x'), RollbackConfiguration }
  await call(service, 'CreateStack', create)
  await bench.settle()
  assert.equal((await bench.find('shop')).status, 'ROLLBACK_COMPLETE')
  const wrong = { RollbackTriggers: [{ Arn: topic, Type: 'AWS::CloudWatch::Alarm' }] }
  await assert.rejects(
    call(service, 'CreateStack', { ...create, StackName: 'b', RollbackConfiguration: wrong }),
    /is not the ARN of an alarm/,
  )
})
