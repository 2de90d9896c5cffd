import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import {
  AutoScalingClient,
  CompleteLifecycleActionCommand,
  CreateAutoScalingGroupCommand,
  DeleteAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
  DescribeScalingActivitiesCommand,
  PutLifecycleHookCommand,
  SetDesiredCapacityCommand,
  waitUntilGroupExists,
  waitUntilGroupInService,
  waitUntilGroupNotExists,
  type Activity,
} from '@aws-sdk/client-auto-scaling'
import {
  CodeDeployClient,
  CreateApplicationCommand,
  CreateDeploymentCommand,
  CreateDeploymentGroupCommand,
  GetDeploymentCommand,
  waitUntilDeploymentSuccessful,
} from '@aws-sdk/client-codedeploy'
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateLaunchTemplateCommand,
  CreateTagsCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  EC2Client,
  waitUntilInstanceRunning,
} from '@aws-sdk/client-ec2'
import {
  ConfigureHealthCheckCommand,
  CreateLoadBalancerCommand as CreateClassicBalancerCommand,
  DeregisterInstancesFromLoadBalancerCommand,
  ElasticLoadBalancingClient,
  RegisterInstancesWithLoadBalancerCommand,
  waitUntilAnyInstanceInService,
  waitUntilInstanceDeregistered,
  waitUntilInstanceInService,
} from '@aws-sdk/client-elastic-load-balancing'
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DeleteLoadBalancerCommand,
  DeregisterTargetsCommand,
  DescribeCapacityReservationCommand,
  DescribeListenerAttributesCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeTagsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
  RegisterTargetsCommand,
  waitUntilLoadBalancerAvailable,
  waitUntilLoadBalancerExists,
  waitUntilLoadBalancersDeleted,
  waitUntilTargetDeregistered,
  waitUntilTargetInService,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { readFile } from 'node:fs/promises'
import { output, startPlatform, until, type Platform } from '../harness/platform.ts'
import { assertPasses, sampleStates } from '../harness/state-sampler.ts'
import { runServing, servingScript, waitFor } from '../harness/waiting.ts'

