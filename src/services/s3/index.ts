import { answeringType } from '../../stacks/answering-type.ts'
import type { ResourceType } from '../../stacks/resource-type.ts'
import { serviceOf, type Service } from '../../wire/service.ts'
import type { S3Deps } from './deps.ts'
import { asAwsError, unsupportedMember } from './errors.ts'
import { abortMultipartUpload } from './operations/abort-multipart-upload.ts'
import { completeMultipartUpload } from './operations/complete-multipart-upload.ts'
import { copyObject } from './operations/copy-object.ts'
import { createBucket } from './operations/create-bucket.ts'
import { createMultipartUpload } from './operations/create-multipart-upload.ts'
import { deleteBucket } from './operations/delete-bucket.ts'
import { deleteBucketTagging } from './operations/delete-bucket-tagging.ts'
import { deleteObject } from './operations/delete-object.ts'
import { deleteObjectTagging } from './operations/delete-object-tagging.ts'
import { deleteObjects } from './operations/delete-objects.ts'
import { getBucketEncryption } from './operations/get-bucket-encryption.ts'
import { getBucketLocation } from './operations/get-bucket-location.ts'
import { getBucketPolicy } from './operations/get-bucket-policy.ts'
import { getBucketTagging } from './operations/get-bucket-tagging.ts'
import { getBucketVersioning } from './operations/get-bucket-versioning.ts'
import { getObjectAttributes } from './operations/get-object-attributes.ts'
import { getObject } from './operations/get-object.ts'
import { getObjectTagging } from './operations/get-object-tagging.ts'
import { headBucket } from './operations/head-bucket.ts'
import { headObject } from './operations/head-object.ts'
import { listBuckets } from './operations/list-buckets.ts'
import { listMultipartUploads } from './operations/list-multipart-uploads.ts'
import { listObjectVersions } from './operations/list-object-versions.ts'
import { listObjects } from './operations/list-objects.ts'
import { listObjectsV2 } from './operations/list-objects-v2.ts'
import { listParts } from './operations/list-parts.ts'
import { putBucketTagging } from './operations/put-bucket-tagging.ts'
import { putBucketVersioning } from './operations/put-bucket-versioning.ts'
import { putBucketEncryption } from './operations/put-bucket-encryption.ts'
import { deleteBucketEncryption } from './operations/delete-bucket-encryption.ts'
import { putBucketPolicy } from './operations/put-bucket-policy.ts'
import { deleteBucketPolicy } from './operations/delete-bucket-policy.ts'
import { putPublicAccessBlock } from './operations/put-public-access-block.ts'
import { getPublicAccessBlock } from './operations/get-public-access-block.ts'
import { deletePublicAccessBlock } from './operations/delete-public-access-block.ts'
import { putBucketLifecycleConfiguration } from './operations/put-bucket-lifecycle-configuration.ts'
import { getBucketLifecycleConfiguration } from './operations/get-bucket-lifecycle-configuration.ts'
import { deleteBucketLifecycle } from './operations/delete-bucket-lifecycle.ts'
import { putBucketOwnershipControls } from './operations/put-bucket-ownership-controls.ts'
import { getBucketOwnershipControls } from './operations/get-bucket-ownership-controls.ts'
import { deleteBucketOwnershipControls } from './operations/delete-bucket-ownership-controls.ts'
import { getBucketCors } from './operations/get-bucket-cors.ts'
import { getBucketWebsite } from './operations/get-bucket-website.ts'
import { getBucketReplication } from './operations/get-bucket-replication.ts'
import { getObjectLockConfiguration } from './operations/get-object-lock-configuration.ts'
import { getBucketLogging } from './operations/get-bucket-logging.ts'
import { getBucketAccelerateConfiguration } from './operations/get-bucket-accelerate-configuration.ts'
import { getBucketNotificationConfiguration } from './operations/get-bucket-notification-configuration.ts'
import { getBucketRequestPayment } from './operations/get-bucket-request-payment.ts'
import { getBucketPolicyStatus } from './operations/get-bucket-policy-status.ts'
import { getBucketAcl } from './operations/get-bucket-acl.ts'
import { getObjectAcl } from './operations/get-object-acl.ts'
import { putObject } from './operations/put-object.ts'
import { putObjectTagging } from './operations/put-object-tagging.ts'
import { uploadPart } from './operations/upload-part.ts'
import { uploadPartCopy } from './operations/upload-part-copy.ts'
import { bucketPolicyType } from './stack-resources/bucket-policy.ts'
import { bucketType } from './stack-resources/bucket.ts'
import { eachOperation } from './each-operation.ts'

