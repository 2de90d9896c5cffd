import { createHash } from 'node:crypto'
import type { TagSpecification } from '@aws-sdk/client-ec2'
import type { Tag } from '../../kernel/tags.ts'
import { RecordExists } from '../../store/records.ts'
import {
  duplicateTagKey,
  malformedId,
  missingParameter,
  reservedTagKey,
  tooLongTag,
  unsupportedResourceType,
} from './errors.ts'

/** A member that the operation cannot do without. */
export function required<T>(value: T | undefined, name: string): T {
  if (value === undefined || value === '') throw missingParameter(name)
  return value
}

/** The id of what a request with a client token makes: the same token again collides with it instead of making a second one. */
export function idOfToken(prefix: string, token: string): string {
  return `${prefix}-0${createHash('sha256').update(token).digest('hex').slice(0, 16)}`
}

/** Makes it, unless an earlier attempt did. */
export async function unlessThere(make: () => Promise<unknown>): Promise<void> {
  try {
    await make()
  } catch (thrown) {
    if (!(thrown instanceof RecordExists)) throw thrown
  }
}

/** `i-` and 8 or 17 hexadecimal digits, as EC2 demands before it looks. */
export function instanceIds(ids: readonly string[] | undefined): readonly string[] {
  for (const id of ids ?? []) {
    if (!/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id)) {
      throw malformedId('InvalidInstanceID.Malformed', id, 'i')
    }
  }
  return ids ?? []
}

export function requiredInstanceIds(ids: readonly string[] | undefined): readonly string[] {
  if (!ids || ids.length === 0) throw missingParameter('InstanceId')
  return instanceIds(ids)
}

export interface GivenTag {
  readonly Key?: string | undefined
  readonly Value?: string | undefined
}

/** Tags as a caller gives them: keys that begin with `aws:` are for CloudFormation and Auto Scaling to give. */
export function tagsOf(given: readonly GivenTag[] | undefined): readonly Tag[] {
  for (const { Key = '', Value = '' } of given ?? []) {
    if (Key.toLowerCase().startsWith('aws:')) throw reservedTagKey()
    if (Key.length > 128) throw tooLongTag('key', 128)
    if (Value.length > 256) throw tooLongTag('value', 256)
  }
  const keys = (given ?? []).map(({ Key = '' }) => Key)
  const doubled = keys.find((key, index) => keys.indexOf(key) !== index)
  if (doubled !== undefined) throw duplicateTagKey(doubled)
  return anyTags(given)
}

/** Tags with those that other services give. */
export function anyTags(given: readonly GivenTag[] | undefined): readonly Tag[] {
  return (given ?? []).map(({ Key = '', Value = '' }) => ({ Key, Value }))
}

/** The tags that a creation gives to what it makes. Specifications for other things are refused. */
export function tagsFor(
  resourceType: string,
  specifications: readonly TagSpecification[] | undefined,
): readonly Tag[] {
  const tags: Tag[] = []
  for (const specification of specifications ?? []) {
    if (specification.ResourceType !== resourceType) {
      throw unsupportedResourceType(specification.ResourceType ?? '')
    }
    tags.push(...tagsOf(specification.Tags))
  }
  return tags
}

/** The tags of a creation that makes things of several types, by type. */
export function tagsByType(
  resourceTypes: readonly string[],
  specifications: readonly TagSpecification[] | undefined,
): (resourceType: string) => readonly Tag[] {
  const foreign = specifications?.find((each) => !resourceTypes.includes(each.ResourceType ?? ''))
  if (foreign) throw unsupportedResourceType(foreign.ResourceType ?? '')
  return (resourceType) =>
    tagsFor(
      resourceType,
      specifications?.filter((each) => each.ResourceType === resourceType),
    )
}

/** Members of a tag specification, for `accepts`. */
export const tagSpecifications = { ResourceType: true, Tags: { Key: true, Value: true } } as const
/** Members of a filter, for `accepts`. */
export const filters = { Name: true, Values: true } as const
/** Members of a describe operation with pages. */
export const describing = { Filters: filters, NextToken: true, MaxResults: true } as const
