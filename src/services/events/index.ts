import { answeringType } from '../../stacks/answering-type.ts'
import type { ResourceType } from '../../stacks/resource-type.ts'
import { serviceOf, type Service } from '../../wire/service.ts'
import { asAwsError, unsupportedMember } from './errors.ts'
import { deleteRule } from './operations/delete-rule.ts'
import { describeEventBus } from './operations/describe-event-bus.ts'
import { describeRule } from './operations/describe-rule.ts'
import { disableRule } from './operations/disable-rule.ts'
import { enableRule } from './operations/enable-rule.ts'
import { listEventBuses } from './operations/list-event-buses.ts'
import { listRuleNamesByTarget } from './operations/list-rule-names-by-target.ts'
import { listRules } from './operations/list-rules.ts'
import { listTagsForResource } from './operations/list-tags-for-resource.ts'
import { listTargetsByRule } from './operations/list-targets-by-rule.ts'
import { putEvents } from './operations/put-events.ts'
import { putRule } from './operations/put-rule.ts'
import { putTargets } from './operations/put-targets.ts'
import { removeTargets } from './operations/remove-targets.ts'
import { tagResource } from './operations/tag-resource.ts'
import { testEventPattern } from './operations/test-event-pattern.ts'
import { untagResource } from './operations/untag-resource.ts'
import type { EventsDeps } from './service-deps.ts'
import { ruleType } from './stack-resources/rule.ts'

/** Amazon EventBridge, on the engine of rules. */
export function eventsService(deps: EventsDeps): Service {
  return serviceOf(deps, {
    id: 'events',
    countsInWholes: true,
    refuseMember: unsupportedMember,
    asAwsError,
    operations: {
      DeleteRule: deleteRule,
      DescribeEventBus: describeEventBus,
      DescribeRule: describeRule,
      DisableRule: disableRule,
      EnableRule: enableRule,
      ListEventBuses: listEventBuses,
      ListRuleNamesByTarget: listRuleNamesByTarget,
      ListRules: listRules,
      ListTagsForResource: listTagsForResource,
      ListTargetsByRule: listTargetsByRule,
      PutEvents: putEvents,
      PutRule: putRule,
      PutTargets: putTargets,
      RemoveTargets: removeTargets,
      TagResource: tagResource,
      TestEventPattern: testEventPattern,
      UntagResource: untagResource,
    },
  })
}

export function eventsResourceTypes(deps: EventsDeps): readonly ResourceType[] {
  return [answeringType(ruleType(deps), asAwsError)]
}
