import type { Scope } from '../kernel/scope.ts'
import type { Notifier } from '../stacks/notifier.ts'
import type { Topics } from '../topics/create-topics.ts'
import { openTopicArn, type Topic } from '../topics/topic.ts'

/** Joins stacks to topics of their own account and region. */
export function stackNotifier(topics: Pick<Topics, 'catalogue' | 'publish'>): Notifier {
  async function topicOf(scope: Scope, arn: string): Promise<Topic | string> {
    const place = openTopicArn(arn)
    if (!place) return `${arn} is not the ARN of a topic`
    const { account, region } = place.scope
    if (account !== scope.account || region !== scope.region) {
      return `${arn} is of another account or region`
    }
    const topic = await topics.catalogue.find(place.scope, place.name)
    if (topic?.isFifo) return `${arn} is a FIFO topic`
    return topic ?? `there is no topic ${arn}`
  }
  return {
    async refusal(scope, arn) {
      const topic = await topicOf(scope, arn)
      return typeof topic === 'string' ? topic : undefined
    },
    async publish(scope, arn, { subject, message }) {
      const topic = await topicOf(scope, arn)
      if (typeof topic === 'string') throw new Error(topic)
      await topics.publish(topic, { bodies: { default: message }, subject, attributes: {} })
    },
  }
}
