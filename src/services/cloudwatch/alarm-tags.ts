import type { Tag as TagShape } from '@aws-sdk/client-cloudwatch'
import type { Tag } from '../../kernel/tags.ts'
import { parseArn } from '../../kernel/arn.ts'
import type { Scope } from '../../kernel/scope.ts'
import { invalidValue, missingParameter, resourceNotFound } from './errors.ts'

const tagsMax = 50

export function checkTags(tags: readonly TagShape[] | undefined): readonly Tag[] {
  const list = (tags ?? []).map(({ Key, Value }, index): Tag => {
    const path = `Tags.member.${index + 1}`
    if (!Key) throw missingParameter(`${path}.Key`)
    if (Value === undefined) throw missingParameter(`${path}.Value`)
    if (Key.length > 128 || Value.length > 256) {
      throw invalidValue(`The value of the parameter ${path} is too long.`)
    }
    return { Key, Value }
  })
  return checkTagCount(list)
}

export function checkTagCount(tags: readonly Tag[]): readonly Tag[] {
  if (tags.length > tagsMax) throw invalidValue(`A resource can have ${tagsMax} tags at most.`)
  return tags
}

/** The alarm's name out of its ARN; tags of other resources are not kept here. */
export function alarmNameOf(scope: Scope, resourceArn: string | undefined): string {
  if (!resourceArn) throw missingParameter('ResourceARN')
  const arn = parseArn(resourceArn)
  const isOurs =
    arn?.service === 'cloudwatch' &&
    arn.region === scope.region &&
    arn.account === scope.account &&
    arn.resource.startsWith('alarm:')
  if (!isOurs) throw resourceNotFound(resourceArn)
  return arn.resource.slice('alarm:'.length)
}
