import { tagsBeside, type Tag } from '../../../kernel/tags.ts'
import { urlSuffixOf, type Scope } from '../../../kernel/scope.ts'
import { ObjectsRefusal } from '../../../objects/refusal.ts'
import type {
  Inventory,
  Properties,
  ResourceContext,
  ResourceState,
  ResourceType,
} from '../../../stacks/resource-type.ts'
import { arnOfBucket } from '../bucket-arn.ts'
import type { S3Deps } from '../deps.ts'
import { invalidRequest } from '../errors.ts'
import { describedSettings, settingProperties, settingsOf } from './bucket-settings.ts'

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html */
export function bucketType({ objects }: S3Deps): ResourceType {
  async function settle(
    scope: Scope,
    name: string,
    properties: Properties,
    stackTags: readonly Tag[],
  ): Promise<ResourceState> {
    const versioning = versioningOf(properties)
    const wished = settingsOf(properties)
    const tags = [...stackTags, ...((properties['Tags'] ?? []) as readonly Tag[])]
    await objects.buckets.change(scope, name, ({ versioning: before, settings, ...bucket }) => {
      const next = versioning ?? (before && 'Suspended')
      const policy = settings?.policy === undefined ? {} : { policy: settings.policy }
      const now = { ...bucket, tags, settings: { ...wished, ...policy } }
      return { ...now, ...(next === undefined ? {} : { versioning: next }) }
    })
    return stateOf(scope, name)
  }

  return {
    name: 'AWS::S3::Bucket',
    properties: {
      BucketName: 'string',
      VersioningConfiguration: { Status: 'string' },
      ...settingProperties,
      Tags: { Key: 'string', Value: 'string' },
    },
    required: [],
    attributes: ['Arn', 'DomainName', 'RegionalDomainName'],
    replaceOn: ['BucketName'],
    async create(properties, context) {
      const named = properties['BucketName']
      // A setting that is refused leaves no bucket behind.
      settingsOf(properties)
      const name = typeof named === 'string' ? named : context.physicalName(63).toLowerCase()
      await makeBucket(objects, context, name)
      await context.started(name)
      return settle(context.scope, name, properties, context.tags)
    },
    async update(change, context) {
      return settle(context.scope, change.physicalId, change.after, context.tags)
    },
    async read({ physicalId }, context) {
      const all = await objects.buckets.list(context.scope)
      const bucket = all.find(({ name }) => name === physicalId)
      if (!bucket) return undefined
      const { versioning, tags } = bucket
      return {
        BucketName: physicalId,
        VersioningConfiguration: versioning && { Status: versioning },
        Tags: tagsBeside(tags, context.tags),
      }
    },
    async remove(resource, context) {
      try {
        await objects.buckets.remove(context.scope, resource.physicalId)
      } catch (thrown) {
        const isGone = thrown instanceof ObjectsRefusal && thrown.code === 'NoSuchBucket'
        if (!isGone) throw thrown
      }
    },
    inventory: bucketInventory(objects),
  }
}

function bucketInventory(objects: S3Deps['objects']): Inventory {
  return {
    identifier: 'BucketName',
    async list(scope) {
      return (await objects.buckets.list(scope)).map(({ name }) => name)
    },
    async describe(physicalId, scope) {
      const all = await objects.buckets.list(scope)
      const bucket = all.find(({ name }) => name === physicalId)
      if (!bucket) return undefined
      const { versioning, tags, settings = {} } = bucket
      return {
        BucketName: physicalId,
        VersioningConfiguration: versioning && { Status: versioning },
        ...describedSettings(settings),
        Tags: tags,
        ...stateOf({ ...scope, region: bucket.region }, physicalId).attributes,
      }
    },
  }
}

async function makeBucket(
  { buckets }: S3Deps['objects'],
  { scope, token }: Pick<ResourceContext, 'scope' | 'token'>,
  name: string,
): Promise<void> {
  try {
    await buckets.create(scope, name, { tags: [], token })
  } catch (thrown) {
    const isOurs = thrown instanceof ObjectsRefusal && thrown.code === 'BucketAlreadyOwnedByYou'
    if (!isOurs) throw thrown
    // Made by an earlier attempt at this very resource, or was it there before?
    const made = await buckets.require(scope, name)
    if (made.token !== token) throw thrown
  }
}

function versioningOf(properties: Properties): 'Enabled' | 'Suspended' | undefined {
  const configuration = properties['VersioningConfiguration'] as { Status?: string } | undefined
  const status = configuration?.Status
  if (status === undefined || status === 'Enabled' || status === 'Suspended') return status
  throw invalidRequest(`VersioningConfiguration.Status is Enabled or Suspended, not ${status}`)
}

function stateOf(scope: Scope, name: string): ResourceState {
  const suffix = urlSuffixOf(scope.region)
  return {
    physicalId: name,
    attributes: {
      Arn: arnOfBucket({ name, region: scope.region }),
      DomainName: `${name}.s3.${suffix}`,
      RegionalDomainName: `${name}.s3.${scope.region}.${suffix}`,
    },
  }
}
