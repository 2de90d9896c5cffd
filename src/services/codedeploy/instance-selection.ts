import type {
  EC2TagFilter,
  EC2TagSet,
  OnPremisesTagSet,
  TagFilter as OnPremisesFilter,
} from '@aws-sdk/client-codedeploy'
import type { OnPremisesSelection, TagFilter } from '../../deploy/deployment-group.ts'
import * as errors from './errors.ts'

export function openTagFilters(
  filters: readonly EC2TagFilter[] | undefined,
  invalid: (message: string) => Error = errors.invalidTag,
): TagFilter[] {
  return (filters ?? []).map((filter) => {
    const type = filter.Type ?? (filter.Value === undefined ? 'KEY_ONLY' : 'KEY_AND_VALUE')
    if (!['KEY_ONLY', 'VALUE_ONLY', 'KEY_AND_VALUE'].includes(type)) {
      throw invalid(`A tag filter's Type is not ${type}`)
    }
    if (type !== 'VALUE_ONLY' && !filter.Key) throw invalid('A tag filter needs a Key')
    if (type !== 'KEY_ONLY' && filter.Value === undefined) {
      throw invalid('A tag filter of this type needs a Value')
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
  return groups.map((filters) => openTagFilters(filters))
}

export function viewTagSet(set: readonly (readonly TagFilter[])[]): { ec2TagSet?: EC2TagSet } {
  return set.length > 0 ? { ec2TagSet: { ec2TagSetList: set.map((filters) => [...filters]) } } : {}
}

/** Filters of registered servers have an error of their own. */
export function openOnPremisesFilters(
  filters: readonly OnPremisesFilter[] | undefined,
): readonly TagFilter[] {
  return openTagFilters(filters, errors.invalidTagFilter)
}

/** Either form replaces the other; a request that speaks of neither leaves what there is. */
export function openOnPremises(
  current: OnPremisesSelection | undefined,
  input: {
    readonly onPremisesInstanceTagFilters?: readonly OnPremisesFilter[] | undefined
    readonly onPremisesTagSet?: OnPremisesTagSet | undefined
  },
): OnPremisesSelection | undefined {
  const { onPremisesInstanceTagFilters: given, onPremisesTagSet } = input
  if (!given && !onPremisesTagSet) return current
  const groups = onPremisesTagSet?.onPremisesTagSetList ?? []
  if (groups.length > 3) throw errors.tagSetListLimitExceeded()
  const set = groups.map(openOnPremisesFilters)
  const filters = openOnPremisesFilters(given)
  if (filters.length > 0 && set.length > 0) throw errors.invalidOnPremisesTagCombination()
  return {
    filters: given || set.length > 0 ? filters : (current?.filters ?? []),
    set: onPremisesTagSet || filters.length > 0 ? set : (current?.set ?? []),
  }
}

export function viewOnPremisesSelection(selection: OnPremisesSelection | undefined): {
  onPremisesInstanceTagFilters: OnPremisesFilter[]
  onPremisesTagSet?: OnPremisesTagSet
} {
  const { filters = [], set = [] } = selection ?? {}
  return {
    onPremisesInstanceTagFilters: filters.map((filter) => ({ ...filter })),
    ...(set.length > 0 && {
      onPremisesTagSet: { onPremisesTagSetList: set.map((group) => [...group]) },
    }),
  }
}
