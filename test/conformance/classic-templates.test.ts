import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { silentLog } from '../../src/kernel/ports.ts'
import { systemClock } from '../../src/kernel/system/clock.ts'
import { systemRandom } from '../../src/kernel/system/random.ts'
import type { BlobStore } from '../../src/objects/blob.ts'
import { composeEngines, type Engines } from '../../src/server/compose.ts'
import { composeFaces, type Faces } from '../../src/server/faces.ts'
import { sealerOf } from '../../src/server/installation-sealer.ts'
import { prepareTarget } from '../../src/stacks/prepare-target.ts'
import { fakeCompute } from '../../src/testing/fake-compute.ts'
import { fakeNetwork } from '../../src/testing/fake-network.ts'
import { memoryEvents } from '../../src/testing/memory-events.ts'
import { memoryMessages } from '../../src/testing/memory-messages.ts'
import { memoryPoints } from '../../src/testing/memory-points.ts'
import { memoryStore } from '../../src/testing/memory-store.ts'

// Templates in the shapes of AWS's public samples of 2014, in words of our own: everything that the engine says of a template before
// it makes the first resource, over the real types. Numbers and booleans are texts, groups have names, images are fixed.

const scope = { account: '000000000000', region: 'us-east-1' }

const mappings = {
  Kinds: {
    't1.micro': { Arch: 'PV64' },
    'm1.small': { Arch: 'PV64' },
    't2.small': { Arch: 'HVM64' },
  },
  Images: { 'us-east-1': { PV64: 'ami-2a69aa47', HVM64: 'ami-6869aa05' } },
}
const image = {
  'Fn::FindInMap': [
    'Images',
    { Ref: 'AWS::Region' },
    { 'Fn::FindInMap': ['Kinds', { Ref: 'InstanceType' }, 'Arch'] },
  ],
}
const parameters = {
  InstanceType: {
    Type: 'String',
    Default: 'm1.small',
    AllowedValues: ['t1.micro', 'm1.small', 't2.small'],
    ConstraintDescription: 'must be a valid EC2 instance type.',
  },
  SSHLocation: {
    Type: 'String',
    MinLength: '9',
    MaxLength: '18',
    Default: '0.0.0.0/0',
    AllowedPattern: '(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})/(\\d{1,2})',
  },
  Email: {
    Type: 'String',
    Default: 'nobody@example.com',
    AllowedPattern:
      '([a-zA-Z0-9_\\-\\.]+)@((\\[[0-9]{1,3}\\.)|(([a-zA-Z0-9\\-]+\\.)+))([a-zA-Z]{2,4}|[0-9]{1,3})(\\]?)',
  },
  Count: { Type: 'Number', Default: '1', MinValue: '1', MaxValue: '5' },
  Port: { Type: 'String', Default: '8888' },
}

const init = {
  'AWS::CloudFormation::Init': {
    configSets: { all: ['install', 'configure'] },
    install: { packages: { yum: { httpd: [], php: [], 'php-mysql': [] } } },
    configure: {
      files: {
        '/etc/cfn/cfn-hup.conf': {
          content: { 'Fn::Join': ['', ['[main]\n', 'stack=', { Ref: 'AWS::StackId' }, '\n']] },
          mode: '000400',
          owner: 'root',
          group: 'root',
        },
      },
      services: { sysvinit: { httpd: { enabled: 'true', ensureRunning: 'true' } } },
    },
  },
}
const userData = {
  'Fn::Base64': {
    'Fn::Join': ['', ['#!/bin/bash -xe\n', '/opt/aws/bin/cfn-init -s ', { Ref: 'AWS::StackName' }]],
  },
}
const open = (port: unknown): object => ({
  IpProtocol: 'tcp',
  FromPort: port,
  ToPort: port,
  CidrIp: '0.0.0.0/0',
})

