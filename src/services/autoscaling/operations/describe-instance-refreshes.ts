import type { InstanceRefresh as InstanceRefreshShape } from '@aws-sdk/client-auto-scaling'
import type { Operation } from '../../../wire/service.ts'
import type { InstanceRefresh } from '../../../scale/instance-refresh.ts'
import { nextToken, page } from '../paging.ts'
import { protectedChoices, standbyChoices } from '../refresh-specification.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'
import { groupNamed } from '../update-group.ts'

export const describeInstanceRefreshes: Operation<
  AutoScalingOperations,
  'DescribeInstanceRefreshes',
  AutoScalingDeps
> = {
  accepts: {
    AutoScalingGroupName: true,
    InstanceRefreshIds: true,
    MaxRecords: true,
    NextToken: true,
  },
  async handle(input, request, deps) {
    const group = await groupNamed(deps, request.scope, input.AutoScalingGroupName)
    const ids = input.InstanceRefreshIds ?? []
    const chosen = (await deps.scale.refreshes(request.scope, group.name)).filter(
      ({ refreshId }) => ids.length === 0 || ids.includes(refreshId),
    )
    const found = page(chosen, newestFirst, input)
    return { InstanceRefreshes: found.items.map(refreshShape), ...nextToken(found) }
  },
}

/** A key that grows towards the past, as the list does. */
function newestFirst({ state, refreshId }: InstanceRefresh): string {
  return `${String(Number.MAX_SAFE_INTEGER - state.startedAt).padStart(16, '0')}/${refreshId}`
}

function refreshShape({
  refreshId,
  groupName,
  state,
  given,
}: InstanceRefresh): InstanceRefreshShape {
  const { preferences, rollback, total } = state
  return {
    InstanceRefreshId: refreshId,
    AutoScalingGroupName: groupName,
    Status: state.status,
    ...(state.statusReason === undefined ? {} : { StatusReason: state.statusReason }),
    ...(state.status === 'Pending' ? {} : { StartTime: new Date(state.startedAt) }),
    ...(state.endedAt === undefined ? {} : { EndTime: new Date(state.endedAt) }),
    PercentageComplete: state.percent,
    ...(total === undefined ? {} : { InstancesToUpdate: leftOf(total, state.percent) }),
    ...given,
    Preferences: {
      MinHealthyPercentage: preferences.minHealthyPercent,
      MaxHealthyPercentage: preferences.maxHealthyPercent,
      InstanceWarmup: preferences.warmupSeconds,
      SkipMatching: preferences.skipsMatching,
      AutoRollback: preferences.rollsBack,
      ScaleInProtectedInstances: protectedChoices[preferences.protectedInstances],
      StandbyInstances: standbyChoices[preferences.standbyInstances ?? 'Ignore'],
      ...(preferences.alarms && { AlarmSpecification: { Alarms: [...preferences.alarms] } }),
      BakeTime: preferences.bakeSeconds,
      ...(preferences.checkpoints.length === 0
        ? {}
        : {
            CheckpointPercentages: [...preferences.checkpoints],
            CheckpointDelay: preferences.checkpointDelaySeconds,
          }),
    },
    ...(rollback
      ? {
          RollbackDetails: {
            RollbackReason: rollback.reason,
            RollbackStartTime: new Date(rollback.at),
            PercentageCompleteOnRollback: rollback.percent,
            InstancesToUpdateOnRollback: leftOf(total ?? 0, rollback.percent),
          },
        }
      : {}),
  }
}

function leftOf(total: number, percent: number): number {
  return Math.ceil((total * (100 - percent)) / 100)
}
