import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ec2WorldOf } from '../../testing/ec2-world.ts'

const one = { ImageId: 'ami-76f0061f', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 } as const
const market = { MarketType: 'spot', SpotOptions: { MaxPrice: '0.05' } } as const

test('an instance on spot is shown with its request, which is cancelled without it', async (t) => {
  const { call } = await ec2WorldOf(t)
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
  const { call } = await ec2WorldOf(t)
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
  const { call } = await ec2WorldOf(t)
  const LaunchTemplateName = 'spot'
  const whole = {
    MarketType: 'spot',
    SpotOptions: {
      MaxPrice: '0.05',
      SpotInstanceType: 'one-time',
      InstanceInterruptionBehavior: 'terminate',
    },
  } as const
  await call('CreateLaunchTemplate', {
    LaunchTemplateName,
    LaunchTemplateData: { ImageId: one.ImageId, InstanceMarketOptions: whole },
  })
  const { LaunchTemplateVersions } = await call('DescribeLaunchTemplateVersions', {
    LaunchTemplateName,
  })
  const kept = LaunchTemplateVersions?.[0]?.LaunchTemplateData?.InstanceMarketOptions
  assert.deepEqual(kept, whole)
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

test('an interruption is told twice and then ends the instance, whoever protects it', async (t) => {
  const { call, compute, clock, events, scope, instance } = await ec2WorldOf(t)
  const run = (more: object) => call('RunInstances', { ...one, ...more })
  const bought = await run({ InstanceMarketOptions: market, DisableApiTermination: true })
  const id = bought.Instances?.[0]?.InstanceId ?? ''
  const times = { leadMilliseconds: 60_000, noticeMilliseconds: 120_000 }
  const onDemand = (await run({})).Instances?.[0]?.InstanceId ?? ''
  await assert.rejects(compute.spot.interrupt(scope, onDemand, times), {
    code: 'UnsupportedOperation',
  })
  await assert.rejects(compute.spot.interrupt(scope, 'i-0', times), {
    code: 'InvalidInstanceID.NotFound',
  })
  const first = await compute.spot.interrupt(scope, id, times)
  assert.deepEqual(await compute.spot.interrupt(scope, id, times), first)
  const told = () => events.filter(({ detailType }) => /Rebalance|Interruption/.test(detailType))
  await clock.advance(1000)
  assert.deepEqual(
    told().map(({ detailType, resources }) => [detailType, resources]),
    [['EC2 Instance Rebalance Recommendation', [`arn:aws:ec2:us-east-1a:instance/${id}`]]],
  )
  await clock.advance(60_000)
  assert.equal(told().length, 2)
  assert.deepEqual(told()[1]?.detail, { 'instance-id': id, 'instance-action': 'terminate' })
  const statuses = async () =>
    (await call('DescribeSpotInstanceRequests', {})).SpotInstanceRequests?.map(
      ({ Status }) => Status?.Code,
    )
  assert.deepEqual(await statuses(), ['marked-for-termination'])
  assert.equal((await instance(id)).state, 'running')
  await clock.advance(121_000)
  assert.equal((await instance(id)).state, 'terminated')
  assert.equal((await instance(id)).stateReason?.code, 'Server.SpotInstanceTermination')
  assert.deepEqual(await statuses(), ['instance-terminated-no-capacity'])
  assert.equal(told().length, 2)
})