const balancer = (more: object = { AvailabilityZones: { 'Fn::GetAZs': '' } }): object => ({
  Type: 'AWS::ElasticLoadBalancing::LoadBalancer',
  Properties: {
    ...more,
    CrossZone: 'true',
    LBCookieStickinessPolicy: [{ PolicyName: 'Cookies', CookieExpirationPeriod: '30' }],
    Listeners: [
      {
        LoadBalancerPort: '80',
        InstancePort: { Ref: 'Port' },
        Protocol: 'HTTP',
        PolicyNames: ['Cookies'],
      },
    ],
    HealthCheck: {
      Target: { 'Fn::Join': ['', ['HTTP:', { Ref: 'Port' }, '/']] },
      HealthyThreshold: '3',
      UnhealthyThreshold: '5',
      Interval: '30',
      Timeout: '5',
    },
  },
})

const configuration = {
  Type: 'AWS::AutoScaling::LaunchConfiguration',
  Metadata: { Comment: 'a simple application', ...init },
  Properties: {
    ImageId: image,
    SecurityGroups: [{ Ref: 'Group' }],
    InstanceType: { Ref: 'InstanceType' },
    UserData: userData,
  },
}

/** Named by its name, and open to the classic balancer's own group. */
const behindBalancer = {
  Type: 'AWS::EC2::SecurityGroup',
  Properties: {
    GroupDescription: 'SSH, and HTTP from the balancer alone',
    SecurityGroupIngress: [
      { IpProtocol: 'tcp', FromPort: '22', ToPort: '22', CidrIp: { Ref: 'SSHLocation' } },
      {
        IpProtocol: 'tcp',
        FromPort: { Ref: 'Port' },
        ToPort: { Ref: 'Port' },
        SourceSecurityGroupOwnerId: {
          'Fn::GetAtt': ['Balancer', 'SourceSecurityGroup.OwnerAlias'],
        },
        SourceSecurityGroupName: { 'Fn::GetAtt': ['Balancer', 'SourceSecurityGroup.GroupName'] },
      },
    ],
  },
}

const alarm = (comparison: string, threshold: string, policy: string): object => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    AlarmDescription: 'processor',
    MetricName: 'CPUUtilization',
    Namespace: 'AWS/EC2',
    Statistic: 'Average',
    Period: '300',
    EvaluationPeriods: '2',
    Threshold: threshold,
    AlarmActions: [{ Ref: policy }],
    Dimensions: [{ Name: 'AutoScalingGroupName', Value: { Ref: 'WebGroup' } }],
    ComparisonOperator: comparison,
  },
})
const scalingPolicy = (adjustment: string): object => ({
  Type: 'AWS::AutoScaling::ScalingPolicy',
  Properties: {
    AdjustmentType: 'ChangeInCapacity',
    AutoScalingGroupName: { Ref: 'WebGroup' },
    Cooldown: '60',
    ScalingAdjustment: adjustment,
  },
})
const group = (more: object = {}): object => ({
  Type: 'AWS::AutoScaling::AutoScalingGroup',
  Properties: {
    AvailabilityZones: { 'Fn::GetAZs': '' },
    LaunchConfigurationName: { Ref: 'Configuration' },
    MinSize: '1',
    MaxSize: '3',
    LoadBalancerNames: [{ Ref: 'Balancer' }],
    ...more,
  },
  CreationPolicy: { ResourceSignal: { Timeout: 'PT15M', Count: '1' } },
  UpdatePolicy: {
    AutoScalingRollingUpdate: {
      MinInstancesInService: '1',
      MaxBatchSize: '1',
      PauseTime: 'PT15M',
      WaitOnResourceSignals: 'true',
    },
  },
})
const instance = (more: object = {}): object => ({
  Type: 'AWS::EC2::Instance',
  Metadata: init,
  CreationPolicy: { ResourceSignal: { Timeout: 'PT5M' } },
  Properties: {
    ImageId: image,
    InstanceType: { Ref: 'InstanceType' },
    SecurityGroups: [{ Ref: 'Web' }],
    UserData: userData,
    ...more,
  },
})
const web = {
  Type: 'AWS::EC2::SecurityGroup',
  Properties: { GroupDescription: 'HTTP', SecurityGroupIngress: [open('80'), open('22')] },
}
const url = {
  URL: { Value: { 'Fn::Join': ['', ['http://', { 'Fn::GetAtt': ['Balancer', 'DNSName'] }]] } },
}
const topic = {
  Type: 'AWS::SNS::Topic',
  Properties: { Subscription: [{ Endpoint: { Ref: 'Email' }, Protocol: 'email' }] },
}
const multiZone = {
  Topic: topic,
  WebGroup: group({
    NotificationConfiguration: {
      TopicARN: { Ref: 'Topic' },
      NotificationTypes: ['autoscaling:EC2_INSTANCE_LAUNCH', 'autoscaling:EC2_INSTANCE_TERMINATE'],
    },
  }),
  Configuration: configuration,
  Up: scalingPolicy('1'),
  Down: scalingPolicy('-1'),
  High: alarm('GreaterThanThreshold', '90', 'Up'),
  Low: alarm('LessThanThreshold', '70', 'Down'),
  Balancer: balancer(),
  Group: behindBalancer,
}

