import type { Tag } from '../../../kernel/tags.ts'
import { recordInventory } from '../../../stacks/record-inventory.ts'
import type { Properties, ResourceState, ResourceType } from '../../../stacks/resource-type.ts'
import {
  changeRepository,
  checkedText,
  createRepository,
  mutabilityOf,
  repositories,
  type Repository,
} from '../repositories.ts'
import type { EcrDeps } from '../service-deps.ts'

interface RepositoryProperties {
  readonly RepositoryName?: string
  readonly ImageTagMutability?: string
  readonly RepositoryPolicyText?: string
  readonly LifecyclePolicy?: { readonly LifecyclePolicyText?: string }
  readonly Tags?: readonly Tag[]
}

/** `AWS::ECR::Repository`: `Ref` is its name. */
export function repositoryType(deps: EcrDeps): ResourceType {
  return {
    name: 'AWS::ECR::Repository',
    properties: {
      RepositoryName: 'string',
      ImageTagMutability: 'string',
      RepositoryPolicyText: 'json',
      LifecyclePolicy: { LifecyclePolicyText: 'string' },
      EmptyOnDelete: 'boolean',
      Tags: { Key: 'string', Value: 'string' },
    },
    required: [],
    attributes: ['Arn', 'RepositoryUri'],
    replaceOn: ['RepositoryName'],
    async create(properties, context) {
      const { scope } = context
      const { RepositoryName } = properties as RepositoryProperties
      const wished = wishedOf(properties, context.tags)
      const { name } = await createRepository(deps, scope, {
        name: RepositoryName ?? context.physicalName(256).toLowerCase(),
        isImmutable: wished.isImmutable,
        tags: wished.tags,
        madeBy: context.token,
      })
      await context.started(name)
      return stateOf(
        await changeRepository(deps, scope, name, (value) => ({ ...value, ...wished })),
      )
    },
    async update({ physicalId, after }, context) {
      const wished = wishedOf(after, context.tags)
      const changed = await changeRepository(deps, context.scope, physicalId, (value) => {
        const { policy: _, lifecyclePolicy: __, ...rest } = value
        return { ...rest, ...wished }
      })
      return stateOf(changed)
    },
    async remove({ physicalId }, { scope }) {
      const record = await deps.store.find(repositories, scope, physicalId)
      if (record) await deps.store.remove(record)
    },
    inventory: recordInventory(deps.store, repositories, {
      identifier: 'RepositoryName',
      hidden: ['EmptyOnDelete'],
      describe: ({ value }) => described(value),
    }),
  }
}

function described(repository: Repository): Properties {
  const { name, isImmutable, policy, lifecyclePolicy, tags } = repository
  return {
    RepositoryName: name,
    ImageTagMutability: isImmutable ? 'IMMUTABLE' : 'MUTABLE',
    RepositoryPolicyText: policy,
    LifecyclePolicy:
      lifecyclePolicy === undefined ? undefined : { LifecyclePolicyText: lifecyclePolicy },
    Tags: tags,
    ...stateOf(repository).attributes,
  }
}

function wishedOf(
  properties: Properties,
  stackTags: readonly Tag[],
): Pick<Repository, 'isImmutable' | 'tags' | 'policy' | 'lifecyclePolicy'> {
  const given = properties as RepositoryProperties
  const { RepositoryPolicyText: policy, LifecyclePolicy, Tags = [] } = given
  const lifecycle = LifecyclePolicy?.LifecyclePolicyText
  return {
    isImmutable: mutabilityOf(given.ImageTagMutability),
    tags: [...stackTags, ...Tags],
    ...(policy === undefined ? {} : { policy: checkedText('RepositoryPolicyText', policy) }),
    ...(lifecycle === undefined
      ? {}
      : { lifecyclePolicy: checkedText('LifecyclePolicyText', lifecycle) }),
  }
}

function stateOf({ name, arn, uri }: Repository): ResourceState {
  return { physicalId: name, attributes: { Arn: arn, RepositoryUri: uri } }
}
