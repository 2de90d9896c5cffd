import { openBalanceArn } from '../../balance/arns.ts'
import type {
  Balancer,
  BalancerListener,
  BalancerRule,
  TargetGroup,
} from '../../balance/records.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { Elbv2Deps } from './deps.ts'
import {
  listenerNotFound,
  loadBalancerNotFound,
  ruleNotFound,
  targetGroupNotFound,
} from './errors.ts'

function idOf(scope: Scope, noun: string, arn: string | undefined): string {
  const opened = openBalanceArn(scope, arn ?? '')
  return opened?.noun === noun ? opened.id : ''
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

export async function requireGroup(
  deps: Elbv2Deps,
  scope: Scope,
  arn: string | undefined,
): Promise<TargetGroup> {
  const group = await deps.balance.groups.find(scope, idOf(scope, 'targetgroup', arn))
  if (group === undefined) throw targetGroupNotFound(arn ?? '')
  return group
}