/** One for each family of samples, named after it. */
const shapes: Readonly<Record<string, { readonly resources: object; readonly outputs?: object }>> =
  {
    LAMP_Single_Instance: {
      resources: { Server: instance(), Web: web },
      outputs: { Site: { Value: { 'Fn::GetAtt': ['Server', 'PublicDnsName'] } } },
    },
    UpdateTutorial: {
      resources: {
        Server: instance({
          KeyName: { Ref: 'AWS::NoValue' },
          Tags: [{ Key: 'Name', Value: 'v1' }],
        }),
        Web: web,
      },
      outputs: {
        Site: {
          Value: { 'Fn::Join': ['', ['http://', { 'Fn::GetAtt': ['Server', 'PublicDnsName'] }]] },
        },
      },
    },
    ELBSample: {
      resources: {
        Balancer: balancer({
          AvailabilityZones: [{ 'Fn::GetAtt': ['One', 'AvailabilityZone'] }],
          Instances: [{ Ref: 'One' }],
        }),
        One: instance(),
        Web: web,
      },
      outputs: url,
    },
    AutoScalingMultiAZWithNotifications: { resources: multiZone, outputs: url },
    AutoScalingScheduledAction: {
      resources: {
        WebGroup: group(),
        Configuration: configuration,
        Group: behindBalancer,
        Balancer: balancer(),
        Up: {
          Type: 'AWS::AutoScaling::ScheduledAction',
          Properties: {
            AutoScalingGroupName: { Ref: 'WebGroup' },
            MaxSize: '10',
            MinSize: '5',
            Recurrence: '0 7 * * *',
          },
        },
      },
    },
    AutoScalingRollingUpdates: {
      resources: {
        WebGroup: group(),
        Configuration: configuration,
        Group: behindBalancer,
        Balancer: balancer(),
      },
    },
    VPC_AutoScaling_and_ElasticLoadBalancer: {
      resources: {
        Network: {
          Type: 'AWS::EC2::VPC',
          Properties: {
            CidrBlock: '10.0.0.0/16',
            EnableDnsSupport: 'true',
            EnableDnsHostnames: 'true',
          },
        },
        Subnet: {
          Type: 'AWS::EC2::Subnet',
          Properties: { VpcId: { Ref: 'Network' }, CidrBlock: '10.0.0.0/24' },
        },
        Gate: { Type: 'AWS::EC2::InternetGateway' },
        Attachment: {
          Type: 'AWS::EC2::VPCGatewayAttachment',
          Properties: { VpcId: { Ref: 'Network' }, InternetGatewayId: { Ref: 'Gate' } },
        },
        WebGroup: group({
          AvailabilityZones: [{ 'Fn::GetAtt': ['Subnet', 'AvailabilityZone'] }],
          VPCZoneIdentifier: [{ Ref: 'Subnet' }],
          DesiredCapacity: { Ref: 'Count' },
        }),
        Configuration: {
          ...configuration,
          Properties: { ...configuration.Properties, AssociatePublicIpAddress: 'true' },
        },
        Balancer: balancer({ Subnets: [{ Ref: 'Subnet' }], SecurityGroups: [{ Ref: 'Front' }] }),
        Front: {
          Type: 'AWS::EC2::SecurityGroup',
          Properties: {
            GroupDescription: 'HTTP',
            VpcId: { Ref: 'Network' },
            SecurityGroupIngress: [open('80')],
            SecurityGroupEgress: [open('80')],
          },
        },
        Group: {
          Type: 'AWS::EC2::SecurityGroup',
          Properties: {
            GroupDescription: 'behind',
            VpcId: { Ref: 'Network' },
            SecurityGroupIngress: {
              IpProtocol: 'tcp',
              FromPort: '80',
              ToPort: '80',
              SourceSecurityGroupId: { Ref: 'Front' },
            },
          },
        },
      },
      outputs: url,
    },
    SQS_With_CloudWatch_Alarms: {
      resources: {
        Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: '30' } },
        Topic: topic,
        Depth: {
          Type: 'AWS::CloudWatch::Alarm',
          Properties: {
            Namespace: 'AWS/SQS',
            MetricName: 'ApproximateNumberOfMessagesVisible',
            Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['Queue', 'QueueName'] } }],
            Statistic: 'Sum',
            Period: '300',
            EvaluationPeriods: '1',
            Threshold: '10',
            ComparisonOperator: 'GreaterThanThreshold',
            AlarmActions: [{ Ref: 'Topic' }],
            InsufficientDataActions: [{ Ref: 'Topic' }],
          },
        },
      },
      outputs: {
        Url: { Value: { Ref: 'Queue' } },
        Arn: { Value: { 'Fn::GetAtt': ['Queue', 'Arn'] } },
      },
    },
  }

