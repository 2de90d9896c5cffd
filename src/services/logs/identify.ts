import { parseArn } from '../../kernel/arn.ts'
import type { Scope } from '../../kernel/scope.ts'
import { checkGroupName } from '../../logs/group-catalogue.ts'
import type { LogGroup } from '../../logs/log-group.ts'
import { invalid, resourceNotFound } from './errors.ts'
import type { LogsServiceDeps } from './service-deps.ts'

/** How a request may name a group. */
export interface GroupIdentity {
  readonly logGroupName?: string | undefined
  readonly logGroupIdentifier?: string | undefined
}

/** The group that a request names: by its name, or by an identifier that is its name or its ARN. */
export function groupOf(
  { logs }: LogsServiceDeps,
  scope: Scope,
  { logGroupName: name, logGroupIdentifier: identifier }: GroupIdentity,
): Promise<LogGroup> {
  if (name !== undefined && identifier !== undefined) {
    throw invalid('Only one of logGroupName and logGroupIdentifier can be given.')
  }
  if (name === undefined && identifier === undefined) {
    throw invalid('Either logGroupName or logGroupIdentifier must be given.')
  }
  const found = name ?? groupNameOf(scope, identifier ?? '')
  checkGroupName(found, name === undefined ? 'logGroupIdentifier' : 'logGroupName')
  return logs.groups.require(scope, found)
}

/** A name as it is; of an ARN, with `:*` at its end or without, the name in it. */
export function groupNameOf(scope: Scope, identifier: string): string {
  if (!identifier.startsWith('arn:')) return identifier
  const name = nameInArn(scope, identifier)
  if (name === undefined) throw invalid(`The log group identifier ${identifier} is not valid.`)
  return name
}

function nameInArn(scope: Scope, arn: string): string | undefined {
  const parts = parseArn(arn)
  if (parts?.service !== 'logs' || parts.region !== scope.region) return undefined
  if (parts.account !== scope.account) return undefined
  return /^log-group:([^:]+)(?::\*)?$/.exec(parts.resource)?.[1]
}

/** The group of a tagged resource's ARN. Other resources are not there. */
export async function taggedGroup(
  { logs }: LogsServiceDeps,
  scope: Scope,
  arn: string | undefined,
): Promise<LogGroup> {
  const name = nameInArn(scope, arn ?? '')
  if (name === undefined && parseArn(arn ?? '') === undefined) {
    throw invalid('The specified resourceArn is not valid.')
  }
  const group = name === undefined ? undefined : await logs.groups.find(scope, name)
  if (!group) throw resourceNotFound()
  return group
}
