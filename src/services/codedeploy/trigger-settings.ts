import type { TriggerConfig } from '@aws-sdk/client-codedeploy'
import type { Deploy } from '../../deploy/create-deploy.ts'
import type { Trigger, TriggerEvent } from '../../deploy/deployment-group.ts'
import * as errors from './errors.ts'

const events: readonly string[] = [
  'DeploymentStart',
  'DeploymentSuccess',
  'DeploymentFailure',
  'DeploymentStop',
  'DeploymentRollback',
  'DeploymentReady',
  'InstanceStart',
  'InstanceSuccess',
  'InstanceFailure',
  'InstanceReady',
] satisfies TriggerEvent[]

/** AWS's bound of triggers of one group. */
const triggersMax = 10

/** Undefined when the request does not speak of triggers. Any trigger is refused while there are no topics to tell. */
export function openTriggers(
  deploy: Pick<Deploy, 'tellsTopics'>,
  given: readonly TriggerConfig[] | undefined,
): readonly Trigger[] | undefined {
  if (!given) return undefined
  if (given.length > triggersMax) throw errors.groupLimitExceeded('TriggerTargets')
  if (given.length > 0 && !deploy.tellsTopics) {
    throw errors.invalidTrigger('triggerConfigurations: there are no SNS topics here to tell')
  }
  return given.map(({ triggerName, triggerTargetArn, triggerEvents }) => {
    if (!triggerName || !/^arn:[\w-]+:sns:[\w-]+:\d{12}:.+/.test(triggerTargetArn ?? '')) {
      throw errors.invalidTrigger('A trigger needs a triggerName and a topic as triggerTargetArn')
    }
    const unknown = (triggerEvents ?? []).find((event) => !events.includes(event))
    if (!triggerEvents?.length || unknown !== undefined) {
      throw errors.invalidTrigger(
        `triggerEvents are of ${events.join(', ')}${unknown === undefined ? '' : `, not ${unknown}`}`,
      )
    }
    return {
      name: triggerName,
      topicArn: triggerTargetArn ?? '',
      events: triggerEvents as readonly TriggerEvent[],
    }
  })
}

export function viewTriggers(triggers: readonly Trigger[] = []): TriggerConfig[] {
  return triggers.map(({ name, topicArn, events: told }) => ({
    triggerName: name,
    triggerTargetArn: topicArn,
    triggerEvents: [...told],
  }))
}
