import type { Scope } from '../../../kernel/scope.ts'
import { ObjectsRefusal } from '../../../objects/refusal.ts'
import type { Properties, ResourceState, ResourceType } from '../../../stacks/resource-type.ts'
import { checkedPolicy } from '../bucket-settings.ts'
import type { S3Deps } from '../deps.ts'

/** `AWS::S3::BucketPolicy`: `Ref` is the bucket's name. */
export function bucketPolicyType({ objects }: S3Deps): ResourceType {
  async function put(scope: Scope, properties: Properties): Promise<ResourceState> {
    const { Bucket, PolicyDocument } = properties as { Bucket: string; PolicyDocument: string }
    const policy = checkedPolicy(PolicyDocument)
    await objects.buckets.changeSettings(scope, Bucket, (settings) => ({ ...settings, policy }))
    return { physicalId: Bucket, attributes: {} }
  }

  return {
    name: 'AWS::S3::BucketPolicy',
    properties: { Bucket: 'string', PolicyDocument: 'json' },
    required: ['Bucket', 'PolicyDocument'],
    attributes: [],
    replaceOn: ['Bucket'],
    async create(properties, context) {
      const made = await put(context.scope, properties)
      await context.started(made.physicalId)
      return made
    },
    update: ({ after }, { scope }) => put(scope, after),
    async remove({ physicalId }, { scope }) {
      try {
        await objects.buckets.changeSettings(scope, physicalId, (settings) => {
          const { policy: _, ...rest } = settings
          return rest
        })
      } catch (thrown) {
        const isGone = thrown instanceof ObjectsRefusal && thrown.code === 'NoSuchBucket'
        if (!isGone) throw thrown
      }
    },
  }
}
