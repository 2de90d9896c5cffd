/** One of AWS's own policies, as `aws iam get-policy-version` tells of its default version. */
export interface AwsPolicySource {
  readonly name: string
  /** Of the path `/` when absent. */
  readonly path?: string
  /** Known of those that have been there for long. */
  readonly policyId?: string
  readonly versionId: string
  readonly versionAt: string
  readonly statements: readonly object[]
}

const actions = (service: string, names: string): readonly string[] =>
  names.split(' ').map((name) => `${service}:${name}`)
const allow = (Action: string | readonly string[], more: object = {}): object => ({
  Effect: 'Allow',
  Action,
  Resource: '*',
  ...more,
})

const readObjects = actions('s3', 'GetObject GetObjectVersion')
const writeLogs = actions(
  'logs',
  'PutLogEvents PutRetentionPolicy DescribeLogStreams DescribeLogGroups CreateLogStream CreateLogGroup',
)
const traces = actions(
  'xray',
  'PutTraceSegments PutTelemetryRecords GetSamplingRules GetSamplingTargets GetSamplingStatisticSummaries',
)
const agentParameters = 'arn:aws:ssm:*:*:parameter/AmazonCloudWatch-*'

/** Those that samples and the instructions of the agents of CodeDeploy, Systems Manager and CloudWatch name. */
export const awsPolicyList: readonly AwsPolicySource[] = [
  {
    ...{ name: 'AdministratorAccess', policyId: 'ANPAIWMBCKSKIEE64ZLYK' },
    ...{ versionId: 'v1', versionAt: '2015-02-06T18:39:46Z' },
    statements: [allow('*')],
  },
  {
    ...{ name: 'PowerUserAccess', policyId: 'ANPAJYRXTHIB4FOVS3ZXS' },
    ...{ versionId: 'v12', versionAt: '2026-02-12T17:59:14Z' },
    statements: [
      { Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' },
      allow([
        ...actions(
          'account',
          'GetAccountInformation GetGovCloudAccountInformation GetPrimaryEmail ListRegions',
        ),
        ...actions('iam', 'CreateServiceLinkedRole DeleteServiceLinkedRole ListRoles'),
        ...actions('organizations', 'DescribeEffectivePolicy DescribeOrganization'),
      ]),
    ],
  },
  {
    ...{ name: 'AWSCodeDeployRole', path: '/service-role/', policyId: 'ANPAJ2NKMKD73QS5NBFLA' },
    ...{ versionId: 'v12', versionAt: '2026-09-10T10:17:08Z' },
    statements: [
      allow([
        ...actions(
          'autoscaling',
          'CompleteLifecycleAction DeleteLifecycleHook DescribeAutoScalingGroups DescribeAutoScalingInstances ' +
            'DescribeLifecycleHooks PutLifecycleHook RecordLifecycleActionHeartbeat CreateAutoScalingGroup CreateOrUpdateTags ' +
            'UpdateAutoScalingGroup EnableMetricsCollection DescribePolicies DescribeScheduledActions ' +
            'DescribeNotificationConfigurations SuspendProcesses ResumeProcesses AttachLoadBalancers ' +
            'AttachLoadBalancerTargetGroups PutScalingPolicy PutScheduledUpdateGroupAction PutNotificationConfiguration ' +
            'PutWarmPool DescribeScalingActivities DeleteAutoScalingGroup',
        ),
        ...actions('ec2', 'DescribeInstances DescribeInstanceStatus TerminateInstances'),
        ...['tag:GetResources', 'sns:Publish'],
        ...actions('cloudwatch', 'DescribeAlarms PutMetricAlarm'),
        ...actions(
          'elasticloadbalancing',
          'DescribeLoadBalancerAttributes DescribeTargetGroupAttributes DescribeLoadBalancers DescribeInstanceHealth ' +
            'RegisterInstancesWithLoadBalancer DeregisterInstancesFromLoadBalancer DescribeTargetGroups DescribeTargetHealth ' +
            'RegisterTargets DeregisterTargets',
        ),
      ]),
    ],
  },
  {
    ...{ name: 'AmazonEC2RoleforAWSCodeDeploy', path: '/service-role/' },
    policyId: 'ANPAIAZKXZ27TAJ4PVWGK',
    ...{ versionId: 'v2', versionAt: '2017-03-20T17:14:10Z' },
    statements: [allow([...readObjects, 's3:ListBucket'])],
  },
  {
    ...{ name: 'AmazonEC2RoleforAWSCodeDeployLimited', path: '/service-role/' },
    ...{ versionId: 'v2', versionAt: '2022-01-20T21:37:31Z' },
    statements: [
      allow([...readObjects, 's3:ListBucket'], { Resource: 'arn:aws:s3:::*/CodeDeploy/*' }),
      allow(readObjects, {
        Condition: { StringEquals: { 's3:ExistingObjectTag/UseWithCodeDeploy': 'true' } },
      }),
    ],
  },
  {
    ...{ name: 'AWSCodeDeployReadOnlyAccess', policyId: 'ANPAILZHHKCKB4NE7XOIQ' },
    ...{ versionId: 'v5', versionAt: '2026-02-11T22:19:24Z' },
    statements: [
      allow(actions('codedeploy', 'Batch* Get* List*')),
      {
        Sid: 'CodeStarNotificationsPowerUserAccess',
        ...allow(['codestar-notifications:DescribeNotificationRule'], {
          Condition: {
            ArnLike: {
              'codestar-notifications:NotificationsForResource':
                'arn:aws:codedeploy:*:*:application:*',
            },
          },
        }),
      },
      {
        Sid: 'CodeStarNotificationsListAccess',
        ...allow(
          actions('codestar-notifications', 'ListNotificationRules ListEventTypes ListTargets'),
        ),
      },
    ],
  },
  {
    ...{ name: 'AmazonSSMManagedInstanceCore', policyId: 'ANPAIXSHM2BNB2D3AXXRU' },
    ...{ versionId: 'v2', versionAt: '2019-05-23T16:54:21Z' },
    statements: [
      allow(
        actions(
          'ssm',
          'DescribeAssociation GetDeployablePatchSnapshotForInstance GetDocument DescribeDocument GetManifest GetParameter ' +
            'GetParameters ListAssociations ListInstanceAssociations PutInventory PutComplianceItems PutConfigurePackageResult ' +
            'UpdateAssociationStatus UpdateInstanceAssociationStatus UpdateInstanceInformation',
        ),
      ),
      allow(
        actions(
          'ssmmessages',
          'CreateControlChannel CreateDataChannel OpenControlChannel OpenDataChannel',
        ),
      ),
      allow(
        actions(
          'ec2messages',
          'AcknowledgeMessage DeleteMessage FailMessage GetEndpoint GetMessages SendReply',
        ),
      ),
    ],
  },
  {
    ...{ name: 'AmazonSSMReadOnlyAccess', policyId: 'ANPAJODSKQGGJTHRYZ5FC' },
    ...{ versionId: 'v1', versionAt: '2015-05-29T17:44:19Z' },
    statements: [allow(actions('ssm', 'Describe* Get* List*'))],
  },
  {
    name: 'CloudWatchAgentServerPolicy',
    ...{ versionId: 'v3', versionAt: '2024-02-06T16:37:37Z' },
    statements: [
      {
        Sid: 'CWACloudWatchServerPermissions',
        ...allow([
          'cloudwatch:PutMetricData',
          ...actions('ec2', 'DescribeVolumes DescribeTags'),
          ...writeLogs,
          ...traces,
        ]),
      },
      {
        Sid: 'CWASSMServerPermissions',
        ...allow(['ssm:GetParameter'], { Resource: agentParameters }),
      },
    ],
  },
  {
    name: 'CloudWatchAgentAdminPolicy',
    ...{ versionId: 'v2', versionAt: '2024-02-05T20:59:57Z' },
    statements: [
      {
        Sid: 'CWACloudWatchPermissions',
        ...allow(['cloudwatch:PutMetricData', 'ec2:DescribeTags', ...writeLogs, ...traces]),
      },
      {
        Sid: 'CWASSMPermissions',
        ...allow(actions('ssm', 'GetParameter PutParameter'), { Resource: agentParameters }),
      },
    ],
  },
  {
    ...{ name: 'CloudWatchLogsFullAccess', policyId: 'ANPAJ3ZGNWK2R5HW5BQFO' },
    ...{ versionId: 'v3', versionAt: '2025-05-20T17:07:06Z' },
    statements: [
      {
        Sid: 'CloudWatchLogsFullAccess',
        ...allow(['logs:*', ...actions('cloudwatch', 'GenerateQuery GenerateQueryResultsSummary')]),
      },
    ],
  },
  {
    ...{ name: 'AmazonEC2FullAccess', policyId: 'ANPAI3VAJF5ZCRZ7MCQE6' },
    ...{ versionId: 'v5', versionAt: '2018-11-27T02:16:56Z' },
    statements: [
      allow('ec2:*'),
      allow('elasticloadbalancing:*'),
      allow('cloudwatch:*'),
      allow('autoscaling:*'),
      allow('iam:CreateServiceLinkedRole', {
        Condition: {
          StringEquals: {
            'iam:AWSServiceName': [
              'autoscaling.amazonaws.com',
              'ec2scheduled.amazonaws.com',
              'elasticloadbalancing.amazonaws.com',
              'spot.amazonaws.com',
              'spotfleet.amazonaws.com',
              'transitgateway.amazonaws.com',
            ],
          },
        },
      }),
    ],
  },
  {
    ...{ name: 'AmazonEC2ReadOnlyAccess', policyId: 'ANPAIGDT4SV4GSETWTBZK' },
    ...{ versionId: 'v2', versionAt: '2024-02-14T15:17:04Z' },
    statements: [
      { Sid: 'EC2', ...allow(actions('ec2', 'Describe* Get*')) },
      { Sid: 'ELB', ...allow('elasticloadbalancing:Describe*') },
      {
        Sid: 'Cloudwatch',
        ...allow(actions('cloudwatch', 'ListMetrics GetMetricStatistics Describe*')),
      },
      { Sid: 'Autoscaling', ...allow('autoscaling:Describe*') },
    ],
  },
  {
    ...{ name: 'AmazonEC2ContainerRegistryReadOnly', policyId: 'ANPAIFYZPA37OOHVIH7KQ' },
    ...{ versionId: 'v3', versionAt: '2019-12-10T20:56:32Z' },
    statements: [
      allow(
        actions(
          'ecr',
          'GetAuthorizationToken BatchCheckLayerAvailability GetDownloadUrlForLayer GetRepositoryPolicy DescribeRepositories ' +
            'ListImages DescribeImages BatchGetImage GetLifecyclePolicy GetLifecyclePolicyPreview ListTagsForResource ' +
            'DescribeImageScanFindings',
        ),
      ),
    ],
  },
  {
    ...{ name: 'AmazonS3FullAccess', policyId: 'ANPAIFIR6V6BVTRAHWINE' },
    ...{ versionId: 'v2', versionAt: '2021-09-27T20:16:37Z' },
    statements: [allow(['s3:*', 's3-object-lambda:*'])],
  },
  {
    ...{ name: 'AmazonS3ReadOnlyAccess', policyId: 'ANPAIZTJ4DXE7G6AGAE6M' },
    ...{ versionId: 'v3', versionAt: '2023-08-10T21:31:39Z' },
    statements: [
      allow([
        ...actions('s3', 'Get* List* Describe*'),
        ...actions('s3-object-lambda', 'Get* List*'),
      ]),
    ],
  },
  {
    ...{ name: 'AmazonSQSFullAccess', policyId: 'ANPAI65L554VRJ33ECQS6' },
    ...{ versionId: 'v1', versionAt: '2015-02-06T18:41:07Z' },
    statements: [allow(['sqs:*'])],
  },
  {
    ...{ name: 'AutoScalingNotificationAccessRole', path: '/service-role/' },
    policyId: 'ANPAIO2VMUPGDC5PZVXVA',
    ...{ versionId: 'v1', versionAt: '2015-02-06T18:41:22Z' },
    statements: [allow([...actions('sqs', 'SendMessage GetQueueUrl'), 'sns:Publish'])],
  },
]