describe('templates in the shapes of the public samples of 2014', () => {
  let engines: Engines
  let faces: Faces
  const runDirectory = mkdtempSync(join(tmpdir(), 'evenkeel-classic-'))
  const over = (): void => {
    engines.close()
    rmSync(runDirectory, { recursive: true, force: true })
  }

  before(() => {
    const context = {
      store: memoryStore(),
      clock: systemClock,
      random: systemRandom,
      log: silentLog,
      events: { publish() {} },
      wake: { wake() {} },
    }
    engines = composeEngines(
      context,
      {
        compute: fakeCompute(),
        network: fakeNetwork(),
        blobs: { async *list() {} } as unknown as BlobStore,
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
      { types: () => faces.resourceTypes, lookups: () => faces.lookups },
    )
    faces = composeFaces(engines)
  })
  after(over)

  /** What would fail before the first resource is made. */
  async function problemsOf(resources: object, outputs: object = {}): Promise<readonly string[]> {
    const { targets } = engines.stacks
    const body = JSON.stringify({
      AWSTemplateFormatVersion: '2010-09-09',
      Parameters: parameters,
      Mappings: mappings,
      Resources: resources,
      Outputs: outputs,
    })
    const { model } = await prepareTarget(
      targets,
      { stackId: 'arn:aws:cloudformation:us-east-1:000000000000:stack/s/1', name: 's', scope },
      {
        source: { body, endpointHost: '' },
        parameters: [],
        tags: [],
        capabilities: ['CAPABILITY_IAM'],
      },
    )
    const environment = model.environment()
    return [...model.included].flatMap((id) => {
      const type = targets.typeOf(model.template.resources.get(id)?.type ?? '')
      assert.ok(type)
      model.policies(id, type, environment)
      const coerced = model.properties(id, type, environment)
      return coerced.ok ? [] : [coerced.reason]
    })
  }

  for (const [name, { resources, outputs }] of Object.entries(shapes)) {
    it(`${name} can be made`, async () => {
      assert.deepEqual(await problemsOf(resources, outputs), [])
    })
  }

  it('databases are refused by name', async () => {
    const Database = {
      Type: 'AWS::RDS::DBInstance',
      Properties: { Engine: 'MySQL', DBInstanceClass: 'db.m1.small', AllocatedStorage: '5' },
    }
    const Access = {
      Type: 'AWS::RDS::DBSecurityGroup',
      Properties: {
        GroupDescription: 'web servers',
        DBSecurityGroupIngress: { EC2SecurityGroupName: { Ref: 'Web' } },
      },
    }
    const problem =
      /Unrecognized resource types: \[AWS::RDS::DBInstance, AWS::RDS::DBSecurityGroup\]/
    await assert.rejects(problemsOf({ Server: instance(), Web: web, Database, Access }), problem)
  })
})
