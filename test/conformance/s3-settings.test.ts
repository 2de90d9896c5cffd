import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  HeadObjectCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  S3Client,
  type LifecycleRule,
} from '@aws-sdk/client-s3'
import { memoryStore } from '../../src/testing/memory-store.ts'
import { accessKeyId, s3Fixture, secretAccessKey } from './s3-fixture.ts'

const fixture = await s3Fixture(memoryStore())
const client = new S3Client({
  endpoint: fixture.endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId, secretAccessKey },
})
after(async () => {
  client.destroy()
  await fixture.close()
})

let bucketsMade = 0
async function newBucket(): Promise<string> {
  const Bucket = `settings-${++bucketsMade}`
  await client.send(new CreateBucketCommand({ Bucket }))
  return Bucket
}

test('an object is encrypted when it asks or its bucket does, and comes back as it was', async () => {
  const Bucket = await newBucket()
  const plain = await client.send(new PutObjectCommand({ Bucket, Key: 'plain', Body: 'plain' }))
  assert.equal(plain.ServerSideEncryption, undefined)
  const asked = {
    Bucket,
    Key: 'asked',
    Body: 'a text to keep',
    ServerSideEncryption: 'AES256',
  } as const
  assert.equal((await client.send(new PutObjectCommand(asked))).ServerSideEncryption, 'AES256')
  const byDefault = { SSEAlgorithm: 'aws:kms' } as const
  const Rules = [{ ApplyServerSideEncryptionByDefault: byDefault, BucketKeyEnabled: true }]
  const ServerSideEncryptionConfiguration = { Rules }
  await client.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration }))
  const shown = await client.send(new GetBucketEncryptionCommand({ Bucket }))
  assert.deepEqual(shown.ServerSideEncryptionConfiguration, ServerSideEncryptionConfiguration)
  const copy = { Bucket, Key: 'copy', CopySource: `${Bucket}/asked` }
  assert.equal((await client.send(new CopyObjectCommand(copy))).ServerSideEncryption, 'aws:kms')
  const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'copy' }))
  assert.equal(head.ServerSideEncryption, 'aws:kms')
  const part = await client.send(new GetObjectCommand({ Bucket, Key: 'copy', Range: 'bytes=2-5' }))
  assert.equal(await part.Body?.transformToString(), 'text')
})

test('a policy, a public access block, lifecycle rules and ownership are kept and shown', async () => {
  const Bucket = await newBucket()
  const rejectsWith = (calling: Promise<unknown>, name: string) => assert.rejects(calling, { name })
  await rejectsWith(client.send(new GetBucketPolicyCommand({ Bucket })), 'NoSuchBucketPolicy')
  const Statement = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' }
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement })
  await client.send(new PutBucketPolicyCommand({ Bucket, Policy }))
  assert.equal((await client.send(new GetBucketPolicyCommand({ Bucket }))).Policy, Policy)
  const broken = client.send(new PutBucketPolicyCommand({ Bucket, Policy: '{' }))
  await rejectsWith(broken, 'MalformedPolicy')
  await client.send(new DeleteBucketPolicyCommand({ Bucket }))
  const block = async () =>
    (await client.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration
  assert.equal((await block())?.BlockPublicPolicy, true)
  const PublicAccessBlockConfiguration = { BlockPublicAcls: true }
  await client.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }))
  assert.equal((await block())?.BlockPublicPolicy, false)
  await client.send(new DeletePublicAccessBlockCommand({ Bucket }))
  await rejectsWith(block(), 'NoSuchPublicAccessBlockConfiguration')
  const lifecycle = () => client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))
  await rejectsWith(lifecycle(), 'NoSuchLifecycleConfiguration')
  const rule = {
    ID: 'r',
    Status: 'Enabled',
    Filter: { Prefix: 'tmp/' },
    Expiration: { Days: 3 },
  } as const
  const putRules = (...Rules: LifecycleRule[]) => {
    const given = { Bucket, LifecycleConfiguration: { Rules } }
    return client.send(new PutBucketLifecycleConfigurationCommand(given))
  }
  await putRules(rule)
  assert.deepEqual((await lifecycle()).Rules, [rule])
  const moving = { ...rule, Transitions: [{ Days: 1, StorageClass: 'GLACIER' as const }] }
  await assert.rejects(putRules(moving), { name: 'NotImplemented', message: /Transitions/ })
  const owners = await client.send(new GetBucketOwnershipControlsCommand({ Bucket }))
  assert.equal(owners.OwnershipControls?.Rules?.[0]?.ObjectOwnership, 'BucketOwnerEnforced')
})
