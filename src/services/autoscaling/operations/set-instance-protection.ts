import type { Operation } from '../../../wire/service.ts'
import { instanceNotFound, inWarmPool } from '../errors.ts'
import { isWarm } from '../group-shape.ts'
import { groupNamed } from '../update-group.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const setInstanceProtection: Operation<
  AutoScalingOperations,
  'SetInstanceProtection',
  AutoScalingDeps
> = {
  accepts: { AutoScalingGroupName: true, InstanceIds: true, ProtectedFromScaleIn: true },
  async handle(input, request, deps) {
    const { scope } = request
    const group = await groupNamed(deps, scope, input.AutoScalingGroupName)
    const staff = await deps.scale.membersOf(scope, group.name)
    const chosen = (input.InstanceIds ?? []).map((id) => {
      const member = staff.find((record) => record.value.instanceId === id)
      if (!member) throw instanceNotFound(id)
      if (isWarm(member.value)) throw inWarmPool(id)
      return member
    })
    const isProtected = input.ProtectedFromScaleIn ?? false
    for (const { id } of chosen) {
      await deps.scale.changeMember(scope, id, (value) => ({ ...value, isProtected }))
    }
    return {}
  },
}
