import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GetBucketAclCommandOutput } from '@aws-sdk/client-s3'
import { call } from '../../testing/fake-request.ts'
import { objectsWorld } from '../../testing/objects-world.ts'
import { s3Service } from './index.ts'

test('what a bucket does not have is told as S3 tells it', async () => {
  const objects = objectsWorld()
  const service = s3Service({ objects })
  const Bucket = 'shop-files'
  await call(service, 'CreateBucket', { Bucket })
  const absent = {
    GetBucketCors: 'NoSuchCORSConfiguration',
    GetBucketWebsite: 'NoSuchWebsiteConfiguration',
    GetBucketReplication: 'ReplicationConfigurationNotFoundError',
    GetObjectLockConfiguration: 'ObjectLockConfigurationNotFoundError',
    GetBucketPolicyStatus: 'NoSuchBucketPolicy',
  }
  for (const [name, code] of Object.entries(absent)) {
    await assert.rejects(call(service, name, { Bucket }), { code, status: 404 })
    await assert.rejects(call(service, name, { Bucket: 'none' }), { code: 'NoSuchBucket' })
  }
  for (const name of ['GetBucketLogging', 'GetBucketNotificationConfiguration']) {
    assert.deepEqual(await call(service, name, { Bucket }), {})
  }
  const acl = await call<GetBucketAclCommandOutput>(service, 'GetBucketAcl', { Bucket })
  assert.deepEqual(
    acl.Grants?.map(({ Grantee, Permission }) => [Grantee?.ID, Permission]),
    [[acl.Owner?.ID, 'FULL_CONTROL']],
  )
})
