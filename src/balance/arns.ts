import { arnOf, parseArn } from '../kernel/arn.ts'
import type { Scope } from '../kernel/scope.ts'

const service = 'elasticloadbalancing'

export function balancerArn(scope: Scope, balancerId: string): string {
  return arnOf(service, scope, `loadbalancer/${balancerId}`)
}

export function listenerArn(scope: Scope, listenerId: string): string {
  return arnOf(service, scope, `listener/${listenerId}`)
}

export function ruleArn(scope: Scope, ruleId: string): string {
  return arnOf(service, scope, `listener-rule/${ruleId}`)
}

export function targetGroupArn(scope: Scope, groupId: string): string {
  return arnOf(service, scope, `targetgroup/${groupId}`)
}

/** A classic balancer has no id beside its name in its ARN. */
export function classicBalancerArn(scope: Scope, name: string): string {
  return arnOf(service, scope, `loadbalancer/${name}`)
}

/** The classic balancer that an ARN of any scope names. */
export function classicNameIn(arn: string): string | undefined {
  return /^arn:[^:]+:elasticloadbalancing:[^:]*:[^:]*:loadbalancer\/([^/]+)$/.exec(arn)?.[1]
}

/** The classic balancer that an ARN of this scope names. */
export function classicBalancerName(scope: Scope, text: string): string | undefined {
  const opened = openBalanceArn(scope, text)
  return opened?.noun === 'loadbalancer' && !opened.id.includes('/') ? opened.id : undefined
}

export type BalanceNoun = 'loadbalancer' | 'listener' | 'listener-rule' | 'targetgroup'

/** The noun and the id that an ARN of this scope names; undefined for any other text. */
export function openBalanceArn(
  scope: Scope,
  text: string,
): { readonly noun: BalanceNoun; readonly id: string } | undefined {
  const arn = parseArn(text)
  if (arn?.service !== service || arn.region !== scope.region || arn.account !== scope.account) {
    return undefined
  }
  const match = /^(loadbalancer|listener|listener-rule|targetgroup)\/(.+)$/.exec(arn.resource)
  return match === null ? undefined : { noun: match[1] as BalanceNoun, id: match[2] ?? '' }
}
