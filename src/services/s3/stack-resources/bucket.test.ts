import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answeringType } from '../../../stacks/answering-type.ts'
import type { ResourceContext } from '../../../stacks/resource-type.ts'
import { objectsWorld } from '../../../testing/objects-world.ts'
import { asAwsError } from '../errors.ts'
import { bucketPolicyType } from './bucket-policy.ts'
import { bucketType } from './bucket.ts'

const scope = { account: '000000000000', region: 'eu-west-1' }

function contextOf(token: string): ResourceContext {
  return {
    scope,
    stackName: 'stack',
    stackId: 'id',
    logicalId: 'Bucket',
    token,
    tags: [{ Key: 'aws:cloudformation:stack-name', Value: 'stack' }],
    physicalName: () => 'Stack-Bucket-ABC',
    started: async () => undefined,
    signal: new AbortController().signal,
    until: async () => assert.fail('nothing to wait for'),
  } as unknown as ResourceContext
}

test('a bucket is made, once however often, and carries the stack in its tags', async () => {
  const objects = objectsWorld()
  const type = answeringType(bucketType({ objects }), asAwsError)
  const properties = { VersioningConfiguration: { Status: 'Enabled' } }
  const made = await type.create(properties, contextOf('one'))
  assert.deepEqual(await type.create(properties, contextOf('one')), made)
  assert.equal(made.physicalId, 'stack-bucket-abc')
  assert.equal(made.attributes['Arn'], 'arn:aws:s3:::stack-bucket-abc')
  const bucket = await objects.buckets.require(scope, made.physicalId)
  assert.equal(bucket.versioning, 'Enabled')
  assert.equal(bucket.tags[0]?.Key, 'aws:cloudformation:stack-name')
  await assert.rejects(type.create(properties, contextOf('two')), {
    name: 'BucketAlreadyOwnedByYou',
  })
})

test('versioning that leaves the template is suspended, and removal is done once', async () => {
  const objects = objectsWorld()
  const type = bucketType({ objects })
  const before = { VersioningConfiguration: { Status: 'Enabled' } }
  const { physicalId } = await type.create(before, contextOf('one'))
  await type.update?.({ physicalId, before, after: {} }, contextOf('one'))
  assert.equal((await objects.buckets.require(scope, physicalId)).versioning, 'Suspended')
  await type.remove({ physicalId, properties: {} }, contextOf('one'))
  await type.remove({ physicalId, properties: {} }, contextOf('one'))
})

test('settings of the template are the bucket’s, and those that are not served make none', async () => {
  const objects = objectsWorld()
  const type = bucketType({ objects })
  const rules = [{ Id: 'Old', Status: 'Enabled', NoncurrentVersionExpirationInDays: 30 }]
  const properties = {
    AccessControl: 'Private',
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } },
      ],
    },
    LifecycleConfiguration: { Rules: rules },
    PublicAccessBlockConfiguration: { BlockPublicAcls: true },
  }
  const { physicalId } = await type.create(properties, contextOf('one'))
  const policies = bucketPolicyType({ objects })
  const Statement = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' }
  const policy = { Bucket: physicalId, PolicyDocument: JSON.stringify({ Statement }) }
  await policies.create(policy, contextOf('policy'))
  await type.update?.({ physicalId, before: properties, after: properties }, contextOf('one'))
  const { settings } = await objects.buckets.require(scope, physicalId)
  assert.equal(settings?.encryption?.algorithm, 'aws:kms')
  assert.deepEqual(settings?.lifecycle, [
    { id: 'Old', isEnabled: true, prefix: '', noncurrentDays: 30 },
  ])
  assert.equal(settings?.policy, policy.PolicyDocument)
  assert.equal(settings?.publicAccessBlock?.blockPublicPolicy, false)
  await policies.remove({ physicalId, properties: policy }, contextOf('policy'))
  assert.equal((await objects.buckets.require(scope, physicalId)).settings?.policy, undefined)
  const open = { BucketName: 'open-one', AccessControl: 'PublicRead' }
  await assert.rejects(type.create(open, contextOf('two')), /PublicRead is not supported/)
  await assert.rejects(objects.buckets.require(scope, 'open-one'), { code: 'NoSuchBucket' })
})