/** S3: buckets and objects. */
export function s3Service(deps: S3Deps): Service {
  return serviceOf(deps, {
    id: 's3',
    countsInWholes: true,
    refuseMember: unsupportedMember,
    asAwsError,
    operations: eachOperation({
      AbortMultipartUpload: abortMultipartUpload,
      CompleteMultipartUpload: completeMultipartUpload,
      CopyObject: copyObject,
      CreateBucket: createBucket,
      CreateMultipartUpload: createMultipartUpload,
      DeleteBucket: deleteBucket,
      DeleteBucketTagging: deleteBucketTagging,
      DeleteObject: deleteObject,
      DeleteObjectTagging: deleteObjectTagging,
      DeleteObjects: deleteObjects,
      GetBucketEncryption: getBucketEncryption,
      GetBucketLocation: getBucketLocation,
      GetBucketPolicy: getBucketPolicy,
      GetBucketTagging: getBucketTagging,
      GetBucketVersioning: getBucketVersioning,
      GetObject: getObject,
      GetObjectAttributes: getObjectAttributes,
      GetObjectTagging: getObjectTagging,
      HeadBucket: headBucket,
      HeadObject: headObject,
      ListBuckets: listBuckets,
      ListMultipartUploads: listMultipartUploads,
      ListObjectVersions: listObjectVersions,
      ListObjects: listObjects,
      ListObjectsV2: listObjectsV2,
      ListParts: listParts,
      PutBucketTagging: putBucketTagging,
      PutBucketVersioning: putBucketVersioning,
      PutObject: putObject,
      PutObjectTagging: putObjectTagging,
      PutBucketEncryption: putBucketEncryption,
      DeleteBucketEncryption: deleteBucketEncryption,
      PutBucketPolicy: putBucketPolicy,
      DeleteBucketPolicy: deleteBucketPolicy,
      PutPublicAccessBlock: putPublicAccessBlock,
      GetPublicAccessBlock: getPublicAccessBlock,
      DeletePublicAccessBlock: deletePublicAccessBlock,
      PutBucketLifecycleConfiguration: putBucketLifecycleConfiguration,
      GetBucketLifecycleConfiguration: getBucketLifecycleConfiguration,
      DeleteBucketLifecycle: deleteBucketLifecycle,
      PutBucketOwnershipControls: putBucketOwnershipControls,
      GetBucketOwnershipControls: getBucketOwnershipControls,
      DeleteBucketOwnershipControls: deleteBucketOwnershipControls,
      GetBucketCors: getBucketCors,
      GetBucketWebsite: getBucketWebsite,
      GetBucketReplication: getBucketReplication,
      GetObjectLockConfiguration: getObjectLockConfiguration,
      GetBucketLogging: getBucketLogging,
      GetBucketAccelerateConfiguration: getBucketAccelerateConfiguration,
      GetBucketNotificationConfiguration: getBucketNotificationConfiguration,
      GetBucketRequestPayment: getBucketRequestPayment,
      GetBucketPolicyStatus: getBucketPolicyStatus,
      GetBucketAcl: getBucketAcl,
      GetObjectAcl: getObjectAcl,
      UploadPart: uploadPart,
      UploadPartCopy: uploadPartCopy,
    }),
  })
}

export function s3ResourceTypes(deps: S3Deps): readonly ResourceType[] {
  return [bucketType(deps), bucketPolicyType(deps)].map((type) => answeringType(type, asAwsError))
}