describe('what targets, groups and deployments pass through while clients wait', () => {
  let platform: Platform
  let options: { endpoint: string; credentials: Platform['credentials']; region: string }
  let ec2: EC2Client
  let elb: ElasticLoadBalancingV2Client
  let subnets: readonly { SubnetId: string; VpcId: string }[]
  let instanceId: string
  let balancerArn: string
  let listenerArn: string
  let priority = 0

  before(async () => {
    platform = await startPlatform()
    const { endpoint, credentials } = platform
    options = { endpoint, credentials, region: 'us-east-1' }
    ec2 = new EC2Client(options)
    elb = new ElasticLoadBalancingV2Client(options)
    const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}))
    subnets = Subnets.map(({ SubnetId = '', VpcId = '' }) => ({ SubnetId, VpcId }))
    const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({}))
    const GroupId = SecurityGroups?.[0]?.GroupId
    const open = { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, CidrIp: '0.0.0.0/0' }
    await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, ...open }))
    instanceId = await runServing(ec2, {
      paths: { '/': 200, '/broken': 500 },
      subnetId: subnets[0]?.SubnetId,
    })
    await waitUntilInstanceRunning(waitFor(ec2), { InstanceIds: [instanceId] })
    await makeBalancer()
  })

  after(async () => {
    for (const client of [ec2, elb]) client?.destroy()
    await platform?.stop()
  })

  async function makeBalancer(): Promise<void> {
    const { LoadBalancers } = await elb.send(
      new CreateLoadBalancerCommand({
        Name: 'front',
        Subnets: subnets.slice(0, 2).map(({ SubnetId }) => SubnetId),
      }),
    )
    balancerArn = LoadBalancers?.[0]?.LoadBalancerArn ?? ''
    assert.equal(LoadBalancers?.[0]?.State?.Code, 'provisioning')
    await waitUntilLoadBalancerExists(waitFor(elb), { LoadBalancerArns: [balancerArn] })
    await waitUntilLoadBalancerAvailable(waitFor(elb), { LoadBalancerArns: [balancerArn] })
    const { Listeners } = await elb.send(
      new CreateListenerCommand({
        LoadBalancerArn: balancerArn,
        Protocol: 'HTTP',
        Port: 80,
        DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
      }),
    )
    listenerArn = Listeners?.[0]?.ListenerArn ?? ''
  }

  async function targetGroup(Name: string, check: object = {}): Promise<string> {
    const { TargetGroups } = await elb.send(
      new CreateTargetGroupCommand({
        ...{ Name, Protocol: 'HTTP', Port: 80, VpcId: subnets[0]?.VpcId },
        ...{ HealthCheckIntervalSeconds: 5, HealthCheckTimeoutSeconds: 2 },
        ...{ UnhealthyThresholdCount: 2, ...check },
      }),
    )
    return TargetGroups?.[0]?.TargetGroupArn ?? ''
  }

  async function forwardTo(TargetGroupArn: string): Promise<void> {
    priority++
    await elb.send(
      new CreateRuleCommand({
        ListenerArn: listenerArn,
        Priority: priority,
        Conditions: [{ Field: 'path-pattern', Values: [`/${priority}`] }],
        Actions: [{ Type: 'forward', TargetGroupArn }],
      }),
    )
  }

  async function healthOf(TargetGroupArn: string): Promise<string> {
    const Targets = [{ Id: instanceId }]
    const found = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn, Targets }))
    const { State, Reason } = found.TargetHealthDescriptions?.[0]?.TargetHealth ?? {}
    return Reason === undefined ? `${State}` : `${State} ${Reason}`
  }

  describe('at the same time', { concurrency: 5 }, () => {
    it('tells of a target from its registration to its end', async () => {
      const TargetGroupArn = await targetGroup('life')
      const at = { TargetGroupArn, Targets: [{ Id: instanceId }] }
      const states = sampleStates(() => healthOf(TargetGroupArn))
      await until('it is sampled', async () => states.seen.length > 0)
      await elb.send(new RegisterTargetsCommand(at))
      await until('it is not in use', async () => states.seen.includes('unused Target.NotInUse'))
      await forwardTo(TargetGroupArn)
      await waitUntilTargetInService(waitFor(elb), at)
      await elb.send(
        new ModifyTargetGroupAttributesCommand({
          TargetGroupArn,
          Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '2' }],
        }),
      )
      await elb.send(new DeregisterTargetsCommand(at))
      await waitUntilTargetDeregistered(waitFor(elb), at)
      assertPasses(await states.stop(), [
        ...['unused Target.NotRegistered', 'unused Target.NotInUse'],
        ...['initial Elb.RegistrationInProgress', 'initial Elb.InitialHealthChecking', 'healthy'],
        ...['draining Target.DeregistrationInProgress', 'unused Target.NotRegistered'],
      ])
    })

    it('says why a target is unhealthy', async () => {
      const cases = [
        ['matcher', { HealthCheckPath: '/broken' }, 'Target.ResponseCodeMismatch'],
        ['slow', { HealthCheckPath: '/never' }, 'Target.Timeout'],
        ['closed', { HealthCheckPort: '81' }, 'Target.FailedHealthChecks'],
      ] as const
      await Promise.all(
        cases.map(async ([name, check, reason]) => {
          const TargetGroupArn = await targetGroup(name, check)
          await forwardTo(TargetGroupArn)
          await elb.send(
            new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: instanceId }] }),
          )
          const states = sampleStates(() => healthOf(TargetGroupArn))
          await until(`${name} is unhealthy`, async () =>
            states.seen.at(-1)?.startsWith('unhealthy'),
          )
          assertPasses(await states.stop(), [
            ...['initial Elb.RegistrationInProgress', 'initial Elb.InitialHealthChecking'],
            `unhealthy ${reason}`,
          ])
        }),
      )
    })

    it('brings instances in and out of a classic balancer', async () => {
      const classic = new ElasticLoadBalancingClient(options)
      const LoadBalancerName = 'old'
      await classic.send(
        new CreateClassicBalancerCommand({
          LoadBalancerName,
          Subnets: [subnets[0]?.SubnetId ?? ''],
          Listeners: [{ Protocol: 'HTTP', LoadBalancerPort: 8080, InstancePort: 80 }],
        }),
      )
      const check = { Target: 'HTTP:80/', Interval: 5, Timeout: 2 }
      const HealthCheck = { ...check, UnhealthyThreshold: 2, HealthyThreshold: 2 }
      await classic.send(new ConfigureHealthCheckCommand({ LoadBalancerName, HealthCheck }))
      const at = { LoadBalancerName, Instances: [{ InstanceId: instanceId }] }
      await classic.send(new RegisterInstancesWithLoadBalancerCommand(at))
      await waitUntilAnyInstanceInService(waitFor(classic), at)
      await waitUntilInstanceInService(waitFor(classic), at)
      await classic.send(new DeregisterInstancesFromLoadBalancerCommand(at))
      await waitUntilInstanceDeregistered(waitFor(classic), at)
      classic.destroy()
    })

    it('deploys to an instance until the deployment is successful', async () => {
      const client = new CodeDeployClient(options)
      const deployment = { applicationName: 'waited', deploymentGroupName: 'all' }
      const Tags = [{ Key: 'deploy', Value: 'here' }]
      await ec2.send(new CreateTagsCommand({ Resources: [instanceId], Tags }))
      await client.send(new CreateApplicationCommand({ applicationName: 'waited' }))
      await client.send(
        new CreateDeploymentGroupCommand({
          ...deployment,
          serviceRoleArn: 'arn:aws:iam::000000000000:role/deploy',
          ec2TagFilters: [{ Key: 'deploy', Value: 'here', Type: 'KEY_AND_VALUE' }],
        }),
      )
      const s3Location = await uploadBundle()
      const revision = { revisionType: 'S3', s3Location } as const
      const { deploymentId } = await client.send(
        new CreateDeploymentCommand({ ...deployment, revision }),
      )
      const states = sampleStates(async () => {
        const { deploymentInfo } = await client.send(new GetDeploymentCommand({ deploymentId }))
        return deploymentInfo?.status
      })
      await waitUntilDeploymentSuccessful(waitFor(client), { deploymentId })
      assertPasses(await states.stop(), ['Created', 'Queued', 'InProgress', 'Succeeded'])
      client.destroy()
    })

    async function uploadBundle() {
      const folder = await mkdtemp(join(tmpdir(), 'evenkeel-waited-'))
      const s3 = new S3Client({ ...options, forcePathStyle: true })
      try {
        const specification =
          'version: 0.0\nos: linux\nfiles:\n  - source: /a\n    destination: /srv\n'
        await writeFile(join(folder, 'appspec.yml'), specification)
        await writeFile(join(folder, 'a'), 'here')
        await output('tar', ['-czf', join(folder, 'b.tgz'), '-C', folder, 'appspec.yml', 'a'])
        const object = { Bucket: 'waited', Key: 'b.tgz' }
        await s3.send(new CreateBucketCommand({ Bucket: object.Bucket }))
        const Body = await readFile(join(folder, 'b.tgz'))
        await s3.send(new PutObjectCommand({ ...object, Body }))
        return { bucket: object.Bucket, key: object.Key, bundleType: 'tgz' } as const
      } finally {
        s3.destroy()
        await rm(folder, { recursive: true, force: true })
      }
    }

    it('moves the members of a group, with activities that say so', async () => {
      const scaling = new AutoScalingClient(options)
      const group = { AutoScalingGroupName: 'waited' }
      const named = { AutoScalingGroupNames: ['waited'] }
      const TargetGroupArn = await targetGroup('members')
      await forwardTo(TargetGroupArn)
      const UserData = servingScript({ paths: { '/': 200 } }).toString('base64')
      await ec2.send(
        new CreateLaunchTemplateCommand({
          LaunchTemplateName: 'waited',
          LaunchTemplateData: { ImageId: 'ami-12345678', InstanceType: 't3.micro', UserData },
        }),
      )
      await scaling.send(
        new CreateAutoScalingGroupCommand({
          ...group,
          LaunchTemplate: { LaunchTemplateName: 'waited' },
          ...{ MinSize: 0, MaxSize: 2, DesiredCapacity: 0 },
          VPCZoneIdentifier: subnets[0]?.SubnetId,
          TargetGroupARNs: [TargetGroupArn],
          ...{ HealthCheckType: 'ELB', HealthCheckGracePeriod: 60 },
        }),
      )
      await waitUntilGroupExists(waitFor(scaling), named)
      for (const [LifecycleHookName, way] of [
        ['in', 'LAUNCHING'],
        ['out', 'TERMINATING'],
      ] as const) {
        const LifecycleTransition = `autoscaling:EC2_INSTANCE_${way}`
        const hook = { ...group, LifecycleHookName, LifecycleTransition, HeartbeatTimeout: 60 }
        await scaling.send(new PutLifecycleHookCommand(hook))
      }
      const lives = sampleStates(() => lifecycleOf(scaling))
      const launch = sampleStates(async () => (await activityOf(scaling, 'Launching'))?.StatusCode)
      await scaling.send(new SetDesiredCapacityCommand({ ...group, DesiredCapacity: 1 }))
      await complete(scaling, 'Pending:Wait', 'in')
      await waitUntilGroupInService(waitFor(scaling), named)
      await until('it is in service', async () => launch.seen.at(-1) === 'Successful')
      const begun = ['absent', 'PreInService', 'MidLifecycleAction', 'PreInService', 'Successful']
      assertPasses(await launch.stop(), begun)
      const begin = await activityOf(scaling, 'Launching')
      assert.match(begin?.Description ?? '', /^Launching a new EC2 instance: i-[0-9a-f]{17}$/)
      const wish =
        'a user request explicitly set group desired capacity changing the desired capacity'
      const from0 = `^At \\S+Z ${wish} from 0 to 1\\.  At \\S+Z an instance was started in response to`
      assert.match(begin?.Cause ?? '', new RegExp(from0))
      const end = sampleStates(async () => (await activityOf(scaling, 'Terminating'))?.StatusCode)
      await until('its target is in use', () => isTargetHealthy(TargetGroupArn))
      await scaling.send(new SetDesiredCapacityCommand({ ...group, DesiredCapacity: 0 }))
      await complete(scaling, 'Terminating:Wait', 'out')
      await until('it is gone', async () => end.seen.at(-1) === 'Successful')
      assertPasses(await end.stop(), [
        ...['absent', 'InProgress', 'WaitingForELBConnectionDraining', 'MidLifecycleAction'],
        ...['WaitingForELBConnectionDraining', 'InProgress', 'Successful'],
      ])
      const { Description = '', Cause = '' } = (await activityOf(scaling, 'Terminating')) ?? {}
      assert.match(Description, /^Terminating EC2 instance: i-[0-9a-f]{17}$/)
      assert.match(
        Cause,
        / from 1 to 0\. {2}At \S+Z an instance was taken out of service in response/,
      )
      await scaling.send(new DeleteAutoScalingGroupCommand({ ...group, ForceDelete: true }))
      await waitUntilGroupNotExists(waitFor(scaling), named)
      assertPasses(await lives.stop(), [
        ...['absent', 'Pending', 'Pending:Wait', 'Pending:Proceed', 'InService'],
        ...['Terminating', 'Terminating:Wait', 'Terminating:Proceed', 'absent'],
      ])
      scaling.destroy()
    })

    async function isTargetHealthy(TargetGroupArn: string): Promise<boolean> {
      const found = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }))
      return found.TargetHealthDescriptions?.[0]?.TargetHealth?.State === 'healthy'
    }

    async function lifecycleOf(scaling: AutoScalingClient): Promise<string | undefined> {
      const found = await scaling.send(new DescribeAutoScalingInstancesCommand({}))
      return found.AutoScalingInstances?.[0]?.LifecycleState
    }

    async function activityOf(
      scaling: AutoScalingClient,
      what: string,
    ): Promise<Activity | undefined> {
      const { Activities = [] } = await scaling.send(
        new DescribeScalingActivitiesCommand({ AutoScalingGroupName: 'waited' }),
      )
      return Activities.find(({ Description }) => Description?.startsWith(what))
    }

    async function complete(
      scaling: AutoScalingClient,
      state: string,
      hook: string,
    ): Promise<void> {
      const held = await until(`an instance is ${state}`, async () => {
        const named = { AutoScalingGroupNames: ['waited'] }
        const found = await scaling.send(new DescribeAutoScalingGroupsCommand(named))
        return found.AutoScalingGroups?.[0]?.Instances?.find((one) => one.LifecycleState === state)
      })
      await scaling.send(
        new CompleteLifecycleActionCommand({
          AutoScalingGroupName: 'waited',
          LifecycleHookName: hook,
          InstanceId: held.InstanceId,
          LifecycleActionResult: 'CONTINUE',
        }),
      )
    }
  })

  it('answers what Terraform reads of a balancer', async () => {
    const balancer = { LoadBalancerArn: balancerArn }
    const attributes = await elb.send(new DescribeLoadBalancerAttributesCommand(balancer))
    const idle = attributes.Attributes?.find(({ Key }) => Key === 'idle_timeout.timeout_seconds')
    assert.equal(idle?.Value, '60')
    const capacity = await elb.send(new DescribeCapacityReservationCommand(balancer))
    assert.deepEqual(capacity.CapacityReservationState ?? [], [])
    const listener = { ListenerArn: listenerArn }
    const { Attributes } = await elb.send(new DescribeListenerAttributesCommand(listener))
    const server = { Key: 'routing.http.response.server.enabled', Value: 'true' }
    assert.deepEqual(Attributes, [server])
    const tags = await elb.send(new DescribeTagsCommand({ ResourceArns: [balancerArn] }))
    assert.equal(tags.TagDescriptions?.[0]?.ResourceArn, balancerArn)
  })

  it('deletes a balancer', async () => {
    await elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: balancerArn }))
    await waitUntilLoadBalancersDeleted(waitFor(elb), { LoadBalancerArns: [balancerArn] })
  })
})
