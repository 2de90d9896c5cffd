import { attribute, output, type Sample } from './parts.ts'

function spaced(...parts: readonly unknown[]): object {
  return output({ 'Fn::Join': [' ', parts] })
}

const password = {
  NoEcho: 'true',
  Type: 'String',
  Description: 'New account password',
  MinLength: '1',
  MaxLength: '41',
  AllowedPattern: '[a-zA-Z0-9]*',
  ConstraintDescription: 'must contain only alphanumeric characters.',
}

function user(parameter: string): object {
  return {
    Type: 'AWS::IAM::User',
    Properties: { LoginProfile: { Password: { Ref: parameter } } },
  }
}

function keyOf(name: string): object {
  return { Type: 'AWS::IAM::AccessKey', Properties: { UserName: { Ref: name } } }
}

function addition(group: string, ...names: readonly string[]): object {
  return {
    Type: 'AWS::IAM::UserToGroupAddition',
    Properties: { GroupName: { Ref: group }, Users: names.map((name) => ({ Ref: name })) },
  }
}

function groupWith(PolicyName: string, Action: readonly string[], Resource: unknown): object {
  const PolicyDocument = { Statement: [{ Effect: 'Allow', Action, Resource }] }
  return { Type: 'AWS::IAM::Group', Properties: { Policies: [{ PolicyName, PolicyDocument }] } }
}

export const queueWithAlarms: Sample = {
  Parameters: {
    AlarmEMail: { Default: 'nobody@amazon.com', Type: 'String', Description: 'whom to tell' },
  },
  Resources: {
    MyQueue: { Type: 'AWS::SQS::Queue', Properties: {} },
    AlarmTopic: {
      Type: 'AWS::SNS::Topic',
      Properties: { Subscription: [{ Endpoint: { Ref: 'AlarmEMail' }, Protocol: 'email' }] },
    },
    QueueDepthAlarm: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        AlarmDescription: 'Alarm if queue depth grows beyond 10 messages',
        Namespace: 'AWS/SQS',
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Dimensions: [{ Name: 'QueueName', Value: attribute('MyQueue', 'QueueName') }],
        ...{ Statistic: 'Sum', Period: '300', EvaluationPeriods: '1', Threshold: '10' },
        ComparisonOperator: 'GreaterThanThreshold',
        AlarmActions: [{ Ref: 'AlarmTopic' }],
        InsufficientDataActions: [{ Ref: 'AlarmTopic' }],
      },
    },
  },
  Outputs: {
    QueueURL: output({ Ref: 'MyQueue' }),
    QueueARN: output(attribute('MyQueue', 'Arn')),
    QueueName: output(attribute('MyQueue', 'QueueName')),
  },
}

export const topicToQueues: Sample = {
  Parameters: { MyPublishUserPassword: password, MyQueueUserPassword: password },
  Resources: {
    MySNSTopic: {
      Type: 'AWS::SNS::Topic',
      Properties: {
        Subscription: [
          { Endpoint: attribute('MyQueue1', 'Arn'), Protocol: 'sqs' },
          { Endpoint: attribute('MyQueue2', 'Arn'), Protocol: 'sqs' },
        ],
      },
    },
    MyQueue1: { Type: 'AWS::SQS::Queue' },
    MyQueue2: { Type: 'AWS::SQS::Queue' },
    MyPublishUser: user('MyPublishUserPassword'),
    MyPublishUserKey: keyOf('MyPublishUser'),
    MyPublishTopicGroup: groupWith('MyTopicGroupPolicy', ['sns:Publish'], { Ref: 'MySNSTopic' }),
    AddUserToMyPublishTopicGroup: addition('MyPublishTopicGroup', 'MyPublishUser'),
    MyQueueUser: user('MyQueueUserPassword'),
    MyQueueUserKey: keyOf('MyQueueUser'),
    MyRDMessageQueueGroup: groupWith(
      'MyQueueGroupPolicy',
      ['sqs:DeleteMessage', 'sqs:ReceiveMessage'],
      [attribute('MyQueue1', 'Arn'), attribute('MyQueue2', 'Arn')],
    ),
    AddUserToMyQueueGroup: addition('MyRDMessageQueueGroup', 'MyQueueUser'),
    MyQueuePolicy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        PolicyDocument: {
          Id: 'MyQueuePolicy',
          Statement: [
            {
              Sid: 'Allow-SendMessage-To-Both-Queues-From-SNS-Topic',
              Effect: 'Allow',
              Principal: { AWS: '*' },
              Action: ['sqs:SendMessage'],
              Resource: '*',
              Condition: { ArnEquals: { 'aws:SourceArn': { Ref: 'MySNSTopic' } } },
            },
          ],
        },
        Queues: [{ Ref: 'MyQueue1' }, { Ref: 'MyQueue2' }],
      },
    },
  },
  Outputs: {
    MySNSTopicTopicARN: output({ Ref: 'MySNSTopic' }),
    MyQueue1Info: spaced('ARN:', attribute('MyQueue1', 'Arn'), 'URL:', { Ref: 'MyQueue1' }),
    MyQueue2Info: spaced('ARN:', attribute('MyQueue2', 'Arn'), 'URL:', { Ref: 'MyQueue2' }),
    MyPublishUserInfo: spaced(
      ...['ARN:', attribute('MyPublishUser', 'Arn'), 'Access Key:', { Ref: 'MyPublishUserKey' }],
      ...['Secret Key:', attribute('MyPublishUserKey', 'SecretAccessKey')],
    ),
  },
}

