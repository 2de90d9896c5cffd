import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ScalingPolicy, ScheduledUpdateGroupAction } from '@aws-sdk/client-auto-scaling'
import { autoScalingWorld, basicGroup, scope } from '../../testing/auto-scaling-world.ts'
import { call } from '../../testing/fake-request.ts'

const simple = { PolicyName: 'out', AdjustmentType: 'ChangeInCapacity', ScalingAdjustment: 1 }
const step = {
  PolicyName: 'steps',
  PolicyType: 'StepScaling',
  AdjustmentType: 'ChangeInCapacity',
  EstimatedInstanceWarmup: 60,
  StepAdjustments: [
    { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 20, ScalingAdjustment: 1 },
    { MetricIntervalLowerBound: 20, ScalingAdjustment: 2 },
    { MetricIntervalUpperBound: 0, ScalingAdjustment: -1 },
  ],
}

async function world() {
  const made = autoScalingWorld()
  await call(made.service, 'CreateAutoScalingGroup', basicGroup)
  await made.rest()
  await made.clock.advance(1000)
  const desired = async () => (await made.group())?.DesiredCapacity
  const put = async (input: object) =>
    (await made.ask<{ PolicyARN: string }>('PutScalingPolicy', input)).PolicyARN
  return { ...made, desired, put }
}

test('a simple policy changes the capacity once in each cooldown, and says why', async () => {
  const { put, ask, desired, scale, rest, activities, clock } = await world()
  const arn = await put({ ...simple, Cooldown: 100 })
  assert.match(
    arn,
    /^arn:aws:autoscaling:us-east-1:000000000000:scalingPolicy:[0-9a-f-]{36}:autoScalingGroupName\/web:policyName\/out$/,
  )
  await ask('ExecutePolicy', { PolicyName: 'out' })
  assert.equal(await desired(), 3)
  await rest()
  assert.match(
    (await activities())[0]?.Cause ?? '',
    /a user request executed policy out changing the desired capacity from 2 to 3\. {2}At /,
  )
  const byAlarm = { alarmName: 'busy', breach: { metricValue: 90, threshold: 50 } }
  assert.equal((await scale.executePolicy(scope, arn, byAlarm)).ok, false)
  await assert.rejects(ask('ExecutePolicy', { PolicyName: 'out', HonorCooldown: true }), {
    code: 'ScalingActivityInProgressFault',
  })
  await clock.advance(100_000)
  const calm = { ...byAlarm, alarmState: 'OK' }
  assert.deepEqual(await scale.executePolicy(scope, arn, calm), { ok: true, isChanged: true })
  assert.equal(await desired(), 4)
  await rest()
  assert.match(
    (await activities())[0]?.Cause ?? '',
    /a monitor alarm busy in state OK triggered policy out changing the desired capacity from 3 to 4/,
  )
  await ask('ExecutePolicy', { PolicyName: 'out' })
  assert.equal(await desired(), 4, 'never beyond the maximum')
  await ask('SuspendProcesses', { ScalingProcesses: ['AlarmNotification'] })
  assert.deepEqual(await scale.executePolicy(scope, arn, byAlarm), {
    ok: false,
    reason: 'suspended',
  })
})

test('a step policy counts no instance twice while it warms up', async () => {
  const { put, ask, desired, rest, clock } = await world()
  await put(step)
  await clock.advance(60_000)
  const breach = (MetricValue: number) =>
    ask('ExecutePolicy', { PolicyName: 'steps', MetricValue, BreachThreshold: 50 })
  await breach(55)
  assert.equal(await desired(), 3)
  await breach(55)
  await rest()
  await breach(60)
  assert.equal(await desired(), 3)
  await breach(75)
  assert.equal(await desired(), 4)
  await breach(40)
  assert.equal(await desired(), 4, 'no scaling in while instances warm up')
  await rest()
  await clock.advance(60_000)
  await breach(40)
  assert.equal(await desired(), 3)
})

