import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { AutoScalingClient, CreateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling'
import {
  CodeDeployClient,
  CreateDeploymentConfigCommand,
  CreateDeploymentGroupCommand,
} from '@aws-sdk/client-codedeploy'
import { EC2Client, RunInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2'
import { leavesNothing } from '../harness/census.ts'
import { lacksAws, startPlatform, type Platform } from '../harness/platform.ts'
import { form, json, raw, type RawRequest } from '../harness/raw-request.ts'

const versions = {
  ec2: '2016-11-15',
  autoscaling: '2011-01-01',
  cloudformation: '2010-05-15',
  elasticloadbalancing: '2015-12-01',
  iam: '2010-05-08',
  sts: '2011-06-15',
}
const bucket = 'bad-requests'
const withoutAws = await lacksAws()
const role = 'arn:aws:iam::000000000000:role/deployer'

function query(
  service: keyof typeof versions,
  action: string,
  members: Readonly<Record<string, string>> = {},
): RawRequest {
  return form(service, { Action: action, Version: versions[service], ...members })
}

function codedeploy(operation: string, input: object): RawRequest {
  return json('codedeploy', `CodeDeploy_20141006.${operation}`, JSON.stringify(input))
}

function s3(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): RawRequest {
  return { service: 's3', method, path, headers, body: method === 'PUT' ? 'x' : '' }
}

type Case = readonly [RawRequest, expected: string, message?: RegExp]

describe('requests that can be read and not be honoured', () => {
  let platform: Platform
  let ec2: EC2Client
  let groups: AutoScalingClient
  let deploy: CodeDeployClient

  before(async () => {
    platform = await startPlatform()
    const { endpoint, credentials } = platform
    const options = { endpoint, credentials, region: 'us-east-1', maxAttempts: 1 }
    ec2 = new EC2Client(options)
    groups = new AutoScalingClient(options)
    deploy = new CodeDeployClient(options)
    const made: readonly RawRequest[] = [
      { ...s3('PUT', `/${bucket}`), body: '' },
      s3('PUT', `/${bucket}/kept`),
      codedeploy('CreateApplication', { applicationName: 'shop' }),
      query('ec2', 'CreateLaunchTemplate', {
        LaunchTemplateName: 'fleet',
        'LaunchTemplateData.ImageId': 'ami-12345678',
      }),
    ]
    for (const request of made) assert.equal((await raw(platform, request)).status, 200)
  })
  after(async () => {
    for (const client of [ec2, groups, deploy]) client?.destroy()
    await platform?.stop()
  })

  /** Each is refused so, and none leaves anything behind. */
  async function allRefused(cases: readonly Case[]): Promise<void> {
    await leavesNothing(platform, async () => {
      for (const [request, expected, message = /./] of cases) {
        const answer = await raw(platform, request)
        const what = `${request.method ?? 'POST'} ${request.path ?? ''} ${String(request.body).slice(0, 200)}`
        assert.equal(`${answer.code} ${answer.status}`, expected, `${what}: ${answer.body}`)
        assert.match(answer.message, message, what)
      }
    })
  }

  it('answers operations that no model knows as AWS does', async () => {
    await allRefused([
      [query('ec2', 'LaunchMoon'), 'InvalidAction 400', /LaunchMoon/],
      [query('autoscaling', 'LaunchMoon'), 'InvalidAction 400', /LaunchMoon/],
      [query('elasticloadbalancing', 'LaunchMoon'), 'InvalidAction 400', /LaunchMoon/],
      [query('cloudformation', 'LaunchMoon'), 'InvalidAction 400', /LaunchMoon/],
      [query('iam', 'LaunchMoon'), 'InvalidAction 400', /LaunchMoon/],
      [query('sts', 'LaunchMoon'), 'InvalidAction 400', /LaunchMoon/],
      [codedeploy('LaunchMoon', {}), 'UnknownOperationException 400', /LaunchMoon/],
      [s3('PATCH', `/${bucket}/kept`), 'MethodNotAllowed 405'],
    ])
  })

  it('names the operation that it knows and does not support', async () => {
    const unsupported = (request: RawRequest, action: string, expected: string): Case => [
      request,
      expected,
      new RegExp(`${action}.*not supported`),
    ]
    const queries: readonly (readonly [keyof typeof versions, string])[] = [
      ['autoscaling', 'GetPredictiveScalingForecast'],
      ['elasticloadbalancing', 'DescribeTrustStoreRevocations'],
      ['cloudformation', 'DescribeOrganizationsAccess'],
      ['iam', 'GetContextKeysForCustomPolicy'],
      ['sts', 'DecodeAuthorizationMessage'],
    ]
    await allRefused([
      ...queries.map(([service, action]) =>
        unsupported(query(service, action), action, 'InvalidAction 400'),
      ),
      unsupported(
        query('ec2', 'CreateTransitGateway'),
        'CreateTransitGateway',
        'UnsupportedOperation 400',
      ),
      unsupported(
        s3('PUT', `/${bucket}?inventory=&id=a`),
        'PutBucketInventoryConfiguration',
        'NotImplemented 501',
      ),
    ])
  })

  it('names the member that it knows and does not honour', async () => {
    const run = { ImageId: 'ami-12345678', MinCount: '1', MaxCount: '1' }
    const group = { AutoScalingGroupName: 'a', MinSize: '0', MaxSize: '1' }
    const template = JSON.stringify({ Resources: { V: { Type: 'AWS::EC2::InternetGateway' } } })
    await allRefused([
      [
        query('ec2', 'RunInstances', { ...run, 'HibernationOptions.Configured': 'true' }),
        'UnsupportedOperation 400',
        /HibernationOptions\.Configured of RunInstances/,
      ],
      [
        query('ec2', 'RunInstances', { ...run, 'BlockDeviceMapping.1.VirtualName': 'ephemeral0' }),
        'UnsupportedOperation 400',
        /BlockDeviceMappings\[0\]\.VirtualName of RunInstances/,
      ],
      [
        query('autoscaling', 'CreateAutoScalingGroup', { ...group, PlacementGroup: 'a' }),
        'ValidationError 400',
        /PlacementGroup of CreateAutoScalingGroup/,
      ],
      [
        query('elasticloadbalancing', 'CreateLoadBalancer', {
          Name: 'a',
          CustomerOwnedIpv4Pool: 'a',
        }),
        'ValidationError 400',
        /CustomerOwnedIpv4Pool of CreateLoadBalancer/,
      ],
      [
        query('cloudformation', 'CreateStack', {
          StackName: 'a',
          TemplateBody: template,
          'ResourceTypes.member.1': 'AWS::EC2::*',
        }),
        'ValidationError 400',
        /ResourceTypes of CreateStack/,
      ],
      [
        query('iam', 'CreateUser', {
          UserName: 'a',
          PermissionsBoundary: 'arn:aws:iam::aws:policy/a',
        }),
        'ValidationError 400',
        /PermissionsBoundary of CreateUser/,
      ],
      [
        query('sts', 'AssumeRole', { RoleArn: role, RoleSessionName: 'abc', Policy: '{}' }),
        'ValidationError 400',
        /Policy of AssumeRole/,
      ],
      [
        codedeploy('CreateDeploymentGroup', {
          applicationName: 'shop',
          deploymentGroupName: 'a',
          serviceRoleArn: role,
          ecsServices: [{ serviceName: 'a', clusterName: 'b' }],
        }),
        'InvalidECSServiceException 400',
        /ecsServices of CreateDeploymentGroup/,
      ],
      [
        s3('PUT', `/${bucket}/cold`, { 'x-amz-storage-class': 'GLACIER' }),
        'NotImplemented 501',
        /StorageClass of PutObject/,
      ],
      [
        s3('PUT', `/${bucket}/open`, { 'x-amz-acl': 'public-read' }),
        'NotImplemented 501',
        /ACL of PutObject/,
      ],
    ])
  })

  it('launches nothing on ids, counts and places that are none', async () => {
    const run = (members: Readonly<Record<string, string>>): RawRequest =>
      query('ec2', 'RunInstances', {
        ImageId: 'ami-12345678',
        MinCount: '1',
        MaxCount: '1',
        ...members,
      })
    const value = 'InvalidParameterValue 400'
    await allRefused([
      [run({ MinCount: '0' }), value],
      [run({ MinCount: '2' }), value],
      [run({ MinCount: 'NaN', MaxCount: 'NaN' }), value, /MinCount/],
      [run({ MinCount: '1.5', MaxCount: '2.5' }), value],
      [run({ MaxCount: '999999999' }), value],
      [run({ ImageId: 'nonsense' }), 'InvalidAMIID.Malformed 400'],
      [run({ InstanceType: 't99.huge' }), value, /t99\.huge/],
      [query('ec2', 'DescribeSubnets', { MaxResults: '4' }), value, /greater than or equal to 5/],
      [run({ SubnetId: 'subnet-none' }), 'InvalidSubnetID.NotFound 400'],
      [run({ 'SecurityGroupId.1': 'sg-none' }), 'InvalidGroup.NotFound 400'],
      [run({ KeyName: 'none' }), 'InvalidKeyPair.NotFound 400'],
      [run({ 'Placement.AvailabilityZone': 'us-east-1z' }), value, /us-east-1z/],
      [run({ 'IamInstanceProfile.Name': 'none' }), value, /none/],
      [run({ PrivateIpAddress: '10.9.9.9' }), value],
      [run({ UserData: '%not base64%' }), value, /BASE64/],
      [run({ UserData: Buffer.alloc(20_000, 65).toString('base64') }), value, /16384/],
      [
        run({ 'LaunchTemplate.LaunchTemplateName': 'none' }),
        'InvalidLaunchTemplateName.NotFoundException 400',
      ],
      [
        run({
          'TagSpecification.1.ResourceType': 'instance',
          'TagSpecification.1.Tag.1.Key': 'aws:a',
        }),
        value,
        /reserved/,
      ],
      [
        query('ec2', 'TerminateInstances', { 'InstanceId.1': 'i-0123456789abcdef0' }),
        'InvalidInstanceID.NotFound 400',
      ],
      [
        query('ec2', 'StopInstances', { 'InstanceId.1': '../../etc/passwd' }),
        'InvalidInstanceID.Malformed 400',
      ],
      [
        query('ec2', 'GetConsoleOutput', { InstanceId: '../../etc/passwd' }),
        'InvalidInstanceID.Malformed 400',
      ],
    ])
    await leavesNothing(platform, async () => {
      const launch = { ImageId: 'ami-12345678', MinCount: 3, MaxCount: 2 }
      await assert.rejects(ec2.send(new RunInstancesCommand(launch)), {
        name: 'InvalidParameterValue',
      })
      const missing = new TerminateInstancesCommand({ InstanceIds: ['i-0123456789abcdef0'] })
      await assert.rejects(ec2.send(missing), { name: 'InvalidInstanceID.NotFound' })
    })
  })

  it('makes no Auto Scaling group of nonsense', async () => {
    const group = (members: Readonly<Record<string, string>>): RawRequest =>
      query('autoscaling', 'CreateAutoScalingGroup', {
        AutoScalingGroupName: 'fleet',
        MinSize: '0',
        MaxSize: '1',
        'LaunchTemplate.LaunchTemplateName': 'fleet',
        'AvailabilityZones.member.1': 'us-east-1a',
        ...members,
      })
    const bad: readonly Readonly<Record<string, string>>[] = [
      { MinSize: '-1' },
      { MinSize: '2' },
      { MaxSize: '1.5' },
      { MaxSize: 'NaN' },
      { DesiredCapacity: '5' },
      { AutoScalingGroupName: '' },
      { AutoScalingGroupName: 'a/b' },
      { 'AvailabilityZones.member.1': 'moon-1a' },
      { 'LaunchTemplate.LaunchTemplateName': 'none' },
      { 'LaunchTemplate.Version': '99' },
      { VPCZoneIdentifier: 'subnet-none' },
      { 'TargetGroupARNs.member.1': 'arn:none' },
      { HealthCheckType: 'MOON' },
      { HealthCheckGracePeriod: '-1' },
      { 'TerminationPolicies.member.1': 'Random' },
      { 'Tags.member.1.Key': 'aws:a' },
    ]
    await allRefused(bad.map((members) => [group(members), 'ValidationError 400'] as const))
    await leavesNothing(platform, async () => {
      const command = new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: 'fleet',
        MinSize: 5,
        MaxSize: 1,
        LaunchTemplate: { LaunchTemplateName: 'fleet' },
        AvailabilityZones: ['us-east-1a'],
      })
      await assert.rejects(groups.send(command), {
        name: 'ValidationError',
        message: /Max bound, 1/,
      })
    })
  })

  it('makes no deployment group or configuration of nonsense', async () => {
    const group = (members: object): RawRequest =>
      codedeploy('CreateDeploymentGroup', {
        applicationName: 'shop',
        deploymentGroupName: 'web',
        serviceRoleArn: role,
        ...members,
      })
    const config = (minimumHealthyHosts: object): RawRequest =>
      codedeploy('CreateDeploymentConfig', { deploymentConfigName: 'mine', minimumHealthyHosts })
    await allRefused([
      [group({ applicationName: 'none' }), 'ApplicationDoesNotExistException 400'],
      [group({ serviceRoleArn: 'nonsense' }), 'InvalidRoleException 400'],
      [group({ deploymentConfigName: 'none' }), 'DeploymentConfigDoesNotExistException 400'],
      [group({ autoScalingGroups: ['none'] }), 'InvalidAutoScalingGroupException 400'],
      [
        group({ ec2TagFilters: [{ Key: 'a', Value: 'b', Type: 'MOON' }] }),
        'InvalidEC2TagException 400',
      ],
      [
        config({ type: 'FLEET_PERCENT', value: 101 }),
        'InvalidMinimumHealthyHostValueException 400',
      ],
      [config({ type: 'HOST_COUNT', value: 1.5 }), 'SerializationException 400', /whole number/],
      [
        codedeploy('CreateDeployment', { applicationName: 'none' }),
        'ApplicationDoesNotExistException 400',
      ],
      [
        codedeploy('GetDeployment', { deploymentId: 'd-../../x' }),
        'InvalidDeploymentIdException 400',
      ],
      [codedeploy('ListDeployments', { nextToken: 'banana' }), 'InvalidNextTokenException 400'],
    ])
    await leavesNothing(platform, async () => {
      const hosts = new CreateDeploymentConfigCommand({
        deploymentConfigName: 'mine',
        minimumHealthyHosts: { type: 'HOST_COUNT', value: -1 },
      })
      await assert.rejects(deploy.send(hosts), { name: 'InvalidMinimumHealthyHostValueException' })
      const nameless = new CreateDeploymentGroupCommand({
        applicationName: 'shop',
        deploymentGroupName: 'a'.repeat(101),
        serviceRoleArn: role,
      })
      await assert.rejects(deploy.send(nameless), { name: 'InvalidDeploymentGroupNameException' })
    })
  })

  it('keeps paths that climb inside their bucket', async () => {
    const climbing = [
      '../../../etc/passwd',
      '..',
      'a/../../b',
      './x',
      'a//b',
      '%2e%2e/%2e%2e/secret',
    ]
    for (const key of climbing) {
      const path = `/${bucket}/${key}`
      const put = await raw(platform, s3('PUT', path))
      assert.equal(put.status, 200, put.body)
      assert.equal((await raw(platform, s3('GET', path))).body, 'x')
      assert.equal((await raw(platform, s3('DELETE', path))).status, 204)
    }
    await allRefused([
      [{ ...s3('PUT', '/..'), body: '' }, 'InvalidBucketName 400'],
      [{ ...s3('PUT', '/a%2fb'), body: '' }, 'InvalidBucketName 400'],
      [s3('PUT', `/${bucket}/a%00b`), 'InvalidArgument 400'],
      [s3('GET', '/../../etc/passwd'), 'NoSuchBucket 404'],
      [s3('PUT', `/${bucket}/k?uploadId=../../x&partNumber=1`), 'NoSuchUpload 404'],
      [
        s3('PUT', `/${bucket}/copy`, { 'x-amz-copy-source': `/${bucket}/../../x` }),
        'NoSuchKey 404',
      ],
      [s3('PUT', `/${bucket}/k`, { 'content-md5': '1B2M2Y8AsgTpgAmY7PhCfg==' }), 'BadDigest 400'],
    ])
  })

  it('tells the official CLI the same', { skip: withoutAws }, async () => {
    await leavesNothing(platform, async () => {
      const refusals: readonly (readonly [string[], RegExp])[] = [
        [['ec2', 'run-instances', '--image-id', 'nonsense'], /\(InvalidAMIID\.Malformed\)/],
        [['ec2', 'create-transit-gateway'], /\(UnsupportedOperation\).*CreateTransitGateway/],
        [
          ['ec2', 'terminate-instances', '--instance-ids', 'i-0123456789abcdef0'],
          /\(InvalidInstanceID\.NotFound\)/,
        ],
        [
          [
            'autoscaling',
            'set-desired-capacity',
            '--auto-scaling-group-name',
            'none',
            '--desired-capacity',
            '1',
          ],
          /\(ValidationError\).*not found/,
        ],
        [
          ['deploy', 'get-application', '--application-name', 'none'],
          /\(ApplicationDoesNotExistException\)/,
        ],
        [['elbv2', 'describe-load-balancers', '--names', 'none'], /\(LoadBalancerNotFound\)/],
        [['iam', 'get-user', '--user-name', 'none'], /\(NoSuchEntity\)/],
        [
          ['s3api', 'get-object', '--bucket', bucket, '--key', 'none', '/dev/null'],
          /\(NoSuchKey\)/,
        ],
        [
          ['s3api', 'put-object', '--bucket', bucket, '--key', 'k', '--acl', 'public-read'],
          /\(NotImplemented\)/,
        ],
      ]
      for (const [words, expected] of refusals) {
        await assert.rejects(platform.aws(...words), (thrown: Error) => {
          assert.match(thrown.message, expected)
          return true
        })
      }
    })
  })
})
