import type { Tag } from '../../kernel/tags.ts'
import type { Properties, ResourceContext } from '../../stacks/resource-type.ts'
import { checkTags } from './alarm-tags.ts'

/** The name that a template gives its alarm, or one of the stack's making. */
export function alarmNameOf(properties: Properties, context: ResourceContext): string {
  const given = properties['AlarmName']
  return typeof given === 'string' ? given : context.physicalName(255)
}

/** The resource's tags and the stack's own, which tell whose alarm it is. */
export function alarmTagsOf(properties: Properties, context: ResourceContext): readonly Tag[] {
  const own = checkTags(properties['Tags'] as Tag[] | undefined)
  const stack = context.tags.filter((tag) => !own.some((each) => each.Key === tag.Key))
  return [...stack, ...own]
}

/** Whether an alarm with these tags was made by this very resource, in an attempt before this one. */
export function isOfStack(tags: readonly Tag[], context: ResourceContext): boolean {
  const value = (key: string) => tags.find((tag) => tag.Key === key)?.Value
  return (
    value('aws:cloudformation:stack-id') === context.stackId &&
    value('aws:cloudformation:logical-id') === context.logicalId
  )
}
