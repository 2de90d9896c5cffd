import { EngineRefusal } from '../kernel/errors.ts'

/** Why the engine does not do what it was asked, in S3's own codes. */
export type RefusalCode =
  | 'AccessDenied'
  | 'BadDigest'
  | 'BucketAlreadyExists'
  | 'BucketAlreadyOwnedByYou'
  | 'BucketNotEmpty'
  | 'EntityTooSmall'
  | 'InvalidArgument'
  | 'InvalidBucketName'
  | 'InvalidPart'
  | 'InvalidPartOrder'
  | 'KeyTooLongError'
  | 'MethodNotAllowed'
  | 'NoSuchBucket'
  | 'NoSuchKey'
  | 'NoSuchUpload'
  | 'NoSuchVersion'
  | 'PreconditionFailed'

/** Thrown by the engine for what its caller got wrong; the service turns it into its own error. */
export class ObjectsRefusal extends EngineRefusal<RefusalCode> {
  readonly fields: Readonly<Record<string, string>>

  constructor(code: RefusalCode, message: string, fields: Readonly<Record<string, string>> = {}) {
    super(code, message)
    this.fields = fields
  }
}

/** What the work gives; nothing when it is refused. */
export async function unlessRefused<R>(work: () => Promise<R>): Promise<R | undefined> {
  try {
    return await work()
  } catch (thrown) {
    if (thrown instanceof ObjectsRefusal) return undefined
    throw thrown
  }
}

export function noSuchBucket(bucket: string): ObjectsRefusal {
  return new ObjectsRefusal('NoSuchBucket', 'The specified bucket does not exist', {
    BucketName: bucket,
  })
}

export function noSuchKey(key: string): ObjectsRefusal {
  return new ObjectsRefusal('NoSuchKey', 'The specified key does not exist.', { Key: key })
}

export function noSuchUpload(uploadId: string): ObjectsRefusal {
  const message =
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.'
  return new ObjectsRefusal('NoSuchUpload', message, { UploadId: uploadId })
}

export function preconditionFailed(condition: string): ObjectsRefusal {
  const message = 'At least one of the pre-conditions you specified did not hold'
  return new ObjectsRefusal('PreconditionFailed', message, { Condition: condition })
}
