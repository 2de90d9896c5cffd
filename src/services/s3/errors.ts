import { AwsError } from '../../kernel/errors.ts'
import { ObjectsRefusal, type RefusalCode } from '../../objects/refusal.ts'

const statuses: Readonly<Record<RefusalCode, number>> = {
  AccessDenied: 403,
  BadDigest: 400,
  BucketAlreadyExists: 409,
  BucketAlreadyOwnedByYou: 409,
  BucketNotEmpty: 409,
  EntityTooSmall: 400,
  InvalidArgument: 400,
  InvalidBucketName: 400,
  InvalidPart: 400,
  InvalidPartOrder: 400,
  KeyTooLongError: 400,
  MethodNotAllowed: 405,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NoSuchUpload: 404,
  NoSuchVersion: 404,
  PreconditionFailed: 412,
}

/** The engine refuses in S3's own codes and words. */
export function asAwsError(thrown: unknown): unknown {
  if (!(thrown instanceof ObjectsRefusal)) return thrown
  const { code, message, fields } = thrown
  return new AwsError(code, message, { status: statuses[code], fields })
}

export function unsupportedMember(path: string, operation: string): AwsError {
  return new AwsError(
    'NotImplemented',
    `A header or member that you provided implies functionality that is not implemented: ${path} of ${operation}.`,
    { status: 501 },
  )
}

export function accessDenied(): AwsError {
  return new AwsError('AccessDenied', 'Access Denied', { status: 403 })
}

export function invalidArgument(name: string, value: string, message: string): AwsError {
  const fields = { ArgumentName: name, ArgumentValue: value }
  return new AwsError('InvalidArgument', message, { status: 400, fields })
}

export function invalidRange(range: string, size: number): AwsError {
  return new AwsError('InvalidRange', 'The requested range is not satisfiable', {
    status: 416,
    fields: { RangeRequested: range, ActualObjectSize: String(size) },
  })
}

export function invalidPartNumber(asked: number, count: number): AwsError {
  return new AwsError('InvalidPartNumber', 'The requested partnumber is not satisfiable', {
    status: 416,
    fields: { PartNumberRequested: String(asked), ActualPartCount: String(count) },
  })
}

export function preconditionFailed(condition: string): AwsError {
  return new AwsError(
    'PreconditionFailed',
    'At least one of the pre-conditions you specified did not hold',
    { status: 412, fields: { Condition: condition } },
  )
}

/** Not an error of the caller, but S3 answers it as one: 304 without a body. */
export function notModified(): AwsError {
  return new AwsError('NotModified', 'Not Modified', { status: 304 })
}

export function malformedXml(): AwsError {
  return new AwsError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
    { status: 400 },
  )
}

export function invalidTag(message: string): AwsError {
  return new AwsError('InvalidTag', message, { status: 400 })
}

export function metadataTooLarge(): AwsError {
  return new AwsError(
    'MetadataTooLarge',
    'Your metadata headers exceed the maximum allowed metadata size',
    { status: 400 },
  )
}

export function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequest', message, { status: 400 })
}

export function illegalLocationConstraint(constraint: string): AwsError {
  return new AwsError(
    'IllegalLocationConstraintException',
    `The ${constraint} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    { status: 400 },
  )
}

export function invalidLocationConstraint(constraint: string): AwsError {
  return new AwsError(
    'InvalidLocationConstraint',
    'The specified location-constraint is not valid',
    { status: 400, fields: { LocationConstraint: constraint } },
  )
}

export function noSuchTagSet(bucket: string): AwsError {
  return new AwsError('NoSuchTagSet', 'The TagSet does not exist', {
    status: 404,
    fields: { BucketName: bucket },
  })
}

export function noEncryptionConfiguration(bucket: string): AwsError {
  return new AwsError(
    'ServerSideEncryptionConfigurationNotFoundError',
    'The server side encryption configuration was not found',
    { status: 404, fields: { BucketName: bucket } },
  )
}

export function noBucketPolicy(bucket: string): AwsError {
  return new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist', {
    status: 404,
    fields: { BucketName: bucket },
  })
}

export function malformedPolicy(message: string): AwsError {
  return new AwsError('MalformedPolicy', message, { status: 400 })
}

export function noPublicAccessBlock(bucket: string): AwsError {
  return new AwsError(
    'NoSuchPublicAccessBlockConfiguration',
    'The public access block configuration was not found',
    { status: 404, fields: { BucketName: bucket } },
  )
}

export function noLifecycle(bucket: string): AwsError {
  return new AwsError(
    'NoSuchLifecycleConfiguration',
    'The lifecycle configuration does not exist',
    { status: 404, fields: { BucketName: bucket } },
  )
}

export function noOwnershipControls(bucket: string): AwsError {
  return new AwsError(
    'OwnershipControlsNotFoundError',
    'The bucket ownership controls were not found',
    { status: 404, fields: { BucketName: bucket } },
  )
}

export function noCors(bucket: string): AwsError {
  return new AwsError('NoSuchCORSConfiguration', 'The CORS configuration does not exist', {
    status: 404,
    fields: { BucketName: bucket },
  })
}

export function noWebsite(bucket: string): AwsError {
  return new AwsError(
    'NoSuchWebsiteConfiguration',
    'The specified bucket does not have a website configuration',
    {
      status: 404,
      fields: { BucketName: bucket },
    },
  )
}

export function noReplication(bucket: string): AwsError {
  return new AwsError(
    'ReplicationConfigurationNotFoundError',
    'The replication configuration was not found',
    {
      status: 404,
      fields: { BucketName: bucket },
    },
  )
}

export function noObjectLock(bucket: string): AwsError {
  return new AwsError(
    'ObjectLockConfigurationNotFoundError',
    'Object Lock configuration does not exist for this bucket',
    {
      status: 404,
      fields: { BucketName: bucket },
    },
  )
}
