import type { TrafficSourceIdentifier } from '@aws-sdk/client-auto-scaling'
import { classicBalancerArn, classicNameIn } from '../../balance/arns.ts'
import type { Scope } from '../../kernel/scope.ts'
import { validationError } from './errors.ts'
import { checkBalancers, checkTargetGroups } from './group-specification.ts'
import type { AutoScalingDeps } from './service-deps.ts'

const sourcesMax = 10

/** Classic balancers by name, and target groups by ARN, both as a group's record has them: by ARN. */
export function trafficArns(
  scope: Scope,
  sources: readonly TrafficSourceIdentifier[] = [],
): readonly string[] {
  if (sources.length > sourcesMax) {
    throw validationError(`At most ${sourcesMax} traffic sources can be given at once`)
  }
  const arns = sources.map(({ Identifier = '', Type }) => {
    const type = Type ?? (Identifier.startsWith('arn:') ? 'elbv2' : 'elb')
    if (type === 'elb') return classicBalancerArn(scope, Identifier)
    if (type === 'elbv2' && classicNameIn(Identifier) === undefined) return Identifier
    throw validationError(`${Identifier} is no traffic source of type ${type} here`)
  })
  return [...new Set(arns)]
}

/** Throws for a balancer or target group that is not there. */
export async function checkTraffic(
  deps: AutoScalingDeps,
  scope: Scope,
  arns: readonly string[],
): Promise<void> {
  const names = arns.flatMap((arn) => classicNameIn(arn) ?? [])
  await checkBalancers(deps, scope, names)
  await checkTargetGroups(
    deps,
    scope,
    arns.filter((arn) => classicNameIn(arn) === undefined),
  )
}

/** All that a request names to bring traffic to a group, in each of AWS's three ways; by ARN, each once. */
export async function checkAllTraffic(
  deps: AutoScalingDeps,
  scope: Scope,
  given: {
    readonly TargetGroupARNs?: readonly string[] | undefined
    readonly LoadBalancerNames?: readonly string[] | undefined
    readonly TrafficSources?: readonly TrafficSourceIdentifier[] | undefined
  },
): Promise<readonly string[]> {
  const sources = trafficArns(scope, given.TrafficSources)
  await checkTraffic(deps, scope, sources)
  const arns = [
    ...(await checkTargetGroups(deps, scope, given.TargetGroupARNs ?? [])),
    ...(await checkBalancers(deps, scope, given.LoadBalancerNames ?? [])),
    ...sources,
  ]
  return [...new Set(arns)]
}

/** An ARN of a group's record as the caller names it. */
export function trafficSource(arn: string): { readonly Identifier: string; readonly Type: string } {
  const name = classicNameIn(arn)
  return name === undefined ? { Identifier: arn, Type: 'elbv2' } : { Identifier: name, Type: 'elb' }
}
