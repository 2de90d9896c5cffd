import type { Instance } from '../../compute/instance.ts'
import { instanceNotFound } from '../../compute/instance-refusals.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { Ec2Deps } from './deps.ts'
import { chosen } from './filters.ts'
import { instanceIds } from './input.ts'

/** The instances that a request names, each of which must be there; all of the scope's when it names none. */
export async function valuesById(
  { compute }: Ec2Deps,
  scope: Scope,
  ids: readonly string[] | undefined,
): Promise<readonly Instance[]> {
  const wanted = instanceIds(ids)
  const all = (await compute.instances.list(scope)).map((record) => record.value)
  return chosen(all, wanted, {
    idOf: (instance) => instance.instanceId,
    missing: instanceNotFound,
  })
}
