/** How one service's model is drawn from its official client. */
export interface ModelSource {
  /** `@aws-sdk/client-<client>`. */
  readonly client: string
  /** Protocols that clients of other languages or older versions speak, besides the client's own. */
  readonly alsoSpeaks?: readonly string[]
  /** What the runtime schemas do not carry. */
  readonly overlay?: Readonly<Record<string, unknown>>
}

/** Model id → source. The id is the file name in `src/wire/models` and the folder name in `src/services`. */
export const modelSources: Readonly<Record<string, ModelSource>> = {
  acm: { client: 'acm' },
  autoscaling: { client: 'auto-scaling' },
  cloudcontrol: { client: 'cloudcontrol' },
  cloudformation: { client: 'cloudformation' },
  cloudfront: { client: 'cloudfront', overlay: { signingName: 'cloudfront' } },
  cloudtrail: { client: 'cloudtrail' },
  cloudwatch: { client: 'cloudwatch', alsoSpeaks: ['awsJson1_0', 'awsQuery', 'rpcv2Cbor'] },
  codebuild: { client: 'codebuild' },
  codecommit: { client: 'codecommit' },
  codedeploy: { client: 'codedeploy' },
  codepipeline: { client: 'codepipeline' },
  ec2: { client: 'ec2' },
  ecr: { client: 'ecr' },
  elb: { client: 'elastic-load-balancing' },
  elbv2: { client: 'elastic-load-balancing-v2' },
  events: { client: 'eventbridge', overlay: { signingName: 'events' } },
  iam: { client: 'iam' },
  kms: { client: 'kms' },
  logs: { client: 'cloudwatch-logs' },
  rds: { client: 'rds' },
  route53: { client: 'route-53' },
  s3: {
    client: 's3',
    overlay: {
      signingName: 's3',
      alsoSigned: ['s3express'],
      noErrorWrapping: true,
      bucketInHost: true,
    },
  },
  secretsmanager: { client: 'secrets-manager' },
  sns: {
    client: 'sns',
    // Their addresses are in messages, for people and programs that have no keys.
    overlay: { unsignedOperations: ['ConfirmSubscription', 'Unsubscribe'] },
  },
  sqs: {
    client: 'sqs',
    alsoSpeaks: ['awsQuery'],
    overlay: { xmlNamespace: 'http://queue.amazonaws.com/doc/2012-11-05/' },
  },
  ssm: { client: 'ssm' },
  sts: {
    client: 'sts',
    overlay: {
      signingName: 'sts',
      unsignedOperations: ['AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity'],
    },
  },
}
