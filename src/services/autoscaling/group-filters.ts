import type { Group } from '../../scale/group.ts'
import { validationError } from './errors.ts'

export interface Filter {
  readonly Name?: string | undefined
  readonly Values?: readonly string[] | undefined
}

/** `tag-key`, `tag-value` and `tag:KEY`; all given filters must hold. */
export function matchesGroup(group: Group, filters: readonly Filter[]): boolean {
  return filters.every(({ Name = '', Values = [] }) => {
    if (Name === 'tag-key') return group.tags.some((tag) => Values.includes(tag.Key))
    if (Name === 'tag-value') return group.tags.some((tag) => Values.includes(tag.Value))
    if (Name.startsWith('tag:')) {
      const key = Name.slice('tag:'.length)
      return group.tags.some((tag) => tag.Key === key && Values.includes(tag.Value))
    }
    throw validationError(
      `Filter type ${Name} is not correct. Allowed Filter types are: tag-key tag-value tag:<key>`,
    )
  })
}
