import type { Scope } from '../../kernel/scope.ts'
import type { Group, Member } from '../../scale/group.ts'
import type { AutoScalingDeps } from './service-deps.ts'

/** `Adding` until every instance in service is registered, `InService` once one of them passes its health check. */
export async function attachmentState(
  deps: AutoScalingDeps,
  of: { scope: Scope; group: Group; arn: string; staff: readonly Member[] },
): Promise<string> {
  if (!of.group.targetGroupArns.includes(of.arn)) return 'Removing'
  const inService = of.staff.filter((member) => member.lifecycle === 'InService')
  if (inService.some((member) => !member.registeredIn.includes(of.arn))) return 'Adding'
  const targets = (await deps.scale.ports.targets.list(of.scope, of.arn)) ?? []
  const healthy = targets.filter((target) => target.state === 'healthy')
  const isServing = inService.some((member) =>
    healthy.some((target) => target.targetId === member.instanceId),
  )
  return isServing ? 'InService' : 'Added'
}
