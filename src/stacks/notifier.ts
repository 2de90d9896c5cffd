import type { Scope } from '../kernel/scope.ts'

/** What a topic is told. */
interface Notice {
  readonly subject: string
  readonly message: string
}

/** Topics, as stacks need them: for what happens in them, and for resources that others make. */
export interface Notifier {
  /** Why a topic cannot be told, in words; undefined when it can. */
  refusal(scope: Scope, topicArn: string): Promise<string | undefined>
  /** Resolves when the message is durable. Throws when there is no such topic. */
  publish(scope: Scope, topicArn: string, notice: Notice): Promise<void>
}
