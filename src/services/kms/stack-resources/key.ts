import type { Tag } from '../../../kernel/tags.ts'
import type { ResourceState, ResourceType } from '../../../stacks/resource-type.ts'
import { changeKey, checkedPolicy, createKey, keys, type Key } from '../keys.ts'
import type { KmsDeps } from '../service-deps.ts'

interface KeyProperties {
  readonly Description?: string
  readonly Enabled?: boolean
  readonly KeyPolicy?: string
  readonly PendingWindowInDays?: number
  readonly Tags?: readonly Tag[]
}

const dayMilliseconds = 24 * 3600 * 1000

/** `AWS::KMS::Key`: `Ref` is the key id. Removed, it waits for its window, as on AWS. */
export function keyType(deps: KmsDeps): ResourceType {
  return {
    name: 'AWS::KMS::Key',
    properties: {
      Description: 'string',
      Enabled: 'boolean',
      KeyPolicy: 'json',
      PendingWindowInDays: 'number',
      Tags: { Key: 'string', Value: 'string' },
    },
    required: [],
    attributes: ['Arn', 'KeyId'],
    replaceOn: [],
    async create(properties, context) {
      const { Description, KeyPolicy, Enabled, Tags = [] } = properties as KeyProperties
      const { keyId } = await createKey(deps, context.scope, {
        description: Description,
        policy: KeyPolicy,
        tags: [...context.tags, ...Tags],
        madeBy: context.token,
      })
      await context.started(keyId)
      const isEnabled = Enabled ?? true
      return stateOf(await changeKey(deps, context.scope, keyId, (key) => ({ ...key, isEnabled })))
    },
    async update({ physicalId, after }, context) {
      const { Description = '', KeyPolicy, Enabled, Tags = [] } = after as KeyProperties
      const policy = KeyPolicy === undefined ? {} : { policy: checkedPolicy(KeyPolicy) }
      const changed = await changeKey(deps, context.scope, physicalId, (key) => ({
        ...key,
        ...policy,
        description: Description,
        isEnabled: Enabled ?? true,
        tags: [...context.tags, ...Tags],
      }))
      return stateOf(changed)
    },
    async remove({ physicalId, properties }, { scope }) {
      if (!(await deps.store.find(keys, scope, physicalId))) return
      const { PendingWindowInDays: days = 30 } = properties as KeyProperties
      await changeKey(deps, scope, physicalId, (key) => {
        const deletionAt = key.deletionAt ?? deps.clock.now() + days * dayMilliseconds
        return { ...key, deletionAt, isEnabled: false }
      })
    },
    inventory: {
      identifier: 'KeyId',
      hidden: ['PendingWindowInDays'],
      async list(scope) {
        const all = await deps.store.list(keys, scope)
        return all.filter(({ value }) => value.deletionAt === undefined).map(({ id }) => id)
      },
      async describe(physicalId, scope) {
        const key = (await deps.store.find(keys, scope, physicalId))?.value
        // As on AWS, one that waits for its deletion is gone.
        if (!key || key.deletionAt !== undefined) return undefined
        const { description, isEnabled, policy, tags } = key
        const told = { Description: description, Enabled: isEnabled, KeyPolicy: policy }
        return { ...told, Tags: tags, ...stateOf(key).attributes }
      },
    },
  }
}

function stateOf({ keyId, arn }: Key): ResourceState {
  return { physicalId: keyId, attributes: { Arn: arn, KeyId: keyId } }
}
