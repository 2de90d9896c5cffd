import type { EC2TagFilter, EC2TagSet } from '@aws-sdk/client-codedeploy'
import type { TagFilter } from '../../deploy/deployment-group.ts'
import * as errors from './errors.ts'

export function openTagFilters(filters: readonly EC2TagFilter[] | undefined): TagFilter[] {
  return (filters ?? []).map((filter) => {
    const type = filter.Type ?? (filter.Value === undefined ? 'KEY_ONLY' : 'KEY_AND_VALUE')
    if (!['KEY_ONLY', 'VALUE_ONLY', 'KEY_AND_VALUE'].includes(type)) {
      throw errors.invalidTag(`A tag filter's Type is not ${type}`)
    }
    if (type !== 'VALUE_ONLY' && !filter.Key) throw errors.invalidTag('A tag filter needs a Key')
    if (type !== 'KEY_ONLY' && filter.Value === undefined) {
      throw errors.invalidTag('A tag filter of this type needs a Value')
    }
    return {
      ...(filter.Key !== undefined && { Key: filter.Key }),
      ...(filter.Value !== undefined && { Value: filter.Value }),
      Type: type,
    }
  })
}

export function openTagSet(set: EC2TagSet | undefined): TagFilter[][] {
  const groups = set?.ec2TagSetList ?? []
  if (groups.length > 3) throw errors.tagSetListLimitExceeded()
  return groups.map(openTagFilters)
}

export function viewTagSet(set: readonly (readonly TagFilter[])[]): { ec2TagSet?: EC2TagSet } {
  return set.length > 0 ? { ec2TagSet: { ec2TagSetList: set.map((filters) => [...filters]) } } : {}
}
