import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ResourceContext } from '../../../stacks/resource-type.ts'
import { objectsWorld } from '../../../testing/objects-world.ts'
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
  const type = bucketType({ objects })
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