test('a tracking policy keeps two alarms, and follows what they say', async () => {
  const { put, ask, desired, scale, alarms } = await world()
  const tracking = {
    PolicyName: 'cpu',
    PolicyType: 'TargetTrackingScaling',
    EstimatedInstanceWarmup: 0,
    TargetTrackingConfiguration: {
      TargetValue: 50,
      PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' },
    },
  }
  const arn = await put(tracking)
  assert.equal(await put(tracking), arn, 'the same policy')
  const kept = [...alarms.kept.values()]
  assert.deepEqual(
    kept.map(({ comparison, threshold, evaluationPeriods }) => [
      comparison,
      threshold,
      evaluationPeriods,
    ]),
    [
      ['GreaterThanThreshold', 50, 3],
      ['LessThanThreshold', 45, 15],
    ],
  )
  assert.deepEqual(kept[0]?.actions, [arn])
  const says = (metricValue: number) =>
    scale.executePolicy(scope, arn, {
      alarmName: 'high',
      breach: { metricValue, threshold: 50 },
    })
  await says(80)
  assert.equal(await desired(), 4)
  await assert.rejects(ask('ExecutePolicy', { PolicyName: 'cpu' }), /cannot be executed directly/)
  const { TargetTrackingConfiguration: given } = tracking
  await put({ ...tracking, TargetTrackingConfiguration: { ...given, DisableScaleIn: true } })
  assert.equal(alarms.kept.size, 1)
  const { ScalingPolicies } = await ask<{ ScalingPolicies: ScalingPolicy[] }>('DescribePolicies')
  assert.deepEqual(ScalingPolicies[0]?.TargetTrackingConfiguration, {
    ...given,
    DisableScaleIn: true,
  })
  assert.match(
    ScalingPolicies[0]?.Alarms?.[0]?.AlarmARN ?? '',
    /:alarm:TargetTracking-web-AlarmHigh-/,
  )
  await ask('DeletePolicy', { PolicyName: arn, AutoScalingGroupName: undefined })
  assert.equal(alarms.kept.size, 0)
})

test('a tracking policy whose writer died before its alarms were there gets them later', async () => {
  const { put, ask, rest, clock, alarms } = await world()
  const makeAlarms = alarms.put
  alarms.put = () => Promise.reject(new Error('killed'))
  const tracking = {
    PolicyName: 'cpu',
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingConfiguration: {
      TargetValue: 50,
      PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' },
    },
  }
  await assert.rejects(put(tracking), /killed/)
  alarms.put = makeAlarms
  await rest()
  assert.equal(alarms.kept.size, 0, 'who wrote it may be at work still')
  await clock.advance(10_000)
  await rest()
  assert.equal(alarms.kept.size, 2)
  const { ScalingPolicies } = await ask<{ ScalingPolicies: ScalingPolicy[] }>('DescribePolicies')
  assert.equal(ScalingPolicies[0]?.Alarms?.length, 2)
  await ask('DeletePolicy', { PolicyName: 'cpu' })
  assert.equal(alarms.kept.size, 0)
})

test('bad policies are refused in the words of AWS', async () => {
  const { put, ask } = await world()
  const [first, second, third] = step.StepAdjustments
  const refusals: readonly (readonly [object, RegExp])[] = [
    [{ ...simple, AdjustmentType: 'Double' }, /valid AdjustmentType/],
    [{ ...simple, ScalingAdjustment: undefined }, /must specify a ScalingAdjustment/],
    [{ ...simple, StepAdjustments: [first] }, /StepAdjustments is not supported for policies/],
    [{ ...simple, MinAdjustmentMagnitude: 2 }, /PercentChangeInCapacity/],
    [{ ...simple, PolicyType: 'PredictiveScaling' }, /PolicyType PredictiveScaling/],
    [{ ...step, StepAdjustments: [] }, /StepAdjustments/],
    [{ ...step, StepAdjustments: [{ ScalingAdjustment: 1 }] }, /At least one of/],
    [{ ...step, StepAdjustments: [first, { ...second, MetricIntervalLowerBound: 10 }] }, /overlap/],
    [{ ...step, StepAdjustments: [second, third] }, /no gaps/],
    [{ ...step, Cooldown: 5 }, /Cooldown is not supported/],
    [{ PolicyName: 'x', PolicyType: 'TargetTrackingScaling' }, /TargetTrackingConfiguration/],
  ]
  for (const [input, message] of refusals) {
    await assert.rejects(put(input), (error) => {
      assert.ok(error instanceof Error)
      assert.equal(error.name, 'ValidationError')
      assert.match(error.message, message)
      return true
    })
  }
  await put(step)
  await assert.rejects(ask('ExecutePolicy', { PolicyName: 'steps' }), /MetricValue and Breach/)
  await assert.rejects(put({ ...simple, PolicyName: 'steps' }), /cannot be changed/)
  await assert.rejects(ask('DeletePolicy', { PolicyName: 'none' }), /not found/)
})

