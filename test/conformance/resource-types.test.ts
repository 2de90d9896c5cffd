import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { silentLog } from '../../src/kernel/ports.ts'
import { systemClock } from '../../src/kernel/system/clock.ts'
import { systemRandom } from '../../src/kernel/system/random.ts'
import type { BlobStore } from '../../src/objects/blob.ts'
import { createLoop } from '../../src/reconcile/loop.ts'
import { composeEngines, type Engines } from '../../src/server/compose.ts'
import { sealerOf } from '../../src/server/installation-sealer.ts'
import { composeFaces, type Faces } from '../../src/server/faces.ts'
import type { ResourceType } from '../../src/stacks/resource-type.ts'
import { eventsOf, findStack } from '../../src/stacks/stack-reader.ts'
import type { StackRecord } from '../../src/stacks/stack-records.ts'
import { fakeCompute, type FakeCompute } from '../../src/testing/fake-compute.ts'
import { fakeNetwork } from '../../src/testing/fake-network.ts'
import { memoryEvents } from '../../src/testing/memory-events.ts'
import { memoryMessages } from '../../src/testing/memory-messages.ts'
import { memoryPoints } from '../../src/testing/memory-points.ts'
import { memoryStore } from '../../src/testing/memory-store.ts'

// What the stack engine relies on after a crash, held against every resource type over the real engines: create with a token
// that was used before finds what it made, and removing what is gone succeeds. Machines and networks are fakes.

const scope = { account: '000000000000', region: 'us-east-1' }
const policy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
}
const trust = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
}
const queuePolicy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' }],
}

