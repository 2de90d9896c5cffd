import type { Scope } from '../../kernel/scope.ts'
import type { Tag } from '../../kernel/tags.ts'
import type { GivenParameter } from '../../stacks/domain/resolve-parameters.ts'
import type { TemplateSource } from '../../stacks/read-body.ts'
import type { RollbackConfiguration } from '@aws-sdk/client-cloudformation'
import type { TargetRequest } from '../../stacks/prepare-target.ts'
import { empty, is } from '../../wire/accept.ts'
import type { AcceptTree, Request } from '../../wire/service.ts'
import type { CloudFormationDeps } from './cloudformation-operation.ts'
import { roleNotAssumable } from './errors.ts'

/** Members that every operation with a template and parameters has. */
export const targetMembers: AcceptTree = {
  StackName: true,
  TemplateBody: true,
  TemplateURL: true,
  Parameters: { ParameterKey: true, ParameterValue: true, UsePreviousValue: true },
  Capabilities: true,
  Tags: true,
  RoleARN: true,
  NotificationARNs: true,
  ResourceTypes: empty,
  RollbackConfiguration: {
    RollbackTriggers: {
      Arn: true,
      Type: is('AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'),
    },
    MonitoringTimeInMinutes: true,
  },
  DisableValidation: is(false),
  DeploymentConfig: { Mode: is('STANDARD'), DisableRollback: is(false) },
}

/** The role of the request, if it names one that CloudFormation may take. */
export async function roleOf(
  { takesRole }: CloudFormationDeps,
  scope: Scope,
  roleArn: string | undefined,
): Promise<string | undefined> {
  if (roleArn === undefined || (await takesRole(scope, roleArn))) return roleArn
  throw roleNotAssumable(roleArn)
}

/** Who is told of the stack, and what rolls it back. What is not given stays as it was. */
export function watchersOf(input: {
  readonly NotificationARNs?: readonly string[] | undefined
  readonly RollbackConfiguration?: RollbackConfiguration | undefined
}): Pick<TargetRequest, 'notificationArns' | 'rollback'> {
  const { NotificationARNs, RollbackConfiguration: given } = input
  return {
    ...(NotificationARNs === undefined ? {} : { notificationArns: NotificationARNs }),
    ...(given === undefined
      ? {}
      : {
          rollback: {
            alarmArns: (given.RollbackTriggers ?? []).map(({ Arn }) => Arn ?? ''),
            monitoringMinutes: given.MonitoringTimeInMinutes ?? 0,
          },
        }),
  }
}

/** The same, as it is told. */
export function watchersView({
  notificationArns = [],
  rollback,
}: Pick<TargetRequest, 'notificationArns' | 'rollback'>): {
  NotificationARNs: string[]
  RollbackConfiguration: RollbackConfiguration
} {
  return {
    NotificationARNs: [...notificationArns],
    RollbackConfiguration: rollback
      ? {
          RollbackTriggers: rollback.alarmArns.map((Arn) => ({
            Arn,
            Type: 'AWS::CloudWatch::Alarm',
          })),
          MonitoringTimeInMinutes: rollback.monitoringMinutes,
        }
      : {},
  }
}

export function parametersOf(
  parameters:
    | readonly {
        readonly ParameterKey?: string | undefined
        readonly ParameterValue?: string | undefined
        readonly UsePreviousValue?: boolean | undefined
      }[]
    | undefined,
): readonly GivenParameter[] {
  return (parameters ?? []).map(({ ParameterKey, ParameterValue, UsePreviousValue }) => ({
    name: ParameterKey ?? '',
    value: ParameterValue,
    usePreviousValue: UsePreviousValue ?? false,
  }))
}

export function tagsOf(
  tags:
    | readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[]
    | undefined,
): readonly Tag[] | undefined {
  return tags?.map(({ Key, Value }) => ({ Key: Key ?? '', Value: Value ?? '' }))
}

export function sourceOf(
  input: {
    readonly TemplateBody?: string | undefined
    readonly TemplateURL?: string | undefined
    readonly UsePreviousTemplate?: boolean | undefined
  },
  request: Pick<Request, 'host'>,
): TemplateSource {
  return {
    body: input.TemplateBody,
    url: input.TemplateURL,
    usePrevious: input.UsePreviousTemplate,
    endpointHost: request.host,
  }
}
