import { openBalanceArn, type BalanceNoun } from '../../balance/arns.ts'
import type {
  Balancer,
  BalancerListener,
  BalancerRule,
  TargetGroup,
} from '../../balance/records.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { Elbv2Deps } from './deps.ts'
import {
  invalidArn,
  listenerNotFound,
  loadBalancerNotFound,
  ruleNotFound,
  targetGroupNotFound,
} from './errors.ts'

/** The id in an ARN of the right kind; the only refusal of one that is of another kind, account or region. */
export function idOf(scope: Scope, noun: BalanceNoun, arn: string | undefined): string {
  const opened = openBalanceArn(scope, arn ?? '')
  if (opened?.noun !== noun) throw invalidArn(arn ?? '', noun)
  return opened.id
}

export async function requireBalancer(
  deps: Elbv2Deps,
  scope: Scope,
  arn: string | undefined,
): Promise<Balancer> {
  const balancer = await deps.balance.balancers.find(scope, idOf(scope, 'loadbalancer', arn))
  if (balancer === undefined) throw loadBalancerNotFound(arn ?? '')
  return balancer
}

export async function requireListener(
  deps: Elbv2Deps,
  scope: Scope,
  arn: string | undefined,
): Promise<BalancerListener> {
  const listener = await deps.balance.listeners.find(scope, idOf(scope, 'listener', arn))
  if (listener === undefined) throw listenerNotFound(arn ?? '')
  return listener
}

export async function requireRule(
  deps: Elbv2Deps,
  scope: Scope,
  arn: string | undefined,
): Promise<BalancerRule> {
  const rule = await deps.balance.listeners.findRule(scope, idOf(scope, 'listener-rule', arn))
  if (rule === undefined) throw ruleNotFound(arn ?? '')
  return rule
}

/** A listener's default action is among its rules under this name. */
export const defaultSuffix = '/default'

export function isDefaultRule(arn: string | undefined): arn is string {
  return arn?.endsWith(defaultSuffix) === true
}

export async function requireGroup(
  deps: Elbv2Deps,
  scope: Scope,
  arn: string | undefined,
): Promise<TargetGroup> {
  const group = await deps.balance.groups.find(scope, idOf(scope, 'targetgroup', arn))
  if (group === undefined) throw targetGroupNotFound(arn ?? '')
  return group
}
