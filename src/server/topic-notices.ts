import type { Notifier } from '../deploy/deploy-world.ts'
import { parseArn } from '../kernel/arn.ts'
import { isSameScope, type Scope } from '../kernel/scope.ts'
import type { RulePorts } from '../rules/deliver-events.ts'
import type { Notices } from '../scale/notices.ts'
import type { Topics } from '../topics/create-topics.ts'
import type { QueuePort } from '../topics/delivery-ports.ts'
import { openTopicArn, type Topic } from '../topics/topic.ts'

/** Why the platform cannot tell this topic; undefined when it can. */
export function topicRefusal(scope: Scope, topicArn: string): string | undefined {
  const place = openTopicArn(topicArn)
  if (!place) return 'it is not the ARN of a topic'
  if (!isSameScope(place.scope, scope)) return 'it is of another account or region'
  return place.name.endsWith('.fifo') ? 'FIFO topics are not told by the platform' : undefined
}

/** Resolves when the topic has it; throws when there is no such topic. */
export async function tellTopic(
  topics: Topics,
  topicArn: string,
  notice: { readonly subject?: string | undefined; readonly message: string },
): Promise<void> {
  const topic: Topic | undefined = await topics.catalogue.byArn(topicArn)
  if (!topic) throw new Error(`there is no topic ${topicArn}`)
  const { subject, message } = notice
  await topics.publish(topic, { bodies: { default: message }, subject, attributes: {} })
}

/** Joins rules to topics. */
export function topicPort(topics: Topics): RulePorts['topics'] {
  return {
    async publish(topicArn, message) {
      if (!(await topics.catalogue.byArn(topicArn))) {
        return { kind: 'refused', reason: `there is no topic ${topicArn}` }
      }
      await tellTopic(topics, topicArn, { message })
      return { kind: 'delivered' }
    },
  }
}

/** Joins Auto Scaling groups to topics, and their lifecycle hooks to queues too. What is gone is told nothing, and is not waited for. */
export function groupNotices(topics: Topics, queues: QueuePort): Notices {
  return {
    async refusal(scope, targetArn) {
      const arn = parseArn(targetArn)
      if (arn?.service !== 'sqs') {
        const refusal = topicRefusal(scope, targetArn)
        if (refusal !== undefined) return refusal
        return (await topics.catalogue.byArn(targetArn)) ? undefined : 'there is no such topic'
      }
      if (arn.region !== scope.region || arn.account !== scope.account) {
        return 'it is of another account or region'
      }
      const queue = await queues.find(targetArn)
      if (queue?.isFifo === true) return 'FIFO queues are not told by the platform'
      return queue ? undefined : 'there is no such queue'
    },
    async tell(targetArn, notice) {
      if (parseArn(targetArn)?.service === 'sqs') {
        await queues.send(targetArn, { body: notice.message, attributes: {} })
      } else if (await topics.catalogue.byArn(targetArn)) {
        await tellTopic(topics, targetArn, notice)
      }
    },
  }
}

/** Joins triggers of deployments to topics. A topic that is gone is told nothing, and is not waited for. */
export function deployNotifier(topics: Topics): Notifier {
  return async (scope, { topicArn, subject, message }) => {
    if (topicRefusal(scope, topicArn) !== undefined) return true
    if (await topics.catalogue.byArn(topicArn))
      await tellTopic(topics, topicArn, { subject, message })
    return true
  }
}
