import {
  attribute,
  autoReloader,
  bootstrap,
  hupService,
  indexPage,
  isRunning,
  join,
  launched,
  mappings,
  openSsh,
  operatorEmail,
  output,
  parameters,
  signalled,
  webGroup,
  webServer,
  type Sample,
} from './parts.ts'

const rolling = {
  AutoScalingRollingUpdate: {
    MinInstancesInService: '1',
    MaxBatchSize: '1',
    PauseTime: 'PT15M',
    WaitOnResourceSignals: 'true',
  },
}

export const url = { URL: output(join('http://', attribute('ElasticLoadBalancer', 'DNSName'))) }

export function balancer(more: object = {}, listener: object = {}): object {
  return {
    Type: 'AWS::ElasticLoadBalancing::LoadBalancer',
    Properties: {
      AvailabilityZones: { 'Fn::GetAZs': '' },
      CrossZone: 'true',
      Listeners: [{ LoadBalancerPort: '80', InstancePort: '80', Protocol: 'HTTP', ...listener }],
      HealthCheck: {
        ...{ Target: 'HTTP:80/', HealthyThreshold: '3', UnhealthyThreshold: '5' },
        ...{ Interval: '30', Timeout: '5' },
      },
      ...more,
    },
  }
}

function group(sizes: readonly [string, string], more: object = {}, Count?: string): object {
  const [MinSize, MaxSize] = sizes
  return {
    Type: 'AWS::AutoScaling::AutoScalingGroup',
    Properties: {
      AvailabilityZones: { 'Fn::GetAZs': '' },
      LaunchConfigurationName: { Ref: 'LaunchConfig' },
      ...{ MinSize, MaxSize },
      LoadBalancerNames: [{ Ref: 'ElasticLoadBalancer' }],
      ...more,
    },
    CreationPolicy: {
      ResourceSignal: { Timeout: 'PT15M', ...(Count === undefined ? {} : { Count }) },
    },
    UpdatePolicy: rolling,
  }
}

function launchConfiguration(
  metadata: object = webServer('LaunchConfig'),
  sets = '',
  more = {},
): object {
  return {
    Type: 'AWS::AutoScaling::LaunchConfiguration',
    Metadata: metadata,
    Properties: {
      ...launched,
      SecurityGroups: [{ Ref: 'InstanceSecurityGroup' }],
      UserData: bootstrap('LaunchConfig', 'WebServerGroup', sets),
      ...more,
    },
  }
}

/** HTTP from the classic balancer alone, which is named as EC2-Classic names it. */
const lockedDown = {
  Type: 'AWS::EC2::SecurityGroup',
  Properties: {
    GroupDescription: 'Enable SSH access and HTTP from the load balancer only',
    SecurityGroupIngress: [
      openSsh,
      {
        ...{ IpProtocol: 'tcp', FromPort: '80', ToPort: '80' },
        SourceSecurityGroupOwnerId: attribute(
          'ElasticLoadBalancer',
          'SourceSecurityGroup.OwnerAlias',
        ),
        SourceSecurityGroupName: attribute('ElasticLoadBalancer', 'SourceSecurityGroup.GroupName'),
      },
    ],
  },
}

function policy(ScalingAdjustment: string): object {
  return {
    Type: 'AWS::AutoScaling::ScalingPolicy',
    Properties: {
      AdjustmentType: 'ChangeInCapacity',
      AutoScalingGroupName: { Ref: 'WebServerGroup' },
      Cooldown: '60',
      ScalingAdjustment,
    },
  }
}

function cpuAlarm(comparison: string, Threshold: string, action: string): object {
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmDescription: `CPU ${comparison} ${Threshold} for 10 minutes`,
      ...{ MetricName: 'CPUUtilization', Namespace: 'AWS/EC2', Statistic: 'Average' },
      ...{ Period: '300', EvaluationPeriods: '2', Threshold, ComparisonOperator: comparison },
      AlarmActions: [{ Ref: action }],
      Dimensions: [{ Name: 'AutoScalingGroupName', Value: { Ref: 'WebServerGroup' } }],
    },
  }
}

const shared = { Parameters: parameters, Mappings: mappings, Outputs: url }

export const rollingUpdates: Sample = {
  ...shared,
  Resources: {
    WebServerGroup: group(['2', '4'], {}, '2'),
    LaunchConfig: launchConfiguration(),
    ElasticLoadBalancer: balancer(),
    InstanceSecurityGroup: webGroup,
  },
}

export const multiZoneWithNotifications: Sample = {
  ...shared,
  Parameters: { ...parameters, OperatorEMail: operatorEmail },
  Resources: {
    NotificationTopic: {
      Type: 'AWS::SNS::Topic',
      Properties: { Subscription: [{ Endpoint: { Ref: 'OperatorEMail' }, Protocol: 'email' }] },
    },
    WebServerGroup: group(['1', '3'], {
      NotificationConfiguration: {
        TopicARN: { Ref: 'NotificationTopic' },
        NotificationTypes: [
          'autoscaling:EC2_INSTANCE_LAUNCH',
          'autoscaling:EC2_INSTANCE_LAUNCH_ERROR',
          'autoscaling:EC2_INSTANCE_TERMINATE',
          'autoscaling:EC2_INSTANCE_TERMINATE_ERROR',
        ],
      },
    }),
    LaunchConfig: launchConfiguration(),
    WebServerScaleUpPolicy: policy('1'),
    WebServerScaleDownPolicy: policy('-1'),
    CPUAlarmHigh: cpuAlarm('GreaterThanThreshold', '90', 'WebServerScaleUpPolicy'),
    CPUAlarmLow: cpuAlarm('LessThanThreshold', '70', 'WebServerScaleDownPolicy'),
    ElasticLoadBalancer: balancer(),
    InstanceSecurityGroup: lockedDown,
  },
}

