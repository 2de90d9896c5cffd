import type { Instance } from '@aws-sdk/client-elastic-load-balancing'
import type { Scope } from '../../kernel/scope.ts'
import type { ElbDeps } from './deps.ts'
import { validationError } from './errors.ts'

/** The ids of a request, at least one. */
export function instanceIdsOf(given: readonly Instance[] | undefined): readonly string[] {
  const ids = (given ?? []).map((instance) => instance.InstanceId ?? '')
  if (ids.length === 0) throw validationError('Instances: at least one instance must be specified')
  return [...new Set(ids)]
}

/** Those that are registered and not on their way out. */
export async function instancesOf(
  { balance }: ElbDeps,
  scope: Scope,
  name: string,
): Promise<Instance[]> {
  const registered = await balance.classicRegistry.list(scope, name)
  return registered
    .filter((instance) => instance.state === 'active')
    .map(({ instanceId }) => ({ InstanceId: instanceId }))
}
