import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Reconciler } from '../reconcile/reconciler.ts'
import type { DeliveryPorts } from './delivery-ports.ts'
import { fanOutReconciler } from './fan-out.ts'
import { MessageSigner } from './message-signer.ts'
import { Publisher, type Published, type Telling } from './publisher.ts'
import { SubscriptionCatalogue } from './subscription-catalogue.ts'
import { sweepReconciler } from './sweep.ts'
import { TopicCatalogue } from './topic-catalogue.ts'
import type { Topic } from './topic.ts'

export interface TopicsDeps {
  readonly ports: DeliveryPorts
  /** `http://127.0.0.1:4566`: where subscribers confirm, leave, and find the certificate. */
  readonly endpoint: string
}

/** The topics of all accounts and regions. Refusals are thrown as `TopicRefusal`. */
export interface Topics {
  readonly catalogue: TopicCatalogue
  readonly subscriptions: SubscriptionCatalogue
  readonly reconcilers: readonly Reconciler[]
  /** Resolves when the message is durable; it reaches its subscribers soon after, at least once. */
  publish(topic: Topic, telling: Telling): Promise<Published>
  /** The PEM at a path of the endpoint; undefined when it is no certificate of ours. */
  certificateAt(path: string): Promise<string | undefined>
}

/** Makes the engine of topics. */
export function createTopics(context: EngineContext, { ports, endpoint }: TopicsDeps): Topics {
  const signer = new MessageSigner(context)
  const subscriptions = new SubscriptionCatalogue(context, ports)
  const publisher = new Publisher(context, subscriptions)
  return {
    catalogue: new TopicCatalogue(context),
    subscriptions,
    reconcilers: [fanOutReconciler({ context, ports, signer, endpoint }), sweepReconciler(context)],
    publish: (topic, telling) => publisher.publish(topic, telling),
    async certificateAt(path) {
      const opened = await signer.open()
      return opened.path === path ? opened.pem : undefined
    },
  }
}
