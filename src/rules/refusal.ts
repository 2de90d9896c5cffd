import { EngineRefusal } from '../kernel/errors.ts'

/** Why the engine does not do what it was asked: the names of EventBridge's error shapes, or its plain codes. */
export type RuleRefusalCode =
  | 'InvalidEventPatternException'
  | 'LimitExceededException'
  | 'ResourceNotFoundException'
  | 'ValidationException'

/** Thrown by the engine for what its caller got wrong; the service turns it into its own error. */
export class RuleRefusal extends EngineRefusal<RuleRefusalCode> {}

export function ruleNotFound(name: string): RuleRefusal {
  return new RuleRefusal(
    'ResourceNotFoundException',
    `Rule ${name} does not exist on EventBus default.`,
  )
}

export function invalid(message: string): RuleRefusal {
  return new RuleRefusal('ValidationException', message)
}