function schedule(MaxSize: string, MinSize: string, Recurrence: string): object {
  return {
    Type: 'AWS::AutoScaling::ScheduledAction',
    Properties: { AutoScalingGroupName: { Ref: 'WebServerGroup' }, MaxSize, MinSize, Recurrence },
  }
}

export const scheduledAction: Sample = {
  ...shared,
  Resources: {
    WebServerGroup: group(['2', '5']),
    ScheduledActionUp: schedule('10', '5', '0 7 * * *'),
    ScheduledActionDown: schedule('1', '1', '0 19 * * *'),
    LaunchConfig: launchConfiguration(),
    ElasticLoadBalancer: balancer(),
    InstanceSecurityGroup: webGroup,
  },
}

export const lockedDownInstances: Sample = {
  ...shared,
  Resources: {
    WebServerGroup: group(['1', '2']),
    LaunchConfig: launchConfiguration(),
    ElasticLoadBalancer: balancer(),
    InstanceSecurityGroup: lockedDown,
  },
}

/** Each server asks the balancer about itself, with the keys of its role, before it signals. */
export const guidedRollingUpgrade: Sample = {
  ...shared,
  Resources: {
    WebServerGroup: group(['2', '4'], {}, '2'),
    LaunchConfig: launchConfiguration(guidedMetadata(), '--configsets full_install ', {
      IamInstanceProfile: { Ref: 'WebServerInstanceProfile' },
    }),
    ElasticLoadBalancer: balancer({
      HealthCheck: {
        ...{ Target: 'HTTP:80/', HealthyThreshold: '2', UnhealthyThreshold: '5' },
        ...{ Interval: '5', Timeout: '2' },
      },
    }),
    InstanceSecurityGroup: webGroup,
    WebServerInstanceProfile: {
      Type: 'AWS::IAM::InstanceProfile',
      Properties: { Path: '/', Roles: [{ Ref: 'DescribeHealthRole' }] },
    },
    DescribeHealthRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: ['ec2.amazonaws.com'] },
              Action: ['sts:AssumeRole'],
            },
          ],
        },
        Path: '/',
        Policies: [
          {
            PolicyName: 'describe-instance-health-policy',
            PolicyDocument: {
              Statement: [
                {
                  Effect: 'Allow',
                  Action: ['elasticloadbalancing:DescribeInstanceHealth'],
                  Resource: '*',
                },
              ],
            },
          },
        ],
      },
    },
  },
}

function guidedMetadata(): object {
  return {
    'AWS::CloudFormation::Init': {
      configSets: { full_install: ['install_cfn', 'install_app', 'verify_instance_health'] },
      install_cfn: {
        files: autoReloader('LaunchConfig', '--configsets full_install '),
        services: { sysvinit: { 'cfn-hup': hupService } },
      },
      install_app: {
        packages: { yum: { httpd: [] } },
        files: { '/var/www/html/index.html': indexPage },
        services: { sysvinit: { httpd: isRunning } },
      },
      verify_instance_health: {
        commands: {
          ELBHealthCheck: {
            command: join(
              'until [ "$state" == "\\"InService\\"" ]; do ',
              ...[
                '  state=$(aws --region ',
                { Ref: 'AWS::Region' },
                ' elb describe-instance-health ',
              ],
              ...['              --load-balancer-name ', { Ref: 'ElasticLoadBalancer' }],
              '              --instances $(curl -s http://169.254.169.254/latest/meta-data/instance-id) ',
              '              --query InstanceStates[0].State); ',
              '  sleep 10; done',
            ),
          },
        },
      },
    },
  }
}

/** Two servers that are named, with one metadata between them, behind cookies of the balancer. */
export const stickiness: Sample = {
  ...shared,
  Resources: {
    ElasticLoadBalancer: balancer(
      {
        Instances: [{ Ref: 'EC2Instance1' }, { Ref: 'EC2Instance2' }],
        LBCookieStickinessPolicy: [{ PolicyName: 'myLBPolicy', CookieExpirationPeriod: '180' }],
      },
      { PolicyNames: ['myLBPolicy'] },
    ),
    EC2Instance1: namedServer('EC2Instance1', webServer('EC2Instance1')),
    EC2Instance2: namedServer('EC2Instance2'),
    InstanceSecurityGroup: webGroup,
  },
}

function namedServer(logicalId: string, metadata?: object): object {
  return {
    Type: 'AWS::EC2::Instance',
    ...(metadata ? { Metadata: metadata } : {}),
    Properties: {
      ...launched,
      SecurityGroups: [{ Ref: 'InstanceSecurityGroup' }],
      UserData: bootstrap('EC2Instance1', logicalId),
    },
    CreationPolicy: signalled,
  }
}

/** One server in one zone behind a balancer. */
export const elbSample: Sample = {
  ...shared,
  Resources: {
    ElasticLoadBalancer: balancer({ Instances: [{ Ref: 'EC2Instance1' }] }),
    EC2Instance1: namedServer('EC2Instance1', webServer('EC2Instance1')),
    InstanceSecurityGroup: webGroup,
  },
}

/** The access logs of the sample are told apart from its connection draining: the former are of S3's own writers. */
export const connectionDraining: Sample = {
  ...shared,
  Resources: {
    ElasticLoadBalancer: balancer({
      ConnectionDrainingPolicy: { Enabled: 'true', Timeout: '300' },
    }),
    WebServerGroup: group(['2', '2']),
    LaunchConfig: launchConfiguration(),
    InstanceSecurityGroup: webGroup,
  },
}