test('scheduled actions change the sizes when they are due, once or again and again', async () => {
  const { ask, group, rest, clock, activities } = await world()
  const now = clock.now()
  await ask('PutScheduledUpdateGroupAction', {
    ScheduledActionName: 'once',
    StartTime: new Date(now + 60_000),
    DesiredCapacity: 3,
  })
  await ask('BatchPutScheduledUpdateGroupAction', {
    ScheduledUpdateGroupActions: [
      { ScheduledActionName: 'night', Recurrence: '0 22 * * *', MinSize: 0, MaxSize: 1 },
      {
        ScheduledActionName: 'day',
        Recurrence: '0 8 * * *',
        TimeZone: 'Europe/Berlin',
        MinSize: 2,
        MaxSize: 4,
      },
    ],
  })
  await rest(2)
  assert.equal((await group())?.DesiredCapacity, 2)
  await clock.advance(60_000)
  await rest()
  assert.equal((await group())?.DesiredCapacity, 3)
  assert.match(
    (await activities())[0]?.Cause ?? '',
    /a scheduled action update of AutoScalingGroup constraints to min: 1, max: 4, desired: 3 changing the desired capacity from 2 to 3/,
  )
  const list = async () =>
    (
      await ask<{ ScheduledUpdateGroupActions: ScheduledUpdateGroupAction[] }>(
        'DescribeScheduledActions',
      )
    ).ScheduledUpdateGroupActions
  const next = Object.fromEntries(
    (await list()).map((action) => [action.ScheduledActionName, action.StartTime?.toISOString()]),
  )
  assert.deepEqual(next, { day: '2026-11-23T07:00:00.000Z', night: '2026-11-22T22:00:00.000Z' })
  await clock.advance(12 * 3_600_000)
  await rest()
  assert.deepEqual([(await group())?.MaxSize, (await group())?.DesiredCapacity], [1, 1])
  await clock.advance(10 * 3_600_000)
  await rest()
  assert.deepEqual([(await group())?.MaxSize, (await group())?.DesiredCapacity], [4, 2])
  const { FailedScheduledActions: failed } = await ask<{ FailedScheduledActions: object[] }>(
    'BatchDeleteScheduledAction',
    { ScheduledActionNames: ['day', 'none'] },
  )
  assert.equal(failed.length, 1)
  await ask('DeleteScheduledAction', { ScheduledActionName: 'night' })
  assert.deepEqual(await list(), [])
})

test('bad schedules are refused, and a deleted group takes its policies and schedules along', async () => {
  const { ask, put, clock, scale, rest } = await world()
  const action = { ScheduledActionName: 'x', DesiredCapacity: 1 }
  const later = new Date(clock.now() + 60_000)
  const refusals: readonly (readonly [object, RegExp])[] = [
    [action, /Either StartTime or Recurrence/],
    [{ ...action, StartTime: new Date(clock.now() - 1) }, /Given start time is in the past/],
    [{ ...action, StartTime: later, EndTime: later }, /before the given start time/],
    [{ ...action, Recurrence: '61 * * * *' }, /Given recurrence string: 61/],
    [{ ...action, Recurrence: '0 0 31 2 *' }, /no time to come/],
    [{ ...action, Recurrence: '0 0 * * *', TimeZone: 'Mars/Base' }, /time zone: Mars/],
    [{ ScheduledActionName: 'x', StartTime: later }, /At least one of MinSize/],
    [{ ...action, StartTime: later, MinSize: 3 }, /DesiredCapacity must be between/],
  ]
  for (const [input, message] of refusals) {
    await assert.rejects(ask('PutScheduledUpdateGroupAction', input), message)
  }
  await ask('PutScheduledUpdateGroupAction', { ...action, StartTime: later })
  await assert.rejects(
    ask('PutScheduledUpdateGroupAction', { ...action, ScheduledActionName: 'y', StartTime: later }),
    { code: 'AlreadyExistsFault' },
  )
  await put(simple)
  await ask('DeleteAutoScalingGroup', { ForceDelete: true })
  await rest()
  assert.deepEqual(await scale.policies(scope), [])
  assert.deepEqual(await scale.scheduledActions(scope), [])
})

test('a policy tells the alarms of users that execute it, and its own once', async () => {
  const { put, ask, alarms } = await world()
  const arn = await put(simple)
  await put({
    PolicyName: 'track',
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingConfiguration: {
      TargetValue: 50,
      PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' },
    },
  })
  const alarmsOf = async (name: string) => {
    const answer = await ask<{ ScalingPolicies: ScalingPolicy[] }>('DescribePolicies', {
      PolicyNames: [name],
    })
    return answer.ScalingPolicies[0]?.Alarms
  }
  assert.deepEqual(await alarmsOf('out'), [])
  const [own] = alarms.kept.values()
  assert.ok(own)
  alarms.kept.set('busy', { ...own, name: 'busy', actions: [arn] })
  const AlarmARN = 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:busy'
  assert.deepEqual(await alarmsOf('out'), [{ AlarmName: 'busy', AlarmARN }])
  assert.equal((await alarmsOf('track'))?.length, 2)
})
