import type { ClassicBalancer } from '../../balance/classic-records.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { ElbDeps } from './deps.ts'
import { loadBalancerNotFound } from './errors.ts'

export async function requireBalancer(
  deps: ElbDeps,
  scope: Scope,
  name: string | undefined,
): Promise<ClassicBalancer> {
  const balancer = await deps.balance.classics.find(scope, name ?? '')
  if (balancer === undefined) throw loadBalancerNotFound(name ?? '')
  return balancer
}

/** Those that are named, each of which must be there; all without names. */
export async function balancersNamed(
  deps: ElbDeps,
  scope: Scope,
  names: readonly string[] | undefined,
): Promise<readonly ClassicBalancer[]> {
  const all = await deps.balance.classics.list(scope)
  if (names === undefined || names.length === 0) return all
  const missing = names.find((name) => !all.some((balancer) => balancer.name === name))
  if (missing !== undefined) throw loadBalancerNotFound(missing)
  return all.filter((balancer) => names.includes(balancer.name))
}
