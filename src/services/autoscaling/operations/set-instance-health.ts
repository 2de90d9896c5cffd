import type { Operation } from '../../../wire/service.ts'
import { instanceNotFound, validationError } from '../errors.ts'
import { groupNamed } from '../update-group.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const setInstanceHealth: Operation<
  AutoScalingOperations,
  'SetInstanceHealth',
  AutoScalingDeps
> = {
  accepts: { InstanceId: true, HealthStatus: true, ShouldRespectGracePeriod: true },
  async handle(input, request, deps) {
    const id = input.InstanceId ?? ''
    const health = input.HealthStatus
    if (health !== 'Healthy' && health !== 'Unhealthy') {
      throw validationError(`HealthStatus is Healthy or Unhealthy, not ${health}`)
    }
    const member = await deps.scale.memberOf(request.scope, id)
    if (!member) throw instanceNotFound(id)
    const group = await groupNamed(deps, request.scope, member.value.groupName)
    const graceEnd = (member.value.inServiceAt ?? Infinity) + group.healthCheckGraceSeconds * 1000
    const isGrace = group.healthCheckGraceSeconds > 0 && deps.scale.context.clock.now() < graceEnd
    const respects = input.ShouldRespectGracePeriod ?? true
    if (health === 'Unhealthy' && isGrace && respects) return {}
    await deps.scale.changeMember(request.scope, member.id, (value) => {
      const { unhealthyReason: _reason, ...rest } = value
      return health === 'Healthy'
        ? { ...rest, health }
        : { ...rest, health, unhealthyReason: 'user-health' }
    })
    return {}
  },
}
