import type { Operation } from '../../../wire/service.ts'
import { ruleArn } from '../../../rules/rule.ts'
import { is } from '../../../wire/accept.ts'
import { checkBus } from '../find.ts'
import { checkCount, tagRecord } from '../tags.ts'
import type { EventsDeps, EventsOperations } from '../service-deps.ts'

export const putRule: Operation<EventsOperations, 'PutRule', EventsDeps> = {
  accepts: {
    Name: true,
    ScheduleExpression: true,
    EventPattern: true,
    State: is('ENABLED', 'DISABLED'),
    Description: true,
    RoleArn: true,
    Tags: true,
    EventBusName: true,
  },
  async handle(input, request, deps) {
    checkBus(request.scope, input.EventBusName)
    const { Name: name = '', EventPattern: pattern, ScheduleExpression: schedule } = input
    const tags = tagRecord(input.Tags)
    checkCount(tags)
    await deps.rules.catalogue.put(request.scope, {
      ...{ name, pattern: pattern || undefined, schedule: schedule || undefined, tags },
      description: input.Description,
      roleArn: input.RoleArn,
      isEnabled: input.State !== 'DISABLED',
    })
    return { RuleArn: ruleArn(request.scope, name) }
  },
}
