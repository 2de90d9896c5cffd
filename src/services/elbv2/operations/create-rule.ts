import { acceptedAction, readActions } from '../actions.ts'
import { acceptedCondition, readConditions } from '../conditions.ts'
import type { Elbv2Operation } from '../deps.ts'
import { validationError } from '../errors.ts'
import { requireListener } from '../find.ts'
import { readTags } from '../tags.ts'
import { ruleView } from '../views.ts'

export const createRule: Elbv2Operation<'CreateRule'> = {
  accepts: {
    ListenerArn: true,
    Priority: true,
    Conditions: acceptedCondition,
    Actions: acceptedAction,
    Tags: { Key: true, Value: true },
  },
  async handle(input, { scope }, deps) {
    const { listenerId, protocol } = await requireListener(deps, scope, input.ListenerArn)
    if (protocol === 'tcp') throw validationError('A TCP listener has no rules besides its default')
    const rule = await deps.balance.listeners.createRule(scope, {
      listenerId,
      priority: checkPriority(input.Priority),
      conditions: readConditions(input.Conditions),
      action: readActions(scope, input.Actions),
      tags: readTags(input.Tags),
    })
    return { Rules: [ruleView(scope, rule)] }
  },
}

export function checkPriority(priority: number | undefined): number {
  if (priority === undefined || !Number.isInteger(priority) || priority < 1 || priority > 50_000) {
    throw validationError(`Priority '${priority ?? ''}' must be between 1 and 50000`)
  }
  return priority
}
