import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling'
import { autoScalingWorld, basicGroup } from '../../testing/auto-scaling-world.ts'
import { call } from '../../testing/fake-request.ts'

test('metrics of a group are collected once asked for, by name or all', async () => {
  const { service } = autoScalingWorld()
  await call(service, 'CreateAutoScalingGroup', basicGroup)
  const about = { AutoScalingGroupName: 'web' }
  const shown = async () => {
    const { AutoScalingGroups } = await call<{ AutoScalingGroups: AutoScalingGroup[] }>(
      service,
      'DescribeAutoScalingGroups',
      {},
    )
    return AutoScalingGroups[0]?.EnabledMetrics?.map((each) => each.Metric)
  }
  assert.deepEqual(await shown(), [])
  const enable = (given: object) => call(service, 'EnableMetricsCollection', { ...about, ...given })
  await assert.rejects(enable({ Granularity: '5Minute' }), { code: 'ValidationError' })
  await assert.rejects(enable({ Granularity: '1Minute', Metrics: ['WarmPoolColour'] }), {
    code: 'ValidationError',
  })
  await enable({ Granularity: '1Minute', Metrics: ['GroupMinSize'] })
  await enable({ Granularity: '1Minute', Metrics: ['GroupMinSize', 'GroupMaxSize'] })
  assert.deepEqual(await shown(), ['GroupMinSize', 'GroupMaxSize'])
  await call(service, 'DisableMetricsCollection', { ...about, Metrics: ['GroupMinSize'] })
  assert.deepEqual(await shown(), ['GroupMaxSize'])
  await enable({ Granularity: '1Minute' })
  assert.equal((await shown())?.length, 21)
  await call(service, 'DisableMetricsCollection', about)
  assert.deepEqual(await shown(), [])
})
