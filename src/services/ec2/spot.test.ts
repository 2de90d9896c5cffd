import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ec2World } from '../../testing/ec2-world.ts'

const one = { ImageId: 'ami-76f0061f', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 } as const
const market = { MarketType: 'spot', SpotOptions: { MaxPrice: '0.05' } } as const

test('an instance on spot is shown with its request, which is cancelled without it', async (t) => {
  const { call, close } = await ec2World()
  t.after(() => close())
  const Tags = [{ Key: 'team', Value: 'web' }]
  const { Instances = [] } = await call('RunInstances', {
    ...one,
    InstanceMarketOptions: market,
    TagSpecifications: [{ ResourceType: 'spot-instances-request', Tags }],
  })
  await call('RunInstances', one)
  const [made] = Instances
  const InstanceId = made?.InstanceId ?? ''
  assert.equal(made?.InstanceLifecycle, 'spot')
  const Filters = [{ Name: 'instance-lifecycle', Values: ['spot'] }]
  const { Reservations = [] } = await call('DescribeInstances', { Filters })
  assert.deepEqual(
    Reservations.flatMap((each) => each.Instances?.map((instance) => instance.InstanceId)),
    [InstanceId],
  )
  const SpotInstanceRequestIds = [made?.SpotInstanceRequestId ?? '']
  const shown = async () =>
    (await call('DescribeSpotInstanceRequests', { SpotInstanceRequestIds }))
      .SpotInstanceRequests?.[0]
  const request = await shown()
  assert.equal(request?.InstanceId, InstanceId)
  assert.deepEqual([request?.State, request?.Status?.Code], ['active', 'fulfilled'])
  assert.deepEqual([request?.SpotPrice, request?.Type], ['0.05', 'one-time'])
  assert.deepEqual(request?.Tags, Tags)
  await assert.rejects(call('StopInstances', { InstanceIds: [InstanceId] }), {
    name: 'UnsupportedOperation',
    message: /one-time Spot Instance request/,
  })
  const { CancelledSpotInstanceRequests } = await call('CancelSpotInstanceRequests', {
    SpotInstanceRequestIds,
  })
  assert.deepEqual(CancelledSpotInstanceRequests, [
    { SpotInstanceRequestId: SpotInstanceRequestIds[0], State: 'cancelled' },
  ])
  assert.equal((await shown())?.Status?.Code, 'request-canceled-and-instance-running')
  await assert.rejects(
    call('DescribeSpotInstanceRequests', { SpotInstanceRequestIds: ['sir-00000000'] }),
    { name: 'InvalidSpotInstanceRequestID.NotFound' },
  )
})

test('requests for spot are fulfilled at once, and closed when their instance is terminated', async (t) => {
  const { call, close } = await ec2World()
  t.after(() => close())
  const { SpotInstanceRequests = [] } = await call('RequestSpotInstances', {
    InstanceCount: 2,
    SpotPrice: '0.1',
    LaunchSpecification: { ImageId: one.ImageId, InstanceType: 't3.micro' },
  })
  assert.deepEqual(
    SpotInstanceRequests.map((each) => [each.State, each.SpotPrice]),
    [
      ['active', '0.1'],
      ['active', '0.1'],
    ],
  )
  const InstanceIds = [SpotInstanceRequests[0]?.InstanceId ?? '']
  await call('TerminateInstances', { InstanceIds })
  const Filters = [{ Name: 'state', Values: ['closed'] }]
  const closed = await call('DescribeSpotInstanceRequests', { Filters })
  assert.deepEqual(
    closed.SpotInstanceRequests?.map((each) => [each.InstanceId, each.Status?.Code]),
    [[InstanceIds[0], 'instance-terminated-by-user']],
  )
})

test('a template keeps its market, and what is not honoured of it is refused by name', async (t) => {
  const { call, close } = await ec2World()
  t.after(() => close())
  const LaunchTemplateName = 'spot'
  await call('CreateLaunchTemplate', {
    LaunchTemplateName,
    LaunchTemplateData: { ImageId: one.ImageId, InstanceMarketOptions: market },
  })
  const { LaunchTemplateVersions } = await call('DescribeLaunchTemplateVersions', {
    LaunchTemplateName,
  })
  const kept = LaunchTemplateVersions?.[0]?.LaunchTemplateData?.InstanceMarketOptions
  assert.deepEqual(kept, market)
  const { Instances } = await call('RunInstances', {
    ...{ MinCount: 1, MaxCount: 1, LaunchTemplate: { LaunchTemplateName } },
  })
  assert.equal(Instances?.[0]?.InstanceLifecycle, 'spot')
  const run = (InstanceMarketOptions: object) =>
    call('RunInstances', { ...one, InstanceMarketOptions })
  const refused = { name: 'UnsupportedOperation' }
  const spot = (SpotOptions: object) => run({ MarketType: 'spot', SpotOptions })
  await assert.rejects(spot({ SpotInstanceType: 'persistent' }), refused)
  await assert.rejects(spot({ InstanceInterruptionBehavior: 'stop' }), refused)
  await assert.rejects(spot({ ValidUntil: new Date() }), refused)
  await assert.rejects(spot({ MaxPrice: 'free' }), { name: 'InvalidParameterValue' })
  await assert.rejects(run({ MarketType: 'capacity-block' }), { name: 'InvalidParameterValue' })
  await assert.rejects(run({ SpotOptions: { MaxPrice: '1' } }), { name: 'MissingParameter' })
})
