import type { Target } from '@aws-sdk/client-eventbridge'
import type { Scope } from '../../kernel/scope.ts'
import { ruleArn, type Rule, type RuleTarget } from '../../rules/rule.ts'

/** What DescribeRule and ListRules answer. */
export function ruleView(
  scope: Scope,
  rule: Rule,
): {
  readonly Name: string
  readonly Arn: string
  readonly State: 'ENABLED' | 'DISABLED'
  readonly EventBusName: string
  readonly EventPattern?: string
  readonly ScheduleExpression?: string
  readonly Description?: string
  readonly RoleArn?: string
} {
  const { name, pattern, schedule, description, roleArn } = rule
  return {
    Name: name,
    Arn: ruleArn(scope, name),
    State: rule.isEnabled ? 'ENABLED' : 'DISABLED',
    EventBusName: 'default',
    ...(pattern === undefined ? {} : { EventPattern: pattern }),
    ...(schedule === undefined ? {} : { ScheduleExpression: schedule }),
    ...(description === undefined ? {} : { Description: description }),
    ...(roleArn === undefined ? {} : { RoleArn: roleArn }),
  }
}

export const usualAttempts = 185
export const usualAgeSeconds = 86_400

export function targetView(target: RuleTarget): Target {
  const { id, arn, roleArn, input, path, transformer, group, deadLetterArn } = target
  const { attemptsMax, ageSecondsMax } = target
  const isUsual = attemptsMax === usualAttempts && ageSecondsMax === usualAgeSeconds
  return {
    Id: id,
    Arn: arn,
    ...(roleArn === undefined ? {} : { RoleArn: roleArn }),
    ...(input === undefined ? {} : { Input: input }),
    ...(path === undefined ? {} : { InputPath: path }),
    ...(transformer && {
      InputTransformer: {
        InputPathsMap: { ...transformer.paths },
        InputTemplate: transformer.template,
      },
    }),
    ...(group === undefined ? {} : { SqsParameters: { MessageGroupId: group } }),
    ...(deadLetterArn === undefined ? {} : { DeadLetterConfig: { Arn: deadLetterArn } }),
    ...(!isUsual && {
      RetryPolicy: {
        MaximumRetryAttempts: attemptsMax,
        MaximumEventAgeInSeconds: ageSecondsMax,
      },
    }),
  }
}
