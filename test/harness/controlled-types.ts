const tag = [{ Key: 'team', Value: 'web' }]
const allowed = (more: object): object => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', ...more }],
})
const replace = (path: string, value: unknown): object => ({ op: 'replace', path, value })
const add = (path: string, value: unknown): object => ({ op: 'add', path, value })

/** A type, what is made of it, and a patch of that. */
export interface ControlledType {
  readonly name: string
  readonly desired: Readonly<Record<string, unknown>>
  readonly patch: readonly { readonly path: string; readonly value: unknown }[]
  /** Its name is the caller's: a second one is refused. */
  readonly isNamed: boolean
}

function typed(
  name: string,
  desired: Readonly<Record<string, unknown>>,
  patch: readonly object[],
  isNamed = true,
): ControlledType {
  return { name, desired, patch: patch as ControlledType['patch'], isNamed }
}

function board(markdown: string): string {
  return JSON.stringify({ widgets: [{ type: 'text', properties: { markdown } }] })
}

/** Types whose resources Cloud Control makes, tells, changes and removes. */
export const controlledTypes: readonly ControlledType[] = [
  typed('AWS::SQS::Queue', { QueueName: 'cc-queue', DelaySeconds: 3, Tags: tag }, [
    ...[replace('/DelaySeconds', 5), add('/VisibilityTimeout', 7)],
  ]),
  typed('AWS::SNS::Topic', { TopicName: 'cc-topic' }, [add('/DisplayName', 'T')]),
  typed(
    'AWS::S3::Bucket',
    {
      BucketName: 'cc-bucket',
      LifecycleConfiguration: { Rules: [{ Id: 'old', Status: 'Enabled', ExpirationInDays: 3 }] },
    },
    [add('/VersioningConfiguration', { Status: 'Enabled' })],
  ),
  typed('AWS::SSM::Parameter', { Name: '/cc/size', Type: 'String', Value: '1' }, [
    replace('/Value', '2'),
  ]),
  typed('AWS::SecretsManager::Secret', { Name: 'cc-secret', SecretString: 'hush' }, [
    add('/Description', 'of the test'),
  ]),
  typed(
    'AWS::IAM::Role',
    {
      RoleName: 'cc-role',
      AssumeRolePolicyDocument: allowed({
        Principal: { Service: 'ec2.amazonaws.com' },
        Action: 'sts:AssumeRole',
      }),
      Policies: [{ PolicyName: 'p', PolicyDocument: allowed({ Action: 's3:*', Resource: '*' }) }],
    },
    [replace('/MaxSessionDuration', 7200)],
  ),
  typed('AWS::KMS::Key', { Description: 'one' }, [replace('/Description', 'two')], false),
  typed('AWS::ECR::Repository', { RepositoryName: 'cc-repository' }, [
    replace('/ImageTagMutability', 'IMMUTABLE'),
  ]),
  typed(
    'AWS::CloudWatch::Alarm',
    {
      ...{ AlarmName: 'cc-alarm', Namespace: 'N', MetricName: 'M', Statistic: 'Sum', Period: 60 },
      ...{ EvaluationPeriods: 1, Threshold: 5, ComparisonOperator: 'GreaterThanThreshold' },
    },
    [replace('/Threshold', 9)],
  ),
  typed(
    'AWS::EC2::VPC',
    { CidrBlock: '10.9.0.0/16', Tags: tag },
    [replace('/EnableDnsHostnames', true)],
    false,
  ),
  typed('AWS::EC2::InternetGateway', {}, [add('/Tags', tag)], false),
  typed(
    'AWS::EC2::SecurityGroup',
    {
      ...{ GroupName: 'cc-group', GroupDescription: 'of the test' },
      SecurityGroupIngress: [
        { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, CidrIp: '10.0.0.0/8' },
        { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/8' },
      ],
    },
    [
      replace('/SecurityGroupIngress', [
        { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/8' },
      ]),
    ],
  ),
  typed('AWS::Logs::LogGroup', { LogGroupName: 'cc-logs' }, [add('/RetentionInDays', 7)]),
  typed('AWS::CloudWatch::Dashboard', { DashboardName: 'cc-board', DashboardBody: board('a') }, [
    replace('/DashboardBody', board('b')),
  ]),
  typed('AWS::CloudWatch::CompositeAlarm', { AlarmName: 'cc-both', AlarmRule: 'FALSE' }, [
    replace('/AlarmRule', 'NOT FALSE'),
  ]),
  typed('AWS::IAM::Group', { GroupName: 'cc-people' }, [
    add('/ManagedPolicyArns', ['arn:aws:iam::aws:policy/ReadOnlyAccess']),
  ]),
  typed(
    'AWS::IAM::ManagedPolicy',
    { ManagedPolicyName: 'cc-policy', PolicyDocument: allowed({ Action: 's3:*', Resource: '*' }) },
    [replace('/PolicyDocument', allowed({ Action: 'sqs:*', Resource: '*' }))],
  ),
]