const others = `
Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.9.0.0/16 } }
  A: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.9.1.0/24, AvailabilityZone: us-east-1a } }
  B: { Type: AWS::EC2::Subnet, Properties: { VpcId: !Ref Vpc, CidrBlock: 10.9.2.0/24, AvailabilityZone: us-east-1b } }
  Gate: { Type: AWS::EC2::InternetGateway }
  Attach: { Type: AWS::EC2::VPCGatewayAttachment, Properties: { VpcId: !Ref Vpc, InternetGatewayId: !Ref Gate } }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: d, GroupName: fixed, VpcId: !Ref Vpc } }
  In: { Type: AWS::EC2::SecurityGroupIngress, Properties: { GroupId: !GetAtt Group.GroupId, IpProtocol: tcp, FromPort: 80, ToPort: 80, SourceSecurityGroupId: !GetAtt Group.GroupId } }
  Out: { Type: AWS::EC2::SecurityGroupEgress, Properties: { GroupId: !GetAtt Group.GroupId, IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 10.0.0.0/8 } }
  Instance: { Type: AWS::EC2::Instance, DependsOn: Attach, Properties: { ImageId: ami-76f0061f, SubnetId: !Ref A, SecurityGroupIds: [!GetAtt Group.GroupId] } }
  Balancer: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer, DependsOn: Attach, Properties: { Name: fixed, Subnets: [!Ref A, !Ref B], SecurityGroups: [!GetAtt Group.GroupId] } }
  Classic: { Type: AWS::ElasticLoadBalancing::LoadBalancer, DependsOn: Attach, Properties: { LoadBalancerName: fixed, Subnets: [!Ref A, !Ref B], SecurityGroups: [!GetAtt Group.GroupId], Instances: [!Ref Instance], Listeners: [{ Protocol: HTTP, LoadBalancerPort: '80', InstancePort: '80' }] } }
  Targets: { Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: { Name: fixed, VpcId: !Ref Vpc, Protocol: HTTP, Port: 80, Targets: [{ Id: !Ref Instance }] } }
  Listener: { Type: AWS::ElasticLoadBalancingV2::Listener, Properties: { LoadBalancerArn: !Ref Balancer, Protocol: HTTP, Port: 80, DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Targets }] } }
  Cert: { Type: AWS::CertificateManager::Certificate, Properties: { DomainName: a.test } }
  Cert2: { Type: AWS::CertificateManager::Certificate, Properties: { DomainName: b.test } }
  Secured: { Type: AWS::ElasticLoadBalancingV2::Listener, Properties: { LoadBalancerArn: !Ref Balancer, Protocol: HTTPS, Port: 443, Certificates: [{ CertificateArn: !Ref Cert }], DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Targets }] } }
  Beside: { Type: AWS::ElasticLoadBalancingV2::ListenerCertificate, Properties: { ListenerArn: !Ref Secured, Certificates: [{ CertificateArn: !Ref Cert2 }] } }
  Rule: { Type: AWS::ElasticLoadBalancingV2::ListenerRule, Properties: { ListenerArn: !Ref Listener, Priority: 5, Conditions: [{ Field: path-pattern, Values: [/x] }], Actions: [{ Type: forward, TargetGroupArn: !Ref Targets }] } }
  Role: { Type: AWS::IAM::Role, Properties: { RoleName: fixed, AssumeRolePolicyDocument: ${JSON.stringify(trust)} } }
  Policy: { Type: AWS::IAM::Policy, Properties: { PolicyName: fixed, Roles: [!Ref Role], PolicyDocument: ${JSON.stringify(policy)} } }
  Managed: { Type: AWS::IAM::ManagedPolicy, Properties: { Roles: [!Ref Role], PolicyDocument: ${JSON.stringify(policy)} } }
  User: { Type: AWS::IAM::User }
  Key: { Type: AWS::IAM::AccessKey, Properties: { UserName: !Ref User } }
  Config: { Type: AWS::CodeDeploy::DeploymentConfig, Properties: { MinimumHealthyHosts: { Type: HOST_COUNT, Value: 1 } } }
  Stored: { Type: AWS::SSM::Parameter, Properties: { Name: fixed, Type: String, Value: x } }
  Secret: { Type: AWS::SecretsManager::Secret, Properties: { Name: fixed, GenerateSecretString: { SecretStringTemplate: '{"user":"me"}', GenerateStringKey: password } } }
  Read: { Type: AWS::SSM::Parameter, DependsOn: Secret, Properties: { Type: String, Value: '{{resolve:secretsmanager:fixed:SecretString:user}}' } }
  Bucket: { Type: AWS::S3::Bucket, Properties: { BucketName: fixed-name } }
  Launch: { Type: AWS::AutoScaling::LaunchConfiguration, Properties: { ImageId: ami-76f0061f, InstanceType: t3.micro } }
  Fleet: { Type: AWS::AutoScaling::AutoScalingGroup, DependsOn: Attach, Properties: { LaunchConfigurationName: !Ref Launch, MinSize: 0, MaxSize: 2, VPCZoneIdentifier: [!Ref A, !Ref B], MaxInstanceLifetime: 86400 } }
  Hook: { Type: AWS::AutoScaling::LifecycleHook, Properties: { AutoScalingGroupName: !Ref Fleet, LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING' } }
  Out1: { Type: AWS::AutoScaling::ScalingPolicy, Properties: { AutoScalingGroupName: !Ref Fleet, AdjustmentType: ChangeInCapacity, ScalingAdjustment: 1 } }
  Track: { Type: AWS::AutoScaling::ScalingPolicy, Properties: { AutoScalingGroupName: !Ref Fleet, PolicyType: TargetTrackingScaling, TargetTrackingConfiguration: { TargetValue: 50, PredefinedMetricSpecification: { PredefinedMetricType: ASGAverageCPUUtilization } } } }
  Nightly: { Type: AWS::AutoScaling::ScheduledAction, Properties: { AutoScalingGroupName: !Ref Fleet, Recurrence: 0 22 * * *, DesiredCapacity: 0 } }
  Warm: { Type: AWS::AutoScaling::WarmPool, Properties: { AutoScalingGroupName: !Ref Fleet, MaxGroupPreparedCapacity: 1 } }
  Dead: { Type: AWS::SQS::Queue }
  Jobs: { Type: AWS::SQS::Queue, Properties: { QueueName: fixed, VisibilityTimeout: 60, RedrivePolicy: { deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3 } } }
  Deep: { Type: AWS::CloudWatch::Alarm, Properties: { Namespace: AWS/SQS, MetricName: ApproximateNumberOfMessagesVisible, Dimensions: [{ Name: QueueName, Value: fixed }], Statistic: Maximum, Period: 60, EvaluationPeriods: 1, Threshold: 10, ComparisonOperator: GreaterThanThreshold } }
  Page: { Type: AWS::CloudWatch::CompositeAlarm, Properties: { AlarmRule: !Sub 'ALARM("\${Deep}")' } }
  Log: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: fixed, RetentionInDays: 7 } }
  Stream: { Type: AWS::Logs::LogStream, Properties: { LogGroupName: !Ref Log, LogStreamName: fixed } }
  Errors: { Type: AWS::Logs::MetricFilter, Properties: { LogGroupName: !Ref Log, FilterPattern: ERROR, MetricTransformations: [{ MetricNamespace: Site, MetricName: Errors, MetricValue: '1', DefaultValue: 0 }] } }
  JobsPolicy: { Type: AWS::SQS::QueuePolicy, Properties: { Queues: [!Ref Jobs], PolicyDocument: ${JSON.stringify(queuePolicy)} } }
`

