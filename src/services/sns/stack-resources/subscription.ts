import type {
  Inventory,
  Properties,
  ResourceState,
  ResourceType,
} from '../../../stacks/resource-type.ts'
import { openSubscriptionArn } from '../../../topics/subscription.ts'
import { topicArn } from '../../../topics/topic.ts'
import { subscriptionNotFound, topicNotFound } from '../errors.ts'
import type { SnsDeps } from '../service-deps.ts'

/** Properties that are attributes of the same name. */
const attributeNames = [
  'FilterPolicyScope',
  'FilterPolicy',
  'RawMessageDelivery',
  'RedrivePolicy',
  'DeliveryPolicy',
]

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-subscription.html */
export function subscriptionType({ topics }: SnsDeps): ResourceType {
  const { catalogue, subscriptions } = topics
  return {
    name: 'AWS::SNS::Subscription',
    properties: {
      TopicArn: 'string',
      Protocol: 'string',
      Endpoint: 'string',
      DeliveryPolicy: 'json',
      FilterPolicy: 'json',
      FilterPolicyScope: 'string',
      RawMessageDelivery: 'boolean',
      RedrivePolicy: 'json',
    },
    required: ['TopicArn', 'Protocol'],
    attributes: ['Arn'],
    replaceOn: ['TopicArn', 'Protocol', 'Endpoint'],
    async create(properties, context) {
      const topic = await catalogue.byArn(String(properties['TopicArn']))
      if (!topic) throw topicNotFound()
      const subscription = await subscriptions.subscribe(topic, {
        protocol: String(properties['Protocol']),
        endpoint: (properties['Endpoint'] ?? '') as string,
        attributes: attributesOf(properties),
        principal: context.scope.account,
      })
      await context.started(subscription.arn)
      return stateOf(subscription.arn)
    },
    async update({ physicalId, before, after }) {
      const subscription = await subscriptions.byArn(physicalId)
      if (!subscription) throw subscriptionNotFound()
      // What a template no longer says is as it was before anyone said it; the policy goes before its scope and comes after it.
      const given = attributesOf(after)
      const dropped = attributeNames.filter(
        (name) => !(name in given) && name in attributesOf(before),
      )
      for (const name of dropped.toReversed()) {
        await subscriptions.setAttribute(subscription, name, '')
      }
      for (const [name, value] of Object.entries(given)) {
        const current = await subscriptions.byArn(physicalId)
        if (!current) throw subscriptionNotFound()
        await subscriptions.setAttribute(current, name, value)
      }
      return stateOf(physicalId)
    },
    async remove({ physicalId }) {
      if (!openSubscriptionArn(physicalId)) return
      const subscription = await subscriptions.byArn(physicalId)
      if (subscription) await subscriptions.remove(subscription)
    },
    inventory: subscriptionInventory(subscriptions),
  }
}

function subscriptionInventory(subscriptions: SnsDeps['topics']['subscriptions']): Inventory {
  return {
    identifier: 'Arn',
    async list(scope) {
      return (await subscriptions.list(scope)).map(({ arn }) => arn)
    },
    async describe(physicalId, scope) {
      const found = await subscriptions.byArn(physicalId)
      if (found?.scope.account !== scope.account || found.scope.region !== scope.region) {
        return undefined
      }
      const { topicName, protocol, endpoint, attributes, arn } = found
      return {
        ...{ TopicArn: topicArn(scope, topicName), Protocol: protocol, Endpoint: endpoint },
        ...Object.fromEntries(attributeNames.map((name) => [name, attributes[name]])),
        Arn: arn,
      }
    },
  }
}

function stateOf(arn: string): ResourceState {
  return { physicalId: arn, attributes: { Arn: arn } }
}

function attributesOf(properties: Properties): Record<string, string> {
  const named = attributeNames.flatMap((name) => {
    const value = properties[name]
    if (value === undefined) return []
    return [[name, typeof value === 'string' ? value : JSON.stringify(value)]]
  })
  return Object.fromEntries(named) as Record<string, string>
}
