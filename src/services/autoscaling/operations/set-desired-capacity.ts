import type { Operation } from '../../../wire/service.ts'
import { isoSeconds } from '../../../kernel/clock.ts'
import { causes } from '../../../scale/domain/causes.ts'
import { activityInProgress, validationError } from '../errors.ts'
import { changeGroup } from '../update-group.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const setDesiredCapacity: Operation<
  AutoScalingOperations,
  'SetDesiredCapacity',
  AutoScalingDeps
> = {
  accepts: { AutoScalingGroupName: true, DesiredCapacity: true, HonorCooldown: true },
  async handle(input, request, deps) {
    const now = deps.scale.context.clock.now()
    const to = input.DesiredCapacity ?? -1
    await changeGroup(deps, request.scope, input.AutoScalingGroupName, (group) => {
      if (to > group.maxSize) {
        throw validationError(
          `New SetDesiredCapacity value ${to} is above max value ${group.maxSize} for the AutoScalingGroup.`,
        )
      }
      if (!Number.isInteger(to) || to < group.minSize) {
        throw validationError(
          `New SetDesiredCapacity value ${to} is below min value ${group.minSize} for the AutoScalingGroup.`,
        )
      }
      const restedAt = (group.capacityChangedAt ?? 0) + group.defaultCooldownSeconds * 1000
      if (input.HonorCooldown && now < restedAt) {
        throw activityInProgress(
          `Scaling activity is in cooldown until ${isoSeconds(restedAt)} and blocks this action`,
        )
      }
      const from = group.desiredCapacity
      const { launchNotBefore: _pause, ...ready } = { ...group, launchFailures: 0 }
      if (from === to) return ready
      const requestCause = causes.setDesired(now, { from, to })
      return { ...ready, desiredCapacity: to, requestCause, capacityChangedAt: now }
    })
    return {}
  },
}
