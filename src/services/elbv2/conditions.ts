import type { RuleCondition as GivenCondition } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { RuleCondition } from '../../protocol/gateway.ts'
import { is } from '../../wire/accept.ts'
import type { AcceptTree } from '../../wire/service.ts'
import { validationError } from './errors.ts'

/** Members of a condition that are honoured. */
export const acceptedCondition: AcceptTree = {
  Field: is('path-pattern', 'host-header'),
  Values: true,
  PathPatternConfig: { Values: true },
  HostHeaderConfig: { Values: true },
}

const patternLengthMax = 128
const valuesMax = 5

export function readConditions(
  given: readonly GivenCondition[] | undefined,
): readonly RuleCondition[] {
  const conditions = (given ?? []).map(readCondition)
  if (conditions.length === 0) throw validationError('A rule must have a condition')
  const count = conditions.reduce((total, condition) => total + condition.values.length, 0)
  if (count > valuesMax) throw validationError('A rule can have at most 5 condition values')
  return conditions
}

function readCondition(given: GivenCondition): RuleCondition {
  const isPath = given.Field === 'path-pattern'
  const config = isPath ? given.PathPatternConfig : given.HostHeaderConfig
  const values = config?.Values ?? given.Values ?? []
  if (values.length === 0) throw validationError('A condition value must be specified')
  const pattern = isPath ? /^[\w.$/~"'@:+*?&\-%!,;=()#\\]+$/ : /^[\w.\-*?]+$/
  for (const value of values) {
    if (value.length > patternLengthMax || !pattern.test(value)) {
      throw validationError(`Condition value '${value}' contains a character that is not valid`)
    }
  }
  return { field: isPath ? 'path' : 'host', values }
}

export function conditionView(condition: RuleCondition): GivenCondition {
  const values = [...condition.values]
  return condition.field === 'path'
    ? { Field: 'path-pattern', Values: values, PathPatternConfig: { Values: values } }
    : { Field: 'host-header', Values: values, HostHeaderConfig: { Values: values } }
}
