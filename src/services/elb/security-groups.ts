import type { Scope } from '../../kernel/scope.ts'
import type { ElbDeps } from './deps.ts'
import { securityGroupNotFound } from './errors.ts'

/** Throws for a group that is not in the balancer's VPC. */
export async function checkSecurityGroups(
  { network }: ElbDeps,
  scope: Scope,
  { vpcId, groupIds }: { readonly vpcId: string; readonly groupIds: readonly string[] },
): Promise<void> {
  for (const id of groupIds) {
    const group = await network.securityGroup(scope, id)
    if (group?.vpcId !== vpcId) throw securityGroupNotFound(id)
  }
}
