import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import {
  AutoScalingClient,
  CompleteLifecycleActionCommand,
  CreateAutoScalingGroupCommand,
  DeleteAutoScalingGroupCommand,
  DeleteLifecycleHookCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeScalingActivitiesCommand,
  DescribeWarmPoolCommand,
  ExecutePolicyCommand,
  PutLifecycleHookCommand,
  PutScalingPolicyCommand,
  PutScheduledUpdateGroupActionCommand,
  PutWarmPoolCommand,
  SetDesiredCapacityCommand,
  type Instance,
} from '@aws-sdk/client-auto-scaling'
import {
  CreateLaunchTemplateCommand,
  DescribeInstancesCommand,
  DescribeSpotInstanceRequestsCommand,
  EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2'
import { startPlatform, until, type Platform } from '../harness/platform.ts'

const name = 'fleet'
const zones = ['us-east-1a', 'us-east-1b', 'us-east-1c']

describe('an Auto Scaling group on real machines', () => {
  let platform: Platform
  let groups: AutoScalingClient
  let ec2: EC2Client

  before(async () => {
    platform = await startPlatform()
    const { endpoint, credentials } = platform
    groups = new AutoScalingClient({ endpoint, credentials, region: 'us-east-1' })
    ec2 = new EC2Client({ endpoint, credentials, region: 'us-east-1' })
    await ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: name,
        LaunchTemplateData: { ImageId: 'ami-12345678', InstanceType: 't3.micro' },
      }),
    )
  })

  after(async () => {
    groups.destroy()
    ec2.destroy()
    await platform.stop()
  })

  async function members(): Promise<readonly Instance[]> {
    const answer = await groups.send(
      new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
    )
    return answer.AutoScalingGroups?.[0]?.Instances ?? []
  }

  /** Waits until the group is exactly its `size` members, all in service, and no machine runs beside them. */
  async function settled(size: number): Promise<readonly Instance[]> {
    return until(`${size} instances in service`, async () => {
      const staff = await members()
      const inService = staff.filter((member) => member.LifecycleState === 'InService')
      if (staff.length !== size || inService.length !== size) return undefined
      const running = await ec2.send(
        new DescribeInstancesCommand({
          Filters: [{ Name: 'instance-state-name', Values: ['pending', 'running'] }],
        }),
      )
      const ids = (running.Reservations ?? []).flatMap((each) => each.Instances ?? [])
      return ids.length === size ? staff : undefined
    })
  }

  it('spreads over the zones and says why', async () => {
    await groups.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: name,
        LaunchTemplate: { LaunchTemplateName: name, Version: '$Latest' },
        MinSize: 0,
        MaxSize: 6,
        DesiredCapacity: 3,
        AvailabilityZones: zones,
      }),
    )
    const staff = await settled(3)
    assert.deepEqual(staff.map((member) => member.AvailabilityZone ?? '').toSorted(), zones)
  })

  it('replaces a machine that is killed from outside', async (context) => {
    if (platform.driver !== 'namespaces') return context.skip('needs machines with a first process')
    const victim = (await members())[0]?.InstanceId ?? ''
    const file = join(platform.dataDirectory, 'machines', victim, 'pid')
    const [, pid = ''] = (await readFile(file, 'utf8')).split(' ')
    const killedAt = Date.now()
    process.kill(Number(pid), 'SIGKILL')
    const staff = await until('a replacement', async () => {
      const now = await members()
      const isWhole = now.every((member) => member.LifecycleState === 'InService')
      const isNew = now.every((member) => member.InstanceId !== victim)
      return now.length === 3 && isWhole && isNew ? now : undefined
    })
    assert.deepEqual(staff.map((member) => member.AvailabilityZone ?? '').toSorted(), zones)
    const { Activities = [] } = await groups.send(
      new DescribeScalingActivitiesCommand({ AutoScalingGroupName: name }),
    )
    const departure = Activities.find(
      (each) => each.Description?.endsWith(victim) && each.Description.startsWith('Terminating'),
    )
    assert.match(
      departure?.Cause ?? '',
      /EC2 health check indicating it has been terminated or stopped/,
    )
    const launch = Activities.find((each) => each.Cause?.includes('unhealthy instance needing'))
    const noticed = (departure?.StartTime?.getTime() ?? 0) - killedAt
    const served = (launch?.EndTime?.getTime() ?? 0) - killedAt
    context.diagnostic(`noticed after ${noticed} ms, in service after ${served} ms`)
  })

  it('holds a launch until its lifecycle action is completed', async () => {
    const group = { AutoScalingGroupName: name }
    const hook = { ...group, LifecycleHookName: 'boot' }
    await groups.send(
      new PutLifecycleHookCommand({
        ...hook,
        LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
        HeartbeatTimeout: 60,
      }),
    )
    await groups.send(new SetDesiredCapacityCommand({ ...group, DesiredCapacity: 4 }))
    const held = await until('a launch is held', async () =>
      (await members()).find((member) => member.LifecycleState === 'Pending:Wait'),
    )
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const inService = (await members()).filter((member) => member.LifecycleState === 'InService')
    assert.equal(inService.length, 3)
    const read =
      'token=$(curl -s -X PUT -H "X-aws-ec2-metadata-token-ttl-seconds: 60" http://169.254.169.254/latest/api/token); ' +
      'curl -s -H "X-aws-ec2-metadata-token: $token" http://169.254.169.254/latest/meta-data/autoscaling/target-lifecycle-state'
    const target = () => platform.evenkeel('exec', held.InstanceId ?? '', '--', 'sh', '-c', read)
    assert.equal(await target(), 'InService')
    await groups.send(
      new CompleteLifecycleActionCommand({
        ...hook,
        InstanceId: held.InstanceId,
        LifecycleActionResult: 'CONTINUE',
      }),
    )
    await settled(4)
    await groups.send(new DeleteLifecycleHookCommand(hook))
  })

  it('follows a schedule, and a policy that is executed', async () => {
    const group = { AutoScalingGroupName: name }
    await groups.send(
      new PutScheduledUpdateGroupActionCommand({
        ...group,
        ScheduledActionName: 'soon',
        StartTime: new Date(Date.now() + 1500),
        DesiredCapacity: 2,
      }),
    )
    await settled(2)
    await groups.send(
      new PutScalingPolicyCommand({
        ...group,
        PolicyName: 'half-more',
        AdjustmentType: 'PercentChangeInCapacity',
        ScalingAdjustment: 50,
      }),
    )
    await groups.send(new ExecutePolicyCommand({ ...group, PolicyName: 'half-more' }))
    await settled(3)
  })

  it('doubles and loses nothing when the server is killed while it scales', async () => {
    for (const [round, size] of [6, 2, 6].entries()) {
      await groups.send(
        new SetDesiredCapacityCommand({ AutoScalingGroupName: name, DesiredCapacity: size }),
      )
      await new Promise((resolve) => setTimeout(resolve, 40 * round))
      process.kill(platform.pid(), 'SIGKILL')
      await platform.up()
      const staff = await settled(size)
      const perZone = zones.map(
        (zone) => staff.filter((member) => member.AvailabilityZone === zone).length,
      )
      assert.ok(Math.max(...perZone) - Math.min(...perZone) <= 1, perZone.join(' '))
    }
  })

  it('keeps the same instances over down and up', async () => {
    const ids = async () => (await members()).map((member) => member.InstanceId ?? '').toSorted()
    const before = await ids()
    await platform.stop({ keep: true })
    await platform.up()
    await settled(before.length)
    assert.deepEqual(await ids(), before)
  })

  it('launches units of several types, on demand first and on spot above', async () => {
    const Overrides = [
      { InstanceType: 'c5.large', WeightedCapacity: '2' },
      { InstanceType: 't3.micro', WeightedCapacity: '1' },
    ] as const
    const InstancesDistribution = {
      OnDemandBaseCapacity: 2,
      OnDemandPercentageAboveBaseCapacity: 0,
    }
    const LaunchTemplateSpecification = { LaunchTemplateName: name, Version: '$Latest' }
    await groups.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: 'mixed',
        AvailabilityZones: zones,
        MinSize: 1,
        MaxSize: 3,
        DesiredCapacity: 3,
        CapacityRebalance: true,
        MixedInstancesPolicy: {
          LaunchTemplate: { LaunchTemplateSpecification, Overrides: [...Overrides] },
          InstancesDistribution,
        },
      }),
    )
    const described = await until('both are in service', async () => {
      const answer = await groups.send(
        new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ['mixed'] }),
      )
      const [found] = answer.AutoScalingGroups ?? []
      const serving = found?.Instances?.filter((each) => each.LifecycleState === 'InService')
      return serving?.length === 2 ? found : undefined
    })
    const kinds = described.Instances?.map((each) => [each.InstanceType, each.WeightedCapacity])
    assert.deepEqual(kinds, [
      ['c5.large', '2'],
      ['c5.large', '2'],
    ])
    assert.equal(described.LaunchTemplate, undefined)
    assert.deepEqual(described.MixedInstancesPolicy?.LaunchTemplate?.Overrides, Overrides)
    const ids = described.Instances?.flatMap((each) => each.InstanceId ?? [])
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: ids }))
    const [spot, ...others] = Reservations.flatMap(({ Instances = [] }) => Instances).filter(
      (each) => each.InstanceLifecycle === 'spot',
    )
    assert.equal(others.length, 0)
    const { SpotInstanceRequests = [] } = await ec2.send(
      new DescribeSpotInstanceRequestsCommand({
        Filters: [{ Name: 'instance-id', Values: [spot?.InstanceId ?? ''] }],
      }),
    )
    const [request] = SpotInstanceRequests
    assert.equal(request?.SpotInstanceRequestId, spot?.SpotInstanceRequestId)
    assert.deepEqual([request?.State, request?.Status?.Code], ['active', 'fulfilled'])
    const atRisk = spot?.InstanceId ?? ''
    await platform.evenkeel('gameday', 'spot', atRisk)
    const after = await until('another one serves in its place', async () => {
      const answer = await groups.send(
        new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ['mixed'] }),
      )
      const all = answer.AutoScalingGroups?.[0]?.Instances ?? []
      const isOver = all.length === 2 && all.every((each) => each.LifecycleState === 'InService')
      return isOver && all.every((each) => each.InstanceId !== atRisk) ? all : undefined
    })
    assert.ok(after.some((each) => ids?.includes(each.InstanceId ?? '')))
    await groups.send(
      new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: 'mixed', ForceDelete: true }),
    )
  })

  it('warns a spot instance in its metadata, and ends it at the time that it said', async () => {
    const run = await ec2.send(
      new RunInstancesCommand({
        ...{ ImageId: 'ami-12345678', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 },
        InstanceMarketOptions: { MarketType: 'spot' },
      }),
    )
    const id = run.Instances?.[0]?.InstanceId ?? ''
    const found = async () => {
      const answer = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }))
      return answer.Reservations?.[0]?.Instances?.[0]
    }
    await until('it runs', async () => (await found())?.State?.Name === 'running')
    await platform.evenkeel('gameday', 'spot', id, '--notice', '2')
    const read =
      'token=$(curl -s -X PUT -H "X-aws-ec2-metadata-token-ttl-seconds: 60" http://169.254.169.254/latest/api/token); ' +
      'curl -s -H "X-aws-ec2-metadata-token: $token" http://169.254.169.254/latest/meta-data/spot/instance-action'
    const said = JSON.parse(await platform.evenkeel('exec', id, '--', 'sh', '-c', read)) as {
      action: string
      time: string
    }
    assert.equal(said.action, 'terminate')
    const ended = await until('it is terminated', async () => {
      const instance = await found()
      return instance?.State?.Name === 'terminated' ? instance : undefined
    })
    assert.ok(Date.now() >= Date.parse(said.time))
    assert.equal(ended.StateReason?.Code, 'Server.SpotInstanceTermination')
  })

  it('draws on its warm pool, starting what was stopped, and gives back what it needs no longer', async () => {
    const group = { AutoScalingGroupName: 'warm' }
    await groups.send(
      new CreateAutoScalingGroupCommand({
        ...group,
        LaunchTemplate: { LaunchTemplateName: name, Version: '$Latest' },
        MinSize: 0,
        MaxSize: 1,
        AvailabilityZones: zones,
      }),
    )
    const InstanceReusePolicy = { ReuseOnScaleIn: true }
    await groups.send(new PutWarmPoolCommand({ ...group, InstanceReusePolicy }))
    const prepared = () =>
      until('an instance is prepared', async () => {
        const { Instances } = await groups.send(new DescribeWarmPoolCommand(group))
        const [instance] = Instances ?? []
        return instance?.LifecycleState === 'Warmed:Stopped' ? instance.InstanceId : undefined
      })
    const stateOf = async (id: string) => {
      const InstanceIds = [id]
      const answer = await ec2.send(new DescribeInstancesCommand({ InstanceIds }))
      return answer.Reservations?.[0]?.Instances?.[0]?.State?.Name
    }
    const id = (await prepared()) ?? ''
    assert.equal(await stateOf(id), 'stopped')
    await groups.send(new SetDesiredCapacityCommand({ ...group, DesiredCapacity: 1 }))
    const serving = await until('it is in service', async () => {
      const answer = await groups.send(
        new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ['warm'] }),
      )
      const [found] = answer.AutoScalingGroups?.[0]?.Instances ?? []
      return found?.LifecycleState === 'InService' ? found : undefined
    })
    assert.equal(serving.InstanceId, id)
    assert.equal(await stateOf(id), 'running')
    await groups.send(new SetDesiredCapacityCommand({ ...group, DesiredCapacity: 0 }))
    assert.equal(await prepared(), id, 'the same instance, back in the pool')
    await groups.send(new DeleteAutoScalingGroupCommand({ ...group, ForceDelete: true }))
  })

  it('leaves nothing when it is deleted', async () => {
    await groups.send(
      new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: name, ForceDelete: true }),
    )
    await settled(0)
  })
})