const example = readFileSync(
  new URL('../../examples/website/template.yaml', import.meta.url),
  'utf8',
)

/** The type, each of whose operations is done twice, as after a crash that hid the first one's answer. */
function doubled(type: ResourceType, faults: string[]): ResourceType {
  return {
    ...type,
    async create(properties, context) {
      let firstId = ''
      await type.create(properties, { ...context, started: async (id) => void (firstId = id) })
      const second = await type.create(properties, context)
      if (second.physicalId !== firstId) faults.push(`${type.name} made ${firstId} and another`)
      return second
    },
    async remove(resource, context) {
      await type.remove(resource, context)
      await type.remove(resource, context)
    },
  }
}

/** Every gateway machine reports what it was told, as a real one does. */
function reportForGateways(engines: Engines, compute: FakeCompute, signal: AbortSignal): void {
  const known = new Set<string>()
  const pull = async (gatewayId: string): Promise<void> => {
    for (let after = 0; !signal.aborted;) {
      const told = await engines.balance.gatewayConfiguration(gatewayId, after, signal)
      if (!told) continue
      after = told.generation
      const listening = told.listeners.map(({ id }) => id)
      const report = { gatewayId, generation: after, targets: [], requestCount: 0, listening }
      await engines.balance.report(gatewayId, report)
    }
  }
  const timer = setInterval(() => {
    for (const id of compute.machines.keys()) {
      if (!id.startsWith('gw-') || known.has(id)) continue
      known.add(id)
      void pull(id)
    }
  }, 10)
  signal.addEventListener('abort', () => clearInterval(timer))
}

async function platform(
  faults: string[],
): Promise<{ engines: Engines; stop: () => Promise<void> }> {
  const store = memoryStore()
  const loop = createLoop({ store, clock: systemClock, log: silentLog, holder: 'test' })
  const context = {
    store,
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    events: { publish() {} },
    wake: loop,
  }
  const compute = fakeCompute()
  const runDirectory = mkdtempSync(join(tmpdir(), 'evenkeel-types-'))
  const blobs = { async *list() {} } as unknown as BlobStore
  const engines = composeEngines(
    context,
    {
      compute,
      network: fakeNetwork(),
      blobs,
      messages: memoryMessages(),
      sealer: sealerOf(randomBytes(32)),
      points: memoryPoints(systemClock),
      events: memoryEvents(),
    },
    {
      ...scope,
      strictImages: false,
      runDirectory,
      endpointHost: '127.0.0.1:4566',
      keys: undefined,
    },
    { types: () => types, lookups: () => faces.lookups },
  )
  const faces: Faces = composeFaces(engines)
  const types = faces.resourceTypes.map((type) => doubled(type, faults))
  for (const reconciler of engines.reconcilers) loop.add(reconciler)
  await loop.start()
  const over = new AbortController()
  reportForGateways(engines, compute, over.signal)
  return {
    engines,
    async stop() {
      over.abort()
      await loop.stop()
      engines.close()
      await store.close()
      rmSync(runDirectory, { recursive: true, force: true })
    },
  }
}

/** The stack when it rests, within a minute. */
async function rested(engines: Engines, stackId: string): Promise<StackRecord> {
  for (let looks = 0; looks < 1200; looks++) {
    const found = await findStack(engines.context.store, scope, stackId)
    if (found && !found.value.status.endsWith('_IN_PROGRESS')) return found.value
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`${stackId} does not come to rest`)
}

for (const [name, body] of Object.entries({ website: example, others })) {
  test(`${name}: types that are asked twice make one thing, and remove it twice`, async () => {
    const faults: string[] = []
    const { engines, stop } = await platform(faults)
    try {
      const { operations } = engines.stacks
      const { stackId, uuid } = await operations.create(scope, {
        name,
        source: { body, endpointHost: '' },
        parameters: [],
        tags: undefined,
        capabilities: ['CAPABILITY_NAMED_IAM'],
        onFailure: 'DO_NOTHING',
        timeoutMinutes: undefined,
        isProtected: false,
        token: undefined,
      })
      const made = await rested(engines, stackId)
      const events = await eventsOf(engines.context.store, scope, uuid)
      const failures = events.filter(({ status }) => status.endsWith('FAILED'))
      assert.equal(made.status, 'CREATE_COMPLETE', JSON.stringify(failures))
      await operations.remove(scope, { nameOrId: stackId, retain: [], token: undefined })
      const gone = await rested(engines, stackId)
      assert.equal(gone.status, 'DELETE_COMPLETE', gone.statusReason)
      assert.deepEqual(faults, [])
    } finally {
      await stop()
    }
  })
}
