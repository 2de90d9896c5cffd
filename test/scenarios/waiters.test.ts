import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  AllocateAddressCommand,
  AttachInternetGatewayCommand,
  AttachVolumeCommand,
  CreateImageCommand,
  CreateInternetGatewayCommand,
  CreateKeyPairCommand,
  CreateNatGatewayCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  CreateSnapshotCommand,
  CreateSubnetCommand,
  CreateVolumeCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  DeleteNatGatewayCommand,
  DeleteNetworkInterfaceCommand,
  DeleteVolumeCommand,
  DescribeDhcpOptionsCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstanceCreditSpecificationsCommand,
  DescribeInstancesCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkAclsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeTagsCommand,
  DescribeVolumesCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  DetachVolumeCommand,
  EC2Client,
  ModifyInstanceCreditSpecificationCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  waitUntilImageAvailable,
  waitUntilImageExists,
  waitUntilInstanceExists,
  waitUntilInstanceRunning,
  waitUntilInstanceStatusOk,
  waitUntilInstanceStopped,
  waitUntilInstanceTerminated,
  waitUntilInternetGatewayExists,
  waitUntilKeyPairExists,
  waitUntilNatGatewayAvailable,
  waitUntilNatGatewayDeleted,
  waitUntilNetworkInterfaceAvailable,
  waitUntilSecurityGroupExists,
  waitUntilSnapshotCompleted,
  waitUntilSubnetAvailable,
  waitUntilSystemStatusOk,
  waitUntilVolumeAvailable,
  waitUntilVolumeDeleted,
  waitUntilVolumeInUse,
  waitUntilVpcAvailable,
  waitUntilVpcExists,
  type InstanceAttributeName,
  type VpcAttributeName,
} from '@aws-sdk/client-ec2'
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
  waitUntilChangeSetCreateComplete,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
  waitUntilStackExists,
  waitUntilStackRollbackComplete,
  waitUntilStackUpdateComplete,
} from '@aws-sdk/client-cloudformation'
import {
  CloudWatchClient,
  PutMetricAlarmCommand,
  waitUntilAlarmExists,
} from '@aws-sdk/client-cloudwatch'
import {
  CreateInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  GetAccountAuthorizationDetailsCommand,
  GetAccountSummaryCommand,
  IAMClient,
  waitUntilInstanceProfileExists,
  waitUntilPolicyExists,
  waitUntilRoleExists,
  waitUntilUserExists,
} from '@aws-sdk/client-iam'
import {
  BatchGetSecretValueCommand,
  CreateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import {
  GetParameterCommand,
  LabelParameterVersionCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm'
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  S3Client,
  waitUntilBucketExists,
  waitUntilBucketNotExists,
  waitUntilObjectExists,
  waitUntilObjectNotExists,
} from '@aws-sdk/client-s3'
import { runServing, servingScript, waitFor } from '../harness/waiting.ts'
import { startPlatform, type Platform } from '../harness/platform.ts'
import { assertPasses, sampleStates } from '../harness/state-sampler.ts'

describe('the waiters of the official clients', { concurrency: 3 }, () => {
  let platform: Platform
  let options: { endpoint: string; credentials: Platform['credentials']; region: string }
  let ec2: EC2Client

  before(async () => {
    platform = await startPlatform()
    const { endpoint, credentials } = platform
    options = { endpoint, credentials, region: 'us-east-1' }
    ec2 = new EC2Client(options)
  })

  after(async () => {
    ec2?.destroy()
    await platform?.stop()
  })

  it('wait for an instance through its life', async () => {
    const id = await runServing(ec2, { paths: {} })
    const instance = { InstanceIds: [id] }
    const at = waitFor(ec2)
    const states = sampleStates(async () => {
      const { Reservations } = await ec2.send(new DescribeInstancesCommand(instance))
      return Reservations?.[0]?.Instances?.[0]?.State?.Name
    })
    await waitUntilInstanceExists(at, instance)
    await waitUntilInstanceRunning(at, instance)
    await waitUntilInstanceStatusOk(at, instance)
    await waitUntilSystemStatusOk(at, instance)
    await ec2.send(new StopInstancesCommand(instance))
    await waitUntilInstanceStopped(at, instance)
    await ec2.send(new StartInstancesCommand(instance))
    await waitUntilInstanceRunning(at, instance)
    await ec2.send(new TerminateInstancesCommand(instance))
    await waitUntilInstanceTerminated(at, instance)
    const begin = ['pending', 'running']
    assertPasses(await states.stop(), [
      ...[...begin, 'stopping', 'stopped'],
      ...[...begin, 'shutting-down', 'terminated'],
    ])
  })

  it('wait for networks and what is in them', async () => {
    const at = waitFor(ec2)
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.77.0.0/16' }))
    const vpc = { VpcIds: [Vpc?.VpcId ?? ''] }
    await waitUntilVpcExists(at, vpc)
    await waitUntilVpcAvailable(at, vpc)
    const { Subnet } = await ec2.send(
      new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock: '10.77.1.0/24' }),
    )
    const SubnetId = Subnet?.SubnetId
    await waitUntilSubnetAvailable(at, { SubnetIds: [SubnetId ?? ''] })
    const gateway = await ec2.send(new CreateInternetGatewayCommand({}))
    const gatewayId = gateway.InternetGateway?.InternetGatewayId ?? ''
    await waitUntilInternetGatewayExists(at, { InternetGatewayIds: [gatewayId] })
    const { GroupId = '' } = await ec2.send(
      new CreateSecurityGroupCommand({ GroupName: 'w', Description: 'w', VpcId: Vpc?.VpcId }),
    )
    await waitUntilSecurityGroupExists(at, { GroupIds: [GroupId] })
    const { KeyName = '' } = await ec2.send(new CreateKeyPairCommand({ KeyName: 'waited' }))
    await waitUntilKeyPairExists(at, { KeyNames: [KeyName] })
    const { NetworkInterface } = await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId }))
    const interfaceId = NetworkInterface?.NetworkInterfaceId ?? ''
    await waitUntilNetworkInterfaceAvailable(at, { NetworkInterfaceIds: [interfaceId] })
    await ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: interfaceId }))
    await ec2.send(
      new AttachInternetGatewayCommand({ InternetGatewayId: gatewayId, VpcId: Vpc?.VpcId }),
    )
    const { AllocationId } = await ec2.send(new AllocateAddressCommand({ Domain: 'vpc' }))
    await waitForNatGateway(SubnetId, AllocationId)
  })

  async function waitForNatGateway(SubnetId?: string, AllocationId?: string): Promise<void> {
    const at = waitFor(ec2)
    const { NatGateway } = await ec2.send(new CreateNatGatewayCommand({ SubnetId, AllocationId }))
    const nat = { NatGatewayIds: [NatGateway?.NatGatewayId ?? ''] }
    const states = sampleStates(async () => {
      const { NatGateways } = await ec2.send(new DescribeNatGatewaysCommand(nat))
      return NatGateways?.[0]?.State
    })
    await waitUntilNatGatewayAvailable(at, nat)
    await ec2.send(new DeleteNatGatewayCommand({ NatGatewayId: nat.NatGatewayIds[0] }))
    await waitUntilNatGatewayDeleted(at, nat)
    assertPasses(await states.stop(), ['pending', 'available', 'deleting', 'deleted'])
  }

  it('answer what Terraform reads after it made something', async () => {
    const InstanceId = await runServing(ec2, { paths: {} })
    const mine = { InstanceId }
    await waitUntilInstanceRunning(waitFor(ec2), { InstanceIds: [InstanceId] })
    const attribute = (Attribute: InstanceAttributeName) =>
      ec2.send(new DescribeInstanceAttributeCommand({ ...mine, Attribute }))
    const shutdown = await attribute('instanceInitiatedShutdownBehavior')
    assert.equal(shutdown.InstanceInitiatedShutdownBehavior?.Value, 'stop')
    const termination = await attribute('disableApiTermination')
    assert.equal(termination.DisableApiTermination?.Value, false)
    assert.equal((await attribute('disableApiStop')).DisableApiStop?.Value, false)
    const script = Buffer.from((await attribute('userData')).UserData?.Value ?? '', 'base64')
    assert.deepEqual(script, servingScript({ paths: {} }))
    const CpuCredits = 'standard'
    await ec2.send(
      new ModifyInstanceCreditSpecificationCommand({
        InstanceCreditSpecifications: [{ ...mine, CpuCredits }],
      }),
    )
    const ids = { InstanceIds: [InstanceId] }
    const credits = await ec2.send(new DescribeInstanceCreditSpecificationsCommand(ids))
    assert.deepEqual(credits.InstanceCreditSpecifications, [{ ...mine, CpuCredits }])
    const { Reservations } = await ec2.send(new DescribeInstancesCommand(ids))
    const VpcId = Reservations?.[0]?.Instances?.[0]?.VpcId ?? ''
    await readNetwork(VpcId)
    const refused = new CreateVpcEndpointCommand({
      VpcId,
      ServiceName: 'com.amazonaws.us-east-1.s3',
    })
    await assert.rejects(ec2.send(refused), { name: 'InvalidServiceName' })
  })

  /** What Terraform's `aws_vpc` asks for beside the VPC itself. */
  async function readNetwork(VpcId: string): Promise<void> {
    const at = (Name: string, Value = 'true') => ({
      Filters: [
        { Name: 'vpc-id', Values: [VpcId] },
        { Name, Values: [Value] },
      ],
    })
    const vpcAttribute = (Attribute: VpcAttributeName) =>
      ec2.send(new DescribeVpcAttributeCommand({ VpcId, Attribute }))
    assert.equal((await vpcAttribute('enableDnsSupport')).EnableDnsSupport?.Value, true)
    assert.equal((await vpcAttribute('enableDnsHostnames')).EnableDnsHostnames?.Value, true)
    await vpcAttribute('enableNetworkAddressUsageMetrics')
    const acls = await ec2.send(new DescribeNetworkAclsCommand(at('default')))
    assert.equal(acls.NetworkAcls?.[0]?.IsDefault, true)
    const tables = await ec2.send(new DescribeRouteTablesCommand(at('association.main')))
    assert.equal(tables.RouteTables?.[0]?.Associations?.[0]?.Main, true)
    const groups = await ec2.send(new DescribeSecurityGroupsCommand(at('group-name', 'default')))
    assert.equal(groups.SecurityGroups?.[0]?.GroupName, 'default')
    const { Vpcs } = await ec2.send(new DescribeVpcsCommand({ VpcIds: [VpcId] }))
    const DhcpOptionsIds = [Vpcs?.[0]?.DhcpOptionsId ?? '']
    const options = await ec2.send(new DescribeDhcpOptionsCommand({ DhcpOptionsIds }))
    const { DhcpConfigurations } = options.DhcpOptions?.[0] ?? {}
    assert.deepEqual(DhcpConfigurations?.[1]?.Values, [{ Value: 'AmazonProvidedDNS' }])
    const { Tags } = await ec2.send(
      new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [VpcId] }] }),
    )
    assert.deepEqual(Tags ?? [], [])
    const { VpcEndpoints } = await ec2.send(
      new DescribeVpcEndpointsCommand({ Filters: [{ Name: 'vpc-id', Values: [VpcId] }] }),
    )
    assert.deepEqual(VpcEndpoints ?? [], [])
  }

  it('wait for volumes, snapshots and images', async () => {
    const at = waitFor(ec2)
    const InstanceId = await runServing(ec2, { paths: {} })
    await waitUntilInstanceRunning(at, { InstanceIds: [InstanceId] })
    const { Reservations } = await ec2.send(
      new DescribeInstancesCommand({ InstanceIds: [InstanceId] }),
    )
    const AvailabilityZone = Reservations?.[0]?.Instances?.[0]?.Placement?.AvailabilityZone
    const { VolumeId = '' } = await ec2.send(new CreateVolumeCommand({ AvailabilityZone, Size: 1 }))
    const volume = { VolumeIds: [VolumeId] }
    const states = sampleStates(async () => {
      const { Volumes } = await ec2.send(new DescribeVolumesCommand(volume))
      return Volumes?.[0]?.State
    })
    await waitUntilVolumeAvailable(at, volume)
    await ec2.send(new AttachVolumeCommand({ VolumeId, InstanceId, Device: '/dev/sdf' }))
    await waitUntilVolumeInUse(at, volume)
    const { SnapshotId = '' } = await ec2.send(new CreateSnapshotCommand({ VolumeId }))
    await waitUntilSnapshotCompleted(at, { SnapshotIds: [SnapshotId] })
    await ec2.send(new DetachVolumeCommand({ VolumeId }))
    await waitUntilVolumeAvailable(at, volume)
    await ec2.send(new DeleteVolumeCommand({ VolumeId }))
    await waitUntilVolumeDeleted(at, volume)
    const life = ['creating', 'available', 'in-use', 'available', 'deleting', 'absent']
    assertPasses(await states.stop(), life)
    const { ImageId = '' } = await ec2.send(new CreateImageCommand({ InstanceId, Name: 'waited' }))
    await waitUntilImageExists(at, { ImageIds: [ImageId] })
    await waitUntilImageAvailable(at, { ImageIds: [ImageId] })
  })

  it('wait for stacks through creation, update, failure and deletion', async () => {
    const client = new CloudFormationClient(options)
    const at = waitFor(client)
    const stack = { StackName: 'waited' }
    const body = (wait: number, more = {}) =>
      JSON.stringify({
        Resources: {
          Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: wait } },
          ...more,
        },
      })
    const states = sampleStates(async () => {
      const { Stacks } = await client.send(new DescribeStacksCommand(stack))
      return Stacks?.[0]?.StackStatus
    })
    await client.send(new CreateStackCommand({ ...stack, TemplateBody: body(30) }))
    await waitUntilStackExists(at, stack)
    await waitUntilStackCreateComplete(at, stack)
    await client.send(new UpdateStackCommand({ ...stack, TemplateBody: body(31) }))
    await waitUntilStackUpdateComplete(at, stack)
    const change = { ...stack, ChangeSetName: 'more' }
    await client.send(new CreateChangeSetCommand({ ...change, TemplateBody: body(32) }))
    await waitUntilChangeSetCreateComplete(at, change)
    const broken = { Other: { Type: 'AWS::SQS::Queue', Properties: { DelaySeconds: 99_999 } } }
    await client.send(new UpdateStackCommand({ ...stack, TemplateBody: body(33, broken) }))
    await waitUntilStackRollbackComplete(at, stack)
    await client.send(new DeleteStackCommand(stack))
    await waitUntilStackDeleteComplete(at, stack)
    const update = ['UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_COMPLETE']
    const back = ['UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE']
    assertPasses(await states.stop(), [
      ...['absent', 'CREATE_IN_PROGRESS', 'CREATE_COMPLETE', ...update],
      ...['UPDATE_IN_PROGRESS', 'UPDATE_ROLLBACK_IN_PROGRESS', ...back],
      ...['DELETE_IN_PROGRESS', 'absent'],
    ])
    client.destroy()
  })

  it('wait for buckets, objects, identities and alarms', async () => {
    const s3 = new S3Client({ ...options, forcePathStyle: true })
    const bucket = { Bucket: 'waited' }
    const object = { ...bucket, Key: 'a/b' }
    await s3.send(new CreateBucketCommand(bucket))
    await waitUntilBucketExists(waitFor(s3), bucket)
    await s3.send(new PutObjectCommand({ ...object, Body: 'c' }))
    await waitUntilObjectExists(waitFor(s3), object)
    await s3.send(new DeleteObjectCommand(object))
    await waitUntilObjectNotExists(waitFor(s3), object)
    await s3.send(new DeleteBucketCommand(bucket))
    await waitUntilBucketNotExists(waitFor(s3), bucket)
    s3.destroy()
    await waitForIdentities()
    await readKeptValues()
    const watch = new CloudWatchClient(options)
    const alarm = {
      AlarmName: 'waited',
      Namespace: 'n',
      MetricName: 'm',
      Statistic: 'Sum',
    } as const
    const limit = { ComparisonOperator: 'GreaterThanThreshold', Threshold: 1 } as const
    const periods = { Period: 60, EvaluationPeriods: 1 }
    await watch.send(new PutMetricAlarmCommand({ ...alarm, ...limit, ...periods }))
    await waitUntilAlarmExists(waitFor(watch), { AlarmNames: ['waited'] })
    watch.destroy()
  })

  async function waitForIdentities(): Promise<void> {
    const iam = new IAMClient(options)
    const at = waitFor(iam)
    const document = (rest: object) =>
      JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...rest }] })
    const role = { RoleName: 'waited' }
    const trust = { Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }
    await iam.send(new CreateRoleCommand({ ...role, AssumeRolePolicyDocument: document(trust) }))
    await waitUntilRoleExists(at, role)
    const user = { UserName: 'waited' }
    await iam.send(new CreateUserCommand(user))
    await waitUntilUserExists(at, user)
    const profile = { InstanceProfileName: 'waited' }
    await iam.send(new CreateInstanceProfileCommand(profile))
    await waitUntilInstanceProfileExists(at, profile)
    const PolicyDocument = document({ Action: 's3:GetObject', Resource: '*' })
    const { Policy } = await iam.send(
      new CreatePolicyCommand({ PolicyName: 'waited', PolicyDocument }),
    )
    await waitUntilPolicyExists(at, { PolicyArn: Policy?.Arn ?? '' })
    assert.ok(Policy?.Arn)
    const PolicyArn = 'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore'
    await waitUntilPolicyExists(at, { PolicyArn })
    await iam.send(new AttachRolePolicyCommand({ ...role, PolicyArn }))
    const details = await iam.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['Role'] }))
    const told = details.RoleDetailList?.find(({ RoleName }) => RoleName === role.RoleName)
    assert.equal(told?.AttachedManagedPolicies?.[0]?.PolicyArn, PolicyArn)
    const { SummaryMap } = await iam.send(new GetAccountSummaryCommand({}))
    assert.ok((SummaryMap?.Roles ?? 0) >= 1)
    iam.destroy()
  }

  async function readKeptValues(): Promise<void> {
    const [ssm, secrets] = [new SSMClient(options), new SecretsManagerClient(options)]
    const parameter = { Name: '/waited/size' }
    await ssm.send(new PutParameterCommand({ ...parameter, Value: 'small', Type: 'String' }))
    await ssm.send(new LabelParameterVersionCommand({ ...parameter, Labels: ['live'] }))
    await ssm.send(new PutParameterCommand({ ...parameter, Value: 'large', Overwrite: true }))
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: '/waited/size:live' }))
    assert.deepEqual([Parameter?.Value, Parameter?.Selector], ['small', ':live'])
    await secrets.send(new CreateSecretCommand({ Name: 'waited', SecretString: 'told' }))
    const { SecretValues, Errors } = await secrets.send(
      new BatchGetSecretValueCommand({ SecretIdList: ['waited', 'none'] }),
    )
    assert.equal(SecretValues?.[0]?.SecretString, 'told')
    assert.equal(Errors?.[0]?.ErrorCode, 'ResourceNotFoundException')
    ssm.destroy()
    secrets.destroy()
  }
})
