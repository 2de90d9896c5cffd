import { EngineRefusal } from '../kernel/errors.ts'

/** Why the engine does not do what it was asked: the names of SNS's error shapes. */
export type TopicRefusalCode =
  | 'AuthorizationErrorException'
  | 'FilterPolicyLimitExceededException'
  | 'InvalidParameterException'
  | 'InvalidParameterValueException'
  | 'NotFoundException'

/** Thrown by the engine for what its caller got wrong; the service turns it into its own error. */
export class TopicRefusal extends EngineRefusal<TopicRefusalCode> {}

export function invalidParameter(message: string): TopicRefusal {
  return new TopicRefusal('InvalidParameterException', `Invalid parameter: ${message}`)
}

export function topicNotFound(): TopicRefusal {
  return new TopicRefusal('NotFoundException', 'Topic does not exist')
}

export function subscriptionNotFound(): TopicRefusal {
  return new TopicRefusal('NotFoundException', 'Subscription does not exist')
}