function policyFor(PolicyName: string, Action: unknown, group: string): object {
  return {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyName,
      PolicyDocument: { Statement: [{ Effect: 'Allow', Action, Resource: '*' }] },
      Groups: [{ Ref: group }],
    },
  }
}

export const usersGroupsAndPolicies: Sample = {
  Parameters: { Password: password },
  Resources: {
    CFNUser: user('Password'),
    CFNUserGroup: { Type: 'AWS::IAM::Group' },
    CFNAdminGroup: { Type: 'AWS::IAM::Group' },
    Users: addition('CFNUserGroup', 'CFNUser'),
    Admins: addition('CFNAdminGroup', 'CFNUser'),
    CFNUserPolicies: policyFor(
      'CFNUsers',
      ['cloudformation:Describe*', 'cloudformation:List*', 'cloudformation:Get*'],
      'CFNUserGroup',
    ),
    CFNAdminPolicies: policyFor('CFNAdmins', 'cloudformation:*', 'CFNAdminGroup'),
    CFNKeys: keyOf('CFNUser'),
  },
  Outputs: {
    AccessKey: output({ Ref: 'CFNKeys' }),
    SecretKey: output(attribute('CFNKeys', 'SecretAccessKey')),
  },
}

/** A bucket that outlives its stack. */
export const bucketThatIsKept: Sample = {
  Resources: {
    S3Bucket: {
      Type: 'AWS::S3::Bucket',
      DeletionPolicy: 'Retain',
      Properties: { VersioningConfiguration: { Status: 'Enabled' } },
    },
  },
  Outputs: {
    BucketName: output({ Ref: 'S3Bucket' }),
    Domain: output(attribute('S3Bucket', 'DomainName')),
  },
}

/** Templates within templates: the inner one gets what the outer one made. */
export function nestedSample(base: string): Sample {
  return {
    Parameters: { OperatorEmail: { Type: 'String' } },
    Mappings: { RegionMap: { 'us-east-1': { s3Bucket: base } } },
    Resources: {
      AlarmTopic: {
        Type: 'AWS::SNS::Topic',
        Properties: { Subscription: [{ Endpoint: { Ref: 'OperatorEmail' }, Protocol: 'email' }] },
      },
      Queue: {
        Type: 'AWS::CloudFormation::Stack',
        Metadata: { Comment: 'A queue and its alarm.' },
        Properties: {
          TemplateURL: {
            'Fn::Join': [
              '/',
              [
                { 'Fn::FindInMap': ['RegionMap', { Ref: 'AWS::Region' }, 's3Bucket'] },
                'SQS_With_CloudWatch_Alarms.template',
              ],
            ],
          },
          Parameters: { AlarmEMail: { Ref: 'OperatorEmail' } },
        },
      },
    },
    Outputs: { URL: output(attribute('Queue', 'Outputs.QueueURL')) },
  }
}

export const recordOfZone: Sample = {
  Parameters: { HostedZone: { Type: 'String', Default: 'example.com' } },
  Resources: {
    MyDNSRecord: {
      Type: 'AWS::Route53::RecordSet',
      Properties: { HostedZoneName: { Ref: 'HostedZone' }, Name: 'a', Type: 'A', TTL: '900' },
    },
  },
}
