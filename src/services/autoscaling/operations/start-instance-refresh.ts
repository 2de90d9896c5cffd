import type { Operation } from '../../../wire/service.ts'
import { is } from '../../../wire/accept.ts'
import { groupNotFound, pendingDelete, refreshInProgress, validationError } from '../errors.ts'
import { mixedInstancesMembers } from '../mixed-instances.ts'
import { checkDesired, typesIn } from '../desired-configuration.ts'
import {
  checkAlarms,
  checkPreferences,
  fixedVersion,
  resolvedVersion,
} from '../refresh-specification.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'
import { groupNamed } from '../update-group.ts'

export const startInstanceRefresh: Operation<
  AutoScalingOperations,
  'StartInstanceRefresh',
  AutoScalingDeps
> = {
  accepts: {
    AutoScalingGroupName: true,
    Strategy: is('Rolling'),
    DesiredConfiguration: {
      LaunchTemplate: { LaunchTemplateId: true, LaunchTemplateName: true, Version: true },
      MixedInstancesPolicy: mixedInstancesMembers,
    },
    Preferences: {
      MinHealthyPercentage: true,
      MaxHealthyPercentage: true,
      InstanceWarmup: true,
      CheckpointPercentages: true,
      CheckpointDelay: true,
      SkipMatching: true,
      AutoRollback: true,
      ScaleInProtectedInstances: true,
      StandbyInstances: true,
      AlarmSpecification: { Alarms: true },
      BakeTime: true,
    },
  },
  async handle(input, request, deps) {
    const { scope } = request
    const group = await groupNamed(deps, scope, input.AutoScalingGroupName)
    const preferences = checkPreferences(group, input.Preferences ?? {})
    const desired = await checkDesired(deps, scope, group, input.DesiredConfiguration)
    const { launchTemplate: desiredTemplate, mixedInstances: desiredMixed } = desired
    const before = desiredTemplate && fixedVersion(group.launchTemplate)
    const original = before && { ...before, ...typesIn(desiredMixed && group.mixedInstances) }
    if (preferences.rollsBack && !original) {
      throw validationError(
        'AutoRollback requires a DesiredConfiguration, and a group whose launch template version is a number rather than $Latest or $Default',
      )
    }
    const alarms = await checkAlarms(deps, scope, input.Preferences?.AlarmSpecification?.Alarms)
    const answer = await deps.scale.startRefresh(scope, group.name, {
      preferences: { ...preferences, ...(alarms.length > 0 && { alarms }) },
      target: {
        ...(await resolvedVersion(deps, scope, desiredTemplate ?? group.launchTemplate)),
        ...typesIn(desiredMixed),
      },
      given: input.DesiredConfiguration ? { DesiredConfiguration: input.DesiredConfiguration } : {},
      ...(desiredTemplate ? { desiredTemplate } : {}),
      ...(desiredMixed ? { desiredMixed } : {}),
      ...(original ? { original } : {}),
    })
    if (answer === 'unknown') throw groupNotFound(group.name)
    if (answer === 'deleting') throw pendingDelete(group.name)
    if (answer === 'in-progress') throw refreshInProgress(group.name)
    return { InstanceRefreshId: answer.refreshId }
  },
}
