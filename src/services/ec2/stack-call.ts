import { tagsBeside, type Tag } from '../../kernel/tags.ts'
import { Refusal } from '../../network/refusal.ts'
import type {
  Inventory,
  Properties,
  RemovedResource,
  ResourceChange,
  ResourceContext,
  ResourceState,
  ResourceType,
} from '../../stacks/resource-type.ts'
import type { Ec2Deps } from './deps.ts'
import { idOfToken, tagsOf } from './input.ts'

/** A CloudFormation type before it is given what it works with. */
export interface Ec2ResourceType extends Omit<
  ResourceType,
  'create' | 'update' | 'read' | 'remove' | 'inventory'
> {
  create(properties: Properties, context: ResourceContext, deps: Ec2Deps): Promise<ResourceState>
  update?(change: ResourceChange, context: ResourceContext, deps: Ec2Deps): Promise<ResourceState>
  read?(
    resource: RemovedResource,
    context: ResourceContext,
    deps: Ec2Deps,
  ): Promise<Properties | undefined>
  remove(resource: RemovedResource, context: ResourceContext, deps: Ec2Deps): Promise<void>
  inventory?(deps: Ec2Deps): Inventory
}

export function boundType(type: Ec2ResourceType, deps: Ec2Deps): ResourceType {
  const { update, read, inventory, ...rest } = type
  return {
    ...rest,
    create: (properties, context) => type.create(properties, context, deps),
    ...(update && {
      update: (change: ResourceChange, context: ResourceContext) => update(change, context, deps),
    }),
    ...(read && {
      read: (resource: RemovedResource, context: ResourceContext) => read(resource, context, deps),
    }),
    remove: (resource, context) => type.remove(resource, context, deps),
    ...(inventory && { inventory: inventory(deps) }),
  }
}

/** The id that every attempt at one resource gives to what it makes, so that a second attempt finds the first one's work. */
export function derivedId(prefix: string, context: ResourceContext): string {
  return idOfToken(prefix, context.token)
}

/** What still uses a resource may be on its way out: an instance that terminates, a balancer's address. */
const dependenciesMilliseconds = 5 * 60_000

/** Removes it as soon as nothing depends on it; what is gone already is removed. */
export async function removeWhenFree(
  what: string,
  context: ResourceContext,
  remove: () => Promise<unknown>,
): Promise<void> {
  await context.until(`what depends on ${what} to go`, dependenciesMilliseconds, async () => {
    try {
      await remove()
      return true
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown
      if (/NotFound|NotAttached/.test(thrown.code)) return true
      if (thrown.code === 'DependencyViolation') return undefined
      throw thrown
    }
  })
}

/** A resource's own tags and those of its stack. */
export function stackTags(properties: Properties, context: ResourceContext): readonly Tag[] {
  return [...tagsOf(listOf(properties, 'Tags')), ...context.tags]
}

/** The tags that a template could have given it. */
export function readTags(tags: readonly Tag[], context: Pick<ResourceContext, 'tags'>): Properties {
  return { Tags: tagsBeside(tags, context.tags) }
}

export function textOf(properties: Properties, name: string): string | undefined {
  const value = properties[name]
  if (typeof value === 'string') return value
  return value === undefined || value === null ? undefined : JSON.stringify(value)
}

/** A property that the stack engine has made sure of. */
export function requiredText(properties: Properties, name: string): string {
  return textOf(properties, name) ?? ''
}

export function flagOf(properties: Properties, name: string): boolean | undefined {
  const value = properties[name]
  return value === undefined ? undefined : value === true || value === 'true'
}

/** A list of structures or texts. Old templates write one thing where a list of one is meant. */
export function listOf<T>(properties: Properties, name: string): readonly T[] {
  const value = properties[name]
  return value === undefined || value === null ? [] : ([value].flat() as T[])
}

/** Members of a tag, as properties. */
export const tagProperties = { Key: 'string', Value: 'string' } as const
